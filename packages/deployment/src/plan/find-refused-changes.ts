import type { Problem } from '@jenkins-aws/core';
import { type ChangeEffect, isKept, type ResourceChange } from './resource-change.js';

/** The way out of a refused replacement. */
export const REPLACEMENT_WAY_OUT =
  'change the configuration back, or allow the replacement of the named resource if what it holds may be lost';

/** What may not become of a resource of a protected type. A retained one is lost to its stack all the same. */
const REFUSED: Readonly<
  Record<Exclude<ChangeEffect, 'created' | 'updated-in-place' | 'updated-with-interruption'>, string>
> = {
  'maybe-replaced': 'might be replaced',
  replaced: 'would be replaced',
  'replaced-and-retained': 'would be replaced, and the old one left outside the stack',
  'replaced-and-snapshot': 'would be replaced after a snapshot',
  deleted: 'would be deleted',
  retained: 'would be left outside the stack',
  'deleted-with-snapshot': 'would be deleted after a snapshot',
};

/** What a deployment is held to. */
export interface ReplacementRules {
  readonly protectedTypes: readonly string[];
  /** Logical ids, or `stack/LogicalId`, that are let pass. */
  readonly allowReplacement: readonly string[];
}

/** The changes that would replace or remove a resource of a protected type, or might. */
export function findRefusedChanges(
  stackName: string,
  changes: readonly ResourceChange[],
  { protectedTypes, allowReplacement }: ReplacementRules,
): Problem[] {
  return changes.flatMap(({ logicalId, type, effect, properties, replacingProperties }) => {
    if (isKept(effect) || !protectedTypes.includes(type)) return [];
    if (isAllowed(stackName, logicalId, allowReplacement)) return [];
    const causes = replacingProperties.length > 0 ? replacingProperties : properties;
    const because = causes.length === 0 ? '' : ` because of ${causes.join(', ')}`;
    return [
      {
        code: 'DEPLOYMENT_REPLACEMENT_REFUSED',
        message: `${logicalId} (${type}) of stack '${stackName}' ${REFUSED[effect]}${because}`,
        path: ['stacks', stackName, logicalId],
      },
    ];
  });
}

/** The logical ids among the changes whose replacement or removal was allowed by name. */
export function findAllowedReplacements(
  stackName: string,
  changes: readonly ResourceChange[],
  allowReplacement: readonly string[],
): string[] {
  return changes
    .filter(({ effect }) => !isKept(effect))
    .map(({ logicalId }) => logicalId)
    .filter((logicalId) => isAllowed(stackName, logicalId, allowReplacement));
}

function isAllowed(stackName: string, logicalId: string, allowReplacement: readonly string[]): boolean {
  return allowReplacement.includes(logicalId) || allowReplacement.includes(`${stackName}/${logicalId}`);
}
