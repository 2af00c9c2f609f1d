import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeEventsCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
  ListChangeSetsCommand,
  ListStackResourcesCommand,
  type Stack,
  type StackEvent,
  ValidateTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  type DeploymentReview,
  destroyStacks,
  discardReview,
  executeDeployment,
  findStacksByTag,
  reviewDeployment,
  type StackReview,
} from '../../src/index.js';

const aws = mockClient(CloudFormationClient);
const cloudFormation = new CloudFormationClient({ region: 'eu-central-1' });
const context = { cloudFormation, pollIntervalMilliseconds: 1 };
const ID = 'arn:aws:cloudformation:eu-central-1:1:stack/a/1';
const us = { key: 'owner', value: 'us' };
const definition = { name: 'a', templateBody: '{"Resources":{"Topic":{"Type":"AWS::SNS::Topic"}}}' };

const stack = (StackStatus: Stack['StackStatus'], more: Partial<Stack> = {}): { Stacks: Stack[] } => ({
  Stacks: [{ StackName: 'a', StackId: ID, StackStatus, CreationTime: new Date(0), ...more }],
});
const missing = Object.assign(new Error('Stack with id a does not exist'), { name: 'ValidationError' });
const modify = (LogicalResourceId: string) => ({
  Type: 'Resource' as const,
  ResourceChange: {
    Action: 'Modify' as const,
    LogicalResourceId,
    ResourceType: 'AWS::SNS::Topic',
    Replacement: 'False' as const,
    Details: [{ Target: { Attribute: 'Properties' as const, Name: 'DisplayName' } }],
  },
});
let eventCount = 0;
const event = (LogicalResourceId: string, ResourceStatus: string, ResourceStatusReason?: string): StackEvent => {
  eventCount += 1;
  const PhysicalResourceId = LogicalResourceId === 'a' ? ID : undefined;
  const Timestamp = new Date(eventCount * 1000);
  return {
    EventId: `e${eventCount}`,
    StackId: ID,
    StackName: 'a',
    LogicalResourceId,
    PhysicalResourceId,
    ResourceStatus: ResourceStatus as StackEvent['ResourceStatus'],
    ResourceStatusReason,
    Timestamp,
  };
};
const updateOf = (changeSetId: string, ...logicalIds: string[]): StackReview => ({
  definition,
  action: 'update',
  basis: 'change-set',
  changes: logicalIds.map((logicalId) => ({
    logicalId,
    type: 'AWS::SNS::Topic',
    action: 'modify',
    replacement: 'never',
    effect: 'updated-in-place',
    physicalId: undefined,
    properties: ['DisplayName'],
    replacingProperties: [],
  })),
  changeSetId,
  leftover: undefined,
  stackId: ID,
  state: { status: 'CREATE_COMPLETE', updatedAt: undefined, terminationProtection: false, roleArn: undefined },
  outputs: {},
  terminationProtection: undefined,
  stackPolicyBody: undefined,
});
const reviewOf = (...stacks: StackReview[]): DeploymentReview => ({
  stacks,
  removals: [],
  ownershipTag: undefined,
  protectedTypes: [],
  allowReplacement: [],
});

beforeEach(() => {
  aws.reset();
  // Another one than that of any definition here, so that a change set is made.
  aws.on(GetTemplateCommand).resolves({ TemplateBody: '{"Resources":{}}' });
  eventCount = 0;
});

describe('reviewing', () => {
  it('reads every page of a change set and waits until it is complete', async () => {
    aws.on(DescribeStacksCommand).resolves(stack('CREATE_COMPLETE'));
    aws.on(CreateChangeSetCommand).resolves({ Id: 'cs', StackId: ID });
    aws
      .on(DescribeChangeSetCommand)
      .resolvesOnce({ Status: 'CREATE_PENDING' })
      .resolvesOnce({ Status: 'CREATE_COMPLETE', Changes: [modify('One')], NextToken: 'more' })
      .resolvesOnce({ Status: 'CREATE_COMPLETE', Changes: [modify('Two')] });
    const { stacks } = await reviewDeployment({ ...context, stacks: [definition] });
    expect(stacks[0]).toMatchObject({ action: 'update', changeSetId: 'cs' });
    expect(stacks[0]?.changes?.map(({ logicalId }) => logicalId)).toEqual(['One', 'Two']);
    expect(aws.commandCalls(DescribeChangeSetCommand)[2]?.args[0].input.NextToken).toBe('more');
  });

  it.each<[string, Record<string, string> | undefined, { key: string; value: string } | undefined, object | undefined]>(
    [
      ['keeps the tags of a stack whose definition has none', undefined, us, { team: 'blue', owner: 'us' }],
      ['leaves the tags alone where nobody has any', undefined, undefined, undefined],
      ['replaces the tags by those of the definition', { cost: '7' }, us, { cost: '7', owner: 'us' }],
      ['takes the tags away when the definition says so', {}, us, { owner: 'us' }],
    ],
  )('%s', async (_, tags, ownershipTag, expected) => {
    const Tags = Object.entries({ team: 'blue', owner: 'us', 'aws:servicecatalog:product': 'p' });
    const tagged = stack('CREATE_COMPLETE', { Tags: Tags.map(([Key, Value]) => ({ Key, Value })) });
    aws.on(DescribeStacksCommand).resolves(tagged);
    aws.on(CreateChangeSetCommand).resolves({ Id: 'cs', StackId: ID });
    aws.on(DescribeChangeSetCommand).resolves({ Status: 'CREATE_COMPLETE', Changes: [modify('One')] });
    const given = { ...definition, ...(tags && { tags }) };
    const review = await reviewDeployment({ ...context, stacks: [given], ...(ownershipTag && { ownershipTag }) });
    // A comparison during the execution has to choose the same.
    aws.on(DescribeChangeSetCommand, { ChangeSetName: 'gone' }).resolves({ ExecutionStatus: 'OBSOLETE' });
    const [first] = review.stacks as [StackReview];
    const stale = { ...review, stacks: [{ ...first, changeSetId: 'gone', changes: [] }] };
    await expect(executeDeployment({ ...context, review: stale })).rejects.toMatchObject({
      code: 'DEPLOYMENT_REVIEW_STALE',
    });
    const sent = aws
      .commandCalls(CreateChangeSetCommand)
      .map(({ args }) => args[0].input.Tags?.map(({ Key, Value }) => [Key, Value]))
      .map((entries) => entries && Object.fromEntries(entries));
    expect(sent).toEqual([expected, expected]);
  });

  it('tells replacement and effect as CloudFormation means them', async () => {
    const change = (ResourceChange: object) => ({ ResourceChange: { ResourceType: 'AWS::X::Y', ...ResourceChange } });
    aws.on(DescribeStacksCommand).resolves(stack('CREATE_COMPLETE'));
    aws.on(CreateChangeSetCommand).resolves({ Id: 'cs', StackId: ID });
    aws.on(DescribeChangeSetCommand).resolves({
      Status: 'CREATE_COMPLETE',
      Changes: [
        change({ Action: 'Add', LogicalResourceId: 'A' }),
        change({ Action: 'Modify', Replacement: 'True', PolicyAction: 'ReplaceAndDelete', LogicalResourceId: 'B' }),
        change({ Action: 'Modify', Replacement: 'True', PolicyAction: 'ReplaceAndRetain', LogicalResourceId: 'C' }),
        change({ Action: 'Modify', Replacement: 'Conditional', LogicalResourceId: 'D' }),
        change({ Action: 'Dynamic', LogicalResourceId: 'E' }),
        change({ Action: 'Remove', PolicyAction: 'Retain', LogicalResourceId: 'F' }),
        change({ Action: 'Remove', PolicyAction: 'Delete', LogicalResourceId: 'G' }),
      ],
    });
    const { stacks } = await reviewDeployment({ ...context, stacks: [definition] });
    expect(stacks[0]?.changes?.map((c) => [c.logicalId, c.action, c.replacement, c.effect])).toEqual([
      ['A', 'add', 'never', 'created'],
      ['B', 'modify', 'always', 'replaced'],
      ['C', 'modify', 'always', 'replaced-and-retained'],
      ['D', 'modify', 'conditional', 'maybe-replaced'],
      ['E', 'modify', 'conditional', 'maybe-replaced'],
      ['F', 'remove', 'never', 'retained'],
      ['G', 'remove', 'never', 'deleted'],
    ]);
  });

  it('tells which of the changed properties replace the resource', async () => {
    const detail = (Name: string, RequiresRecreation: 'Always' | 'Conditionally' | 'Never') => ({
      Target: { Attribute: 'Properties' as const, Name, RequiresRecreation },
    });
    const tags = { Target: { Attribute: 'Tags' as const, RequiresRecreation: 'Never' as const } };
    const { ResourceChange } = modify('One');
    const Details = [
      detail('Size', 'Never'),
      detail('Zone', 'Always'),
      detail('Key', 'Conditionally'),
      detail('Zone', 'Always'),
      tags,
    ];
    aws.on(DescribeStacksCommand).resolves(stack('CREATE_COMPLETE'));
    aws.on(CreateChangeSetCommand).resolves({ Id: 'cs', StackId: ID });
    aws.on(DescribeChangeSetCommand).resolves({
      Status: 'CREATE_COMPLETE',
      Changes: [{ ResourceChange: { ...ResourceChange, Replacement: 'True', Details } }],
    });
    const { stacks } = await reviewDeployment({ ...context, stacks: [definition] });
    expect(stacks[0]?.changes?.[0]).toMatchObject({
      properties: ['Key', 'Size', 'Tags', 'Zone'],
      replacingProperties: ['Key', 'Zone'],
    });
  });

  it('fails on all that would replace or remove a protected type, in every stack, and deletes the change sets', async () => {
    const remove = {
      ResourceChange: {
        Action: 'Remove' as const,
        LogicalResourceId: 'Gone',
        ResourceType: 'AWS::SNS::Topic',
        PolicyAction: 'Retain' as const,
      },
    };
    const replace = modify('Moved');
    Object.assign(replace.ResourceChange, { Replacement: 'True' });
    aws.on(DescribeStacksCommand).resolves(stack('CREATE_COMPLETE'));
    aws
      .on(CreateChangeSetCommand)
      .resolvesOnce({ Id: 'first', StackId: ID })
      .resolvesOnce({ Id: 'second', StackId: ID });
    aws
      .on(DescribeChangeSetCommand, { ChangeSetName: 'first' })
      .resolves({ Status: 'CREATE_COMPLETE', Changes: [remove, modify('InPlace')] })
      .on(DescribeChangeSetCommand, { ChangeSetName: 'second' })
      .resolves({ Status: 'CREATE_COMPLETE', Changes: [replace] });
    const stacks = [definition, { ...definition, name: 'b' }];
    await expect(reviewDeployment({ ...context, stacks, protectedTypes: ['AWS::SNS::Topic'] })).rejects.toMatchObject({
      code: 'DEPLOYMENT_REPLACEMENT_REFUSED',
      problems: [
        { path: ['stacks', 'a', 'Gone'] },
        {
          path: ['stacks', 'b', 'Moved'],
          message: "Moved (AWS::SNS::Topic) of stack 'b' would be replaced because of DisplayName",
        },
      ],
      hint: expect.stringMatching(/change the configuration back, or allow/),
    });
    const deleted = aws.commandCalls(DeleteChangeSetCommand).map(({ args }) => args[0].input.ChangeSetName);
    expect(deleted.sort()).toEqual(['first', 'second']);
    expect(aws.commandCalls(ExecuteChangeSetCommand)).toHaveLength(0);
  });

  it.each([
    ['ROLLBACK_FAILED', 'DEPLOYMENT_STACK_STUCK', /destroy the stack/],
    ['UPDATE_FAILED', 'DEPLOYMENT_STACK_STUCK', /rollback-stack/],
  ] as const)('fails on a stack in %s with the way out and before any change set', async (status, code, message) => {
    aws.on(DescribeStacksCommand).resolves(stack(status));
    await expect(reviewDeployment({ ...context, stacks: [definition] })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    expect(aws.commandCalls(CreateChangeSetCommand)).toHaveLength(0);
  });

  it('goes on with an empty stack that a killed run left, and fails on the review of somebody else', async () => {
    aws.on(DescribeStacksCommand).resolves(stack('REVIEW_IN_PROGRESS'));
    aws.on(ValidateTemplateCommand).resolves({});
    aws.on(ListChangeSetsCommand).resolvesOnce({ Summaries: [{ ChangeSetName: 'jenkins-aws-1' }] });
    const { stacks } = await reviewDeployment({ ...context, stacks: [definition] });
    expect(stacks[0]).toMatchObject({ action: 'create', stackId: ID });
    aws.on(ListChangeSetsCommand).resolves({ Summaries: [{ ChangeSetName: 'theirs' }] });
    await expect(reviewDeployment({ ...context, stacks: [definition] })).rejects.toMatchObject({
      code: 'DEPLOYMENT_STACK_FOREIGN',
      message: expect.stringContaining("'theirs'"),
    });
  });

  it('fails with the reason of a failed change set and deletes those that it had made', async () => {
    aws.on(DescribeStacksCommand).resolves(stack('CREATE_COMPLETE'));
    aws
      .on(CreateChangeSetCommand)
      .resolvesOnce({ Id: 'first', StackId: ID })
      .resolvesOnce({ Id: 'second', StackId: ID });
    aws.on(DescribeEventsCommand).resolves({ OperationEvents: [] });
    aws
      .on(DescribeChangeSetCommand, { ChangeSetName: 'first' })
      .resolves({ Status: 'CREATE_COMPLETE', Changes: [modify('One')] })
      .on(DescribeChangeSetCommand, { ChangeSetName: 'second' })
      .resolves({ Status: 'FAILED', StatusReason: 'Parameters: [X] must have values' });
    await expect(
      reviewDeployment({ ...context, stacks: [definition, { ...definition, name: 'b' }] }),
    ).rejects.toMatchObject({
      code: 'DEPLOYMENT_CHANGE_SET_FAILED',
      message: expect.stringContaining('Parameters: [X] must have values'),
    });
    const deleted = aws.commandCalls(DeleteChangeSetCommand).map(({ args }) => args[0].input.ChangeSetName);
    expect(deleted.sort()).toEqual(['first', 'second']);
  });
});

describe('reviewing a stack that reads what an earlier one has yet to make', () => {
  const first = { name: 'first', templateBody: definition.templateBody };
  const middle = { name: 'middle', templateBody: definition.templateBody, dependsOn: ['first'] };
  const topics = (...names: string[]) =>
    JSON.stringify({ Resources: Object.fromEntries(names.map((name) => [name, { Type: 'AWS::SNS::Topic' }])) });
  const last = { name: 'a', templateBody: topics('Old', 'New'), dependsOn: ['middle'] };
  const MISSING = 'Unable to fetch parameters [/x/subnet-3] from parameter store for this account.';
  const refusal = Object.assign(new Error(MISSING), { name: 'ValidationError' });

  /** `first` changes or does not, `middle` does not, `a` cannot be compared. */
  function arrange(firstChanges: boolean) {
    aws.on(DescribeStacksCommand).resolves(stack('CREATE_COMPLETE'));
    aws.on(DescribeEventsCommand).resolves({ OperationEvents: [] });
    for (const name of ['first', 'middle']) {
      aws.on(CreateChangeSetCommand, { StackName: name }).resolves({ Id: name, StackId: ID });
      aws
        .on(DescribeChangeSetCommand, { ChangeSetName: name })
        .resolves(
          name === 'first' && firstChanges
            ? { Status: 'CREATE_COMPLETE', Changes: [modify('One')] }
            : { Status: 'FAILED', StatusReason: "The submitted information didn't contain changes." },
        );
    }
    aws.on(GetTemplateCommand).resolves({ TemplateBody: topics('Old', 'Gone') });
  }
  const review = (protectedTypes: string[] = [], stack = last) =>
    reviewDeployment({ ...context, stacks: [first, middle, stack], protectedTypes });

  it('compares the templates when CloudFormation refuses the call, and says so', async () => {
    arrange(true);
    aws.on(CreateChangeSetCommand, { StackName: 'a' }).rejects(refusal);
    const messages: string[] = [];
    const reporter = { report: ({ message }: { message: string }) => void messages.push(message) };
    const { stacks } = await reviewDeployment({ ...context, reporter, stacks: [first, middle, last] });
    expect(stacks.map(({ action, basis }) => [action, basis])).toEqual([
      ['update', 'change-set'],
      ['none', 'change-set'],
      ['update', 'template'],
    ]);
    expect(stacks[2]).toMatchObject({ changeSetId: undefined, stackId: ID });
    expect(stacks[2]?.changes?.map(({ action, logicalId, effect }) => [action, logicalId, effect])).toEqual([
      ['add', 'New', 'created'],
      ['remove', 'Gone', 'deleted'],
    ]);
    expect(messages.at(-1)).toBe(
      'a: update, 2 resource changes, from the templates, because it reads what an earlier stack has yet to make',
    );
    expect(aws.commandCalls(GetTemplateCommand)[0]?.args[0].input.TemplateStage).toBe('Original');
  });

  it('does the same when the change set fails for that reason, and deletes it', async () => {
    arrange(true);
    aws.on(CreateChangeSetCommand, { StackName: 'a' }).resolves({ Id: 'failed', StackId: ID });
    aws.on(DescribeChangeSetCommand, { ChangeSetName: 'failed' }).resolves({ Status: 'FAILED', StatusReason: MISSING });
    const { stacks } = await review();
    expect(stacks[2]).toMatchObject({ action: 'update', basis: 'template' });
    expect(aws.commandCalls(DeleteChangeSetCommand).map(({ args }) => args[0].input.ChangeSetName)).toContain('failed');
  });

  it('fails when no stack before it changes, for another reason, or where a template is YAML', async () => {
    arrange(false);
    aws.on(CreateChangeSetCommand, { StackName: 'a' }).rejects(refusal);
    const refused = { code: 'DEPLOYMENT_REQUEST_REFUSED', message: expect.stringContaining('/x/subnet-3') };
    await expect(review()).rejects.toMatchObject(refused);
    arrange(true);
    await expect(review([], { ...last, templateBody: 'Resources: {}' })).rejects.toMatchObject(refused);
    const other = Object.assign(new Error('Template format error'), { name: 'ValidationError' });
    aws.on(CreateChangeSetCommand, { StackName: 'a' }).rejects(other);
    await expect(review()).rejects.toMatchObject({ message: expect.stringContaining('format error') });
  });

  it('fails on a protected type that is removed, and not on one that may be replaced', async () => {
    arrange(true);
    aws.on(CreateChangeSetCommand, { StackName: 'a' }).rejects(refusal);
    await expect(review(['AWS::SNS::Topic'])).rejects.toMatchObject({
      code: 'DEPLOYMENT_REPLACEMENT_REFUSED',
      problems: [{ path: ['stacks', 'a', 'Gone'] }],
    });
    const Old = { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'moved' } };
    const moved = { ...last, templateBody: JSON.stringify({ Resources: { Old, Gone: { Type: 'AWS::SNS::Topic' } } }) };
    const { stacks } = await review(['AWS::SNS::Topic'], moved);
    expect(stacks[2]?.changes).toMatchObject([{ logicalId: 'Old', effect: 'maybe-replaced' }]);
  });

  it('executes what was announced, and fails on another action or on what is protected', async () => {
    const [, , reviewed] = await (async () => {
      arrange(true);
      aws.on(CreateChangeSetCommand, { StackName: 'a' }).rejects(refusal);
      return (await review()).stacks as [StackReview, StackReview, StackReview];
    })();
    aws.on(CreateChangeSetCommand, { StackName: 'a' }).resolves({ Id: 'real', StackId: ID });
    const changes = (...found: object[]) =>
      aws
        .on(DescribeChangeSetCommand, { ChangeSetName: 'real' })
        .resolves({ Status: 'CREATE_COMPLETE', Changes: found.map((ResourceChange) => ({ ResourceChange })) });
    const change = (Action: string, LogicalResourceId: string, more = {}) => ({
      Action,
      LogicalResourceId,
      ResourceType: 'AWS::SNS::Topic',
      ...more,
    });
    const execute = (protectedTypes: string[] = []) =>
      executeDeployment({ ...context, review: { ...reviewOf(reviewed), protectedTypes } });

    changes(change('Add', 'New'), change('Modify', 'Gone', { Replacement: 'False' }));
    await expect(execute()).rejects.toMatchObject({
      code: 'DEPLOYMENT_REVIEW_STALE',
      problems: [{ path: ['stacks', 'a', 'Gone'] }],
    });
    changes(change('Add', 'New'), change('Remove', 'Gone', { PolicyAction: 'Retain' }));
    await expect(execute(['AWS::SNS::Topic'])).rejects.toMatchObject({ code: 'DEPLOYMENT_REPLACEMENT_REFUSED' });
    expect(aws.commandCalls(ExecuteChangeSetCommand)).toHaveLength(0);

    aws
      .on(DescribeStackEventsCommand)
      .resolvesOnce({ StackEvents: [] })
      .callsFake(() => ({ StackEvents: [event('a', 'UPDATE_COMPLETE')] }));
    aws.on(DescribeStacksCommand).resolves(stack('UPDATE_COMPLETE'));
    const { stacks } = await execute();
    expect(stacks[0]?.outcome).toBe('updated');
    expect(aws.commandCalls(ExecuteChangeSetCommand).map(({ args }) => args[0].input.ChangeSetName)).toEqual(['real']);
  });
});

describe('what a failed creation left', () => {
  const Tags = [{ Key: 'owner', Value: 'us' }];
  const left = (more: Partial<Stack> = {}) => stack('ROLLBACK_COMPLETE', { Tags, ...more });
  const review = () => reviewDeployment({ ...context, stacks: [definition], ownershipTag: us });

  it('is reviewed as a new stack that deletes it first, and discarding leaves it alone', async () => {
    aws.on(DescribeStacksCommand).resolves(left());
    aws.on(ValidateTemplateCommand).resolves({});
    const messages: string[] = [];
    const reporter = { report: ({ message }: { message: string }) => void messages.push(message) };
    const reviewed = await reviewDeployment({ ...context, reporter, stacks: [definition], ownershipTag: us });
    expect(reviewed.stacks[0]).toMatchObject({
      action: 'create',
      basis: 'template',
      leftover: 'ROLLBACK_COMPLETE',
      stackId: ID,
      changeSetId: undefined,
    });
    await discardReview({ ...context, reporter, review: reviewed });
    expect(messages.slice(1)).toEqual([
      'a: create, 1 resource changes; the remains of a failed creation are deleted first (ROLLBACK_COMPLETE)',
      'discarded the review',
    ]);
    expect(aws.commandCalls(DeleteStackCommand)).toHaveLength(0);
    expect(aws.commandCalls(CreateChangeSetCommand)).toHaveLength(0);
  });

  it.each([
    ['belongs to somebody else', { Tags: [{ Key: 'owner', Value: 'them' }] }, 'DEPLOYMENT_STACK_FOREIGN'],
    ['has no owner', { Tags: [] }, 'DEPLOYMENT_STACK_FOREIGN'],
    ['is protected', { EnableTerminationProtection: true }, 'DEPLOYMENT_STACK_PROTECTED'],
  ])('fails when it %s', async (_, more, code) => {
    aws.on(DescribeStacksCommand).resolves(left(more));
    await expect(review()).rejects.toMatchObject({ code });
    expect(aws.commandCalls(DeleteStackCommand)).toHaveLength(0);
  });

  it('fails, and is not deleted, when the stack lives by the time of the execution', async () => {
    aws.on(DescribeStacksCommand).resolvesOnce(left()).resolves(stack('CREATE_COMPLETE', { Tags }));
    aws.on(ValidateTemplateCommand).resolves({});
    await expect(executeDeployment({ ...context, review: await review() })).rejects.toMatchObject({
      code: 'DEPLOYMENT_REVIEW_STALE',
      message: expect.stringContaining('CREATE_COMPLETE'),
    });
    expect(aws.commandCalls(DeleteStackCommand)).toHaveLength(0);
    expect(aws.commandCalls(CreateChangeSetCommand)).toHaveLength(0);
  });

  it('is deleted to the end before the stack is made, and what stays of it is reported', async () => {
    const made = 'arn:aws:cloudformation:eu-central-1:1:stack/a/2';
    const Kept = { Type: 'AWS::EFS::FileSystem', DeletionPolicy: 'Retain' };
    aws
      .on(DescribeStacksCommand)
      .resolves(left())
      .on(DescribeStacksCommand, { StackName: made })
      .resolves(stack('CREATE_COMPLETE', { StackId: made }));
    aws.on(DeleteStackCommand).callsFake(() => {
      aws.on(DescribeStacksCommand, { StackName: ID }).resolves(stack('DELETE_COMPLETE'));
      return {};
    });
    aws.on(ValidateTemplateCommand).resolves({});
    aws.on(GetTemplateCommand).resolves({ TemplateBody: JSON.stringify({ Resources: { Kept } }) });
    const resource = { LogicalResourceId: 'Kept', ResourceType: Kept.Type, PhysicalResourceId: 'fs-1' };
    const LastUpdatedTimestamp = new Date(0);
    aws
      .on(ListStackResourcesCommand)
      .resolves({ StackResourceSummaries: [{ ...resource, ResourceStatus: 'DELETE_SKIPPED', LastUpdatedTimestamp }] });
    aws
      .on(DescribeStackEventsCommand, { StackName: ID })
      .resolvesOnce({ StackEvents: [event('a', 'ROLLBACK_COMPLETE')] })
      .resolves({ StackEvents: [event('a', 'DELETE_COMPLETE')] });
    const created = { ...event('a', 'CREATE_COMPLETE'), StackId: made, PhysicalResourceId: made };
    aws.on(DescribeStackEventsCommand, { StackName: made }).resolves({ StackEvents: [created] });
    aws.on(CreateChangeSetCommand).callsFake(() => {
      expect(aws.commandCalls(DeleteStackCommand).map(({ args }) => args[0].input.StackName)).toEqual([ID]);
      return { Id: 'cs', StackId: made };
    });
    aws.on(DescribeChangeSetCommand).resolves({ Status: 'CREATE_COMPLETE', Changes: [] });
    const messages: string[] = [];
    const reporter = { report: ({ message }: { message: string }) => void messages.push(message) };
    const { stacks } = await executeDeployment({ ...context, reporter, review: await review() });
    expect(stacks[0]).toMatchObject({ outcome: 'created', stackId: made });
    expect(messages.slice(0, 3)).toEqual([
      'a: deleting',
      'a: Kept stays (AWS::EFS::FileSystem fs-1)',
      'a: deleted in 0.0 s',
    ]);
  });

  it('fails with the resource that keeps it from being deleted', async () => {
    aws.on(DescribeStacksCommand).resolves(left());
    aws.on(ValidateTemplateCommand).resolves({});
    aws.on(GetTemplateCommand).resolves({ TemplateBody: definition.templateBody });
    const reviewed = await review();
    aws.on(DeleteStackCommand).callsFake(() => {
      aws.on(DescribeStacksCommand).resolves(stack('DELETE_FAILED'));
      return {};
    });
    const events = [
      event('Group', 'DELETE_FAILED', 'has a dependent object'),
      event('a', 'DELETE_FAILED', 'see above'),
    ];
    aws.on(DescribeStackEventsCommand).resolvesOnce({ StackEvents: [] }).resolves({ StackEvents: events.reverse() });
    await expect(executeDeployment({ ...context, review: reviewed })).rejects.toMatchObject({
      code: 'DEPLOYMENT_DELETE_FAILED',
      failure: { logicalId: 'Group' },
    });
    expect(aws.commandCalls(CreateChangeSetCommand)).toHaveLength(0);
  });

  it('is made anew without a deletion when somebody deleted it meanwhile', async () => {
    const made = 'arn:aws:cloudformation:eu-central-1:1:stack/a/2';
    aws.on(DescribeStacksCommand).resolvesOnce(left()).resolvesOnce(stack('DELETE_COMPLETE'));
    aws.on(DescribeStacksCommand, { StackName: made }).resolves(stack('CREATE_COMPLETE', { StackId: made }));
    aws.on(ValidateTemplateCommand).resolves({});
    aws.on(CreateChangeSetCommand).resolves({ Id: 'cs', StackId: made });
    aws.on(DescribeChangeSetCommand).resolves({ Status: 'CREATE_COMPLETE', Changes: [] });
    const created = { ...event('a', 'CREATE_COMPLETE'), StackId: made, PhysicalResourceId: made };
    aws.on(DescribeStackEventsCommand).resolves({ StackEvents: [created] });
    const { stacks } = await executeDeployment({ ...context, review: await review() });
    expect(stacks[0]).toMatchObject({ outcome: 'created', stackId: made });
    expect(aws.commandCalls(DeleteStackCommand)).toHaveLength(0);
  });
});

describe('executing', () => {
  it('executes exactly the reviewed change set and reads events since the start over all pages', async () => {
    const before = event('a', 'CREATE_COMPLETE');
    const run = [event('a', 'UPDATE_IN_PROGRESS'), event('One', 'UPDATE_COMPLETE'), event('a', 'UPDATE_COMPLETE')];
    aws.on(DescribeChangeSetCommand).resolves({ ExecutionStatus: 'AVAILABLE' });
    aws
      .on(DescribeStackEventsCommand)
      .resolvesOnce({ StackEvents: [before] })
      .resolvesOnce({ StackEvents: [run[2], run[1]] as StackEvent[], NextToken: 'older' })
      // The page repeats an event, as it does when one arrives in between.
      .resolvesOnce({ StackEvents: [run[1], run[0], before] as StackEvent[] });
    aws
      .on(DescribeStacksCommand)
      .resolves(stack('UPDATE_COMPLETE', { Outputs: [{ OutputKey: 'K', OutputValue: 'V' }] }));
    const reported: string[] = [];
    const reporter = { report: ({ message }: { message: string }) => void reported.push(message) };
    const result = await executeDeployment({ ...context, reporter, review: reviewOf(updateOf('cs', 'One')) });
    expect(result.stacks).toEqual([
      { stackName: 'a', stackId: ID, outcome: 'updated', outputs: { K: 'V' }, leftBehind: [] },
    ]);
    expect(aws.commandCalls(ExecuteChangeSetCommand).map(({ args }) => args[0].input.ChangeSetName)).toEqual(['cs']);
    expect(aws.commandCalls(CreateChangeSetCommand)).toHaveLength(0);
    expect(reported).toEqual(['a: updating 1 resources', 'a: UPDATE_COMPLETE One (unknown)', 'a: updated in 2.0 s']);
  });

  it('asks the stack itself when its last event got lost', async () => {
    const begun = event('a', 'UPDATE_IN_PROGRESS');
    aws.on(DescribeChangeSetCommand).resolves({ ExecutionStatus: 'AVAILABLE' });
    aws
      .on(DescribeStackEventsCommand)
      .resolvesOnce({ StackEvents: [] })
      .resolves({ StackEvents: [begun] });
    aws.on(DescribeStacksCommand).resolves(stack('UPDATE_COMPLETE'));
    const { stacks } = await executeDeployment({ ...context, review: reviewOf(updateOf('cs', 'One')) });
    expect(stacks[0]?.outcome).toBe('updated');
  });

  it('goes on looking while AWS limits the rate or fails, and gives up after a while', async () => {
    const throttled = Object.assign(new Error('Rate exceeded'), { name: 'Throttling' });
    const broken = Object.assign(new Error('?'), { name: 'InternalFailure', $metadata: { httpStatusCode: 500 } });
    aws.on(DescribeChangeSetCommand).resolves({ ExecutionStatus: 'AVAILABLE' });
    aws
      .on(DescribeStackEventsCommand)
      .resolvesOnce({ StackEvents: [] })
      .rejectsOnce(throttled)
      .rejectsOnce(broken)
      .callsFake(() => ({ StackEvents: [event('a', 'UPDATE_COMPLETE')] }));
    aws.on(DescribeStacksCommand).rejectsOnce(throttled).resolves(stack('UPDATE_COMPLETE'));
    const { stacks } = await executeDeployment({ ...context, review: reviewOf(updateOf('cs', 'One')) });
    expect(stacks[0]?.outcome).toBe('updated');

    aws.reset();
    aws.on(DescribeChangeSetCommand).resolves({ ExecutionStatus: 'AVAILABLE' });
    aws.on(DescribeStackEventsCommand).resolvesOnce({ StackEvents: [] }).rejects(throttled);
    await expect(executeDeployment({ ...context, review: reviewOf(updateOf('cs', 'One')) })).rejects.toMatchObject({
      code: 'DEPLOYMENT_THROTTLED',
    });
    // One before the execution, then thirteen in a row that failed.
    expect(aws.commandCalls(DescribeStackEventsCommand)).toHaveLength(14);
  });

  it('lets CloudFormation work by the role that it is given', async () => {
    const roleArn = 'arn:aws:iam::1:role/deployer';
    const replaced = { ...updateOf('', 'One'), action: 'create' as const, changeSetId: undefined, stackId: undefined };
    aws.on(CreateChangeSetCommand).resolves({ Id: 'cs', StackId: ID });
    aws.on(DescribeChangeSetCommand).resolves({ Status: 'CREATE_COMPLETE', Changes: [] });
    aws.on(DescribeStackEventsCommand).callsFake(() => ({ StackEvents: [event('a', 'CREATE_COMPLETE')] }));
    aws.on(DescribeStacksCommand).resolves(stack('CREATE_COMPLETE'));
    await executeDeployment({ ...context, roleArn, review: reviewOf(replaced) });
    expect(aws.commandCalls(CreateChangeSetCommand)[0]?.args[0].input.RoleARN).toBe(roleArn);

    aws.reset();
    aws.on(GetTemplateCommand).resolves({ TemplateBody: '{}' });
    aws.on(DescribeStacksCommand).resolvesOnce(stack('CREATE_COMPLETE')).resolves(stack('DELETE_COMPLETE'));
    aws
      .on(DescribeStackEventsCommand)
      .resolvesOnce({ StackEvents: [] })
      .callsFake(() => ({ StackEvents: [event('a', 'DELETE_COMPLETE')] }));
    await destroyStacks({ ...context, roleArn, stacks: ['a'] });
    expect(aws.commandCalls(DeleteStackCommand)[0]?.args[0].input.RoleARN).toBe(roleArn);
  });

  it('makes a new change set when the reviewed one is gone, and executes it when it holds nothing new', async () => {
    const gone = Object.assign(new Error('gone'), { name: 'ChangeSetNotFoundException' });
    aws.on(DescribeChangeSetCommand, { ChangeSetName: 'old' }).rejects(gone);
    aws
      .on(DescribeChangeSetCommand, { ChangeSetName: 'new' })
      .resolves({ Status: 'CREATE_COMPLETE', Changes: [modify('One')] });
    aws.on(CreateChangeSetCommand).resolves({ Id: 'new', StackId: ID });
    aws
      .on(DescribeStackEventsCommand)
      .resolvesOnce({ StackEvents: [] })
      .callsFake(() => ({
        StackEvents: [event('a', 'UPDATE_COMPLETE')],
      }));
    aws.on(DescribeStacksCommand).resolves(stack('UPDATE_COMPLETE'));
    await executeDeployment({ ...context, review: reviewOf(updateOf('old', 'One', 'Two')) });
    expect(aws.commandCalls(ExecuteChangeSetCommand).map(({ args }) => args[0].input.ChangeSetName)).toEqual(['new']);
  });

  it('fails with the difference when the new change set holds more, and executes nothing', async () => {
    aws.on(DescribeChangeSetCommand, { ChangeSetName: 'old' }).resolves({ ExecutionStatus: 'OBSOLETE' });
    aws
      .on(DescribeChangeSetCommand, { ChangeSetName: 'new' })
      .resolves({ Status: 'CREATE_COMPLETE', Changes: [modify('One'), modify('Two')] });
    aws.on(DescribeStacksCommand).resolves(stack('CREATE_COMPLETE'));
    aws.on(CreateChangeSetCommand).resolves({ Id: 'new', StackId: ID });
    await expect(executeDeployment({ ...context, review: reviewOf(updateOf('old', 'One')) })).rejects.toMatchObject({
      code: 'DEPLOYMENT_REVIEW_STALE',
      problems: [{ path: ['stacks', 'a', 'Two'] }],
    });
    expect(aws.commandCalls(ExecuteChangeSetCommand)).toHaveLength(0);
    const deleted = aws.commandCalls(DeleteChangeSetCommand).map(({ args }) => args[0].input.ChangeSetName);
    expect(new Set(deleted)).toEqual(new Set(['old', 'new']));
  });

  it('fails when the new change set would replace a protected type, although that was reviewed', async () => {
    const replace = modify('One');
    Object.assign(replace.ResourceChange, { Replacement: 'True' });
    aws.on(DescribeChangeSetCommand, { ChangeSetName: 'old' }).resolves({ ExecutionStatus: 'OBSOLETE' });
    aws
      .on(DescribeChangeSetCommand, { ChangeSetName: 'new' })
      .resolves({ Status: 'CREATE_COMPLETE', Changes: [replace] });
    aws.on(DescribeStacksCommand).resolves(stack('CREATE_COMPLETE'));
    aws.on(CreateChangeSetCommand).resolves({ Id: 'new', StackId: ID });
    const review = { ...reviewOf(updateOf('old', 'One')), protectedTypes: ['AWS::SNS::Topic'] };
    await expect(executeDeployment({ ...context, review })).rejects.toMatchObject({
      code: 'DEPLOYMENT_REPLACEMENT_REFUSED',
      problems: [{ path: ['stacks', 'a', 'One'] }],
    });
    expect(aws.commandCalls(ExecuteChangeSetCommand)).toHaveLength(0);
    const deleted = aws.commandCalls(DeleteChangeSetCommand).map(({ args }) => args[0].input.ChangeSetName);
    expect(deleted).toContain('new');
  });

  it('fails with the instance that signalled failure, and says where to read on', async () => {
    aws.on(DescribeChangeSetCommand).resolves({ ExecutionStatus: 'AVAILABLE' });
    const events = [
      event('a', 'UPDATE_IN_PROGRESS'),
      event('Group', 'UPDATE_IN_PROGRESS', 'Received FAILURE signal with UniqueId i-0123456789abcdef0'),
      event('Group', 'UPDATE_FAILED', 'Received 1 FAILURE signal(s) out of 1.  Unable to satisfy 100% requirement'),
      event('a', 'UPDATE_ROLLBACK_COMPLETE'),
    ];
    aws.on(DescribeStackEventsCommand).resolvesOnce({ StackEvents: [] }).resolves({ StackEvents: events.reverse() });
    aws.on(DescribeStacksCommand).resolves(stack('UPDATE_ROLLBACK_COMPLETE'));
    await expect(executeDeployment({ ...context, review: reviewOf(updateOf('cs', 'One')) })).rejects.toMatchObject({
      code: 'DEPLOYMENT_STACK_FAILED',
      failure: { logicalId: 'Group', instanceId: 'i-0123456789abcdef0', status: 'UPDATE_ROLLBACK_COMPLETE' },
      hint: expect.stringContaining('boot log'),
    });
  });

  it('fails with what CloudFormation found before it made anything, where the event only points there', async () => {
    aws.on(DescribeChangeSetCommand).resolves({ ExecutionStatus: 'AVAILABLE' });
    aws
      .on(DescribeStackEventsCommand)
      .resolvesOnce({ StackEvents: [] })
      .resolves({
        StackEvents: [
          event('a', 'UPDATE_ROLLBACK_COMPLETE'),
          event('a', 'UPDATE_FAILED', 'Validation failed. Call DescribeEvents'),
        ],
      });
    aws.on(DescribeStacksCommand).resolves(stack('UPDATE_ROLLBACK_COMPLETE'));
    aws.on(DescribeEventsCommand).resolves({
      OperationEvents: [
        { LogicalResourceId: 'Bucket', ResourceType: 'AWS::S3::Bucket', ValidationStatusReason: 'name is taken' },
      ],
    });
    await expect(executeDeployment({ ...context, review: reviewOf(updateOf('cs', 'One')) })).rejects.toMatchObject({
      code: 'DEPLOYMENT_STACK_FAILED',
      failure: { logicalId: 'Bucket', reason: 'name is taken', status: 'UPDATE_ROLLBACK_COMPLETE' },
      hint: expect.stringContaining('back to what it was'),
    });
  });

  it('stops on request without touching the stack at work, says how to go on and drops the rest of the review', async () => {
    const controller = new AbortController();
    aws.on(DescribeChangeSetCommand).resolves({ ExecutionStatus: 'AVAILABLE' });
    aws
      .on(DescribeStackEventsCommand)
      .resolvesOnce({ StackEvents: [] })
      .callsFake(() => {
        controller.abort(new Error('ctrl-c'));
        return { StackEvents: [event('a', 'UPDATE_IN_PROGRESS')] };
      });
    const later = { ...updateOf('later', 'One'), definition: { ...definition, name: 'b', dependsOn: ['a'] } };
    await expect(
      executeDeployment({ ...context, signal: controller.signal, review: reviewOf(updateOf('cs', 'One'), later) }),
    ).rejects.toMatchObject({
      code: 'DEPLOYMENT_ABORTED',
      message: expect.stringMatching(/cloudformation goes on with it. run the same command again/),
    });
    expect(aws.commandCalls(DeleteStackCommand)).toHaveLength(0);
    expect(aws.commandCalls(ExecuteChangeSetCommand)).toHaveLength(1);
    expect(aws.commandCalls(DeleteChangeSetCommand).map(({ args }) => args[0].input.ChangeSetName)).toContain('later');
  });

  it('leaves no empty stack when it is stopped between the change set of a new stack and its execution', async () => {
    const controller = new AbortController();
    aws.on(CreateChangeSetCommand).resolves({ Id: 'cs', StackId: ID });
    aws.on(DescribeChangeSetCommand).callsFake(() => {
      controller.abort();
      return { Status: 'CREATE_COMPLETE', Changes: [] };
    });
    aws.on(DescribeStacksCommand).resolves(stack('REVIEW_IN_PROGRESS'));
    const create = { ...updateOf('', 'One'), action: 'create' as const, changeSetId: undefined, stackId: undefined };
    await expect(
      executeDeployment({ ...context, signal: controller.signal, review: reviewOf(create) }),
    ).rejects.toMatchObject({ code: 'DEPLOYMENT_ABORTED' });
    expect(aws.commandCalls(ExecuteChangeSetCommand)).toHaveLength(0);
    expect(aws.commandCalls(DeleteStackCommand)).toHaveLength(1);
  });

  it('fails a new stack whose change set fails, and leaves no empty stack', async () => {
    aws.on(CreateChangeSetCommand).resolves({ Id: 'cs', StackId: ID });
    aws.on(DescribeChangeSetCommand).resolves({ Status: 'FAILED', StatusReason: 'Parameter /x not found' });
    aws.on(DescribeEventsCommand).rejects(Object.assign(new Error('no'), { name: 'AccessDenied' }));
    aws.on(DescribeStacksCommand).resolves(stack('REVIEW_IN_PROGRESS'));
    const create = { ...updateOf('', 'One'), action: 'create' as const, changeSetId: undefined, stackId: undefined };
    await expect(executeDeployment({ ...context, review: reviewOf(create) })).rejects.toMatchObject({
      code: 'DEPLOYMENT_CHANGE_SET_FAILED',
      message: expect.stringContaining('Parameter /x not found'),
    });
    expect(aws.commandCalls(DeleteStackCommand).map(({ args }) => args[0].input.StackName)).toEqual([ID]);
  });

  it('stops on request before the first stack without a call', async () => {
    await expect(
      executeDeployment({
        ...context,
        signal: AbortSignal.abort(new Error('ctrl-c')),
        review: reviewOf({ ...updateOf('cs', 'One'), changeSetId: undefined, action: 'none' }),
      }),
    ).rejects.toMatchObject({ code: 'DEPLOYMENT_ABORTED' });
    expect(aws.calls()).toHaveLength(0);
  });
});

describe('discarding', () => {
  const leftover = { ...updateOf('', 'One'), action: 'create' as const, changeSetId: undefined };

  it.each([
    ['deletes the empty stack that a killed run left', 'REVIEW_IN_PROGRESS', 1],
    ['leaves alone what has become a stack meanwhile', 'CREATE_IN_PROGRESS', 0],
  ] as const)('%s', async (_, status, deletions) => {
    aws.on(DescribeStacksCommand).resolves(stack(status));
    await discardReview({ ...context, review: reviewOf(leftover) });
    expect(aws.commandCalls(DeleteStackCommand)).toHaveLength(deletions);
  });
});

describe('deleting an empty stack', () => {
  type Looks = Pick<ReturnType<typeof aws.on>, 'resolves' | 'rejects'>;
  const leftover = { ...updateOf('', 'One'), action: 'create' as const, changeSetId: undefined };

  it.each([
    ['it shows as deleted', (looks) => looks.resolves(stack('DELETE_COMPLETE')), 4],
    ['nothing is found under its id', (looks) => looks.rejects(missing), 4],
    ['it could not be deleted', (looks) => looks.resolves(stack('DELETE_FAILED')), 4],
    ['it was looked at often enough', (looks) => looks.resolves(stack('DELETE_IN_PROGRESS')), 11],
  ] satisfies [string, (looks: Looks) => unknown, number][])('waits until %s', async (_, end, looks) => {
    end(
      aws
        .on(DescribeStacksCommand)
        .resolvesOnce(stack('REVIEW_IN_PROGRESS'))
        .resolvesOnce(stack('REVIEW_IN_PROGRESS'))
        .resolvesOnce(stack('DELETE_IN_PROGRESS')),
    );
    await discardReview({ ...context, signal: AbortSignal.abort(), review: reviewOf(leftover) });
    const inputs = aws.commandCalls(DescribeStacksCommand).map(({ args }) => args[0].input.StackName);
    expect(inputs).toEqual(Array(looks).fill(ID));
    expect(aws.commandCalls(DeleteStackCommand)).toHaveLength(1);
  });
});

describe('finding stacks by a tag', () => {
  const tag = { key: 'owner', value: 'us' };

  it('reads every page and takes key and value together', async () => {
    const tagged = (StackName: string, ...Tags: { Key: string; Value: string }[]) =>
      stack('CREATE_COMPLETE', { StackName, Tags }).Stacks[0] as Stack;
    aws
      .on(DescribeStacksCommand)
      .resolvesOnce({
        Stacks: [
          tagged('ours', { Key: 'owner', Value: 'us' }, { Key: 'more', Value: 'us' }),
          tagged('theirs', { Key: 'owner', Value: 'them' }),
          tagged('by-another-key', { Key: 'user', Value: 'us' }),
        ],
        NextToken: 'more',
      })
      .resolvesOnce({ Stacks: [tagged('without'), tagged('ours-too', { Key: 'owner', Value: 'us' })] });
    const found = await findStacksByTag({ ...context, tag });
    expect(found.map(({ stackName }) => stackName)).toEqual(['ours', 'ours-too']);
    expect(found[0]).toMatchObject({ stackId: ID, status: 'CREATE_COMPLETE', tags: { owner: 'us', more: 'us' } });
    const inputs = aws.commandCalls(DescribeStacksCommand).map(({ args }) => args[0].input);
    expect(inputs).toEqual([{ NextToken: undefined }, { NextToken: 'more' }]);
  });

  it('fails with the permission that is missing', async () => {
    const text = 'User: arn:aws:iam::1:user/x is not authorized to perform: cloudformation:ListStacks';
    aws.on(DescribeStacksCommand).rejects(Object.assign(new Error(text), { name: 'AccessDenied' }));
    await expect(findStacksByTag({ ...context, tag })).rejects.toMatchObject({
      code: 'DEPLOYMENT_ACCESS_DENIED',
      hint: expect.stringContaining('cloudformation:ListStacks'),
    });
  });
});

describe('destroying', () => {
  it('fails on any protected or foreign stack before anything is deleted', async () => {
    const Tags = [{ Key: 'owner', Value: 'us' }];
    aws.on(DescribeStacksCommand, { StackName: 'a' }).resolves(stack('CREATE_COMPLETE', { Tags }));
    aws
      .on(DescribeStacksCommand, { StackName: 'b' })
      .resolves(stack('UPDATE_IN_PROGRESS', { StackName: 'b', Tags, EnableTerminationProtection: true }));
    aws.on(DescribeStacksCommand, { StackName: 'c' }).resolves(stack('CREATE_COMPLETE', { StackName: 'c' }));
    const ownershipTag = { key: 'owner', value: 'us' };
    await expect(destroyStacks({ ...context, stacks: ['a', 'b', 'c'], ownershipTag })).rejects.toMatchObject({
      problems: [{ code: 'DEPLOYMENT_STACK_FOREIGN' }, { code: 'DEPLOYMENT_STACK_PROTECTED' }],
    });
    expect(aws.commandCalls(DeleteStackCommand)).toHaveLength(0);
  });

  it('fails on the review of somebody else before anything is deleted, whether or not stacks carry a tag', async () => {
    const Tags = [{ Key: 'owner', Value: 'us' }];
    aws.on(DescribeStacksCommand, { StackName: 'a' }).resolves(stack('REVIEW_IN_PROGRESS'));
    aws
      .on(DescribeStacksCommand, { StackName: 'b' })
      .resolves(stack('CREATE_COMPLETE', { StackName: 'b', StackId: `${ID}b`, Tags }));
    aws
      .on(ListChangeSetsCommand)
      .resolves({ Summaries: [{ ChangeSetName: 'jenkins-aws-1' }, { ChangeSetName: 'theirs' }] });
    for (const ownershipTag of [{ key: 'owner', value: 'us' }, undefined]) {
      await expect(
        destroyStacks({ ...context, stacks: ['a', 'b'], ...(ownershipTag && { ownershipTag }) }),
      ).rejects.toMatchObject({
        code: 'DEPLOYMENT_STACK_FOREIGN',
        message: expect.stringContaining("'theirs'"),
      });
    }
    expect(aws.commandCalls(DeleteStackCommand)).toHaveLength(0);
  });

  it('deletes the empty stack that a killed run left in review', async () => {
    aws.on(DescribeStacksCommand).resolvesOnce(stack('REVIEW_IN_PROGRESS')).resolves(stack('DELETE_COMPLETE'));
    aws.on(ListChangeSetsCommand).resolves({ Summaries: [{ ChangeSetName: 'jenkins-aws-1' }] });
    aws
      .on(DescribeStackEventsCommand)
      .resolvesOnce({ StackEvents: [] })
      .resolves({ StackEvents: [event('a', 'DELETE_COMPLETE')] });
    const { deleted } = await destroyStacks({ ...context, stacks: ['a'], ownershipTag: { key: 'owner', value: 'us' } });
    expect(deleted).toEqual(['a']);
  });

  it('follows a deletion that is under way, and lists what it skipped before', async () => {
    aws.on(DescribeStacksCommand).resolvesOnce(stack('DELETE_IN_PROGRESS')).resolves(stack('DELETE_COMPLETE'));
    aws.on(GetTemplateCommand).resolves({ TemplateBody: 'Resources: {}' });
    aws.on(ListStackResourcesCommand).resolves({});
    const events = [
      event('a', 'CREATE_COMPLETE'),
      event('a', 'DELETE_IN_PROGRESS'),
      { ...event('Kept', 'DELETE_SKIPPED'), PhysicalResourceId: 'fs-1', ResourceType: 'AWS::EFS::FileSystem' },
      event('a', 'DELETE_COMPLETE'),
    ];
    aws.on(DescribeStackEventsCommand).resolves({ StackEvents: events.reverse() });
    const reported: string[] = [];
    const reporter = { report: ({ message }: { message: string }) => void reported.push(message) };
    const { retained } = await destroyStacks({ ...context, reporter, stacks: ['a'] });
    expect(reported.at(-1)).toBe('a: deleted in 2.0 s');
    expect(retained).toEqual([{ stackName: 'a', logicalId: 'Kept', type: 'AWS::EFS::FileSystem', physicalId: 'fs-1' }]);
    expect(aws.commandCalls(DeleteStackCommand)).toHaveLength(0);
  });

  it('lists what the template retains although the events of an earlier, killed attempt are out of sight', async () => {
    const Kept = { Type: 'AWS::EFS::FileSystem', DeletionPolicy: 'Retain' };
    aws.on(DescribeStacksCommand).resolvesOnce(stack('DELETE_FAILED')).resolves(stack('DELETE_COMPLETE'));
    aws
      .on(GetTemplateCommand)
      .resolves({ TemplateBody: JSON.stringify({ Resources: { Kept, Gone: Kept, Other: {} } }) });
    const resource = (LogicalResourceId: string, ResourceStatus: 'DELETE_SKIPPED' | 'DELETE_COMPLETE') => ({
      LogicalResourceId,
      ResourceStatus,
      ResourceType: Kept.Type,
      PhysicalResourceId: `fs-${LogicalResourceId}`,
      LastUpdatedTimestamp: new Date(0),
    });
    aws
      .on(ListStackResourcesCommand)
      .resolvesOnce({ StackResourceSummaries: [resource('Gone', 'DELETE_COMPLETE')], NextToken: 'more' })
      .resolvesOnce({ StackResourceSummaries: [resource('Kept', 'DELETE_SKIPPED')] });
    aws
      .on(DescribeStackEventsCommand)
      .resolvesOnce({ StackEvents: [] })
      .resolves({ StackEvents: [event('a', 'DELETE_COMPLETE')] });
    const { retained } = await destroyStacks({ ...context, stacks: ['a'] });
    expect(retained).toEqual([{ stackName: 'a', logicalId: 'Kept', type: Kept.Type, physicalId: 'fs-Kept' }]);
  });

  it('fails with the resource that could not be deleted', async () => {
    aws.on(DescribeStacksCommand).resolvesOnce(stack('CREATE_COMPLETE')).resolves(stack('DELETE_FAILED'));
    aws.on(GetTemplateCommand).resolves({ TemplateBody: definition.templateBody });
    aws
      .on(DescribeStackEventsCommand)
      .resolvesOnce({ StackEvents: [] })
      .resolves({
        StackEvents: [
          event('a', 'DELETE_FAILED', 'The following'),
          event('Group', 'DELETE_FAILED', 'has a dependent object'),
        ],
      });
    await expect(destroyStacks({ ...context, stacks: ['a'] })).rejects.toMatchObject({
      code: 'DEPLOYMENT_DELETE_FAILED',
      failure: { logicalId: 'Group', status: 'DELETE_FAILED' },
      hint: expect.stringMatching(/remove that first.*run the same again/),
    });
  });

  it('names stacks that are not there', async () => {
    aws.on(DescribeStacksCommand).rejects(missing);
    await expect(destroyStacks({ ...context, stacks: ['a', 'b'] })).resolves.toEqual({
      deleted: [],
      missing: ['b', 'a'],
      retained: [],
    });
  });
});
