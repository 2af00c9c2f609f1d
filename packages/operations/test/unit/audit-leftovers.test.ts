import { setImmediate } from 'node:timers/promises';
import {
  CloudFormationClient,
  DescribeStacksCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, it } from 'vitest';
import { AUDIT_PERMISSIONS, auditLeftovers, type LeftoverClients } from '../../src/index.js';

it('says each permission once', () => {
  expect(AUDIT_PERMISSIONS).toEqual([...new Set(AUDIT_PERMISSIONS)].sort());
  expect(AUDIT_PERMISSIONS).toContain('elasticloadbalancing:DescribeTags');
});

it('fails with the first stack that cannot be read, and begins no other then', async () => {
  const aws = mockClient(CloudFormationClient);
  aws.on(DescribeStacksCommand).resolves({
    Stacks: Array.from({ length: 30 }, (_, index) => ({
      StackName: `jenkins-ci-${index}`,
      StackId: String(index),
      StackStatus: 'CREATE_COMPLETE',
      CreationTime: new Date(0),
      Tags: [{ Key: 'jenkins-aws:platform', Value: 'ci' }],
    })),
  });
  aws.on(ListStacksCommand).resolves({});
  aws.on(ListStackResourcesCommand).resolves({});
  aws
    .on(ListStackResourcesCommand, { StackName: '5' })
    .rejects(Object.assign(new Error('no'), { name: 'AccessDenied' }));
  const clients = {
    cloudFormation: new CloudFormationClient({ region: 'eu-central-1' }),
  } as unknown as LeftoverClients;
  await expect(auditLeftovers({ ...clients, platform: 'ci' })).rejects.toThrow(/ListStackResources/);
  // What had begun is still on its way.
  for (let turn = 0; turn < 100; turn += 1) await setImmediate();
  expect(aws.commandCalls(ListStackResourcesCommand).length).toBeLessThan(16);
});
