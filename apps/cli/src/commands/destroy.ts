import { logGroupName, ownershipTag } from '@jenkins-aws/core';
import { destroyStacks, findStacksByTag } from '@jenkins-aws/deployment';
import { findArtifactBucket } from '@jenkins-aws/deployment/artifacts';
import { formerMasterStacks, platformStacks, stacksToDestroy } from '@jenkins-aws/platform';
import { auditPlatform } from '../aws/audit-platform.js';
import { type DeletePlatformDataOptions, deletePlatformData } from '../aws/delete-platform-data.js';
import { artifactStore, deploymentContext, type StackOptions } from '../aws/deployment-context.js';
import { findPlatformData } from '../aws/find-platform-data.js';
import { identify } from '../aws/identify.js';
import { resolveTarget } from '../aws/target.js';
import { type CommandContext, loadConfig } from '../command-context.js';
import { CliError } from '../errors.js';
import { cliEvents } from '../events.js';
import { renderDestroyPlan } from '../render/render-destroy-plan.js';
import { renderDestroyed } from '../render/render-destroyed.js';

export interface DestroyOptions extends StackOptions {
  /** The platform's name, typed. */
  readonly deleteData?: string;
}

/**
 * Deletes every stack of the platform, also those of a master that the config does not name any more, and looks what is
 * left. The homes and the artifacts stay, unless the platform's name is typed for them: then exactly those go that were
 * there, and shown, before anything was deleted.
 */
export async function destroy(command: CommandContext<DestroyOptions>): Promise<void> {
  const { options, output, signal } = command;
  const config = await loadConfig(options);
  const { region, name } = config;
  const withData = options.deleteData !== undefined;
  if (withData && options.deleteData !== name) {
    const message = `--delete-data must be the name of the platform of the config, '${name}', got '${options.deleteData}'`;
    throw new CliError('CLI_USAGE', message);
  }
  const target = await resolveTarget(region, command);
  const caller = await identify(target, output, signal);
  const deployment = deploymentContext(command, target, { platform: name, caller, verb: 'destroy' });
  const tag = ownershipTag(name);
  const tagged = await findStacksByTag({ ...deployment, tag });
  const names = tagged.map((stack) => stack.stackName);
  const masters = [...platformStacks(config), ...formerMasterStacks(config, names)].flatMap((stack) =>
    stack.role === 'data' && stack.master !== undefined && names.includes(stack.name) ? stack.master : [],
  );
  const logGroups = masters.map((master) => logGroupName(name, master));
  const data = withData ? await findPlatformData(config, target, signal) : undefined;
  const toDelete = data?.leftovers ?? [];
  if (tagged.length > 0 || toDelete.length > 0) {
    const where = `${target.emulator ? 'the embedded AWS' : `account ${caller.account}`}, ${region}`;
    const planned = { platform: name, where, stacks: tagged, masters, logGroups, data };
    const { text, question } = renderDestroyPlan(planned);
    output.print(text);
    output.report(cliEvents.destroyPlanned({ stacks: names, logGroups, data: toDelete }));
    if (!options.yes) await output.confirm(question);
  }
  // The lock lies in it as long as its stack is there, so that it goes last and when the lock is given back.
  const store = artifactStore(name, target, caller);
  const lockBucket = withData ? await findArtifactBucket({ ...deployment, store }) : undefined;
  const homes: string[] = [];
  const buckets: string[] = [];
  const deletePart = async (data: typeof toDelete, held: Pick<DeletePlatformDataOptions, 'signal' | 'confirmLock'>) => {
    const deleted = await deletePlatformData({ ...command, target, caller, ...held, data });
    homes.push(...deleted.homes);
    buckets.push(...deleted.buckets);
  };
  const isLast = ({ id }: { readonly id: string }) => id === lockBucket;
  const result = await destroyStacks({
    ...deployment,
    stacks: stacksToDestroy(config, names),
    ownershipTag: tag,
    releaseProtection: true,
    afterwards: async ({ signal: heldSignal = signal, confirmLock }) =>
      deletePart(
        toDelete.filter((each) => !isLast(each)),
        { signal: heldSignal, confirmLock },
      ),
  });
  await deletePart(toDelete.filter(isLast), { signal });
  const audit = await auditPlatform({ config, target, signal, expectedStacks: [] });
  const finished = { ...result, logGroups, deletedData: { homes, buckets }, ...audit };
  output.result(cliEvents.destroyFinished(finished), renderDestroyed(finished));
}
