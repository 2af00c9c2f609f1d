import type { Problem } from '@jenkins-aws/core';
import type { ChangeEffect, ResourceChange } from './resource-change.js';

/** The way out of a refused replacement. */
export const REPLACEMENT_WAY_OUT = 'change the configuration back, or destroy the stacks and make them anew';

/** What may not become of a resource of a protected type. A retained one is lost to its stack all the same. */
const REFUSED: Readonly<Record<Exclude<ChangeEffect, 'created' | 'updated-in-place'>, string>> = {
  'maybe-replaced': 'might be replaced',
  replaced: 'would be replaced',
  'replaced-and-retained': 'would be replaced, and the old one left outside the stack',
  'replaced-and-snapshot': 'would be replaced after a snapshot',
  deleted: 'would be deleted',
  retained: 'would be left outside the stack',
  'deleted-with-snapshot': 'would be deleted after a snapshot',
};

/** The changes that would replace or remove a resource of a protected type, or might. */
export function findRefusedChanges(
  stackName: string,
  changes: readonly ResourceChange[],
  protectedTypes: readonly string[],
): Problem[] {
  return changes.flatMap(({ logicalId, type, effect, properties, replacingProperties }) => {
    if (effect === 'created' || effect === 'updated-in-place' || !protectedTypes.includes(type)) return [];
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
