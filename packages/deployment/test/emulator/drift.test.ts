import { CreateStackCommand, DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { DeleteParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { JenkinsAwsEvent } from '@jenkins-aws/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { detectDrift } from '../../src/drift.js';
import { deployStack } from '../../src/index.js';
import { canEmulate, startEmulatedCloudFormation } from '../support/emulated-cloud-formation.js';
import { FAILING_RESOURCE, templateOf } from '../support/templates.js';

let emulated: Awaited<ReturnType<typeof startEmulatedCloudFormation>>;
beforeAll(async () => {
  emulated = await startEmulatedCloudFormation();
});
afterAll(() => emulated?.stop());

const context = () => ({
  cloudFormation: emulated.cloudFormation,
  pollIntervalMilliseconds: 200,
  signal: AbortSignal.timeout(60_000),
});
const parameter = (Name: string) => ({
  Type: 'AWS::SSM::Parameter',
  Properties: { Type: 'String', Name, Value: 'as it was' },
});

describe.skipIf(!canEmulate)('detecting drift', () => {
  it('tells for every resource whether it is in sync, modified, deleted or was not looked at', async () => {
    const templateBody = templateOf({
      Kept: parameter('/drift/kept'),
      Changed: parameter('/drift/changed'),
      Gone: parameter('/drift/gone'),
      // Neither AWS nor the embedded AWS can compare this one.
      Handle: { Type: 'AWS::CloudFormation::WaitConditionHandle' },
    });
    await deployStack({ ...context(), stack: { name: 'drifting', templateBody } });
    await deployStack({
      ...context(),
      stack: { name: 'steady', templateBody: templateOf({ Kept: parameter('/drift/steady') }) },
    });
    const ssm = new SSMClient(emulated.clientConfig);
    await ssm.send(new PutParameterCommand({ Name: '/drift/changed', Value: 'by hand', Overwrite: true }));
    await ssm.send(new DeleteParameterCommand({ Name: '/drift/gone' }));

    const events: JenkinsAwsEvent[] = [];
    const reporter = { report: (event: JenkinsAwsEvent) => void events.push(event) };
    const drifts = await detectDrift({ ...context(), reporter, stackNames: ['drifting', 'steady', 'missing'] });

    expect(drifts.map(({ stackName, status }) => [stackName, status])).toEqual([
      ['drifting', 'drifted'],
      ['steady', 'in-sync'],
      ['missing', 'unchecked'],
    ]);
    const byId = Object.fromEntries((drifts[0]?.resources ?? []).map((resource) => [resource.logicalId, resource]));
    expect(byId.Kept).toMatchObject({ status: 'in-sync', differences: [], reason: undefined });
    expect(byId.Changed).toMatchObject({
      status: 'modified',
      differences: [{ path: '/Value', kind: 'changed', expected: 'as it was', actual: 'by hand' }],
    });
    expect(byId.Gone).toMatchObject({ status: 'deleted', type: 'AWS::SSM::Parameter', physicalId: '/drift/gone' });
    expect(byId.Handle).toMatchObject({ status: 'unchecked', reason: expect.stringContaining('WaitConditionHandle') });
    expect(events.map(({ message }) => message)).toContain(
      'drifting: drifted (1 in-sync, 1 modified, 1 deleted, 1 unchecked)',
    );
  });

  it('does not call a stack in sync of which something was not looked at', async () => {
    const templateBody = templateOf({
      Kept: parameter('/drift/half'),
      Handle: { Type: 'AWS::CloudFormation::WaitConditionHandle' },
    });
    await deployStack({ ...context(), stack: { name: 'half', templateBody } });
    const [half] = await detectDrift({ ...context(), stackNames: ['half'] });
    expect(half).toMatchObject({ status: 'unchecked', reason: undefined });
  });

  it('says why a stack in a state without comparison is unchecked as a whole', async () => {
    const TemplateBody = templateOf({ Bad: FAILING_RESOURCE });
    await emulated.cloudFormation.send(new CreateStackCommand({ StackName: 'failed', TemplateBody }));
    await expect
      .poll(async () => (await detectDrift({ ...context(), stackNames: ['failed'] }))[0]?.reason, { timeout: 30_000 })
      .toMatch(/ROLLBACK_COMPLETE/);
    await emulated.cloudFormation.send(new DeleteStackCommand({ StackName: 'failed' }));
  });
});
