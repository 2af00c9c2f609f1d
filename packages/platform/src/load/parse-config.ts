import type { LineCounter } from 'yaml';
import type { z } from 'zod';
import { PlatformError, type PlatformErrorCode } from '../errors.js';
import { composeDocument } from './internal/compose-document.js';
import { formatOfFile, MAX_CONFIG_BYTES, tooLarge } from './internal/config-format.js';
import { describeIssue, type IssueProblem, NO_OWN_MESSAGE } from './internal/describe-issue.js';
import { findJsonSyntaxError } from './internal/json-syntax.js';
import { pathText, quote } from './internal/quote.js';
import { type Place, type PlacesResult, readPlaces } from './internal/read-places.js';
import { toInputSchema } from './internal/schema-walk.js';
import { yamlMessage } from './internal/yaml-message.js';
import { formatProblem, type LocatedProblem } from './located-problem.js';

export interface ParseConfigOptions<Schema extends z.ZodType> {
  /** The whole text, at most 256 KiB. */
  readonly text: string;
  /** Names the text in messages, and its ending tells the format: `.yaml`, `.yml` or `.json`. */
  readonly fileName: string;
  /** Strict objects in it make unknown keys errors. */
  readonly schema: Schema;
}

/** More would scroll the first ones away; the message says how many there are. */
const MAX_PROBLEMS = 50;

/**
 * Text to the schema's value, with its defaults.
 *
 * A refinement of the schema may give its issue a code with `params: { code }`. zod skips a refinement over several
 * keys when one of them is wrong already, unless it has `when: () => true`; then it must bear malformed values.
 *
 * @throws PlatformError with every problem of the text, each a `LocatedProblem`: `PLATFORM_CONFIG_INVALID` when the
 * schema refuses it, `PLATFORM_CONFIG_SYNTAX`, `_EMPTY`, `_TOO_LARGE` or `_FORMAT` when it does not come so far.
 */
export function parseConfig<Schema extends z.ZodType>(options: ParseConfigOptions<Schema>): z.output<Schema> {
  const { fileName, schema } = options;
  const format = formatOfFile(fileName);
  const bytes = Buffer.byteLength(options.text);
  if (bytes > MAX_CONFIG_BYTES) throw tooLarge(fileName, bytes);
  const text = options.text.replace(/^\uFEFF/, '');

  const json = format === 'json' && text.trim() !== '' ? findJsonSyntaxError(text) : undefined;
  const { document, lineCounter, secondDocumentOffset } = composeDocument(text);
  const fail = failer(fileName, lineCounter);
  if (json !== undefined) throw fail('PLATFORM_CONFIG_SYNTAX', [syntax(json.offset, json.message)]);
  if (document === undefined) {
    throw new PlatformError('PLATFORM_CONFIG_TOO_LARGE', `${fileName} is nested too deeply for a configuration`);
  }
  if (secondDocumentOffset !== undefined) {
    throw fail('PLATFORM_CONFIG_SYNTAX', [
      syntax(secondDocumentOffset, 'a configuration is one document; remove the `---` and what follows'),
    ]);
  }
  // What is not JSON was found above; beyond that YAML's rules do not bind a JSON text.
  const errors = format === 'json' ? [] : [...document.errors, ...document.warnings];
  if (errors.length > 0) {
    throw fail(
      'PLATFORM_CONFIG_SYNTAX',
      errors.map((error) => syntax(error.pos[0], yamlMessage(error, text))),
    );
  }
  const places = readPlaces(document);
  if (places.root.value === null) {
    const message = `${fileName} has no content; write a configuration with \`jenkins-aws init\``;
    throw new PlatformError('PLATFORM_CONFIG_EMPTY', message);
  }
  const structural = structuralProblems(places);
  if (structural.isFatal) throw fail(structural.code, structural.problems);
  if (typeof places.root.value !== 'object' || Array.isArray(places.root.value)) {
    const message = `the configuration must be a mapping of keys to values, got ${quote(places.root.value)}`;
    throw fail('PLATFORM_CONFIG_INVALID', [
      { code: 'PLATFORM_CONFIG_WRONG_TYPE', path: [], message, offset: places.root.offset },
    ]);
  }
  const result = schema.safeParse(places.root.value, { error: () => NO_OWN_MESSAGE });
  if (result.success && structural.problems.length === 0) return result.data;
  throw fail('PLATFORM_CONFIG_INVALID', [...structural.problems, ...issueProblems(result.error, places.root, schema)]);
}

function issueProblems(error: z.ZodError | undefined, root: Place, schema: z.ZodType): readonly IssueProblem[] {
  if (error === undefined) return [];
  const context = { root, schema: toInputSchema(schema) };
  const described = error.issues.map((issue) => ({
    isRule: issue.code === 'custom',
    found: describeIssue(issue, context),
  }));
  const mistyped = described
    .flatMap(({ found }) => found)
    .filter(({ code }) => code === 'PLATFORM_CONFIG_WRONG_TYPE')
    .map(({ path }) => path);
  // A rule that runs whatever is wrong has nothing to say about a value of the wrong type.
  const isMoot = ({ path }: IssueProblem) =>
    mistyped.some((above) => above.every((segment, index) => segment === path[index]));
  return described.flatMap(({ isRule, found }) => (isRule ? found.filter((problem) => !isMoot(problem)) : found));
}

function structuralProblems({ problems }: PlacesResult): {
  code: PlatformErrorCode;
  isFatal: boolean;
  problems: readonly IssueProblem[];
} {
  const isTooLarge = problems.some(({ kind }) => kind === 'too-large');
  const isFatal = isTooLarge || problems.some(({ kind }) => kind === 'syntax');
  return {
    code: isTooLarge ? 'PLATFORM_CONFIG_TOO_LARGE' : 'PLATFORM_CONFIG_SYNTAX',
    isFatal,
    problems: problems.map(({ kind, offset, path, message }) => ({
      code: {
        'duplicate-key': 'PLATFORM_CONFIG_DUPLICATE_KEY',
        syntax: 'PLATFORM_CONFIG_SYNTAX',
        'too-large': 'PLATFORM_CONFIG_TOO_LARGE',
      }[kind],
      path,
      offset,
      message:
        kind === 'syntax' && path.length === 0
          ? message
          : path.length === 0
            ? `the configuration ${message}`
            : `${pathText(path)}: ${message}`,
    })),
  };
}

function syntax(offset: number, message: string): IssueProblem {
  return { code: 'PLATFORM_CONFIG_SYNTAX', path: [], message, offset };
}

function failer(file: string, lineCounter: LineCounter) {
  return (code: PlatformErrorCode, found: readonly IssueProblem[]): PlatformError => {
    const sorted = [...found].sort((one, other) => one.offset - other.offset);
    const problems = sorted.slice(0, MAX_PROBLEMS).map(({ offset, ...problem }): LocatedProblem => {
      const { line, col } = lineCounter.linePos(offset);
      return { ...problem, file, line: Math.max(1, line), column: Math.max(1, col) };
    });
    const lines = problems.map(formatProblem);
    const more = sorted.length - problems.length;
    const rest = more > 0 ? [`and ${more} more`] : [];
    const message =
      lines.length === 1
        ? (lines[0] ?? '')
        : [`${file} has ${sorted.length} problems:`, ...lines, ...rest].join('\n  ');
    return new PlatformError(code, message, { problems });
  };
}
