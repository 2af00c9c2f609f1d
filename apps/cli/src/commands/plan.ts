import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describePlan, type PlatformConfig, renderedFiles, renderPlatformDiagram } from '@jenkins-aws/platform';
import { type PlatformTemplate, platformTemplates } from '@jenkins-aws/platform/template';
import { type CommandContext, loadConfig } from '../command-context.js';
import { CliError } from '../errors.js';
import { cliEvents } from '../events.js';
import { existsAlready, refuseToOverwrite, writeText } from '../files.js';
import { renderPlan } from '../render/render-plan.js';
import type { SavePlanOptions } from './save-plan.js';

export interface PlanOptions extends SavePlanOptions {
  readonly save?: string;
  readonly diagram?: string;
  readonly out?: string;
}

/** Shows what a deploy of the config makes and costs. Needs no account and no network, unless it is saved. */
export async function plan(command: CommandContext<PlanOptions>): Promise<void> {
  const { options, output } = command;
  for (const [name, value] of Object.entries({ allowReplacement: '--allow-replacement', roleArn: '--role-arn' })) {
    if (name in options && options.save === undefined) {
      throw new CliError('CLI_USAGE', `${value} is about what a saved plan may do: add --save <file>`);
    }
  }
  const config = await loadConfig(options);
  const templates = platformTemplates(config);
  const described = describePlan(config, templates);
  await checkPlaces(options);
  const files: string[] = [];
  const put = async (path: string, content: string, mode?: string) => {
    await writeText(path, content, mode);
    files.push(path);
  };
  if (options.out !== undefined) {
    for (const { name, template } of templates) {
      await put(join(options.out, `${name}.template.json`), `${JSON.stringify(template, null, 2)}\n`);
    }
    for (const { path, content, mode } of renderedFiles(config)) {
      await put(join(options.out, 'rendered', path), content, mode);
    }
  }
  if (options.diagram !== undefined) await put(options.diagram, renderPlatformDiagram(config, described.cost));
  const saved = options.save === undefined ? undefined : await save(command, config, templates, options.save);
  if (options.save !== undefined) files.push(options.save);
  const text = [renderPlan(described, files), ...(saved === undefined ? [] : [saved.text])].join('\n\n');
  const { basis, digest, changes } = saved ?? {};
  output.result(cliEvents.planFinished({ ...described, files, basis, digest, changes }), text);
}

/** What asks the account is loaded only where it is asked for: a plan alone needs none of it. */
async function save(
  command: CommandContext<PlanOptions>,
  config: PlatformConfig,
  templates: readonly PlatformTemplate[],
  file: string,
) {
  const [{ saveReviewedPlan }, { renderSavedPlan }] = await Promise.all([
    import('./save-plan.js'),
    import('../render/render-saved-plan.js'),
  ]);
  const result = await saveReviewedPlan(command, config, templates, file);
  const { basis, digest } = result.plan;
  const { stacks = [], removals = [] } = result.review ?? {};
  return { basis, digest, changes: { stacks, removals }, text: renderSavedPlan(result, file, command.options) };
}

/** A picture goes where none or a picture is, the rest where nothing or an earlier plan is. */
async function checkPlaces({ diagram, out }: PlanOptions): Promise<void> {
  if (diagram !== undefined) await refuseToOverwrite(diagram, (text) => text.startsWith('<svg'), 'is no picture');
  const entries = out === undefined ? [] : await readdir(out).catch(() => []);
  if (entries.length > 0 && !entries.some((name) => name.endsWith('.template.json'))) {
    throw existsAlready(out ?? '', 'has files that are no earlier plan');
  }
}
