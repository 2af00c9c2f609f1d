import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describePlan, renderedFiles, renderPlatformDiagram } from '@jenkins-aws/platform';
import { platformTemplates } from '@jenkins-aws/platform/template';
import { type CommandContext, type CommonOptions, loadConfig } from '../command-context.js';
import { CliError } from '../errors.js';
import { cliEvents } from '../events.js';
import { renderPlan } from '../render/render-plan.js';

export interface PlanOptions extends CommonOptions {
  readonly diagram?: string;
  readonly out?: string;
}

/** Shows what a deploy of the config makes and costs. Needs no account and no network. */
export async function plan({ options, output }: CommandContext<PlanOptions>): Promise<void> {
  const config = await loadConfig(options);
  const templates = platformTemplates(config);
  const described = describePlan(config, templates);
  await refuseToOverwrite(options);
  const files: string[] = [];
  const put = async (path: string, content: string, mode = '0644') => {
    await write(path, content, mode);
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
  output.result(cliEvents.planFinished({ ...described, files }), renderPlan(described, files));
}

/** A picture goes where none or a picture is, the rest where nothing or an earlier plan is: no file of anybody's is lost. */
async function refuseToOverwrite({ diagram, out }: PlanOptions): Promise<void> {
  const refuse = (path: string, what: string) => {
    throw new CliError('CLI_FILE_EXISTS', `${path} ${what} and is not overwritten; name another place`);
  };
  const existing = diagram === undefined ? '' : await readFile(diagram, 'utf8').catch(() => '');
  if (existing !== '' && !existing.startsWith('<svg')) refuse(diagram ?? '', 'is no picture');
  const entries = out === undefined ? [] : await readdir(out).catch(() => []);
  if (entries.length > 0 && !entries.some((name) => name.endsWith('.template.json'))) {
    refuse(out ?? '', 'has files that are no earlier plan');
  }
}

async function write(path: string, content: string, mode: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    await chmod(path, Number.parseInt(mode, 8));
  } catch (cause) {
    throw new CliError('CLI_FILE_UNWRITABLE', `cannot write ${path}: ${(cause as Error).message}`, { cause });
  }
}
