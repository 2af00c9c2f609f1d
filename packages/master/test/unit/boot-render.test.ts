import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BootOptions } from '../../src/boot/boot-options.js';
import { type BootFile, renderBoot } from '../../src/boot/render-boot.js';
import { renderUserData } from '../../src/boot/render-user-data.js';

const OPTIONS: BootOptions = {
  jenkinsVersion: '2.568.2',
  region: 'eu-central-1',
  stackName: 'jenkins-ci-main-controller',
  signalLogicalId: 'ControllerGroup',
  fileSystemId: 'fs-0123456789abcdef0',
  accessPointId: 'fsap-0123456789abcdef0',
  logGroupName: '/jenkins-aws/ci/main',
};
const ENVIRONMENT = '/etc/jenkins-aws/boot.env';
const { files, userData } = renderBoot(OPTIONS);
const scripts = files.filter(({ path }) => path.endsWith('.sh'));

describe('the boot bundle', () => {
  it('is the same for the same options', () => {
    expect(renderBoot({ ...OPTIONS })).toEqual({ files, userData });
  });

  it('leaves room below the 16 KB of user data, also with the longest names that AWS allows', () => {
    const longest = renderBoot({
      ...OPTIONS,
      region: 'ap-southeast-99',
      stackName: 's'.repeat(128),
      signalLogicalId: 'L'.repeat(255),
      logGroupName: `/${'g'.repeat(511)}`,
    });
    expect(Buffer.byteLength(longest.userData)).toBeLessThan(14.5 * 1024);
  });

  it('holds the options in the environment file alone', () => {
    const other = renderBoot({
      jenkinsVersion: '2.555.1',
      javaMajor: 25,
      region: '${Token[AWS.Region.12]}',
      stackName: '${Token[AWS.StackName.5]}',
      signalLogicalId: '${Token[TOKEN.7]}',
      fileSystemId: '${Token[TOKEN.12]}',
      accessPointId: '${Token[TOKEN.13]}',
      logGroupName: '${Token[TOKEN.14]}',
      jenkinsUid: 2000,
      bootTimeoutSeconds: 2000,
      startTimeoutSeconds: 900,
      heapPercent: 50,
    });
    const differing = files
      .filter((file, index) => file.content !== other.files[index]?.content)
      .map(({ path }) => path);
    expect(differing).toEqual([ENVIRONMENT]);
    expect(other.files.find(({ path }) => path === ENVIRONMENT)?.content).toContain(
      "FILE_SYSTEM_ID='${Token[TOKEN.12]}'\n",
    );
  });

  it('writes every file, the environment and the unit last, and waits for nothing', () => {
    const written = [...userData.matchAll(/^put (\d{4}) (\S+) <</gm)].map(([, mode, path]) => ({ mode, path }));
    expect(written).toEqual(files.map(({ mode, path }) => ({ mode, path })));
    expect(written.slice(-2).map(({ path }) => path)).toEqual([
      ENVIRONMENT,
      '/etc/systemd/system/jenkins-aws-boot.service',
    ]);
    const commands = userData.split('\n').filter((line) => /^(sync|systemctl .*)$/.test(line));
    expect(commands.slice(-5).map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      'sync',
      'systemctl daemon-reload',
      'systemctl enable',
      'sync',
      'systemctl start',
    ]);
    expect(userData.trimEnd().endsWith('systemctl start --no-block jenkins-aws-boot.service')).toBe(true);
  });

  it('brings any text to the disk as it is', () => {
    const folder = mkdtempSync(join(tmpdir(), 'jenkins-aws-boot-'));
    const texts = fc.array(
      fc.oneof(fc.string({ unit: 'grapheme-ascii' }), fc.constantFrom('EOF', 'EOF_', '$HOME', '`id`', "'", '\\')),
    );
    fc.assert(
      fc.property(texts, (lines) => {
        const path = join(folder, 'file');
        const content = `${lines.join('\n')}\n`;
        const [write = ''] = renderUserData([{ path, mode: '0600', content }]).split('mkdir -p /var/log/jenkins-aws');
        execFileSync('bash', ['-c', write]);
        expect(execFileSync('cat', [path], { encoding: 'utf8' })).toBe(content);
      }),
      { numRuns: 25 },
    );
    rmSync(folder, { recursive: true });
  });

  it('leaves a file as it was when it is cut off while it writes it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'jenkins-aws-boot-'));
    const path = join(folder, 'file');
    writeFileSync(path, 'old');
    const [write = ''] = renderUserData([{ path, mode: '0600', content: 'new\n' }]).split(
      'mkdir -p /var/log/jenkins-aws',
    );
    for (const command of ['cat', 'chmod', 'mv']) {
      expect(spawnSync('bash', ['-c', `${command}() { kill -9 $$; }\n${write}`]).signal, command).toBe('SIGKILL');
      expect(readFileSync(path, 'utf8')).toBe('old');
    }
    rmSync(folder, { recursive: true });
  });

  it('keeps every value of the environment whole in bash', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), (stackName) => {
        const environment = renderBoot({ ...OPTIONS, stackName }).files.find(({ path }) => path === ENVIRONMENT);
        const read = execFileSync('bash', ['-c', `${environment?.content}printf '%s' "$STACK_NAME"`], {
          encoding: 'utf8',
        });
        expect(read).toBe(stackName);
      }),
      { numRuns: 25 },
    );
  });

  it('has no stale source, no first metadata version and no long step', () => {
    expect(userData).not.toMatch(
      /redhat-stable|jenkins\.io\.key|jenkins\.io-20\d\d|\/etc\/sysconfig|iptables|amazon-linux-extras/,
    );
    const metadata = userData.split('\n').filter((line) => line.includes('$METADATA/'));
    expect(metadata).toHaveLength(2);
    for (const line of metadata) expect(line).toContain('X-aws-ec2-metadata-token');
    for (const { path, content } of scripts.filter(({ path }) => path.includes('/steps/'))) {
      expect(content.split('\n').length, path).toBeLessThan(40);
    }
  });

  it('stops every script at its first error', () => {
    for (const { path, content } of scripts) {
      expect(content, path).toMatch(
        /^#!\/bin\/bash\n(set -euo pipefail|# shellcheck source=\/dev\/null\n\. \/opt\/jenkins-aws\/boot\/lib\.sh)\n/,
      );
    }
  });
});

const has = (command: string) => spawnSync(command, ['--version']).status === 0;

describe('what others say of the boot bundle', () => {
  let folder: string;
  const lay = (file: BootFile, text = file.content) => {
    mkdirSync(dirname(join(folder, file.path)), { recursive: true });
    writeFileSync(join(folder, file.path), text, { mode: Number.parseInt(file.mode, 8) });
    return join(folder, file.path);
  };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'jenkins-aws-boot-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('shellcheck finds nothing, not even style', ({ skip }) => {
    if (!has('shellcheck')) {
      expect(process.env.CI, 'shellcheck is not installed').not.toBe('true');
      console.warn('SKIPPED: the scripts are not judged, because shellcheck is not installed');
      skip();
    }
    const paths = [...scripts, { path: '/user-data.sh', mode: '0755', content: userData }].map((file) => lay(file));
    const { stdout, status } = spawnSync('shellcheck', ['--severity=style', ...paths], { encoding: 'utf8' });
    expect(stdout).toBe('');
    expect(status).toBe(0);
  });

  it('is tried again a minute after each failure, without end', () => {
    const [unit] = files.filter(({ path }) => path.endsWith('/jenkins-aws-boot.service'));
    const lines = unit?.content.split('\n') ?? [];
    const [before, service] = [lines.slice(0, lines.indexOf('[Service]')), lines.slice(lines.indexOf('[Service]'))];
    expect(before).toContain('StartLimitIntervalSec=0');
    expect(service).toEqual(expect.arrayContaining(['Type=oneshot', 'Restart=on-failure', 'RestartSec=60']));
  });

  it('systemd understands the unit and the settings of Jenkins', ({ skip }) => {
    if (!has('systemd-analyze')) {
      console.warn('SKIPPED: the units are not judged, because systemd-analyze is not installed');
      skip();
    }
    const content = (name: string) => files.find(({ path }) => path.endsWith(name))?.content ?? '';
    const unit = (path: string, text: string) => lay({ path: `/units/${path}`, mode: '0644', content: text });
    const boot = unit(
      'jenkins-aws-boot.service',
      content('jenkins-aws-boot.service').replace(/^ExecStart=.*$/m, 'ExecStart=/bin/true'),
    );
    const jenkins = unit('jenkins.service', '[Service]\nType=notify\nExecStart=/bin/true\n');
    unit('jenkins.service.d/10-jenkins-aws.conf', content('override.conf').replace(/@[A-Z_]+@/g, '60'));
    for (const path of [boot, jenkins]) {
      const { stderr } = spawnSync('systemd-analyze', ['verify', path], { encoding: 'utf8' });
      expect(stderr.split('\n').filter((line) => /jenkins|Unknown|Failed to parse/.test(line))).toEqual([]);
    }
  });
});
