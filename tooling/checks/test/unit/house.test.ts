import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { judgeHouse } from '../../house.mjs';

type Tree = Record<string, string | object>;
interface Found {
  rule: string;
  file: string;
  line?: number;
}

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
});

function judge(tree: Tree): { findings: Found[]; warnings: Found[] } {
  const root = mkdtempSync(join(tmpdir(), 'house-'));
  made.push(root);
  for (const [file, content] of Object.entries({ ...sound, ...tree })) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return judgeHouse(root);
}

const rules = (tree: Tree) => judge(tree).findings.map(({ rule, file }) => `${rule} ${file}`);

const manifest = (room: string, more: object = {}) => ({
  name: `@jenkins-aws/${room}`,
  description: 'a room',
  license: 'Apache-2.0',
  type: 'module',
  engines: { node: '>=20.19' },
  sideEffects: false,
  files: ['dist', '!dist/.tsbuildinfo'],
  exports: { '.': { types: './dist/index.d.ts', import: './dist/index.js' } },
  publishConfig: { access: 'public' },
  ...more,
});

const peers = {
  peerDependencies: { 'aws-cdk-lib': '^2', constructs: '^10' },
  peerDependenciesMeta: { 'aws-cdk-lib': { optional: true }, constructs: { optional: true } },
};

const readme = (name: string, more = '') =>
  `# ${name}\n\n\`npm i ${name}\`\n\n\`\`\`ts\nimport { a } from '${name}';\n\`\`\`\n\nPermissions, cost, security.\n${more}`;

/** A house without a fault: each test breaks one thing in it. */
const sound: Tree = {
  'packages/network/package.json': manifest('network', { dependencies: { '@aws-sdk/client-ec2': '^3' } }),
  'packages/network/README.md': readme('@jenkins-aws/network'),
  'packages/network/src/index.ts': "export { a } from './operations/a.js';\n",
  'packages/network/src/operations/a.ts':
    "import { EC2Client } from '@aws-sdk/client-ec2';\nexport const a = EC2Client;\n",
};

/** The sound house with one more source file in `network`. */
const withFile = (text: string, file = 'src/plan/b.ts') => ({ [`packages/network/${file}`]: text });

describe('a house without a fault', () => {
  it('has no findings', () => {
    expect(judge({}).findings).toEqual([]);
  });
});

describe('who may enter whom', () => {
  const containers = {
    'packages/containers/package.json': manifest('containers', {
      dependencies: { '@jenkins-aws/network': 'workspace:*' },
    }),
    'packages/containers/README.md': readme('@jenkins-aws/containers'),
    'packages/containers/src/index.ts': "export { b } from './b.js';\n",
  };

  it('fails when one room imports another, and says where', () => {
    const { findings } = judge({
      ...containers,
      'packages/containers/src/b.ts': "// first line\nexport { a as b } from '@jenkins-aws/network';\n",
    });
    expect(findings).toMatchObject([{ rule: 'who-may-enter', file: 'packages/containers/src/b.ts', line: 2 }]);
  });

  it.each([
    ['a type import', "import type { a } from '@jenkins-aws/network';\nexport type b = typeof a;\n"],
    ['an import type', "export type b = typeof import('@jenkins-aws/network').a;\n"],
    ['a dynamic import', "export const b = () => import('@jenkins-aws/network');\n"],
  ])('fails for %s as well', (_, text) => {
    expect(rules({ ...containers, 'packages/containers/src/b.ts': text })).toEqual([
      'who-may-enter packages/containers/src/b.ts',
    ]);
  });

  it('takes no notice of an import that stands in a comment or a string', () => {
    const text = "// import { a } from '@jenkins-aws/network';\nexport const b = \"import '@jenkins-aws/network'\";\n";
    expect(rules({ ...containers, 'packages/containers/src/b.ts': text })).toEqual([]);
  });

  it('fails when a room imports platform', () => {
    const platform = {
      'packages/containers/package.json': manifest('containers', { dependencies: { '@jenkins-aws/platform': '*' } }),
    };
    const found = rules({
      ...containers,
      ...platform,
      'packages/platform/package.json': manifest('platform'),
      'packages/platform/README.md': readme('@jenkins-aws/platform'),
      'packages/platform/src/index.ts': '',
      'packages/containers/src/b.ts': "export { b } from '@jenkins-aws/platform';\n",
    });
    expect(found).toEqual(['platform-only-in-apps packages/containers/src/b.ts']);
  });

  it('lets security-gates use deployment, but not the other way round', () => {
    const room = (name: string, other: string) => ({
      [`packages/${name}/package.json`]: manifest(name, { dependencies: { [`@jenkins-aws/${other}`]: '*' } }),
      [`packages/${name}/README.md`]: readme(`@jenkins-aws/${name}`),
      [`packages/${name}/src/index.ts`]: `export { a } from '@jenkins-aws/${other}';\n`,
    });
    expect(rules({ ...room('security-gates', 'deployment'), ...room('deployment', 'security-gates') })).toEqual([
      'who-may-enter packages/deployment/src/index.ts',
    ]);
  });

  it('fails when something imports an app', () => {
    const found = rules({
      'apps/cli/package.json': { name: 'jenkins-aws' },
      'examples/x/package.json': { name: 'x', dependencies: { 'jenkins-aws': '*' } },
      'examples/x/index.ts': "import 'jenkins-aws';\n",
    });
    expect(found).toEqual(['apps-are-ends examples/x/index.ts']);
  });
});

describe('where the SDK and CDK may be', () => {
  it.each([
    [
      'the SDK outside of operations',
      'sdk-only-in-operations',
      "import type { EC2Client } from '@aws-sdk/client-ec2';\n",
    ],
    ['a relative path out of the package', 'private-path', "import '../../../master/src/x.js';\n"],
    ['a package that the manifest does not name', 'undeclared-import', "import 'left-pad';\n"],
  ])('fails for %s', (_, rule, text) => {
    expect(rules(withFile(text))).toEqual([`${rule} packages/network/src/plan/b.ts`]);
  });

  const withCdk = {
    'packages/network/package.json': manifest('network', {
      dependencies: { '@aws-sdk/client-ec2': '^3' },
      exports: {
        '.': { types: './dist/index.d.ts', import: './dist/index.js' },
        './cdk': { types: './dist/cdk/index.d.ts', import: './dist/cdk/index.js' },
      },
      ...peers,
    }),
    'packages/network/README.md': readme('@jenkins-aws/network', "import { V } from '@jenkins-aws/network/cdk';\n"),
    'packages/network/src/cdk/index.ts': "export { V } from './v.js';\n",
    'packages/network/src/cdk/v.ts': "import { Vpc } from 'aws-cdk-lib/aws-ec2';\nexport const V = Vpc;\n",
  };

  it('lets constructs import CDK', () => {
    expect(rules(withCdk)).toEqual([]);
  });

  it('fails when CDK is imported elsewhere', () => {
    expect(rules({ ...withCdk, ...withFile("import 'aws-cdk-lib/aws-ec2';\n") })).toEqual([
      'cdk-only-in-cdk packages/network/src/plan/b.ts',
    ]);
  });

  it('fails when a file that loads without CDK imports a construct', () => {
    expect(rules({ ...withCdk, ...withFile("import '../cdk/v.js';\n") })).toEqual([
      'cdk-only-in-cdk packages/network/src/plan/b.ts',
    ]);
  });

  it('fails for the root of aws-cdk-lib, also in an app', () => {
    const app = { 'apps/cdk/package.json': { name: 'app', dependencies: { 'aws-cdk-lib': '2' } } };
    expect(rules({ ...app, 'apps/cdk/src/bin.ts': "import { App } from 'aws-cdk-lib';\n" })).toEqual([
      'cdk-root apps/cdk/src/bin.ts',
    ]);
  });

  it('fails when the CDK peers are not optional', () => {
    const broken = { ...(withCdk['packages/network/package.json'] as object), peerDependenciesMeta: {} };
    expect(rules({ ...withCdk, 'packages/network/package.json': broken })).toEqual([
      'cdk-is-peer packages/network/package.json',
      'cdk-is-peer packages/network/package.json',
    ]);
  });
});

describe('what library code may say', () => {
  it.each([
    ['library-reads-world', 'export const x = process.env.HOME;\n'],
    ['library-reads-world', "export const x = process['env'];\n"],
    ['library-reads-world', 'const { env } = process;\nexport const x = env;\n'],
    ['library-reads-world', "import { env } from 'node:process';\nexport const x = env;\n"],
    ['library-reads-world', "import { homedir } from 'node:os';\nexport const x = homedir();\n"],
    ['library-reads-world', 'export const x = Date.now();\n'],
    ['library-reads-world', 'export const x = new Date();\n'],
    ['library-prints', "console.log('x');\n"],
    ['default-export', 'export default 1;\n'],
    ['export-star', "export * from '../operations/a.js';\n"],
    ['plain-error', "export function f() {\n  throw new Error('x');\n}\n"],
    ['plain-error', "export const x = () => Promise.reject(new TypeError('x'));\n"],
    ['partition-literal', "export const x = 'arn:aws:iam::aws:policy/x';\n"],
    ['partition-literal', 'export const x = (r: string) => `ec2.$' + '{r}.amazonaws.com`;\n'],
    ['stale-word', '// https://pkg.jenkins.io/redhat-stable\n'],
  ])('fails with %s for %j', (rule, text) => {
    expect(rules(withFile(text))).toEqual([`${rule} packages/network/src/plan/b.ts`]);
  });

  it('lets a program read its world, but not export by default', () => {
    const app = { 'apps/cli/package.json': { name: 'jenkins-aws' } };
    const text = 'console.log(process.env.HOME, new Date());\nexport default 1;\n';
    expect(rules({ ...app, 'apps/cli/src/bin.ts': text })).toEqual(['default-export apps/cli/src/bin.ts']);
  });

  it('takes the service principal that CDK translates, and no other domain', () => {
    const principal = 'declare const ServicePrincipal: new (name: string) => object;\n';
    expect(rules(withFile(`${principal}export const x = new ServicePrincipal('ec2.amazonaws.com');\n`))).toEqual([]);
    expect(rules(withFile(`${principal}export const x = [ServicePrincipal, 'ec2.amazonaws.com'];\n`))).toEqual([
      'partition-literal packages/network/src/plan/b.ts',
    ]);
  });

  it('takes a time that is given', () => {
    expect(rules(withFile('export const x = (t: number) => new Date(t);\n'))).toEqual([]);
  });
});

describe('the shape of a package', () => {
  it.each([
    ['engines', { engines: { node: '>=18' } }],
    ['side-effects', { sideEffects: undefined }],
    ['files', { files: ['dist', '!dist/.tsbuildinfo', 'src'] }],
    ['files', { scripts: { templates: 'node write-templates.mjs' } }],
    ['files', { files: ['dist', '!dist/.tsbuildinfo', 'schema.json'] }],
    ['exports-map', { exports: './dist/index.js' }],
    ['licence', { license: 'MIT' }],
    ['access', { publishConfig: undefined }],
    ['few-dependencies', { dependencies: { '@aws-sdk/client-ec2': '^3', a: '1', b: '1', c: '1', d: '1' } }],
    ['sdk-range', { dependencies: { '@aws-sdk/client-ec2': '^3.100.0' } }],
    ['cdk-is-peer', { dependencies: { '@aws-sdk/client-ec2': '^3', 'aws-cdk-lib': '2' } }],
  ])('fails with %s for %j', (rule, change) => {
    const base = { dependencies: { '@aws-sdk/client-ec2': '^3' } };
    expect(rules({ 'packages/network/package.json': manifest('network', { ...base, ...change }) })).toEqual([
      `${rule} packages/network/package.json`,
    ]);
  });

  it.each([
    [
      'without a runnable snippet',
      '# @jenkins-aws/network\n\n`npm i @jenkins-aws/network`\n\nPermissions, cost, security.\n',
    ],
    ['that does not say how to install', readme('@jenkins-aws/network').replace('npm i ', '')],
    ['that is silent about cost', readme('@jenkins-aws/network').replace(', cost', '')],
    [
      'whose snippet wants CDK',
      readme('@jenkins-aws/network').replace(
        "'@jenkins-aws/network';",
        "'@jenkins-aws/network';\nimport 'aws-cdk-lib/core';",
      ),
    ],
  ])('fails for a README %s', (_, text) => {
    expect(rules({ 'packages/network/README.md': text })).toEqual(['readme packages/network/README.md']);
  });

  it('fails when an index does more than name exports', () => {
    const text = "export { a } from './operations/a.js';\nexport const b = 1;\n";
    expect(rules({ 'packages/network/src/index.ts': text })).toEqual([
      'index-only-exports packages/network/src/index.ts',
    ]);
  });

  it('fails when the error codes are not exported', () => {
    expect(rules(withFile('export const NETWORK_ERRORS = {} as const;\n', 'src/errors.ts'))).toEqual([
      'codes-exported packages/network/src/index.ts',
    ]);
  });

  it('warns about a long file without failing', () => {
    const { findings, warnings } = judge(withFile('//\n'.repeat(301)));
    expect(findings).toEqual([]);
    expect(warnings).toContainEqual({
      rule: 'size',
      file: 'packages/network/src/plan/b.ts',
      message: expect.stringContaining('301 lines'),
    });
  });
});

describe('exceptions', () => {
  const exceptions = (...list: object[]) => ({ 'tooling/checks/house-exceptions.json': JSON.stringify(list) });
  const reason = 'the lock of this room has to know how old it is';
  const broken = withFile('export const x = Date.now();\n');

  it('lets a rule be broken for a written reason', () => {
    expect(
      rules({
        ...broken,
        ...exceptions({ rule: 'library-reads-world', file: 'packages/network/src/plan/b.ts', reason }),
      }),
    ).toEqual([]);
  });

  it('fails for an exception without a reason', () => {
    const found = rules({
      ...broken,
      ...exceptions({ rule: 'library-reads-world', file: 'packages/network/src/plan/b.ts', reason: 'needed' }),
    });
    expect(found).toEqual(['exception tooling/checks/house-exceptions.json']);
  });

  it('fails for an exception that nothing needs', () => {
    expect(rules(exceptions({ rule: 'library-prints', file: 'packages/network/src/plan/b.ts', reason }))).toEqual([
      'exception tooling/checks/house-exceptions.json',
    ]);
  });
});
