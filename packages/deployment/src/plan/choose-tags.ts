import { isDeepStrictEqual } from 'node:util';
import type { OwnershipTag, StackDefinition } from '../options/stack-definition.js';

type Tags = Readonly<Record<string, string>>;

/** AWS sets these itself and refuses them from anybody else. */
const RESERVED_PREFIX = 'aws:';

/**
 * All tags that a stack shall have, because CloudFormation takes the whole set or none. Undefined leaves them as they
 * are. A definition without tags keeps `existing`, the tags that the stack has now, beside the ownership tag.
 */
export function chooseTags(
  { tags }: Pick<StackDefinition, 'tags'>,
  ownershipTag: OwnershipTag | undefined,
  existing: Tags,
): Tags | undefined {
  if (ownershipTag === undefined) return tags;
  return { ...(tags ?? ownTags(existing)), [ownershipTag.key]: ownershipTag.value };
}

/** Whether a stack with the tags `existing` has all that it shall have, and no other. */
export function hasTags(existing: Tags, wanted: Tags | undefined): boolean {
  return wanted === undefined || isDeepStrictEqual(ownTags(existing), { ...wanted });
}

function ownTags(tags: Tags): Tags {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !key.startsWith(RESERVED_PREFIX)));
}
