import type { ResourceDrift } from '@jenkins-aws/deployment/drift';
import { describe, expect, it } from 'vitest';
import { renderDrift } from '../../src/render/render-drift.js';

const resource = (logicalId: string, more: Partial<ResourceDrift>): ResourceDrift => ({
  logicalId,
  type: 'AWS::EC2::VPC',
  physicalId: `${logicalId}-1`,
  status: 'in-sync',
  differences: [],
  reason: undefined,
  ...more,
});

describe('renderDrift', () => {
  it('shows each difference, and says once what nobody looked at and why', () => {
    const reason = 'CloudFormation does not compare it';
    const differences = [{ path: '/Tags/0', kind: 'changed', expected: 'a', actual: '' }] as const;
    const text = renderDrift({
      stacks: [
        {
          stackName: 'network',
          stackId: 'x',
          status: 'drifted',
          reason: undefined,
          resources: [
            resource('Same', {}),
            resource('Vpc', { status: 'modified', differences }),
            resource('One', { status: 'unchecked', reason }),
            resource('Two', { status: 'unchecked', reason, type: 'AWS::EC2::Route' }),
          ],
        },
        { stackName: 'data', stackId: undefined, status: 'unchecked', reason: 'there is no such stack', resources: [] },
      ],
      byHand: { changes: [], unchecked: [{ stackName: 'network', what: 'rules of sg-1', reason: 'unknown' }] },
    });
    expect(text).toContain('network: drifted, 1 of 4 resources as the template says');
    expect(text).toContain('/Tags/0 changed: template a, account nothing');
    expect(text).toContain(`unchecked: EC2::VPC, EC2::Route: ${reason}`);
    expect(text).toContain('data: unchecked, because there is no such stack');
    expect(text).toContain('network: unchecked: rules of sg-1: unknown');
  });
});
