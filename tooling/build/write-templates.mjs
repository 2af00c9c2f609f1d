// Writes a package's ready CloudFormation files from its own constructs: run in the package's folder, after its build.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import stringify from 'json-stringify-pretty-compact';

/** What CloudFormation takes as text; more has to go through a bucket, which a file in `node_modules` has not. */
const INLINE_TEMPLATE_BYTES = 51_200;

// The templates are judged by cfn-lint and cdk-nag in the checks; validating here as well would only cost seconds.
process.env.CDK_VALIDATION ??= 'false';
const folder = join(process.cwd(), 'templates');
const { shippedTemplates } = await import(pathToFileURL(join(process.cwd(), 'dist', 'template.js')).href);

const written = shippedTemplates().map(({ fileName, template }) => {
  // As many lines as a person needs, and not the half of the limit in indentation.
  const text = `${stringify(template, { indent: 1, maxLength: 120 })}\n`;
  const bytes = Buffer.byteLength(text);
  if (!/^[a-z0-9-]+\.json$/.test(fileName)) throw new Error(`not a template file name: '${fileName}'`);
  if (bytes > INLINE_TEMPLATE_BYTES)
    throw new Error(`${fileName} has ${bytes} bytes, CloudFormation takes ${INLINE_TEMPLATE_BYTES}`);
  return { fileName, text, bytes };
});
if (new Set(written.map(({ fileName }) => fileName)).size !== written.length)
  throw new Error('two templates share a file name');

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const { fileName, text, bytes } of written) {
  writeFileSync(join(folder, fileName), text);
  console.log(`templates/${fileName} ${bytes} bytes`);
}
