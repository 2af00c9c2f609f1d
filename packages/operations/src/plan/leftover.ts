/** A resource of a platform that no stack of it owns. */
export interface Leftover {
  /** As CloudFormation names it, e.g. `AWS::EC2::Volume`; `service:resource` where CloudFormation was not asked. */
  readonly type: string;
  /** The physical id: an id, a name or an ARN. */
  readonly id: string;
  /** Of whose master it is, by its tag. Undefined for what all masters share, and where there are no tags. */
  readonly master: string | undefined;
  /** The stack that made it, by its tag. Undefined where AWS does not say. */
  readonly stackName: string | undefined;
  /** What it stores, in GiB. Undefined for what stores nothing, and where AWS does not say. */
  readonly sizeGiB: number | undefined;
  /** ISO 8601. Undefined where AWS does not say, and for what stores nothing. */
  readonly createdAt: string | undefined;
  /** What else a price depends on, by CloudFormation's property names, e.g. `{ VolumeType: 'gp3' }`. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** Whether it is kept on purpose, because it holds what cannot be made anew: homes, backups, artifacts. */
  readonly holdsData: boolean;
}

/** A resource that was found, before it is known whether a stack owns it. */
export interface FoundResource extends Leftover {
  /** Other names of it, and ids of what it belongs to: it has an owner when one of them has. */
  readonly belongsTo: readonly string[];
  /** What the answer says. Empty where a service gives no tags. */
  readonly tags: Readonly<Record<string, string | undefined>>;
}

export function toLeftover({ belongsTo: _, tags: __, ...leftover }: FoundResource): Leftover {
  return leftover;
}

/**
 * What has no owner among `owned`, the physical ids of the live stacks' resources. Ownership is handed on: a volume of
 * an instance of an owned group is owned.
 */
export function withoutOwned(found: readonly FoundResource[], owned: Iterable<string>): readonly FoundResource[] {
  const names = new Set(owned);
  let open = found;
  for (;;) {
    const left = open.filter(({ id, belongsTo }) => ![id, ...belongsTo].some((name) => names.has(name)));
    if (left.length === open.length) return left;
    for (const { id } of open) if (!left.some((each) => each.id === id)) names.add(id);
    open = left;
  }
}
