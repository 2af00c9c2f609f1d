import type { DeploymentReview, ResourceChange, StackReview } from '@jenkins-aws/deployment';
import { describe, expect, it } from 'vitest';
import { renderReview } from '../../src/render/render-review.js';

const change = (changes: Partial<ResourceChange>): ResourceChange => ({
  logicalId: 'Thing',
  type: 'AWS::Logs::LogGroup',
  action: 'modify',
  replacement: 'never',
  effect: 'updated-in-place',
  physicalId: 'thing',
  properties: [],
  replacingProperties: [],
  ...changes,
});

function review(stack: Partial<StackReview>): string {
  const whole: StackReview = {
    definition: { name: 'a-stack', templateBody: '{}' },
    action: 'update',
    changes: [],
    changeSetId: 'id',
    stackId: 'id',
    outputs: {},
    terminationProtection: undefined,
    stackPolicyBody: undefined,
    state: undefined,
    basis: 'change-set',
    leftover: undefined,
    ...stack,
  };
  const all: DeploymentReview = {
    stacks: [whole],
    removals: [],
    ownershipTag: undefined,
    protectedTypes: [],
    allowReplacement: [],
  };
  return renderReview(all);
}

describe('renderReview', () => {
  it('says that the controller is stopped when its group gets another launch template, and only then', () => {
    const group = (properties: string[]) => change({ type: 'AWS::AutoScaling::AutoScalingGroup', properties });
    expect(review({ changes: [group(['LaunchTemplate'])] })).toContain('! The running controller is stopped');
    expect(review({ changes: [group(['VPCZoneIdentifier'])] })).toContain('! The running controller is stopped');
    expect(review({ changes: [group(['TargetGroupARNs'])] })).not.toContain('!');
  });

  it('says that the balancer’s name changes when it is replaced', () => {
    const balancer = change({ type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', effect: 'replaced' });
    expect(review({ changes: [balancer] })).toContain('! The load balancer is replaced');
  });

  it('says what is compared from templates, and what remains of a failed creation goes', () => {
    expect(review({ basis: 'template', changes: [change({})] })).toContain('1 change, from the templates');
    expect(review({ action: 'create', leftover: 'ROLLBACK_COMPLETE' })).toContain(
      'after the remains of a failed creation',
    );
  });
});
