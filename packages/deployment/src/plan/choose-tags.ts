import type { OwnershipTag, StackDefinition } from '../options/stack-definition.js';

/** AWS sets these itself and refuses them from anybody else. */
const RESERVED_PREFIX = 'aws:';

/**
 * All tags that a stack shall have, because CloudFormation takes the whole set or none. Undefined leaves them as they
 * are. A definition without tags keeps `existing`, the tags that the stack has now, beside the ownership tag.
 */
export function chooseTags(
  { tags }: Pick<StackDefinition, 'tags'>,
  ownershipTag: OwnershipTag | undefined,
  existing: Readonly<Record<string, string>>,
): Record<string, string> | undefined {
  if (ownershipTag === undefined) return tags;
  const kept = Object.entries(existing).filter(([key]) => !key.startsWith(RESERVED_PREFIX));
  return { ...(tags ?? Object.fromEntries(kept)), [ownershipTag.key]: ownershipTag.value };
}
