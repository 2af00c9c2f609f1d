import {
  type CloudFormationClient,
  CreateChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  type DescribeChangeSetCommandOutput,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  type Parameter,
  type Stack,
  type StackEvent,
} from '@aws-sdk/client-cloudformation';
import { until } from './until.js';

export interface Template {
  readonly Parameters?: Record<string, object>;
  readonly Resources: Record<string, object>;
  readonly Outputs?: Record<string, { readonly Value: unknown }>;
}

let changeSets = 0;

export async function createChangeSet(
  client: CloudFormationClient,
  StackName: string,
  template: Template,
  type: 'CREATE' | 'UPDATE',
  Parameters: Parameter[] = [],
): Promise<DescribeChangeSetCommandOutput> {
  changeSets += 1;
  const { Id: ChangeSetName } = await client.send(
    new CreateChangeSetCommand({
      StackName,
      ChangeSetName: `change-${changeSets}`,
      ChangeSetType: type,
      TemplateBody: JSON.stringify(template),
      Capabilities: ['CAPABILITY_NAMED_IAM'],
      Parameters,
    }),
  );
  return until(
    async () => client.send(new DescribeChangeSetCommand({ ChangeSetName })),
    ({ Status }) => Status === 'CREATE_COMPLETE' || Status === 'FAILED',
  );
}

export async function describeStack(client: CloudFormationClient, StackName: string): Promise<Stack> {
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }));
  const [stack] = Stacks;
  if (stack === undefined) throw new TypeError(`no stack ${StackName}`);
  return stack;
}

export async function settled(client: CloudFormationClient, StackName: string): Promise<Stack> {
  return until(
    () => describeStack(client, StackName),
    ({ StackStatus }) => !StackStatus?.endsWith('IN_PROGRESS'),
  );
}

/** Change set, execute, wait: what the deployment package does, in short. */
export async function deploy(
  client: CloudFormationClient,
  StackName: string,
  template: Template,
  type: 'CREATE' | 'UPDATE' = 'CREATE',
  parameters: Parameter[] = [],
): Promise<Stack> {
  const { ChangeSetId } = await createChangeSet(client, StackName, template, type, parameters);
  await client.send(new ExecuteChangeSetCommand({ ChangeSetName: ChangeSetId }));
  return settled(client, StackName);
}

/** The events of the stack's last operation, oldest first, as `LogicalId STATUS`. */
export async function lastEvents(client: CloudFormationClient, StackName: string): Promise<StackEvent[]> {
  const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName }));
  const start = StackEvents.findIndex((event) => event.ResourceStatusReason === 'User Initiated');
  return StackEvents.slice(0, start + 1).reverse();
}

export function lines(events: readonly StackEvent[], stackName: string): string[] {
  return events
    .filter((event) => event.LogicalResourceId !== stackName)
    .map((event) => `${event.LogicalResourceId} ${event.ResourceStatus}`);
}

export function outputsOf(stack: Stack): Record<string, string> {
  return Object.fromEntries((stack.Outputs ?? []).map((o) => [o.OutputKey ?? '', o.OutputValue ?? '']));
}

export async function destroy(client: CloudFormationClient, stackName: string): Promise<Stack> {
  const { StackId = '' } = await describeStack(client, stackName);
  await client.send(new DeleteStackCommand({ StackName: stackName }));
  return settled(client, StackId);
}
