import { readFile } from 'node:fs/promises';
import { type DeploymentReview, discardReview, executeDeployment } from '@jenkins-aws/deployment';
import { parseSavedPlan, type SavedPlan } from '@jenkins-aws/deployment/saved-plan';
import { describePlan, type PlatformConfig } from '@jenkins-aws/platform';
import { platformTemplates } from '@jenkins-aws/platform/template';
import { checkRemovals, mastersThatGo } from '../aws/check-removals.js';
import { deploymentContext, type StackOptions } from '../aws/deployment-context.js';
import { explainFailedBoot } from '../aws/explain-failure.js';
import { formerHomes } from '../aws/former-homes.js';
import { identify } from '../aws/identify.js';
import { platformStatus } from '../aws/platform-status.js';
import { type ReviewOptions, reviewPlatform } from '../aws/review-platform.js';
import { resolveTarget } from '../aws/target.js';
import { type CommandContext, loadConfig } from '../command-context.js';
import { CliError } from '../errors.js';
import { cliEvents } from '../events.js';
import { renderLeftBehind } from '../render/render-left-behind.js';
import { renderList } from '../render/render-list.js';
import { renderNextSteps } from '../render/render-next-steps.js';
import { renderCostSummary, renderNotes, renderPlan } from '../render/render-plan.js';
import { changesAnything, logGroupsThatGo, renderReview, restartsController } from '../render/render-review.js';
import { renderStatus } from '../render/render-status.js';
import { programName } from '../terminal/program-name.js';

export interface DeployOptions extends StackOptions, ReviewOptions {
  /** File of a saved plan. */
  readonly plan?: string;
  /** Masters whose stacks may go without a question. */
  readonly removeMaster?: readonly string[];
}

/** Makes the account what the config says: review, question, exactly that, and a look at what runs then. */
export async function deploy(command: CommandContext<DeployOptions>): Promise<void> {
  const { options, output, signal, stopSignal } = command;
  checkOptions(options);
  const config = await loadConfig(options);
  const plan = await readPlan(options.plan);
  if (plan?.basis === 'offline' && options.yes) {
    const message =
      'nobody has seen what this plan changes, because it was made without an account; leave --yes away and answer, or plan with an account';
    throw new CliError('CLI_CONFIRMATION_NEEDED', message);
  }
  checkRemoveMaster(options, config, plan);
  const stacks = platformTemplates(config);
  const described = describePlan(config, stacks);
  const { region } = config;
  const target = await resolveTarget(region, command);
  const caller = await identify(target, output, signal);
  const { account } = caller;
  const where = target.emulator ? `the embedded AWS, region ${region}` : `account ${account} in ${region}`;
  const deployment = deploymentContext(command, target, { platform: config.name, caller, verb: 'deploy' });

  const review = await reviewPlatform({ config, stacks, target, deployment, options, account, plan });
  const changed = changesAnything(review);
  if (changed) {
    const isNew = review.stacks.some(({ action }) => action === 'create');
    output.print(
      isNew ? renderPlan(described, []) : [...renderNotes(described), renderCostSummary(described.cost)].join('\n\n'),
    );
    output.print(renderReview(review));
    try {
      for (const { master, fileSystemId } of await formerHomes(config, review, target, signal)) {
        output.report(cliEvents.formerHome({ master, fileSystemId }));
      }
      const going = mastersThatGo(config, review);
      if (!options.yes) await output.confirm(`Deploy this to ${where}?${warningOf(review, going)}`);
      else if (plan?.basis !== 'account') checkRemovals(going, options.removeMaster);
    } catch (error) {
      // A saved plan stays good for another time.
      if (plan?.basis !== 'account') await discardReview({ ...deployment, review });
      throw error;
    }
  }
  const { stacks: outcomes, removed } = await executeDeployment({ ...deployment, review }).catch((error) => {
    throw explainFailedBoot(error, config);
  });
  // The stacks are done: whoever stops now need not wait until the controller is healthy.
  const eitherSignal = AbortSignal.any([signal, stopSignal]);
  const look = platformStatus({ config, target, output, signal: eitherSignal, wait: changed });
  const status = await look.catch((cause) => {
    if (!eitherSignal.aborted) throw cause;
    const message = `every stack of ${config.name} is as the config says; stopped before the closing look at its controllers`;
    throw new CliError('CLI_INTERRUPTED', message, { cause, hint: `to look: ${programName()} status` });
  });
  const leftBehind = outcomes.flatMap(({ stackName, leftBehind }) => leftBehind.map((one) => ({ stackName, ...one })));
  const text = [
    changed ? `Deployed ${config.name} to ${where}.` : `No changes: ${config.name} is as the config says.`,
    renderStatus(status),
    renderCostSummary(described.cost),
    renderNextSteps({ config, status, emulator: target.emulator, file: options.config }),
    ...renderLeftBehind(leftBehind, { region, emulator: target.emulator, file: options.config }),
  ].join('\n\n');
  const data = { changed, account, outcomes, removed, leftBehind, status, cost: described.cost };
  output.result(cliEvents.deployFinished(data), text);
}

function checkOptions({ plan, allowReplacement, continueRollback, skipResource }: DeployOptions): void {
  if (plan !== undefined && (allowReplacement ?? continueRollback ?? skipResource) !== undefined) {
    const message =
      '--plan executes what was reviewed: give --allow-replacement to plan --save, and continue a rollback first';
    throw new CliError('CLI_USAGE', message);
  }
  if (skipResource === undefined || continueRollback) return;
  throw new CliError(
    'CLI_USAGE',
    '--skip-resource leaves a resource out of a continued rollback: add --continue-rollback',
  );
}

function checkRemoveMaster({ removeMaster = [] }: DeployOptions, config: PlatformConfig, plan?: SavedPlan): void {
  if (removeMaster.length > 0 && plan?.basis === 'account') {
    throw new CliError('CLI_USAGE', '--plan executes what was reviewed, removals too: leave --remove-master out');
  }
  const kept = removeMaster.filter((master) => master in config.masters);
  if (kept.length === 0) return;
  throw new CliError(
    'CLI_USAGE',
    `--remove-master names what the config has: ${kept.join(', ')}; take it out there first`,
  );
}

async function readPlan(file: string | undefined): Promise<SavedPlan | undefined> {
  if (file === undefined) return undefined;
  const text = await readFile(file, 'utf8').catch((cause: Error) => {
    throw new CliError('CLI_FILE_UNREADABLE', `cannot read the plan ${file}: ${cause.message}`, { cause });
  });
  return parseSavedPlan(text);
}

function warningOf({ stacks, removals }: DeploymentReview, going: readonly string[]): string {
  const logs = logGroupsThatGo(removals);
  const restart = stacks.some(({ changes }) => restartsController(changes ?? []));
  return [
    ...(restart ? [' It stops the running controller.'] : []),
    ...(going.length > 0
      ? [` It removes ${renderList(going)}, with stacks and logs (${logs.join(', ')}) for good; the home stays.`]
      : []),
  ].join('');
}
