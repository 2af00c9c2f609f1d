import {
  CloudFormationClient,
  DescribeEventsCommand,
  DescribeStackEventsCommand,
  GetTemplateCommand,
  type StackEvent,
} from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import type { StackEventRecord } from '../../src/internal/first-cause.js';
import type { StackEnding } from '../../src/operations/follow-stack.js';
import { reportFailure } from '../../src/operations/report-failure.js';

const aws = mockClient(CloudFormationClient);
const context = { cloudFormation: new CloudFormationClient({ region: 'eu-central-1' }) };
const arn = (name: string) => `arn:aws:cloudformation:eu-central-1:111122223333:stack/${name}/4a55bf80`;
const handle = { stackName: 'top', stackId: arn('top') };
const NESTED = 'AWS::CloudFormation::Stack';
const template = (...ids: string[]) =>
  JSON.stringify({ Resources: Object.fromEntries(ids.map((id) => [id, { Type: 'AWS::SNS::Topic' }])) });

const record = (logicalId: string, reason: string, more: Partial<StackEventRecord> = {}): StackEventRecord => ({
  eventId: logicalId,
  logicalId,
  physicalId: undefined,
  type: 'AWS::SNS::Topic',
  status: 'CREATE_FAILED',
  reason,
  at: new Date(5_000),
  ofStack: false,
  ...more,
});
const ending = (...events: StackEventRecord[]): StackEnding => ({
  stack: {
    stackName: 'top',
    stackId: handle.stackId,
    status: 'UPDATE_ROLLBACK_COMPLETE',
    statusReason: undefined,
    outputs: {},
    parameters: {},
    tags: {},
    terminationProtection: false,
    roleArn: undefined,
    createdAt: undefined,
    updatedAt: undefined,
  },
  events,
  leftBehind: [],
  elapsedMilliseconds: 0,
});
/** What CloudFormation answers for a nested stack, newest first. */
const nestedEvents = (name: string, ...events: Partial<StackEvent>[]) =>
  aws.on(DescribeStackEventsCommand, { StackName: arn(name) }).resolves({
    StackEvents: events
      .map((event, index) => ({
        EventId: `${name}${index}`,
        StackId: arn(name),
        StackName: name,
        ResourceType: 'AWS::SNS::Topic',
        ResourceStatus: 'CREATE_FAILED' as const,
        Timestamp: new Date(6_000),
        ...event,
      }))
      .reverse(),
  });
const embedded = (name: string) =>
  record(
    'Inner',
    `Embedded stack ${arn(name)} was not successfully created: The following resource(s) failed to create: [X].`,
    {
      type: NESTED,
      physicalId: arn(name),
    },
  );

beforeEach(() => {
  aws.reset();
  aws.on(DescribeEventsCommand).resolves({});
});

describe('reporting a failure', () => {
  it('names the resource, its line, the API that said no, the permission and the way out', async () => {
    const reason =
      'Resource handler returned message: "User: arn:aws:iam::111122223333:user/ci is not authorized to perform: SNS:CreateTopic on resource: arn:aws:sns:eu-central-1:111122223333:x because no identity-based policy allows the SNS:CreateTopic action (Service: Sns, Status Code: 403, Request ID: 1)" (RequestToken: 2, HandlerErrorCode: AccessDenied)';
    const cause = ending(record('Bystander', 'Resource creation cancelled'), record('Culprit', reason));
    const error = await reportFailure(context, handle, cause, 'update', template('Bystander', 'Culprit'));
    expect(error.failure).toEqual({
      ...{ stackName: 'top', stackId: handle.stackId, status: 'UPDATE_ROLLBACK_COMPLETE' },
      ...{ logicalId: 'Culprit', type: 'AWS::SNS::Topic', reason },
      operation: 'sns:CreateTopic',
      missingPermission: 'sns:CreateTopic',
      deniedResource: 'arn:aws:sns:eu-central-1:111122223333:x',
      deniedBy: 'identity-based policy',
      templatePointer: '/Resources/Culprit',
      templateLine: 6,
    });
    expect(error.message).toMatch(
      /^could not update stack 'top', Culprit \(AWS::SNS::Topic\), line 6 of its template: User: .* allows the SNS:CreateTopic action$/,
    );
    expect(error.hint).toMatch(/^have sns:CreateTopic on arn:\S+ granted .*\. the stack is back/);
    expect(aws.calls()).toHaveLength(0);
  });

  it('names the permissions among which one is missing, where AWS hides which', async () => {
    const cause = ending(record('Culprit', 'Access Denied (Service: Sns, Status Code: 403, Request ID: 1)'));
    const { hint } = await reportFailure(context, handle, cause, 'create', template('Culprit'));
    expect(hint).toMatch(/one of sns:CreateTopic, sns:TagResource: AWS does not say which/);
  });

  it('follows nested stacks to the resource that failed in them, and looks it up in their template', async () => {
    nestedEvents(
      'one',
      { LogicalResourceId: 'Old', ResourceStatusReason: 'of an earlier update', Timestamp: new Date(1_000) },
      { LogicalResourceId: 'Cancelled', ResourceStatusReason: 'Resource creation cancelled' },
      {
        LogicalResourceId: 'Deeper',
        ResourceStatusReason: `Embedded stack ${arn('two')} was not successfully created`,
        ResourceType: NESTED,
        PhysicalResourceId: arn('two'),
      },
    );
    nestedEvents('two', { LogicalResourceId: 'Topic', ResourceStatusReason: 'Invalid parameter: DisplayName' });
    aws.on(GetTemplateCommand, { StackName: arn('two') }).resolves({ TemplateBody: template('Other', 'Topic') });
    const error = await reportFailure(context, handle, ending(embedded('one')), 'update', template('Inner'));
    expect(error.failure).toMatchObject({
      logicalId: 'Topic',
      nestedStackName: 'two',
      reason: 'Invalid parameter: DisplayName',
      templatePointer: '/Resources/Topic',
      templateLine: 6,
    });
    expect(error.message).toContain("Topic (AWS::SNS::Topic) in nested stack 'two', line 6 of its template: Invalid");
  });

  it('blames the nested stack as a whole where its own events cannot be read', async () => {
    aws.on(DescribeStackEventsCommand).rejects(Object.assign(new Error('denied'), { name: 'AccessDenied' }));
    const { failure } = await reportFailure(context, handle, ending(embedded('one')), 'update', template('Inner'));
    expect(failure).toMatchObject({ logicalId: 'Inner', type: NESTED, templateLine: 3 });
    expect(failure).not.toHaveProperty('nestedStackName');
  });

  it('tells the cause also where the template cannot be read', async () => {
    aws.on(GetTemplateCommand).rejects(new Error('gone'));
    const { failure } = await reportFailure(context, handle, ending(record('Culprit', 'in use')), 'delete');
    expect(failure).toMatchObject({ logicalId: 'Culprit', reason: 'in use' });
    expect(failure).not.toHaveProperty('templateLine');
  });

  it('points at the property of which a validation speaks', async () => {
    const body = JSON.stringify({ Resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: 1 } } } });
    const reason = 'Properties validation failed for resource Topic with message: #/DisplayName: expected type: String';
    const { failure } = await reportFailure(context, handle, ending(record('Topic', reason)), 'create', body);
    expect(failure).toMatchObject({ templatePointer: '/Resources/Topic/Properties/DisplayName', templateLine: 6 });
  });
});
