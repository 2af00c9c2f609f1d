import {
  type CloudFormationClient,
  GetStackPolicyCommand,
  ListChangeSetsCommand,
  SetStackPolicyCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { JenkinsAwsEvent } from '@jenkins-aws/core';
import { setFaults } from '@jenkins-aws/emulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  destroyStacks,
  discardReview,
  executeDeployment,
  getStackSummaries,
  type ReviewDeploymentOptions,
  reviewDeployment,
  type StackDefinition,
} from '../../src/index.js';
import { openStackPolicy } from '../../src/plan/open-stack-policy.js';
import { checkSavedPlan, parseSavedPlan, saveOfflinePlan, savePlan } from '../../src/saved-plan.js';
import { canEmulate, startEmulatedCloudFormation } from '../support/emulated-cloud-formation.js';
import { FAILING_RESOURCE, givingTemplate, takingTemplate, templateOf } from '../support/templates.js';

let emulated: Awaited<ReturnType<typeof startEmulatedCloudFormation>>;
let ssm: SSMClient;
let calls: string[] = [];
let cloudFormation: Pick<CloudFormationClient, 'send'>;
beforeAll(async () => {
  emulated = await startEmulatedCloudFormation();
  ssm = new SSMClient(emulated.clientConfig);
  cloudFormation = {
    send: (command: { input: object; constructor: { name: string } }, ...rest: never[]) => {
      const subject = (command.input as { StackName?: string }).StackName ?? '';
      calls.push(`${command.constructor.name.replace('Command', '')} ${subject.split('/')[1] ?? subject}`);
      return emulated.cloudFormation.send(command as never, ...rest);
    },
  } as Pick<CloudFormationClient, 'send'>;
});
afterAll(() => emulated?.stop());

let events: JenkinsAwsEvent[] = [];
const context = () => ({
  cloudFormation,
  ssm,
  reporter: { report: (event: JenkinsAwsEvent) => void events.push(event) },
  pollIntervalMilliseconds: 200,
  signal: AbortSignal.timeout(30_000),
});
type Options = Omit<Partial<ReviewDeploymentOptions>, 'stacks'>;

async function deploy(stacks: readonly StackDefinition[], options: Options = {}) {
  calls = [];
  events = [];
  const review = await reviewDeployment({ ...context(), ...options, stacks });
  const result = await executeDeployment({ ...context(), ...options, review });
  return { review, result };
}

const topic = (displayName: string, more: object = {}) => ({
  Type: 'AWS::SNS::Topic',
  Properties: { DisplayName: displayName },
  ...more,
});
const stackOf = (name: string, displayName = 'a', dependsOn: string[] = []): StackDefinition => ({
  name,
  templateBody: templateOf({ Topic: topic(displayName) }),
  dependsOn,
});
const failing = (name: string, dependsOn: string[] = []): StackDefinition => ({
  name,
  templateBody: templateOf({ Target: FAILING_RESOURCE }),
  dependsOn,
});
const summaryOf = async (name: string) => (await getStackSummaries({ ...context(), names: [name] }))[name];
const moments = (...codes: string[]) =>
  events
    .filter(({ code }) => codes.includes(code))
    .map(({ code, data }) => `${code.split('.').slice(1).join('.')} ${(data as { stackName: string }).stackName}`);

describe.skipIf(!canEmulate)('deploying in parallel', () => {
  /** Two arms that share their first and their last stack. */
  const diamond = (displayName = 'a') => [
    stackOf('d-last', displayName, ['d-left', 'd-right']),
    stackOf('d-left', displayName, ['d-first']),
    stackOf('d-right', displayName, ['d-first']),
    stackOf('d-first', displayName),
  ];

  it('works on both arms at once, after the first and before the last, and removes them in the reverse order', async () => {
    await deploy(diamond());
    const begun = moments('deployment.stack.started', 'deployment.stack.finished');
    expect(begun.slice(0, 2)).toEqual(['stack.started d-first', 'stack.finished d-first']);
    expect(begun.slice(2, 4).sort()).toEqual(['stack.started d-left', 'stack.started d-right']);
    expect(begun.slice(6)).toEqual(['stack.started d-last', 'stack.finished d-last']);

    events = [];
    const { deleted } = await destroyStacks({ ...context(), stacks: diamond() });
    expect(deleted).toHaveLength(4);
    const gone = moments('deployment.deletion.started', 'deployment.deletion.finished');
    expect(gone.slice(0, 2)).toEqual(['deletion.started d-last', 'deletion.finished d-last']);
    expect(gone.slice(2, 4).sort()).toEqual(['deletion.started d-left', 'deletion.started d-right']);
    expect(gone.slice(6)).toEqual(['deletion.started d-first', 'deletion.finished d-first']);
  });

  it('fails with all that failed, lets the others end, begins nothing after that, and goes on when run again', async () => {
    const stacks = (bad: (name: string) => StackDefinition) => [
      bad('f-one'),
      bad('f-two'),
      stackOf('f-fine'),
      stackOf('f-after', 'a', ['f-one']),
    ];
    const error = await deploy(stacks(failing)).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'DEPLOYMENT_STACK_FAILED', others: [{ code: 'DEPLOYMENT_STACK_FAILED' }] });
    const failed = [error, ...error.others].map(({ failure }) => failure.stackName);
    expect(failed.sort()).toEqual(['f-one', 'f-two']);
    expect(error.message).toContain("'f-one'");
    expect(error.message).toContain("'f-two'");
    expect(await summaryOf('f-fine')).toMatchObject({ status: 'CREATE_COMPLETE' });
    expect(await summaryOf('f-after')).toBeUndefined();
    const { result } = await deploy(stacks(stackOf));
    expect(result.stacks.map(({ stackName, outcome }) => [stackName, outcome])).toEqual([
      ['f-one', 'created'],
      ['f-two', 'created'],
      ['f-fine', 'unchanged'],
      ['f-after', 'created'],
    ]);
  });

  it('ends what runs when it is asked to stop, begins nothing more, and says what was not touched', async () => {
    const stop = new AbortController();
    const reporter = {
      report: (event: JenkinsAwsEvent) => {
        events.push(event);
        if (event.code === 'deployment.stack.started') stop.abort(new Error('ctrl-c'));
      },
    };
    const stacks = [stackOf('stop-one'), stackOf('stop-two', 'a', ['stop-one'])];
    const review = await reviewDeployment({ ...context(), stacks });
    await expect(executeDeployment({ ...context(), reporter, stopSignal: stop.signal, review })).rejects.toMatchObject({
      code: 'DEPLOYMENT_ABORTED',
      message: "stopped on request before stack 'stop-two' was touched: run the same command again to go on",
    });
    expect(await summaryOf('stop-one')).toMatchObject({ status: 'CREATE_COMPLETE' });
    expect(await summaryOf('stop-two')).toBeUndefined();
    const { result } = await deploy(stacks);
    expect(result.stacks.map(({ outcome }) => outcome)).toEqual(['unchanged', 'created']);
  });
});

describe.skipIf(!canEmulate)('deploying with nothing to do', () => {
  it('needs two calls a stack, three where it has a stack policy, and no change set', async () => {
    const policy = JSON.stringify({
      Statement: [{ Effect: 'Allow', Action: 'Update:*', Principal: '*', Resource: '*' }],
    });
    const stacks: StackDefinition[] = [
      { name: 'same-giving', templateBody: givingTemplate('/same/value', 'blue'), stackPolicyBody: policy },
      { name: 'same-taking', templateBody: takingTemplate('/same/value'), dependsOn: ['same-giving'] },
    ];
    await deploy(stacks);
    const { review, result } = await deploy(stacks);
    expect(review.stacks.map(({ action, basis }) => [action, basis])).toEqual([
      ['none', 'same'],
      ['none', 'same'],
    ]);
    expect(result.stacks.map(({ outcome, outputs }) => [outcome, Object.keys(outputs)])).toEqual([
      ['unchanged', ['Name']],
      ['unchanged', ['Taken', 'Topic']],
    ]);
    expect(calls.sort()).toEqual([
      'DescribeStacks same-giving',
      'DescribeStacks same-taking',
      'GetStackPolicy same-giving',
      'GetTemplate same-giving',
      'GetTemplate same-taking',
    ]);
  });
});

describe.skipIf(!canEmulate)('a stack behind one that changes', () => {
  const pair = (value: string, displayName: string, other = 'a'): StackDefinition[] => {
    const giving = JSON.parse(givingTemplate('/behind/value', value));
    giving.Resources.Other = topic(other);
    return [
      { name: 'behind-giving', templateBody: JSON.stringify(giving) },
      {
        name: 'behind-taking',
        templateBody: takingTemplate('/behind/value', displayName),
        dependsOn: ['behind-giving'],
      },
    ];
  };
  const changeSetsFor = (name: string) => calls.filter((call) => call === `CreateChangeSet ${name}`).length;

  it('gets its reviewed change set executed where what it reads stays, and is compared again where it does not', async () => {
    await deploy(pair('blue', 'a'));
    const same = await deploy(pair('blue', 'b', 'b'));
    expect(same.result.stacks.map(({ outcome }) => outcome)).toEqual(['updated', 'updated']);
    expect(changeSetsFor('behind-taking')).toBe(1);
    await expect(deploy(pair('green', 'c', 'b'))).rejects.toMatchObject({
      code: 'DEPLOYMENT_REVIEW_STALE',
      problems: [{ path: ['stacks', 'behind-taking', 'Taking'] }],
    });
    expect(changeSetsFor('behind-taking')).toBe(2);
  });

  it('costs nothing more where it is as it shall be', async () => {
    await deploy(pair('green', 'c', 'b'));
    const { result } = await deploy(pair('green', 'c', 'd'));
    expect(result.stacks.map(({ outcome }) => outcome)).toEqual(['updated', 'unchanged']);
    expect(calls.filter((call) => call.endsWith('behind-taking'))).toHaveLength(2);
  });
});

describe.skipIf(!canEmulate)('stack policies', () => {
  const policy = {
    Statement: [
      { Effect: 'Allow', Action: 'Update:*', Principal: '*', Resource: '*' },
      {
        Effect: 'Deny',
        Action: ['Update:Replace', 'Update:Delete'],
        Principal: '*',
        Resource: 'LogicalResourceId/Topic',
      },
    ],
  };
  const named = (name: string, topicName: string): StackDefinition => ({
    name,
    templateBody: templateOf({ Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: topicName } } }),
    stackPolicyBody: JSON.stringify(policy),
  });
  const policyOf = async (StackName: string) => {
    const { StackPolicyBody } = await emulated.cloudFormation.send(new GetStackPolicyCommand({ StackName }));
    return StackPolicyBody && JSON.parse(StackPolicyBody);
  };
  const protectedTypes = ['AWS::SNS::Topic'];

  it('are set on a new stack, and set back where somebody changed them', async () => {
    await deploy([named('policy', 'kept')]);
    expect(await policyOf('policy')).toEqual(policy);
    const StackPolicyBody = JSON.stringify({ Statement: policy.Statement.slice(0, 1) });
    await emulated.cloudFormation.send(new SetStackPolicyCommand({ StackName: 'policy', StackPolicyBody }));
    const { review, result } = await deploy([named('policy', 'kept')]);
    expect(review.stacks[0]).toMatchObject({ action: 'none', stackPolicyBody: JSON.stringify(policy) });
    expect(result.stacks[0]?.outcome).toBe('unchanged');
    expect(await policyOf('policy')).toEqual(policy);
  });

  it('are open for a resource whose replacement was allowed, only while the update runs', async () => {
    await deploy([named('opened', 'before')], { protectedTypes });
    await expect(deploy([named('opened', 'after')], { protectedTypes })).rejects.toMatchObject({
      code: 'DEPLOYMENT_REPLACEMENT_REFUSED',
    });
    const { result } = await deploy([named('opened', 'after')], { protectedTypes, allowReplacement: ['opened/Topic'] });
    expect(result.stacks[0]?.outcome).toBe('updated');
    expect(events.filter(({ code }) => code === 'deployment.policy.changed').map(({ message }) => message)).toEqual([
      'opened: stack policy open for Topic while the update runs',
      'opened: stack policy as defined',
    ]);
    expect(await policyOf('opened')).toEqual(policy);
  });

  it('are closed again when the update fails', async () => {
    await deploy([named('reopened', 'first')]);
    const broken = JSON.parse(named('reopened', 'second').templateBody);
    broken.Resources.Target = { ...FAILING_RESOURCE, DependsOn: 'Topic' };
    const stack = { ...named('reopened', 'second'), templateBody: JSON.stringify(broken) };
    await expect(deploy([stack], { protectedTypes, allowReplacement: ['Topic'] })).rejects.toMatchObject({
      code: 'DEPLOYMENT_STACK_FAILED',
    });
    expect(await policyOf('reopened')).toEqual(policy);
  });
});

describe.skipIf(!canEmulate)('resources that a caller names', () => {
  it.each([
    ['Topik', /'Topik'.* protected and can be named is named\/Topic, named\/Other$/],
    ['other/Topic', /'other\/Topic'.*named\/Topic/],
  ])('fails with those that are protected where no stack has %s', async (name, message) => {
    const stack = { name: 'named', templateBody: templateOf({ Other: topic('b'), Topic: topic('a') }) };
    const options = { protectedTypes: ['AWS::SNS::Topic'], allowReplacement: [name, 'Other'] };
    await expect(deploy([stack], options)).rejects.toMatchObject({
      code: 'DEPLOYMENT_RESOURCE_UNKNOWN',
      message: expect.stringMatching(message),
    });
    expect(await summaryOf('named')).toBeUndefined();
  });

  it('lets what only the deployed template has be named', async () => {
    await deploy([{ name: 'formerly', templateBody: templateOf({ Former: topic('b'), Topic: topic('a') }) }]);
    const { result } = await deploy([stackOf('formerly')], { allowReplacement: ['Former'] });
    expect(result.stacks[0]?.outcome).toBe('updated');
  });

  it('fails where what shall be skipped is no stack/LogicalId, or of a stack whose rollback did not fail', async () => {
    await deploy([stackOf('well')]);
    const skipResources = ['Topic', 'other/Topic', 'well/Topic'];
    const refused = deploy([stackOf('well', 'b')], { continueRollback: true, skipResources });
    await expect(refused).rejects.toMatchObject({
      code: 'DEPLOYMENT_RESOURCE_UNKNOWN',
      problems: [/as stack\/LogicalId/, /no stack 'other'/, /CREATE_COMPLETE and not in UPDATE_ROLLBACK_FAILED/].map(
        (message) => ({ message: expect.stringMatching(message) }),
      ),
    });
    expect(calls.filter((call) => call.startsWith('CreateChangeSet'))).toEqual([]);
  });
});

describe.skipIf(!canEmulate)('what an update cannot delete', () => {
  const group = (description: string, more: object = {}) => ({
    Type: 'AWS::EC2::SecurityGroup',
    Properties: { GroupDescription: description, VpcId: { Ref: 'Vpc' }, ...more },
  });
  const Vpc = { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.9.0.0/16' } };
  const left = {
    logicalId: 'Used',
    type: 'AWS::EC2::SecurityGroup',
    reason: expect.stringMatching(/dependent object/),
  };
  const usedIn = (name: string, Resources: object): StackDefinition => ({
    name,
    templateBody: JSON.stringify({ Resources, Outputs: { Used: { Value: { 'Fn::GetAtt': ['Used', 'GroupId'] } } } }),
  });
  const leftEvents = () => events.filter(({ code }) => code === 'deployment.resource.left');

  it.each([
    ['is taken out', 'taking', { Vpc }],
    ['is replaced', 'replacing', { Vpc, Used: group('other words') }],
  ])('is reported, because no stack knows it any more, where it %s', async (_what, name, after) => {
    const before = await deploy([usedIn(name, { Vpc, Used: group('used') })]);
    expect([before.result.stacks[0]?.leftBehind, leftEvents()]).toEqual([[], []]);
    const physicalId = before.result.stacks[0]?.outputs.Used ?? '';
    // A rule of somebody else's group holds it.
    const SecurityGroupIngress = [{ IpProtocol: 'tcp', FromPort: 1, ToPort: 1, SourceSecurityGroupId: physicalId }];
    const Holder = { ...group('holds'), Properties: { GroupDescription: 'holds', SecurityGroupIngress } };
    await deploy([{ name: `${name}-holder`, templateBody: templateOf({ Holder }) }]);
    const { result } = await deploy([{ name, templateBody: templateOf(after) }]);
    expect(result.stacks).toMatchObject([{ outcome: 'updated', leftBehind: [{ ...left, physicalId }] }]);
    expect(leftEvents()).toMatchObject([{ level: 'warning', data: { stackName: name, ...left, physicalId } }]);
  });
});

describe.skipIf(!canEmulate)('removing stacks in a deployment', () => {
  const kept = (name: string) => ({
    ...stackOf(name),
    templateBody: templateOf({ Topic: topic('a'), Kept: topic('b', { DeletionPolicy: 'Retain' }) }),
  });
  const all = (): StackDefinition[] => [
    stackOf('r-network'),
    { ...kept('r-data'), dependsOn: ['r-network'], terminationProtection: true },
    stackOf('r-controller', 'a', ['r-data', 'r-network']),
  ];
  const [network, data, controller] = all() as [StackDefinition, StackDefinition, StackDefinition];

  it('reviews what goes and what stays, and removes after the updates, the last first', async () => {
    await deploy(all());
    const remove = [data, controller];
    await expect(deploy([network], { remove })).rejects.toMatchObject({
      code: 'DEPLOYMENT_STACK_PROTECTED',
      message: expect.stringContaining("'r-data'"),
    });
    const { review, result } = await deploy([stackOf('r-network', 'changed')], { remove, releaseProtection: true });
    expect(
      review.removals.map(({ stack, deleted, retained, releasesProtection }) => [
        stack.name,
        deleted.map(({ logicalId }) => logicalId),
        retained.map(({ logicalId }) => logicalId),
        releasesProtection,
      ]),
    ).toEqual([
      ['r-controller', ['Topic'], [], false],
      ['r-data', ['Topic'], ['Kept'], true],
    ]);
    expect(result).toMatchObject({
      stacks: [{ outcome: 'updated' }],
      removed: ['r-controller', 'r-data'],
      retained: [{ stackName: 'r-data', logicalId: 'Kept' }],
    });
    expect(moments('deployment.stack.finished', 'deployment.deletion.started')).toEqual([
      'stack.finished r-network',
      'deletion.started r-controller',
      'deletion.started r-data',
    ]);
    const again = await deploy([stackOf('r-network', 'changed')], { remove });
    expect(again.review.removals).toEqual([]);
  });

  it('fails before any call when a stack that stays depends on one that goes', async () => {
    await expect(deploy([network, controller], { remove: [data] })).rejects.toMatchObject({
      code: 'DEPLOYMENT_DEPENDENCY_UNKNOWN',
    });
    expect(calls).toEqual([]);
  });

  it('fails on a stack that somebody changed after the review', async () => {
    await deploy([stackOf('r-moved')]);
    const review = await reviewDeployment({
      ...context(),
      stacks: [stackOf('r-moved-not')],
      remove: [{ name: 'r-moved' }],
    });
    await deploy([stackOf('r-moved', 'by somebody')]);
    await expect(executeDeployment({ ...context(), review })).rejects.toMatchObject({
      code: 'DEPLOYMENT_REVIEW_STALE',
      message: expect.stringContaining("'r-moved'"),
    });
    expect(await summaryOf('r-moved')).toMatchObject({ status: 'UPDATE_COMPLETE' });
  });
});

describe.skipIf(!canEmulate)('a saved plan', () => {
  const place = { account: '123456789012', region: 'eu-central-1', facts: { lock: 'abc' } };
  const createdAt = new Date(0);
  const save = async (stacks: readonly StackDefinition[], options: Options = {}) => {
    const review = await reviewDeployment({ ...context(), ...options, stacks });
    return JSON.stringify(savePlan({ review, createdAt, ...place }));
  };
  const check = (text: string, stacks: readonly StackDefinition[], options: Options = {}) => {
    calls = [];
    return checkSavedPlan({ ...context(), ...place, ...options, plan: parseSavedPlan(text), stacks });
  };

  it('is executed exactly: no new change set for an existing stack, and no more for a second time', async () => {
    await deploy([stackOf('p-one'), stackOf('p-gone')]);
    const stacks = [stackOf('p-one', 'b'), stackOf('p-new', 'a', ['p-one'])];
    const remove = [{ name: 'p-gone', dependsOn: ['p-one'] }];
    const text = await save(stacks, { remove });
    const review = await check(text, stacks, { remove });
    expect(review).toMatchObject({ saved: true, removals: [{ stack: { name: 'p-gone' } }] });
    const result = await executeDeployment({ ...context(), review });
    expect(result).toMatchObject({ stacks: [{ outcome: 'updated' }, { outcome: 'created' }], removed: ['p-gone'] });
    expect(calls.filter((name) => name.startsWith('CreateChangeSet'))).toEqual(['CreateChangeSet p-new']);
    await expect(check(text, stacks, { remove })).rejects.toMatchObject({
      code: 'DEPLOYMENT_PLAN_MOVED',
      message: expect.stringMatching(/stack 'p-one' was in CREATE_COMPLETE of .* and is in UPDATE_COMPLETE/),
      problems: [{ path: ['stacks', 'p-one'] }, { path: ['stacks', 'p-new'] }, { path: ['stacks', 'p-gone'] }],
    });
  });

  it('fails with every difference, in the definitions as well as in the account, and touches nothing', async () => {
    await deploy([stackOf('m-one'), stackOf('m-two')]);
    const text = await save([stackOf('m-one', 'b'), stackOf('m-two', 'b')]);
    await deploy([stackOf('m-one', 'c')]);
    const moved = check(text, [stackOf('m-one', 'b'), stackOf('m-two', 'd')]);
    await expect(moved).rejects.toMatchObject({
      code: 'DEPLOYMENT_PLAN_MOVED',
      problems: [
        { message: "stack 'm-two' has another template: Resources.Topic differs" },
        { message: expect.stringMatching(/^stack 'm-one' was in CREATE_COMPLETE/) },
      ],
    });
    expect(calls.every((name) => /^(Describe|Get)/.test(name))).toBe(true);
  });

  it('fails on a change set that is gone, before the execution and during it', async () => {
    await deploy([stackOf('g-one')]);
    const stacks = [stackOf('g-one', 'b')];
    const text = await save(stacks);
    const review = await check(text, stacks);
    await discardReview({ ...context(), review });
    await expect(check(text, stacks)).rejects.toMatchObject({
      code: 'DEPLOYMENT_PLAN_MOVED',
      message: expect.stringContaining('no such change set any more'),
    });
    await expect(executeDeployment({ ...context(), review })).rejects.toMatchObject({ code: 'DEPLOYMENT_PLAN_MOVED' });
    expect(await summaryOf('g-one')).toMatchObject({ status: 'CREATE_COMPLETE' });
  });

  it('fails on a plan whose changes were written anew, with a fitting digest', async () => {
    await deploy([stackOf('forged')]);
    const stacks = [stackOf('forged', 'b')];
    const review = await reviewDeployment({ ...context(), stacks });
    const [first] = review.stacks;
    const harmless = { ...review, stacks: first === undefined ? [] : [{ ...first, changes: [] }] };
    const text = JSON.stringify(savePlan({ review: harmless, createdAt, ...place }));
    await expect(check(text, stacks)).rejects.toMatchObject({
      code: 'DEPLOYMENT_PLAN_MOVED',
      message: expect.stringContaining('holds other changes than the plan'),
    });
  });

  it('fails on a change set with the planned changes that was made from another definition', async () => {
    const Size = { Size: { Type: 'String', Default: '1' } };
    const Topic = { Type: 'AWS::SNS::Topic', Properties: { DisplayName: { Ref: 'Size' } } };
    const sized = (size: string, team: string, more: object = {}): StackDefinition => ({
      name: 'swapped',
      templateBody: JSON.stringify({ Parameters: Size, Resources: { Topic }, ...more }),
      parameters: { Size: size },
      tags: { team },
    });
    await deploy([sized('1', 'blue')]);
    const planned = await reviewDeployment({ ...context(), stacks: [sized('2', 'blue')] });
    const other = await reviewDeployment({ ...context(), stacks: [sized('3', 'red', { Description: 'x' })] });
    const stacks = planned.stacks.map((stack) => ({
      ...stack,
      changes: other.stacks[0]?.changes,
      changeSetId: other.stacks[0]?.changeSetId,
    }));
    const text = JSON.stringify(savePlan({ review: { ...planned, stacks }, createdAt, ...place }));
    await expect(check(text, [sized('2', 'blue')])).rejects.toMatchObject({
      code: 'DEPLOYMENT_PLAN_MOVED',
      problems: [
        { message: "stack 'swapped' has a change set with another template: Description is new" },
        { message: "stack 'swapped' has a change set with other parameters: Size was '2' and is '3' now" },
        { message: "stack 'swapped' has a change set with other tags: team was 'blue' and is 'red' now" },
      ],
    });
  });

  it('fails when protection, stack policy or the role of CloudFormation are not as they were found', async () => {
    const open = { Effect: 'Allow', Action: 'Update:*', Principal: '*', Resource: '*' };
    const stackPolicyBody = JSON.stringify({ Statement: [open] });
    const stacks = [{ ...stackOf('found', 'b'), stackPolicyBody }];
    await deploy([{ ...stackOf('found'), stackPolicyBody }]);
    const text = await save(stacks);
    const { cloudFormation } = context();
    const StackName = 'found';
    await cloudFormation.send(new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection: true }));
    const roleArn = 'arn:aws:iam::123456789012:role/other';
    await expect(check(text, stacks, { roleArn })).rejects.toMatchObject({
      problems: [
        { message: `the role of cloudformation is new: '${roleArn}'` },
        { message: "stack 'found' has its termination protection on now" },
      ],
    });
    const off = { StackName, EnableTerminationProtection: false };
    await cloudFormation.send(new UpdateTerminationProtectionCommand(off));
    const foreign = JSON.stringify({ Statement: [{ ...open, Effect: 'Deny' }] });
    await cloudFormation.send(new SetStackPolicyCommand({ StackName, StackPolicyBody: foreign }));
    await expect(check(text, stacks)).rejects.toMatchObject({
      problems: [{ message: "stack 'found' has another stack policy than when the plan was saved" }],
    });
  });

  it('fails when a value of SSM is another one, and takes the name of its parameter for what it is', async () => {
    const pair = (text: string): StackDefinition[] => [
      { name: 's-giving', templateBody: givingTemplate('/s/value', 'blue') },
      { name: 's-taking', templateBody: takingTemplate('/s/value'), tags: { text }, dependsOn: ['s-giving'] },
    ];
    await deploy(pair('a'));
    const saved = await save(pair('b'), { ssm });
    expect(await check(saved, pair('b'), { ssm })).toMatchObject({ saved: true });
    await ssm.send(new PutParameterCommand({ Name: '/s/value', Value: 'green', Overwrite: true }));
    await expect(check(saved, pair('b'), { ssm })).rejects.toMatchObject({
      problems: [{ message: "stack 's-taking' reads /s/value from ssm, which was 'blue' and is 'green' now" }],
    });
  });

  it('closes a stack policy that a killed run left open after the plan was saved', async () => {
    const deny = { Effect: 'Deny', Action: 'Update:Replace', Principal: '*', Resource: '*' };
    const allow = { Effect: 'Allow', Action: 'Update:*', Principal: '*', Resource: '*' };
    const stackPolicyBody = JSON.stringify({ Statement: [allow, deny] });
    const stacks = [{ ...stackOf('left-open', 'b'), stackPolicyBody }];
    await deploy([{ ...stackOf('left-open'), stackPolicyBody }]);
    const text = await save(stacks);
    const StackPolicyBody = openStackPolicy(stackPolicyBody, ['Topic']);
    const StackName = 'left-open';
    await context().cloudFormation.send(new SetStackPolicyCommand({ StackName, StackPolicyBody }));
    await executeDeployment({ ...context(), review: await check(text, stacks) });
    const found = await context().cloudFormation.send(new GetStackPolicyCommand({ StackName }));
    expect(JSON.parse(found.StackPolicyBody ?? '')).toEqual(JSON.parse(stackPolicyBody));
  });

  it('makes a new change set only for a stack behind one that changed, and holds it to the plan', async () => {
    const pair = (value: string): StackDefinition[] => [
      { name: 'h-giving', templateBody: givingTemplate('/h/value', value) },
      { name: 'h-taking', templateBody: takingTemplate('/h/value'), dependsOn: ['h-giving'] },
    ];
    await deploy(pair('blue'));
    const text = await save(pair('green'));
    await expect(executeDeployment({ ...context(), review: await check(text, pair('green')) })).rejects.toMatchObject({
      code: 'DEPLOYMENT_REVIEW_STALE',
      problems: [{ path: ['stacks', 'h-taking', 'Taking'] }],
    });
  });

  it('is reviewed now where it was made offline', async () => {
    const stacks = [stackOf('offline')];
    const text = JSON.stringify(saveOfflinePlan({ stacks, createdAt, region: place.region, facts: place.facts }));
    const review = await check(text, stacks);
    expect(review.stacks.map(({ action }) => action)).toEqual(['create']);
    expect(review.saved).toBeUndefined();
    await expect(check(text, [stackOf('offline', 'b')])).rejects.toMatchObject({ code: 'DEPLOYMENT_PLAN_MOVED' });
  });
});

describe.skipIf(!canEmulate)('destroying what is protected', () => {
  it('releases the protection only when asked', async () => {
    const stack = { ...stackOf('guarded-stack'), terminationProtection: true };
    await deploy([stack]);
    await expect(destroyStacks({ ...context(), stacks: [stack] })).rejects.toMatchObject({
      code: 'DEPLOYMENT_STACK_PROTECTED',
    });
    await expect(destroyStacks({ ...context(), stacks: [stack], releaseProtection: true })).resolves.toMatchObject({
      deleted: ['guarded-stack'],
    });
  });
});

describe.skipIf(!canEmulate)('a run that was left in the middle', () => {
  it('is followed to its end by the next one, which then has nothing to do', async () => {
    const stack = stackOf('followed');
    const abort = new AbortController();
    const reporter = {
      report: ({ code }: JenkinsAwsEvent) => {
        if (code === 'deployment.stack.started') abort.abort();
      },
    };
    const review = await reviewDeployment({ ...context(), stacks: [stack] });
    await expect(executeDeployment({ ...context(), reporter, signal: abort.signal, review })).rejects.toMatchObject({
      code: 'DEPLOYMENT_ABORTED',
    });
    const { result } = await deploy([stack]);
    expect(result.stacks[0]?.outcome).toBe('unchanged');
  });

  it('leaves no change set of a review that failed in another stack', async () => {
    await deploy([stackOf('tidy')]);
    const reviewing = reviewDeployment({
      ...context(),
      stacks: [
        stackOf('tidy', 'changed'),
        { name: 'tidy-not', templateBody: templateOf({ X: { Type: 'AWS::No::Such' } }) },
      ],
    });
    await expect(reviewing).rejects.toMatchObject({ code: 'DEPLOYMENT_REQUEST_REFUSED' });
    const { Summaries = [] } = await emulated.cloudFormation.send(new ListChangeSetsCommand({ StackName: 'tidy' }));
    expect(Summaries.filter(({ ExecutionStatus }) => ExecutionStatus === 'AVAILABLE')).toEqual([]);
  });
});

describe.skipIf(!canEmulate)('the failed rollback of an update', () => {
  const always = (service: string, operation: string, more: object = {}) => ({
    service,
    operation,
    rate: 1,
    error: 'AccessDenied',
    ...more,
  });
  const stackWith = (name: string, displayName: string, more: Record<string, object> = {}): StackDefinition => ({
    name,
    templateBody: templateOf({ One: topic(displayName), Two: topic(displayName), ...more }),
  });
  /** Both topics could not be sent back. */
  const getStuck = async (name: string) => {
    await deploy([stackWith(name, 'old')]);
    const rules = [always('sns', 'SetTopicAttributes', { during: 'rollback' }), always('ssm', 'PutParameter')];
    await setFaults({ ...emulated.location, rules });
    const Last = { Type: 'AWS::SSM::Parameter', DependsOn: ['One', 'Two'], Properties: { Type: 'String', Value: 'x' } };
    await expect(deploy([stackWith(name, 'new', { Last })])).rejects.toMatchObject({
      code: 'DEPLOYMENT_STACK_FAILED',
      failure: { logicalId: 'Last', status: 'UPDATE_ROLLBACK_FAILED' },
    });
  };
  const endFaults = () => setFaults({ ...emulated.location, rules: [] });
  const codesOfRun = () => events.map(({ code }) => code);

  it('is refused with the resources that failed and the way out, and taken up again only when asked', async () => {
    await getStuck('stuck');
    const wanted = [stackWith('stuck', 'newer')];
    await expect(deploy(wanted)).rejects.toMatchObject({
      code: 'DEPLOYMENT_STACK_STUCK',
      message: expect.stringMatching(
        /UPDATE_ROLLBACK_FAILED.* at One \(AWS::SNS::Topic\): .*, Two .*continueRollback.*skipResources.*'stuck\/One'/,
      ),
    });
    expect(calls.some((name) => name.startsWith('ContinueUpdateRollback'))).toBe(false);
    await expect(deploy(wanted, { continueRollback: true })).rejects.toMatchObject({ code: 'DEPLOYMENT_STACK_STUCK' });
    await endFaults();
    const { result } = await deploy(wanted, { continueRollback: true });
    expect(codesOfRun()).toContain('deployment.rollback.continued');
    expect(result.stacks[0]?.outcome).toBe('updated');
  });

  it('leaves out what it is told to skip, and nothing that did not fail', async () => {
    await getStuck('skipping');
    const wanted = [stackWith('skipping', 'newer')];
    const refused = deploy(wanted, { continueRollback: true, skipResources: ['skipping/One', 'skipping/Three'] });
    await expect(refused).rejects.toMatchObject({
      code: 'DEPLOYMENT_STACK_STUCK',
      message: expect.stringMatching(/'Three'.* cannot be skipped.*: One, Two$/),
    });
    expect(calls.some((name) => name.startsWith('ContinueUpdateRollback'))).toBe(false);
    const skipResources = ['skipping/One', 'skipping/Two'];
    const review = reviewDeployment({ ...context(), stacks: wanted, continueRollback: true, skipResources });
    await expect(review).resolves.toMatchObject({ stacks: [{ action: 'update' }] });
    await endFaults();
    const { result } = await deploy(wanted);
    expect(result.stacks[0]?.outcome).toBe('updated');
  });
});
