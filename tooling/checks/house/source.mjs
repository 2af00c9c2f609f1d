import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { parseSync } from 'oxc-parser';

/**
 * @typedef {{ specifier: string, offset: number, dynamic: boolean, reexport: boolean }} Import
 * @typedef {{ file: string, text: string, imports: Import[], exportNames: string[], statements: any[], program: any, lineOf: (offset: number) => number }} Source
 * @typedef {{ rule: string, file: string, line?: number, message: string }} Finding
 */

const SKIPPED = new Set(['node_modules', 'dist', '.turbo', 'coverage', 'cdk.out']);

/** Every file below `folder`, as paths relative to `root` with forward slashes; none when it does not exist. */
export function filesBelow(root, folder) {
  const from = join(root, folder);
  if (!existsSync(from)) return [];
  return readdirSync(from, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      relative(root, join(entry.parentPath ?? entry.path, entry.name))
        .split(sep)
        .join('/'),
    )
    .filter((file) => !file.split('/').some((part) => SKIPPED.has(part)))
    .sort();
}

/**
 * Parses one TypeScript or JavaScript file.
 *
 * @returns {Source}
 */
export function readSource(root, file) {
  const text = readFileSync(join(root, file), 'utf8');
  const { program, module, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file} does not parse: ${errors[0].message}`);
  const imports = [
    ...module.staticImports.map(({ moduleRequest }) => ({ moduleRequest, dynamic: false, reexport: false })),
    ...module.staticExports.flatMap(({ entries }) =>
      entries
        .filter(({ moduleRequest }) => moduleRequest)
        .slice(0, 1)
        .map(({ moduleRequest }) => ({ moduleRequest, dynamic: false, reexport: true })),
    ),
  ].map(({ moduleRequest, ...kind }) => ({ specifier: moduleRequest.value, offset: moduleRequest.start, ...kind }));
  for (const node of nodes(program)) {
    // `import('x')` as an expression and as a type, where it names a literal.
    if ((node.type === 'ImportExpression' || node.type === 'TSImportType') && typeof node.source?.value === 'string') {
      const dynamic = node.type === 'ImportExpression';
      imports.push({ specifier: node.source.value, offset: node.start, dynamic, reexport: false });
    }
  }
  const exportNames = module.staticExports.flatMap(({ entries }) =>
    entries.map(({ exportName }) => exportName.name).filter((name) => typeof name === 'string'),
  );
  const lineOf = (offset) => text.slice(0, offset).split('\n').length;
  return { file, text, imports, exportNames, statements: program.body, program, lineOf };
}

/** Every node of a syntax tree, parents first. */
export function* nodes(value) {
  if (Array.isArray(value)) {
    for (const each of value) yield* nodes(each);
  } else if (value !== null && typeof value === 'object') {
    if (typeof value.type === 'string') yield value;
    for (const [key, child] of Object.entries(value)) {
      if (key !== 'parent' && child !== null && typeof child === 'object') yield* nodes(child);
    }
  }
}
