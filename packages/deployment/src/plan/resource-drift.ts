/** What became of a resource since CloudFormation made it. `unchecked` says nothing about it, least of all that it is well. */
export type ResourceDriftStatus = 'in-sync' | 'modified' | 'deleted' | 'unchecked';

/** One property that is not as the template says. */
export interface PropertyDrift {
  /** JSON pointer below the resource's properties, e.g. `/Tags/0/Value`. */
  readonly path: string;
  readonly kind: 'added' | 'removed' | 'changed';
  /** What the template says, as JSON or plain text. Empty where it says nothing. */
  readonly expected: string;
  /** What is there now, as JSON or plain text. Empty where nothing is. */
  readonly actual: string;
}

/** One resource of a stack after the comparison. */
export interface ResourceDrift {
  readonly logicalId: string;
  /** E.g. `AWS::EC2::SecurityGroup`. */
  readonly type: string;
  readonly physicalId: string | undefined;
  readonly status: ResourceDriftStatus;
  /** Of a modified resource; empty otherwise. */
  readonly differences: readonly PropertyDrift[];
  /** Why it is unchecked; undefined otherwise. */
  readonly reason: string | undefined;
}

/** One stack after the comparison. */
export interface StackDrift {
  readonly stackName: string;
  /** Undefined where no such stack exists. */
  readonly stackId: string | undefined;
  /**
   * `drifted` when a resource is modified or deleted. `in-sync` only when every resource was looked at and is as the
   * template says. Else `unchecked`: nothing is known to have drifted, and not everything was looked at.
   */
  readonly status: 'in-sync' | 'drifted' | 'unchecked';
  /** Why the stack as a whole could not be compared; undefined otherwise. */
  readonly reason: string | undefined;
  /** In CloudFormation's order. */
  readonly resources: readonly ResourceDrift[];
}

/** How many resources ended in each status. */
export function countDrift(resources: readonly ResourceDrift[]): Readonly<Record<ResourceDriftStatus, number>> {
  const counts = { 'in-sync': 0, modified: 0, deleted: 0, unchecked: 0 };
  for (const { status } of resources) counts[status] += 1;
  return counts;
}

/** What a stack is, given its resources and whether the comparison as a whole could be made. */
export function judgeDrift(resources: readonly ResourceDrift[], reason: string | undefined): StackDrift['status'] {
  const { modified, deleted, unchecked } = countDrift(resources);
  if (modified + deleted > 0) return 'drifted';
  return unchecked > 0 || reason !== undefined ? 'unchecked' : 'in-sync';
}
