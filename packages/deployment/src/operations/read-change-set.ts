import {
  type Change,
  DescribeChangeSetCommand,
  type DescribeChangeSetCommandOutput,
  type ResourceTargetDefinition,
  type ResourceChange as SdkResourceChange,
} from '@aws-sdk/client-cloudformation';
import type { StackDefinition } from '../options/stack-definition.js';
import { tellInterruptions } from '../plan/find-interruptions.js';
import type { ChangeEffect, ResourceChange } from '../plan/resource-change.js';
import { abortable, call, type DeploymentContext, isNotFound } from './deployment-context.js';

/** A change set's state and, where it is complete, all of its changes. */
export interface ChangeSetReading {
  /** AWS's status, e.g. `CREATE_COMPLETE`. */
  readonly status: string;
  readonly reason: string;
  readonly changes: readonly ResourceChange[];
  /** CloudFormation drops or outdates a change set when somebody changes the stack. */
  readonly isExecutable: boolean;
  /** As they were given, `****` for a hidden one. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

export async function readChangeSet(
  context: DeploymentContext,
  { name: stackName, templateBody }: StackDefinition,
  changeSetId: string,
): Promise<ChangeSetReading> {
  const changes: Change[] = [];
  let page: DescribeChangeSetCommandOutput;
  let token: string | undefined;
  do {
    const command = new DescribeChangeSetCommand({ ChangeSetName: changeSetId, NextToken: token });
    page = await call('DescribeChangeSet', stackName, () => context.cloudFormation.send(command, abortable(context)));
    changes.push(...(page.Changes ?? []));
    token = page.NextToken || undefined;
  } while (token !== undefined);
  return {
    status: page.Status ?? 'UNKNOWN',
    reason: page.StatusReason ?? '',
    isExecutable: page.ExecutionStatus === 'AVAILABLE',
    parameters: Object.fromEntries(
      (page.Parameters ?? []).map(({ ParameterKey = '', ParameterValue = '' }) => [ParameterKey, ParameterValue]),
    ),
    tags: Object.fromEntries((page.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
    changes: tellInterruptions(
      changes.flatMap(({ ResourceChange: change }) => (change === undefined ? [] : [toResourceChange(change)])),
      templateBody,
    ),
  };
}

/** Whether the change set still fits its stack: CloudFormation drops or outdates it when somebody changes the stack. */
export async function isExecutable(
  context: DeploymentContext,
  stackName: string,
  changeSetId: string,
): Promise<boolean> {
  const command = new DescribeChangeSetCommand({ ChangeSetName: changeSetId });
  return call('DescribeChangeSet', stackName, async () => {
    try {
      const { ExecutionStatus } = await context.cloudFormation.send(command, abortable(context));
      return ExecutionStatus === 'AVAILABLE';
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  });
}

function toResourceChange(change: SdkResourceChange): ResourceChange {
  const action = change.Action === 'Remove' ? 'remove' : isAddition(change) ? 'add' : 'modify';
  const targets = action === 'modify' ? (change.Details ?? []).flatMap(({ Target }) => Target ?? []) : [];
  const replacing = targets.filter(({ RequiresRecreation: when }) => when === 'Always' || when === 'Conditionally');
  return {
    logicalId: change.LogicalResourceId ?? '',
    type: change.ResourceType ?? 'unknown',
    action,
    replacement: action === 'modify' ? replacementOf(change) : 'never',
    effect: effectOf(action, change),
    physicalId: change.PhysicalResourceId || undefined,
    properties: namesOf(targets),
    replacingProperties: namesOf(replacing),
  };
}

/** Each name once: a property has a detail for every value that changes it. */
function namesOf(targets: readonly ResourceTargetDefinition[]): string[] {
  return [...new Set(targets.flatMap(({ Name, Attribute }) => Name || Attribute || []))].sort();
}

function isAddition({ Action }: SdkResourceChange): boolean {
  return Action === 'Add' || Action === 'Import';
}

function replacementOf({ Action, Replacement }: SdkResourceChange): ResourceChange['replacement'] {
  if (Replacement === 'True') return 'always';
  // `Dynamic` is a nested stack that CloudFormation looks into only while it works.
  return Replacement === 'Conditional' || Action === 'Dynamic' ? 'conditional' : 'never';
}

function effectOf(action: ResourceChange['action'], change: SdkResourceChange): ChangeEffect {
  if (action === 'add') return 'created';
  const policy = change.PolicyAction;
  if (action === 'remove') {
    if (policy === 'Retain') return 'retained';
    return policy === 'Snapshot' ? 'deleted-with-snapshot' : 'deleted';
  }
  const replacement = replacementOf(change);
  if (replacement === 'never') return 'updated-in-place';
  if (replacement === 'conditional') return 'maybe-replaced';
  if (policy === 'ReplaceAndRetain') return 'replaced-and-retained';
  return policy === 'ReplaceAndSnapshot' ? 'replaced-and-snapshot' : 'replaced';
}
