import { posix } from 'node:path';

/**
 * Which rooms a room may import beside `core`, which all may. A room that is not named here may import `core` alone:
 * rooms meet through CDK's interfaces and `JenkinsFragment`, never through each other.
 */
const MAY_ENTER = { master: ['network'], 'security-gates': ['deployment'], operations: ['deployment'] };

const isCdk = (specifier) => /^(aws-cdk-lib|constructs|cdk-nag)(\/|$)/.test(specifier);
const packageNameOf = (specifier) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');

/** Where constructs live: `src/cdk/**` and `src/template.ts`. All else must load without CDK. */
const isCdkSide = (pathInPackage) => pathInPackage.startsWith('src/cdk/') || pathInPackage === 'src/template.ts';

function mayEnter(from, to) {
  if (to === 'core') return true;
  if (from === 'platform') return true;
  return (MAY_ENTER[from] ?? []).includes(to);
}

/**
 * Who may import whom.
 *
 * @param {{ folder: string, manifest: Record<string, any> }} member
 * @param {import('./source.mjs').Source} source
 * @param {Map<string, string>} folderByName workspace folder by package name
 * @returns {import('./source.mjs').Finding[]}
 */
export function judgeImports(member, source, folderByName) {
  const findings = [];
  const [group, room] = member.folder.split('/');
  const inPackage = source.file.slice(member.folder.length + 1);
  const declared = { ...member.manifest.dependencies, ...member.manifest.peerDependencies };
  if (group !== 'packages') Object.assign(declared, member.manifest.devDependencies);

  for (const { specifier, offset, dynamic } of source.imports) {
    const find = (rule, message) => findings.push({ rule, file: source.file, line: source.lineOf(offset), message });
    if (specifier === 'aws-cdk-lib') {
      find('cdk-root', "import 'aws-cdk-lib/core' or 'aws-cdk-lib/aws-…', not the root: it loads every service");
    }
    if (specifier.startsWith('.')) {
      judgeRelative(specifier, { find, member, inPackage, dynamic, group });
      continue;
    }
    if (specifier.startsWith('node:')) continue;
    const name = packageNameOf(specifier);
    if (!(name in declared) && name !== member.manifest.name) {
      find('undeclared-import', `${name} is not a dependency of ${member.manifest.name}: add it to its package.json`);
    }
    const target = folderByName.get(name);
    const [targetGroup, targetRoom] = target?.split('/') ?? [];
    if (targetGroup === 'apps') find('apps-are-ends', `nothing imports an app, got '${specifier}'`);
    if (group !== 'packages') continue;

    if (specifier.startsWith('@aws-sdk/') && !inPackage.startsWith('src/operations/')) {
      find('sdk-only-in-operations', `only src/operations/ may import the AWS SDK, got '${specifier}'`);
    }
    if (isCdk(specifier) && !isCdkSide(inPackage)) {
      find('cdk-only-in-cdk', `only src/cdk/ and src/template.ts may import CDK, got '${specifier}'`);
    }
    if (targetGroup !== 'packages' || target === member.folder) continue;
    if (targetRoom === 'platform') find('platform-only-in-apps', 'only apps and examples may import platform');
    else if (!mayEnter(room, targetRoom)) {
      find('who-may-enter', `${room} must not import ${targetRoom}: rooms meet in core's types or in platform`);
    }
    if (/\/(cdk|template)$/.test(specifier) && !isCdkSide(inPackage)) {
      find('cdk-only-in-cdk', `only src/cdk/ and src/template.ts may import '${specifier}', which needs CDK`);
    }
  }
  return findings;
}

function judgeRelative(specifier, { find, member, inPackage, dynamic, group }) {
  const target = posix.join(posix.dirname(inPackage), specifier);
  if (target.startsWith('../')) {
    find('private-path', `'${specifier}' leaves ${member.folder}: import the other package by its name`);
  }
  const intoCdk = isCdkSide(target.replace(/\.js$/, '.ts'));
  if (group === 'packages' && intoCdk && !isCdkSide(inPackage) && !dynamic && inPackage.startsWith('src/')) {
    find('cdk-only-in-cdk', `'${specifier}' needs CDK, but ${inPackage} must load without it`);
  }
}
