import {
  CreateChangeSetCommand,
  CreateStackCommand,
  DeleteStackCommand,
  ListChangeSetsCommand,
} from '@aws-sdk/client-cloudformation';
import type { JenkinsAwsEvent } from '@jenkins-aws/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  deployStack,
  destroyStacks,
  discardReview,
  executeDeployment,
  findStacksByTag,
  getStackSummaries,
  reviewDeployment,
  type StackDefinition,
} from '../../src/index.js';
import { CHANGE_SET_PREFIX } from '../../src/operations/create-change-set.js';
import { canEmulate, startEmulatedCloudFormation } from '../support/emulated-cloud-formation.js';
import { FAILING_RESOURCE, givingTemplate, takingTemplate, templateOf } from '../support/templates.js';

let emulated: Awaited<ReturnType<typeof startEmulatedCloudFormation>>;
beforeAll(async () => {
  emulated = await startEmulatedCloudFormation();
});
afterAll(() => emulated?.stop());

const context = () => ({
  cloudFormation: emulated.cloudFormation,
  pollIntervalMilliseconds: 200,
  signal: AbortSignal.timeout(30_000),
});

async function deploy(stacks: readonly StackDefinition[], events: JenkinsAwsEvent[] = []) {
  const reporter = { report: (event: JenkinsAwsEvent) => void events.push(event) };
  const review = await reviewDeployment({ ...context(), reporter, stacks });
  const result = await executeDeployment({ ...context(), reporter, review });
  return { review, result, events };
}

const summaryOf = async (name: string) => (await getStackSummaries({ ...context(), names: [name] }))[name];

/** Two stacks, given in the wrong order: the second reads what the first one makes. */
const pair = (prefix: string, value = 'blue', displayName?: string): StackDefinition[] => [
  {
    name: `${prefix}-taking`,
    templateBody: takingTemplate(`/${prefix}/value`, displayName),
    dependsOn: [`${prefix}-giving`],
  },
  { name: `${prefix}-giving`, templateBody: givingTemplate(`/${prefix}/value`, value) },
];

describe.skipIf(!canEmulate)('deploying', () => {
  it('creates stacks in the order of their dependencies, so that a value is handed on', async () => {
    const { review, result, events } = await deploy(pair('order'));
    expect(review.stacks.map(({ definition, action, changes }) => [definition.name, action, changes?.length])).toEqual([
      ['order-giving', 'create', 1],
      ['order-taking', 'create', 2],
    ]);
    expect(result.stacks.map(({ stackName, outcome }) => [stackName, outcome])).toEqual([
      ['order-giving', 'created'],
      ['order-taking', 'created'],
    ]);
    expect(result.stacks[1]?.outputs).toMatchObject({ Taken: 'blue', Topic: expect.stringMatching(/^arn:aws:sns:/) });
    const resourceEvents = events.filter(({ code }) => code === 'deployment.resource.changed');
    expect(resourceEvents.map(({ message }) => message)).toContain(
      'order-taking: CREATE_COMPLETE Taking (AWS::SNS::Topic)',
    );
    expect(new Set(resourceEvents.map(({ data }) => JSON.stringify(data))).size).toBe(resourceEvents.length);
  });

  it('finds nothing to do the second time and leaves no change set behind', async () => {
    await deploy(pair('again'));
    const { review, result } = await deploy(pair('again'));
    expect(review.stacks.map(({ action, changes }) => [action, changes])).toEqual([
      ['none', []],
      ['none', []],
    ]);
    expect(result.stacks.map(({ outcome }) => outcome)).toEqual(['unchanged', 'unchanged']);
    expect(result.stacks[1]?.outputs.Taken).toBe('blue');
    expect(await changeSetsOf('again-taking')).toEqual([expect.stringMatching(new RegExp(`^${CHANGE_SET_PREFIX}`))]);
  });

  it('touches only the resource whose property changed', async () => {
    await deploy(pair('one'));
    const { review, events } = await deploy(pair('one', 'blue', 'as it is now'));
    expect(review.stacks.map(({ action }) => action)).toEqual(['none', 'update']);
    expect(review.stacks[1]?.changes).toEqual([
      {
        logicalId: 'Other',
        type: 'AWS::SNS::Topic',
        action: 'modify',
        replacement: 'never',
        effect: 'updated-in-place',
        physicalId: expect.stringMatching(/^arn:/),
        properties: ['DisplayName'],
        replacingProperties: [],
      },
    ]);
    const touched = events.filter(({ code }) => code === 'deployment.resource.changed').map(({ data }) => data);
    expect(new Set(touched.map((data) => (data as { logicalId: string }).logicalId))).toEqual(new Set(['Other']));
  });

  it('fails with the difference when an earlier stack makes a later one change unseen, and goes on after a new review', async () => {
    await deploy(pair('stale'));
    await expect(deploy(pair('stale', 'green'))).rejects.toMatchObject({
      code: 'DEPLOYMENT_REVIEW_STALE',
      message: expect.stringContaining('modify Taking (AWS::SNS::Topic): updated-in-place'),
    });
    expect(await summaryOf('stale-giving')).toMatchObject({ status: 'UPDATE_COMPLETE' });
    expect(await summaryOf('stale-taking')).toMatchObject({ status: 'CREATE_COMPLETE' });
    const { result } = await deploy(pair('stale', 'green'));
    expect(result.stacks.map(({ outcome }) => outcome)).toEqual(['unchanged', 'updated']);
    expect(result.stacks[1]?.outputs.Taken).toBe('green');
  });

  it('keeps the tags that an existing stack has, unless the definition has its own', async () => {
    const ownershipTag = { key: 'owner', value: 'us' };
    const stackWith = (displayName: string, tags?: Record<string, string>) => ({
      name: 'tags',
      templateBody: templateOf({ Topic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: displayName } } }),
      ...(tags && { tags }),
    });
    await deployStack({ ...context(), stack: stackWith('a', { team: 'blue', owner: 'us' }) });
    await deployStack({ ...context(), stack: stackWith('b'), ownershipTag });
    expect(await summaryOf('tags')).toMatchObject({ status: 'UPDATE_COMPLETE', tags: { team: 'blue', owner: 'us' } });
    await deployStack({ ...context(), stack: stackWith('c') });
    expect((await summaryOf('tags'))?.tags).toEqual({ team: 'blue', owner: 'us' });
    await deployStack({ ...context(), stack: stackWith('c', { cost: '7' }), ownershipTag });
    expect((await summaryOf('tags'))?.tags).toEqual({ cost: '7', owner: 'us' });
  });

  it('switches termination protection as the definition says', async () => {
    const stack = { name: 'guarded', templateBody: templateOf({ Topic: { Type: 'AWS::SNS::Topic' } }) };
    await deployStack({ ...context(), stack: { ...stack, terminationProtection: true } });
    expect(await summaryOf('guarded')).toMatchObject({ terminationProtection: true });
    await expect(destroyStacks({ ...context(), stacks: ['guarded'] })).rejects.toMatchObject({
      code: 'DEPLOYMENT_STACK_PROTECTED',
    });
    const { outcome } = await deployStack({ ...context(), stack: { ...stack, terminationProtection: false } });
    expect(outcome).toBe('unchanged');
    await expect(destroyStacks({ ...context(), stacks: ['guarded'] })).resolves.toMatchObject({ deleted: ['guarded'] });
  });

  it('follows more events than one page holds', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 60 }, (_, i) => [`Topic${i}`, { Type: 'AWS::SNS::Topic', Properties: {} }]),
    );
    const { events } = await deploy([{ name: 'many', templateBody: templateOf(many) }]);
    const completed = events.filter(({ message }) => message.startsWith('many: CREATE_COMPLETE'));
    expect(completed).toHaveLength(60);
  });
});

describe.skipIf(!canEmulate)('handing on one more value', () => {
  /** Two stacks with as many values: the first makes them, the second has a topic for each. */
  const stacksWith = (count: number): StackDefinition[] => {
    const each = (make: (index: number) => [string, Record<string, unknown>]) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => make(index + 1)));
    const name = (index: number) => `/zones/subnet-${index}`;
    const Type = 'AWS::SSM::Parameter';
    const made = each((i) => [`Subnet${i}`, { Type, Properties: { Type: 'String', Name: name(i), Value: `s-${i}` } }]);
    const read = each((i) => [`Subnet${i}`, { Type: 'AWS::SSM::Parameter::Value<String>', Default: name(i) }]);
    const used = each((i) => [
      `Topic${i}`,
      { Type: 'AWS::SNS::Topic', Properties: { DisplayName: { Ref: `Subnet${i}` } } },
    ]);
    const All = {
      Type: 'AWS::SNS::Topic',
      Properties: { DisplayName: { 'Fn::Join': ['-', Object.keys(read).map((Ref) => ({ Ref }))] } },
    };
    return [
      { name: 'zones-network', templateBody: templateOf(made) },
      {
        name: 'zones-data',
        templateBody: templateOf({ ...used, All }, { Parameters: read }),
        dependsOn: ['zones-network'],
      },
    ];
  };
  const changesOf = ({ stacks }: Awaited<ReturnType<typeof reviewDeployment>>) =>
    stacks.map(({ action, basis, changes = [] }) => [
      action,
      basis,
      changes.map((change) => `${change.action} ${change.logicalId}`).sort(),
    ]);

  it('adds it and its reader in one deployment, and takes both away in one', async () => {
    await deploy(stacksWith(1));
    const added = await deploy(stacksWith(2));
    expect(changesOf(added.review)).toEqual([
      ['update', 'change-set', ['add Subnet2']],
      ['update', 'template', ['add Topic2', 'modify All']],
    ]);
    expect(added.result.stacks.map(({ outcome }) => outcome)).toEqual(['updated', 'updated']);
    const third = await deploy(stacksWith(2));
    expect(third.review.stacks.map(({ action }) => action)).toEqual(['none', 'none']);

    const removed = await deploy(stacksWith(1));
    expect(changesOf(removed.review)).toEqual([
      ['update', 'change-set', ['remove Subnet2']],
      ['update', 'change-set', ['modify All', 'remove Topic2']],
    ]);
    expect(removed.result.stacks.map(({ outcome }) => outcome)).toEqual(['updated', 'updated']);
    const last = await deploy(stacksWith(1));
    expect(last.review.stacks.map(({ action }) => action)).toEqual(['none', 'none']);
  });

  it('fails where nobody is about to make the value, and leaves no change set', async () => {
    await deploy(stacksWith(1));
    const before = await changeSetsOf('zones-data');
    const [network, data] = [stacksWith(1)[0], stacksWith(3)[1]] as [StackDefinition, StackDefinition];
    await expect(deploy([network, data])).rejects.toMatchObject({ code: 'DEPLOYMENT_REQUEST_REFUSED' });
    expect(await changeSetsOf('zones-data')).toEqual(before);
  });
});

describe.skipIf(!canEmulate)('failing', () => {
  it('fails a creation with the first real cause and leaves nothing that stops the next attempt', async () => {
    const topic = { Type: 'AWS::SNS::Topic', DeletionPolicy: 'Retain', Properties: { TopicName: 'kept-by-policy' } };
    const failing = templateOf({ Topic: topic, Target: { ...FAILING_RESOURCE, DependsOn: 'Topic' } });
    const events: JenkinsAwsEvent[] = [];
    await expect(deploy([{ name: 'doomed', templateBody: failing }], events)).rejects.toMatchObject({
      code: 'DEPLOYMENT_STACK_FAILED',
      failure: {
        stackName: 'doomed',
        logicalId: 'Target',
        type: 'AWS::EFS::MountTarget',
        reason: expect.stringMatching(/does not exist/i),
        status: 'DELETE_COMPLETE',
      },
    });
    expect(await summaryOf('doomed')).toBeUndefined();
    expect(events.map(({ message }) => message)).toContain('doomed: DELETE_COMPLETE Topic (AWS::SNS::Topic)');
    const { result } = await deploy([{ name: 'doomed', templateBody: templateOf({ Topic: topic }) }]);
    expect(result.stacks[0]?.outcome).toBe('created');
  });

  it('fails an update with the cause, and the stack is what it was', async () => {
    await deploy(pair('rollback'));
    const [taking, giving] = pair('rollback') as [StackDefinition, StackDefinition];
    const broken = JSON.parse(takingTemplate('/rollback/value', 'never seen'));
    broken.Resources.Target = { ...FAILING_RESOURCE, DependsOn: 'Other' };
    await expect(deploy([{ ...taking, templateBody: JSON.stringify(broken) }, giving])).rejects.toMatchObject({
      code: 'DEPLOYMENT_STACK_FAILED',
      failure: { logicalId: 'Target', status: 'UPDATE_ROLLBACK_COMPLETE' },
    });
    const { review } = await deploy([taking, giving]);
    expect(review.stacks.map(({ action }) => action)).toEqual(['none', 'none']);
  });

  it('fails a template that CloudFormation does not take before the stacks before it are touched', async () => {
    const stacks = [
      { name: 'untouched', templateBody: templateOf({ Topic: { Type: 'AWS::SNS::Topic' } }) },
      { name: 'invalid', templateBody: templateOf({ Thing: { Type: 'AWS::No::Such' } }), dependsOn: ['untouched'] },
    ];
    await expect(deploy(stacks)).rejects.toMatchObject({ code: 'DEPLOYMENT_REQUEST_REFUSED' });
    expect(await summaryOf('untouched')).toBeUndefined();
  });

  it('fails on a new stack whose input is missing without leaving an empty stack', async () => {
    await expect(
      deploy([{ name: 'waiting', templateBody: takingTemplate('/nobody/made/this') }]),
    ).rejects.toMatchObject({ code: 'DEPLOYMENT_REQUEST_REFUSED' });
    expect(await summaryOf('waiting')).toBeUndefined();
  });

  it('fails on a stack of somebody else, deploying as well as destroying', async () => {
    const stack = { name: 'foreign', templateBody: templateOf({ Topic: { Type: 'AWS::SNS::Topic' } }) };
    await deployStack({ ...context(), stack: { ...stack, tags: { owner: 'them' } } });
    const ownershipTag = { key: 'owner', value: 'us' };
    const refused = {
      code: 'DEPLOYMENT_STACK_FOREIGN',
      message: expect.stringContaining('has tag owner=them, expected owner=us'),
    };
    await expect(deployStack({ ...context(), stack, ownershipTag })).rejects.toMatchObject(refused);
    await expect(destroyStacks({ ...context(), stacks: ['foreign'], ownershipTag })).rejects.toMatchObject(refused);
    expect(await summaryOf('foreign')).toMatchObject({ status: 'CREATE_COMPLETE' });
  });

  it('knows its own stacks again by the ownership tag that it gave them', async () => {
    const stack = { name: 'own', templateBody: templateOf({ Topic: { Type: 'AWS::SNS::Topic' } }) };
    const ownershipTag = { key: 'owner', value: 'us' };
    await deployStack({ ...context(), stack, ownershipTag });
    await expect(deployStack({ ...context(), stack, ownershipTag })).resolves.toMatchObject({ outcome: 'unchanged' });
  });
});

describe.skipIf(!canEmulate)('what a failed creation left', () => {
  const tag = { key: 'owner', value: 'us' };
  const leaveBehind = async (StackName: string) => {
    const Topic = { Type: 'AWS::SNS::Topic' };
    const TemplateBody = templateOf({ Topic, Target: { ...FAILING_RESOURCE, DependsOn: 'Topic' } });
    const Tags = [{ Key: tag.key, Value: tag.value }];
    await emulated.cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody, Tags }));
    await expect.poll(async () => (await summaryOf(StackName))?.status).toBe('ROLLBACK_COMPLETE');
    return { name: StackName, templateBody: templateOf({ Topic }) };
  };

  it('is deleted before the stack is made, beside a stack that stays as it is', async () => {
    const beside = { name: 'left-beside', templateBody: templateOf({ Topic: { Type: 'AWS::SNS::Topic' } }) };
    await deployStack({ ...context(), stack: beside, ownershipTag: tag });
    const stack = await leaveBehind('left');
    const events: JenkinsAwsEvent[] = [];
    const reporter = { report: (event: JenkinsAwsEvent) => void events.push(event) };
    const review = await reviewDeployment({ ...context(), stacks: [beside, stack], ownershipTag: tag });
    expect(review.stacks.map(({ action, leftover }) => [action, leftover])).toEqual([
      ['none', undefined],
      ['create', 'ROLLBACK_COMPLETE'],
    ]);
    // A review may be written down between the two.
    const written = JSON.parse(JSON.stringify(review));
    const { stacks } = await executeDeployment({ ...context(), reporter, review: written });
    expect(stacks.map(({ outcome }) => outcome)).toEqual(['unchanged', 'created']);
    expect(events.map(({ code }) => code)).toEqual([
      'deployment.stack.finished',
      'deployment.deletion.started',
      'deployment.deletion.finished',
      'deployment.stack.started',
      'deployment.resource.changed',
      'deployment.resource.changed',
      'deployment.stack.finished',
    ]);
    expect(await summaryOf('left')).toMatchObject({ status: 'CREATE_COMPLETE', tags: { owner: 'us' } });
    await expect(deployStack({ ...context(), stack, ownershipTag: tag })).resolves.toMatchObject({
      outcome: 'unchanged',
    });
  });

  it('fails when it belongs to somebody else, and stays', async () => {
    const stack = await leaveBehind('left-foreign');
    await expect(deployStack({ ...context(), stack, ownershipTag: { ...tag, value: 'them' } })).rejects.toMatchObject({
      code: 'DEPLOYMENT_STACK_FOREIGN',
    });
    expect(await summaryOf('left-foreign')).toMatchObject({ status: 'ROLLBACK_COMPLETE' });
    await expect(deployStack({ ...context(), stack })).resolves.toMatchObject({ outcome: 'created' });
  });
});

describe.skipIf(!canEmulate)('protecting types', () => {
  const protectedTypes = ['AWS::SNS::Topic'];
  const topic = (TopicName: string, DisplayName: string) => ({
    Type: 'AWS::SNS::Topic',
    DeletionPolicy: 'Retain',
    Properties: { TopicName, DisplayName },
  });
  const other = { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: 'one' } };

  it('fails before anything is executed when a resource would be replaced or removed', async () => {
    const name = 'protected';
    await deploy([{ name, templateBody: templateOf({ Named: topic('named', 'a'), Left: topic('left', 'a'), other }) }]);
    const before = await changeSetsOf(name);
    const templateBody = templateOf({ Named: topic('renamed', 'b') });
    await expect(
      reviewDeployment({ ...context(), stacks: [{ name, templateBody }], protectedTypes }),
    ).rejects.toMatchObject({
      code: 'DEPLOYMENT_REPLACEMENT_REFUSED',
      problems: expect.toSatisfy((problems: { message: string }[]) => {
        const messages = problems.map(({ message }) => message).sort();
        return (
          messages.length === 2 &&
          /^Left .* left outside the stack$/.test(String(messages[0])) &&
          /^Named .* would be replaced because of TopicName$/.test(String(messages[1]))
        );
      }),
    });
    expect(await changeSetsOf(name)).toEqual(before);
    expect(await summaryOf(name)).toMatchObject({ status: 'CREATE_COMPLETE' });

    const inPlace = templateOf({ Named: topic('named', 'b'), Left: topic('left', 'a'), New: topic('new', 'a') });
    const review = await reviewDeployment({ ...context(), stacks: [{ name, templateBody: inPlace }], protectedTypes });
    const { stacks } = await executeDeployment({ ...context(), review });
    expect(stacks[0]?.outcome).toBe('updated');
  });

  it('fails when an earlier stack makes a later one replace such a resource, with a review that was written down', async () => {
    const stacksWith = (value: string): StackDefinition[] => {
      const [taking, giving] = pair('held', value) as [StackDefinition, StackDefinition];
      const named = JSON.parse(taking.templateBody);
      named.Resources.Taking.Properties = { TopicName: { Ref: 'Taken' } };
      return [{ ...taking, templateBody: JSON.stringify(named) }, giving];
    };
    await deploy(stacksWith('held-blue'));
    const review = await reviewDeployment({ ...context(), stacks: stacksWith('held-green'), protectedTypes });
    expect(review.stacks.map(({ action }) => action)).toEqual(['update', 'none']);
    await expect(executeDeployment({ ...context(), review: JSON.parse(JSON.stringify(review)) })).rejects.toMatchObject(
      {
        code: 'DEPLOYMENT_REPLACEMENT_REFUSED',
        message: "Taking (AWS::SNS::Topic) of stack 'held-taking' would be replaced because of TopicName",
        hint: expect.stringContaining('the stacks before it are done'),
      },
    );
    expect(await summaryOf('held-taking')).toMatchObject({ status: 'CREATE_COMPLETE' });
  });
});

describe.skipIf(!canEmulate)('discarding a review', () => {
  it('leaves neither a change set nor an empty stack', async () => {
    await deploy(pair('discard'));
    const before = await changeSetsOf('discard-taking');
    const stacks = [
      ...pair('discard', 'blue', 'never'),
      { name: 'never-made', templateBody: templateOf({ Topic: { Type: 'AWS::SNS::Topic' } }) },
    ];
    const review = await reviewDeployment({ ...context(), stacks });
    expect(await changeSetsOf('discard-taking')).toHaveLength(before.length + 1);
    await discardReview({ ...context(), review });
    expect(await changeSetsOf('discard-taking')).toEqual(before);
    expect(await summaryOf('never-made')).toBeUndefined();
  });
});

describe.skipIf(!canEmulate)('running again at once', () => {
  it('is not refused after an empty stack was removed', async () => {
    const templateBody = templateOf({ Topic: { Type: 'AWS::SNS::Topic' } });
    const command = new CreateChangeSetCommand({
      StackName: 'rerun',
      ChangeSetName: `${CHANGE_SET_PREFIX}left`,
      ChangeSetType: 'CREATE',
      TemplateBody: templateBody,
    });
    await emulated.cloudFormation.send(command);
    const stack = { name: 'rerun', templateBody };
    const review = await reviewDeployment({ ...context(), stacks: [stack] });
    await discardReview({ ...context(), review });
    expect(await summaryOf('rerun')).toBeUndefined();
    await expect(deployStack({ ...context(), stack })).resolves.toMatchObject({ outcome: 'created' });
  });
});

describe.skipIf(!canEmulate)('destroying', () => {
  it('deletes in reverse order and lists what is retained and what was not there', async () => {
    const definitions = pair('destroy');
    const [taking, giving] = definitions as [StackDefinition, StackDefinition];
    const keeping = JSON.parse(taking.templateBody);
    keeping.Resources.Other.DeletionPolicy = 'RetainExceptOnCreate';
    const stacks = [{ ...taking, templateBody: JSON.stringify(keeping) }, giving];
    await deploy(stacks);
    const result = await destroyStacks({ ...context(), stacks: [...stacks, { name: 'nowhere' }] });
    expect(result).toEqual({
      deleted: ['destroy-taking', 'destroy-giving'],
      missing: ['nowhere'],
      retained: [
        {
          stackName: 'destroy-taking',
          logicalId: 'Other',
          type: 'AWS::SNS::Topic',
          physicalId: expect.stringMatching(/^arn:/),
        },
      ],
    });
    expect(await summaryOf('destroy-giving')).toBeUndefined();
  });

  it('fails on the review of somebody else and deletes one that is left of a run of its own', async () => {
    const templateBody = templateOf({ Topic: { Type: 'AWS::SNS::Topic' } });
    const beginReview = (ChangeSetName: string) =>
      emulated.cloudFormation.send(
        new CreateChangeSetCommand({
          StackName: 'in-review',
          ChangeSetName,
          ChangeSetType: 'CREATE',
          TemplateBody: templateBody,
        }),
      );
    const { StackId } = await beginReview('theirs');
    const stacks = [{ name: 'beside-review', templateBody }];
    await deploy(stacks);
    await expect(destroyStacks({ ...context(), stacks: ['in-review', ...stacks] })).rejects.toMatchObject({
      code: 'DEPLOYMENT_STACK_FOREIGN',
      message: expect.stringContaining("'theirs'"),
    });
    expect(await summaryOf('in-review')).toMatchObject({ status: 'REVIEW_IN_PROGRESS' });
    expect(await summaryOf('beside-review')).toMatchObject({ status: 'CREATE_COMPLETE' });

    await emulated.cloudFormation.send(new DeleteStackCommand({ StackName: StackId }));
    await expect.poll(() => summaryOf('in-review')).toBeUndefined();
    await beginReview(`${CHANGE_SET_PREFIX}left`);
    await expect(destroyStacks({ ...context(), stacks: ['in-review'] })).resolves.toMatchObject({
      deleted: ['in-review'],
    });
  });

  it('lists what a YAML template retains', async () => {
    const templateBody = 'Resources:\n  Kept:\n    Type: AWS::SNS::Topic\n    DeletionPolicy: Retain\n';
    const { review } = await deploy([{ name: 'yaml', templateBody }]);
    expect(review.stacks[0]?.changes).toBeUndefined();
    const { retained } = await destroyStacks({ ...context(), stacks: ['yaml'] });
    expect(retained).toMatchObject([{ stackName: 'yaml', logicalId: 'Kept' }]);
  });
});

describe.skipIf(!canEmulate)('finding stacks by a tag', () => {
  it('finds those that carry it, also beyond one page, until they are deleted', async () => {
    const templateBody = templateOf({ Topic: { Type: 'AWS::SNS::Topic' } });
    const stacks = Array.from({ length: 102 }, (_, index) => ({ name: `untagged-${index}`, templateBody }));
    const tag = { key: 'team', value: 'blue' };
    await deployStack({ ...context(), stack: { name: 'tagged-first', templateBody, tags: { team: 'blue' } } });
    await deployStack({ ...context(), stack: { name: 'tagged-green', templateBody, tags: { team: 'green' } } });
    await Promise.all(
      stacks.map(({ name }) =>
        emulated.cloudFormation.send(new CreateStackCommand({ StackName: name, TemplateBody: templateBody })),
      ),
    );
    await deployStack({ ...context(), stack: { name: 'tagged-last', templateBody }, ownershipTag: tag });
    const namesNow = async () => (await findStacksByTag({ ...context(), tag })).map(({ stackName }) => stackName);
    expect((await namesNow()).sort()).toEqual(['tagged-first', 'tagged-last']);
    await destroyStacks({ ...context(), stacks: ['tagged-first'] });
    expect(await namesNow()).toEqual(['tagged-last']);
  });
});

async function changeSetsOf(stackName: string): Promise<string[]> {
  const { Summaries = [] } = await emulated.cloudFormation.send(new ListChangeSetsCommand({ StackName: stackName }));
  return Summaries.map(({ ChangeSetName }) => ChangeSetName ?? '');
}
