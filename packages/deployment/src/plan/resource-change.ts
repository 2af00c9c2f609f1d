/** What becomes of one resource when the change is executed. */
export type ChangeEffect =
  | 'created'
  /** Same resource, new settings. Not known to interrupt it. */
  | 'updated-in-place'
  /** Same resource, restarted or out of reach for a while; also a group or service that stops all before it starts others. */
  | 'updated-with-interruption'
  /** CloudFormation knows only while it works. */
  | 'maybe-replaced'
  | 'replaced'
  /** A new resource comes and the old one stays outside the stack. */
  | 'replaced-and-retained'
  | 'replaced-and-snapshot'
  | 'deleted'
  /** Leaves the stack and stays in the account. */
  | 'retained'
  | 'deleted-with-snapshot';

/** One resource that a deployment touches. */
export interface ResourceChange {
  readonly logicalId: string;
  /** E.g. `AWS::EC2::LaunchTemplate`. */
  readonly type: string;
  readonly action: 'add' | 'modify' | 'remove';
  readonly replacement: 'never' | 'conditional' | 'always';
  readonly effect: ChangeEffect;
  /** Undefined for a resource that does not exist yet, and where the change was read from templates. */
  readonly physicalId: string | undefined;
  /** Names of the changed properties, and of attributes such as `Tags`. Empty for `add` and `remove`. */
  readonly properties: readonly string[];
  /**
   * Those of the properties whose change replaces the resource or may do so. Empty where the change was read from
   * templates, because they do not tell.
   */
  readonly replacingProperties: readonly string[];
}

/**
 * The changes in `actual` that nobody saw in `reviewed`: another resource, another action, another property, or an
 * effect that is neither the reviewed one nor a milder one.
 */
export function findUnreviewedChanges(
  reviewed: readonly ResourceChange[],
  actual: readonly ResourceChange[],
): ResourceChange[] {
  const seen = new Map(reviewed.map((change) => [change.logicalId, change]));
  return actual.filter((change) => {
    const before = seen.get(change.logicalId);
    if (before === undefined || before.action !== change.action || before.type !== change.type) return true;
    if (change.effect !== before.effect && !isMilder(change.effect, before.effect)) return true;
    return change.properties.some((property) => !before.properties.includes(property));
  });
}

function isMilder(effect: ChangeEffect, than: ChangeEffect): boolean {
  return effect === 'updated-in-place' || (effect === 'updated-with-interruption' && than !== 'updated-in-place');
}

/** Whether the resource stays, as the one that it is. */
export function isKept(effect: ChangeEffect): effect is 'created' | 'updated-in-place' | 'updated-with-interruption' {
  return effect === 'created' || effect === 'updated-in-place' || effect === 'updated-with-interruption';
}

/**
 * The same for changes that were read from templates, which do not tell what becomes of a modified resource: any effect
 * and any property passes, another resource or another action does not.
 */
export function findUnannouncedChanges(
  announced: readonly ResourceChange[],
  actual: readonly ResourceChange[],
): ResourceChange[] {
  const keyOf = ({ logicalId, type, action }: ResourceChange) => JSON.stringify([logicalId, type, action]);
  const seen = new Set(announced.map(keyOf));
  return actual.filter((change) => !seen.has(keyOf(change)));
}

/** One line for a person, e.g. `modify LaunchTemplate (AWS::EC2::LaunchTemplate): replaced`. */
export function describeChange({ action, logicalId, type, effect }: ResourceChange): string {
  return `${action} ${logicalId} (${type}): ${effect}`;
}
