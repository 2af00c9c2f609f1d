import { nodes } from './source.mjs';

const PROCESS_WORLD = new Set(['env', 'argv', 'cwd', 'stdout', 'stderr', 'stdin', 'exit', 'exitCode']);
const PLAIN_ERRORS = new Set(['Error', 'TypeError', 'RangeError', 'SyntaxError', 'AggregateError']);

/** What CloudFormation and the SDK resolve by partition; written out it is wrong in China and GovCloud. */
const PARTITION_LITERAL = /arn:aws:|amazonaws\.com/;

/** Repositories and keys of Jenkins that were moved or rotated: they install nothing any more, or the wrong thing. */
const STALE_WORDS = ['redhat-stable', 'jenkins.io-2023.key', 'jenkins.io.key', 'pkg.jenkins-ci.org'];

const isName = (node, name) => node?.type === 'Identifier' && node.name === name;
const property = (node) => (node.computed ? node.property?.value : node.property?.name);

/**
 * Rules about what a library's code says: reads no world, prints nothing, throws its own errors, exports by name.
 *
 * @param {import('./source.mjs').Source} source
 * @param {{ library: boolean }} kind a library is handed everything; a program is where the world comes in
 * @returns {import('./source.mjs').Finding[]}
 */
export function judgeCode(source, { library }) {
  const findings = [];
  const find = (rule, node, message) =>
    findings.push({ rule, file: source.file, line: source.lineOf(node.start), message });

  /** CDK translates a service principal into the partition's own: written in its common form it is right. */
  const translated = new Set();
  for (const node of nodes(source.program)) {
    if (node.type === 'NewExpression' && isName(node.callee, 'ServicePrincipal')) translated.add(node.arguments[0]);
    if (node.type === 'ExportDefaultDeclaration') find('default-export', node, 'export by name');
    if (node.type === 'ExportAllDeclaration') find('export-star', node, 'name what is exported');
    if (library && !translated.has(node)) judgeLibraryNode(node, find);
  }
  return findings;
}

function judgeLibraryNode(node, find) {
  if (node.type === 'MemberExpression') {
    if (isName(node.object, 'process') && PROCESS_WORLD.has(property(node))) {
      find(
        'library-reads-world',
        node,
        `a library is handed what it needs, it does not read process.${property(node)}`,
      );
    }
    if (isName(node.object, 'console')) find('library-prints', node, 'report an event instead of printing');
    if (isName(node.object, 'Date') && property(node) === 'now') {
      find('library-reads-world', node, 'take the time as an argument instead of Date.now()');
    }
  }
  if (node.type === 'NewExpression' && isName(node.callee, 'Date') && node.arguments.length === 0) {
    find('library-reads-world', node, 'take the time as an argument instead of new Date()');
  }
  if (node.type === 'VariableDeclarator' && isName(node.init, 'process')) {
    find('library-reads-world', node, 'a library is handed what it needs, it does not read process');
  }
  if (node.type === 'ImportDeclaration') judgeBuiltIn(node, find);
  const thrown = node.type === 'ThrowStatement' ? node.argument : rejected(node);
  if (thrown?.type === 'NewExpression' && PLAIN_ERRORS.has(thrown.callee.name)) {
    find('plain-error', node, `throw the room's own error with a code, not ${thrown.callee.name}`);
  }
  const text = node.type === 'Literal' ? node.value : node.type === 'TemplateElement' ? node.value.cooked : undefined;
  if (typeof text === 'string' && PARTITION_LITERAL.test(text)) {
    find('partition-literal', node, `'${PARTITION_LITERAL.exec(text)[0]}' is of one partition: derive it`);
  }
}

function judgeBuiltIn(node, find) {
  const module = node.source.value;
  const names = node.specifiers.map(({ imported }) => imported?.name);
  if (module === 'node:process' || module === 'process') {
    find('library-reads-world', node, 'a library is handed what it needs, it does not import node:process');
  }
  if (module === 'node:os' && (names.includes('homedir') || names.includes('userInfo') || names.includes(undefined))) {
    find('library-reads-world', node, 'a library is handed folders, it does not look for the home');
  }
}

function rejected(node) {
  const call = node.type === 'CallExpression' ? node.callee : undefined;
  if (call?.type !== 'MemberExpression' || !isName(call.object, 'Promise') || property(call) !== 'reject')
    return undefined;
  return node.arguments[0];
}

/**
 * Words that must not stand in shipped text of any kind.
 *
 * @returns {import('./source.mjs').Finding[]}
 */
export function judgeText(file, text) {
  const lines = text.split('\n');
  return lines.flatMap((line, index) =>
    STALE_WORDS.filter((word) => line.includes(word)).map((word) => ({
      rule: 'stale-word',
      file,
      line: index + 1,
      message: `'${word}' is gone: use the current repository and key`,
    })),
  );
}
