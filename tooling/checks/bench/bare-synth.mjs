// What a plan is measured against: a bare script that imports the same CDK modules, makes every resource of the
// templates in a folder as an L1, and synthesizes. Arguments: the folder, one to write to, then the
// CDK modules to import.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { repositoryRoot } from '../../build/discover.mjs';

// A plan does not validate either: with it both would measure CDK's validation, which takes seconds.
process.env.CDK_VALIDATION = 'false';
const [folder, outdir, ...modules] = process.argv.slice(2);
const require = createRequire(join(repositoryRoot, 'packages', 'platform', 'package.json'));
const load = (name) => import(pathToFileURL(require.resolve(name)).href);

const { App, CfnOutput, CfnParameter, CfnResource, Stack, Token } = await load('aws-cdk-lib/core');
for (const name of modules) await load(name);

const camelCased = (value) =>
  Object.fromEntries(Object.entries(value).map(([name, each]) => [name[0].toLowerCase() + name.slice(1), each]));

const app = new App({ analyticsReporting: false, outdir });
for (const file of readdirSync(folder).filter((name) => name.endsWith('.template.json'))) {
  const { Parameters = {}, Resources, Outputs = {} } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const stack = new Stack(app, file.replace('.template.json', ''));
  for (const [id, parameter] of Object.entries(Parameters)) {
    new CfnParameter(stack, id, camelCased(parameter));
  }
  for (const [id, { Type: type, Properties: properties, ...attributes }] of Object.entries(Resources)) {
    const resource = new CfnResource(stack, id, { type, properties });
    for (const [name, value] of Object.entries(attributes)) resource.addOverride(name, value);
  }
  for (const [id, { Value: value }] of Object.entries(Outputs)) {
    new CfnOutput(stack, `Output${id}`, { value: Token.asString(value) });
  }
}
app.synth();
