import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BundleFile, bundleFiles } from '../../src/artifacts.js';
import type { DeploymentError } from '../../src/index.js';

const files: BundleFile[] = [
  { path: 'casc/jenkins.yaml', content: 'jenkins:\n' },
  { path: 'boot.sh', content: '#!/bin/sh\n', mode: 0o755 },
  { path: '10', content: Buffer.from([0, 255, 1]) },
  { path: 'ünï.txt', content: 'ü' },
];

describe('a bundle', () => {
  it('has the same bytes on every machine, in every time zone and at any time', () => {
    const { sha256 } = bundleFiles(files);
    expect(sha256).toBe('da4a263de9aeeee8a96fef786f2ce4b63704e1c6cd0c9397f575ca7d839b3718');
    const zone = process.env.TZ;
    try {
      process.env.TZ = 'Pacific/Kiritimati';
      expect(bundleFiles(files).sha256).toBe(sha256);
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });

  it('has the same bytes in whatever order its files come', () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z0-9]{1,6}$/), { minLength: 1, maxLength: 8 });
    const shuffled = names.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    fc.assert(
      fc.property(shuffled, ([list, other]) => {
        const of = (paths: string[]) => bundleFiles(paths.map((path) => ({ path, content: `of ${path}` }))).sha256;
        expect(of(other)).toBe(of(list));
      }),
    );
  });

  it.each([
    ['a content', { content: 'jenkins: {}\n' }],
    ['a path', { path: 'casc/other.yaml' }],
    ['a mode', { mode: 0o600 }],
  ])('has other bytes when %s differs', (_, change) => {
    const [first, ...others] = files;
    expect(bundleFiles([{ ...(first as BundleFile), ...change }, ...others]).sha256).not.toBe(
      bundleFiles(files).sha256,
    );
  });

  it('is read by another program with contents and permissions', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
    try {
      writeFileSync(join(folder, 'bundle.zip'), bundleFiles(files).body);
      const script = [
        'import sys, zipfile, json',
        'z = zipfile.ZipFile(sys.argv[1])',
        'assert z.testzip() is None',
        'print(json.dumps([[i.filename, oct(i.external_attr >> 16), z.read(i).hex()] for i in z.infolist()]))',
      ].join('\n');
      const output = execFileSync('python3', ['-c', script, join(folder, 'bundle.zip')], { encoding: 'utf8' });
      expect(JSON.parse(output)).toEqual([
        ['10', '0o100644', '00ff01'],
        ['boot.sh', '0o100755', Buffer.from('#!/bin/sh\n').toString('hex')],
        ['casc/jenkins.yaml', '0o100644', Buffer.from('jenkins:\n').toString('hex')],
        ['ünï.txt', '0o100644', Buffer.from('ü').toString('hex')],
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('may be empty', () => {
    expect(bundleFiles([]).body.byteLength).toBe(22);
  });

  it('fails with every path that cannot be in an archive', () => {
    const paths = ['/etc/passwd', '../x', 'a//b', '', 'a\\b', 'twice', 'twice', 'folder', 'folder/file', 'new\nline'];
    let error: DeploymentError | undefined;
    try {
      bundleFiles(paths.map((path) => ({ path, content: '' })));
    } catch (thrown) {
      error = thrown as DeploymentError;
    }
    expect(error?.code).toBe('DEPLOYMENT_BUNDLE_INVALID');
    expect(error?.problems.map(({ path: [index] }) => index)).toEqual([0, 1, 2, 3, 4, 6, 8, 9]);
  });
});
