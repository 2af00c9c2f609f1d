import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { judgeExamples } from '../../examples.mjs';

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

const sound = {
  'README.md': 'See examples/config.\n<!-- example:program:start -->\n<!-- example:program:end -->\n',
  'examples/config/README.md': '# A config\n',
  'examples/config/jenkins-aws.config.yaml': 'name: ci\n',
  'examples/program/README.md': '# A program\n',
  'examples/program/main.mjs': '// readme:start\nfirst({\n});\n// readme:end\n',
  'examples/program/test/unit/main.test.ts': '',
};

/** What is said of a sound repository with these files in the place of its own; `undefined` takes one away. */
function judge(changes: Record<string, string | undefined> = {}): string[] {
  const root = mkdtempSync(join(tmpdir(), 'jenkins-aws-examples-'));
  roots.push(root);
  for (const [file, text] of Object.entries({ ...sound, ...changes })) {
    if (text === undefined) continue;
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return judgeExamples(root);
}

describe('judgeExamples', () => {
  it('finds nothing in sound examples', () => {
    expect(judge()).toEqual([]);
  });

  it.each([
    ['without a README', { 'examples/program/README.md': undefined }, 'has no README.md with a title'],
    ['that nothing proves', { 'examples/program/test/unit/main.test.ts': undefined }, 'neither a config nor a test'],
    ['that shows nothing', { 'examples/program/main.mjs': 'first();\n' }, 'has 0 parts between'],
    ['that the README leaves out', { 'README.md': 'examples/config' }, 'program is not in README.md'],
    ['with a config that nobody finds', { 'README.md': '<!-- example:program:start -->' }, 'config is not linked'],
  ])('fails for an example %s', (_, changes, message) => {
    expect(judge(changes)).toEqual([expect.stringContaining(message)]);
  });

  it('fails for more lines than a person reads, brackets that close aside', () => {
    const shows = (count: number) => ({
      'examples/program/main.mjs': `  // readme:start\n${'  call();\n'.repeat(count)}  });\n  // readme:end\n`,
    });
    expect(judge(shows(5))).toEqual([]);
    expect(judge(shows(6))).toEqual(['examples/program shows 6 lines of main.mjs, 5 at most']);
  });

  it('fails when the README shows an example that is gone', () => {
    const gone = Object.fromEntries(
      Object.keys(sound)
        .filter((file) => file.includes('program'))
        .map((file) => [file, undefined]),
    );
    expect(judge(gone)).toEqual(['README.md shows the example program, which is not there']);
  });
});
