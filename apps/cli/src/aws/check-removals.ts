import type { DeploymentReview } from '@jenkins-aws/deployment';
import { formerMasterStacks, type PlatformConfig } from '@jenkins-aws/platform';
import { CliError } from '../errors.js';
import { renderList } from '../render/render-list.js';
import { commandWith } from '../terminal/program-name.js';

/** Masters that the config does not name any more, and whose stacks the review removes. */
export function mastersThatGo(config: PlatformConfig, { removals }: Pick<DeploymentReview, 'removals'>): string[] {
  const stacks = formerMasterStacks(
    config,
    removals.map(({ stack }) => stack.name),
  );
  return [...new Set(stacks.flatMap(({ master }) => master ?? []))];
}

/**
 * Where nobody is asked and nothing was reviewed before, a name that is missing in the config is no order to remove
 * anything: it may be a typing error. Whoever wants that types the names. One whose stacks are gone already may be typed
 * again.
 */
export function checkRemovals(going: readonly string[], named: readonly string[] | undefined): void {
  const unnamed = going.filter((master) => !named?.includes(master));
  if (unnamed.length === 0) return;
  throw new CliError(
    'CLI_REMOVAL_NOT_NAMED',
    `the config does not name ${renderList(unnamed)} any more, and nobody is asked whether the stacks and logs of ${unnamed.length === 1 ? 'that master' : 'those masters'} shall go: nothing was done`,
    { hint: `if they shall go: ${commandWith('--remove-master', going)}` },
  );
}
