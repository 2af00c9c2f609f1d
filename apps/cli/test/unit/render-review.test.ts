import type { DeploymentReview, RemovalReview, ResourceChange, StackReview } from '@jenkins-aws/deployment';
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

function review(stack: Partial<StackReview>, removals: readonly RemovalReview[] = []): string {
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
    removals,
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

  it('says of a renamed master that its home stays, a new one is made, and its logs go', () => {
    const home = { logicalId: 'Home', type: 'AWS::EFS::FileSystem', physicalId: 'fs-old' };
    const logs = { logicalId: 'Logs', type: 'AWS::Logs::LogGroup', physicalId: '/jenkins-aws/ci/old' };
    const removal = {
      stack: { name: 'jenkins-ci-old-data', dependsOn: [] },
      stackId: 'id',
      state: { status: 'CREATE_COMPLETE', updatedAt: undefined, terminationProtection: false, roleArn: undefined },
      deleted: [logs],
      retained: [home],
      releasesProtection: true,
    };
    const changes = [change({ type: home.type, action: 'add', effect: 'created' })];
    const definition = { name: 'jenkins-ci-new-data', templateBody: '{}' };
    const renamed = review({ action: 'create', definition, changes }, [removal]);
    expect(renamed).toContain('! Its logs go with it for good: /jenkins-aws/ci/old');
    expect(renamed).toMatch(/new, empty home is made in jenkins-ci-new-data; fs-old .*stays and is not taken up/);
    expect(review({ changes: [] }, [removal])).not.toContain('another name');
  });

  it('says what is compared from templates, and what remains of a failed creation goes', () => {
    expect(review({ basis: 'template', changes: [change({})] })).toContain('1 change, from the templates');
    expect(review({ action: 'create', leftover: 'ROLLBACK_COMPLETE' })).toContain(
      'after the remains of a failed creation',
    );
  });
});
