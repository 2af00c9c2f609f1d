import { asRecord, parseTemplate } from './read-template.js';

/** Where something stands in a template. */
export interface TemplatePlace {
  /** JSON pointer, e.g. `/Resources/Home/Properties/Encrypted`. */
  readonly pointer: string;
  /** From 1. Of a JSON template the line that it has when written with two spaces, of a YAML template that of its text. */
  readonly line: number;
}

/**
 * Where a resource stands in a template, or the property at `path` below it as far as the template has it. Undefined
 * where the template has no such resource.
 *
 * @param path names and positions below the resource, e.g. `['Properties', 'Tags', '0']`
 */
export function locateInTemplate(
  templateBody: string,
  logicalId: string,
  path: readonly string[] = [],
): TemplatePlace | undefined {
  let template: Record<string, unknown> | undefined;
  try {
    template = parseTemplate(templateBody);
  } catch {
    return undefined;
  }
  return template === undefined
    ? locateInYaml(templateBody, logicalId)
    : locateInJson(template, ['Resources', logicalId, ...path]);
}

function locateInJson(template: Record<string, unknown>, path: readonly string[]): TemplatePlace | undefined {
  let value: unknown = template;
  let line = 1;
  const found: string[] = [];
  for (const key of path) {
    const container = asRecord(value);
    if (!Object.hasOwn(container, key)) break;
    const before = Object.keys(container).slice(0, Object.keys(container).indexOf(key));
    line += 1 + before.reduce((lines, name) => lines + linesOf(container[name]), 0);
    value = container[key];
    found.push(key);
  }
  if (found.length < 2) return undefined;
  return { pointer: found.map((key) => `/${escapePointer(key)}`).join(''), line };
}

function linesOf(value: unknown): number {
  return JSON.stringify(value, null, 2).split('\n').length;
}

/** CloudFormation's YAML has tags of its own, so it is read by its indentation: a resource stands one step below `Resources`. */
function locateInYaml(text: string, logicalId: string): TemplatePlace | undefined {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => /^Resources\s*:/.test(line));
  if (start < 0) return undefined;
  let indentation: string | undefined;
  for (const [offset, line] of lines.slice(start + 1).entries()) {
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
    const [, indent = ''] = /^( *)/.exec(line) ?? [];
    if (indent === '') return undefined;
    indentation ??= indent;
    if (indent === indentation && /^ *["']?([\w.:-]+?)["']?\s*:/.exec(line)?.[1] === logicalId) {
      return { pointer: `/Resources/${escapePointer(logicalId)}`, line: start + offset + 2 };
    }
  }
  return undefined;
}

function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The path below the resource of which CloudFormation's validation speaks, e.g. `#/Tags/0: required key [Value] not found`. */
export function pathInReason(reason: string): readonly string[] {
  const pointer =
    /#\/([\w/.-]*\w)/.exec(reason)?.[1] ??
    /\bat \/?(?:Resources\/\w+\/)?(?:Properties\/)?([\w/.-]*\w)\s*$/.exec(reason)?.[1];
  const named = /unsupported property (\w+)/i.exec(reason)?.[1];
  const path = pointer ?? named;
  return path === undefined ? [] : ['Properties', ...path.split('/')];
}
