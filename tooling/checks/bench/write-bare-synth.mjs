// Writes what a plan is measured against: the script that somebody would write by hand with the same CDK modules and the
// same resources as L1s, without any of our code. Arguments: the folder with the templates of a plan, the script to
// write, then the CDK modules that it imports.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { repositoryRoot } from '../../build/discover.mjs';

const [folder, script, ...modules] = process.argv.slice(2);
const require = createRequire(join(repositoryRoot, 'packages', 'platform', 'package.json'));
const { App, Stack } = require('aws-cdk-lib/core');

/** Where the L1 class of each resource type is: `[index of its module, name of its class]`. */
const classes = new Map();
for (const [index, name] of modules.entries()) {
  for (const [className, value] of Object.entries(require(name))) {
    if (value?.CFN_RESOURCE_TYPE_NAME !== undefined) classes.set(value.CFN_RESOURCE_TYPE_NAME, [index, className]);
  }
}

const scratch = new Stack(new App({ analyticsReporting: false }), 'Scratch');
const isIntrinsic = (value) =>
  typeof value === 'object' && value !== null && /^(Ref|Fn::.*)$/.test(Object.keys(value).join());
/** Some L1s take a reference only as text: there it is a token, which stands in the data as this text. */
const TOKEN = /"<token>((?:[^"\\]|\\.)*)"/g;
const asToken = (value) => (isIntrinsic(value) ? `<token>${JSON.stringify(value)}` : value);
const code = (value) =>
  JSON.stringify(value).replace(TOKEN, (_, text) => `core.Token.asString(${JSON.parse(`"${text}"`)})`);

/** The properties of one resource in its L1's own spelling, made by the L1's own conversion. */
function l1Properties(L1, type, properties, variable) {
  const convert = (id, values) => {
    const parser = { parseValue: () => values, handleAttributes() {} };
    const made = L1._fromCloudFormation(scratch, id, { Type: type, Properties: values }, { parser });
    return made.cfnProperties;
  };
  try {
    return convert(variable, properties);
  } catch {
    const values = Object.entries(properties).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(asToken) : asToken(value),
    ]);
    return convert(`${variable}WithTokens`, Object.fromEntries(values));
  }
}

/** The lines that make one resource. */
function resourceLines(id, { Type: type, Properties: properties = {}, ...attributes }, number) {
  const variable = `resource${number}`;
  const [index, className] = classes.get(type) ?? [];
  if (className === undefined) throw new Error(`no imported module has the L1 of ${type}`);
  // Tags go through CDK's tag manager, which takes text alone.
  const tagged = properties.Tags?.map?.(({ Value, ...tag }) => ({ ...tag, Value: asToken(Value) }));
  const values = tagged === undefined ? properties : { ...properties, Tags: tagged };
  const converted = code(l1Properties(require(modules[index])[className], type, values, variable));
  return [
    `const ${variable} = new module${index}.${className}(stack, '${id}', ${converted});`,
    ...Object.entries(attributes).map(
      ([name, value]) => `${variable}.addOverride('${name}', ${JSON.stringify(value)});`,
    ),
  ];
}

const camelCased = (value) =>
  Object.fromEntries(Object.entries(value).map(([name, each]) => [name[0].toLowerCase() + name.slice(1), each]));

let count = 0;
const stacks = readdirSync(folder)
  .filter((file) => file.endsWith('.template.json'))
  .map((file) => {
    const { Parameters = {}, Resources, Outputs = {} } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    return [
      `{ const stack = new core.Stack(app, '${file.replace('.template.json', '')}');`,
      ...Object.entries(Parameters).map(
        ([id, value]) => `new core.CfnParameter(stack, '${id}', ${JSON.stringify(camelCased(value))});`,
      ),
      ...Object.entries(Resources).flatMap(([id, resource]) => resourceLines(id, resource, ++count)),
      ...Object.entries(Outputs).map(
        ([id, { Value }]) =>
          `new core.CfnOutput(stack, 'Output${id}', { value: core.Token.asString(${JSON.stringify(Value)}) });`,
      ),
      '}',
    ];
  });
const importLine = (name, variable) => `import * as ${variable} from '${pathToFileURL(require.resolve(name)).href}';`;
const lines = [
  importLine('aws-cdk-lib/core', 'core'),
  ...modules.map((name, index) => importLine(name, `module${index}`)),
  // A plan does not validate either: with it both would measure CDK's validation, which takes seconds.
  "process.env.CDK_VALIDATION = 'false';",
  `const app = new core.App({ analyticsReporting: false, outdir: ${JSON.stringify(`${script}.out`)} });`,
  ...stacks.flat(),
  'app.synth();',
  '',
];
writeFileSync(script, lines.join('\n'));
