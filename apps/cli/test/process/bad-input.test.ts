import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { PolicySet } from '@jenkins-aws/deployment/permissions';
import { describe, expect, it } from 'vitest';
import { canBeLimited } from '../../../../packages/deployment/test/support/can-be-limited.js';
import { BIN, runCli, temporaryFolder } from '../support/run-cli.js';

const execute = promisify(execFile);

const GOOD = `name: ci
region: eu-central-1
masters:
  main:
    access:
      allowedCidrs: [203.0.113.0/24]
      certificateArn: arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d
`;

/** Each: a config, and what the one message must say. */
const BAD: Record<string, [text: string, ...expected: RegExp[]]> = {
  'an empty file': ['', /PLATFORM_CONFIG_EMPTY/, /jenkins-aws init/],
  '1 MB of YAML': [`name: ci\n${'# padding\n'.repeat(110_000)}`, /PLATFORM_CONFIG_TOO_LARGE/],
  tabs: ['name: ci\nnetwork:\n\tcidr: 10.0.0.0/16\n', /PLATFORM_CONFIG_SYNTAX/, /:3:1 /, /tab/],
  'an unknown key': [`${GOOD}netwrok: {}\n`, /:8:1 /, /did you mean 'network'/],
  'a /29': [`${GOOD}network: { cidr: 10.0.0.0/29 }\n`, /:8:18 /, /network\.cidr/, /between \/16 and \/24/],
  'a public range': [`${GOOD}network: { cidr: 8.8.0.0/16 }\n`, /:8:18 /, /private range/],
  'an overlapping range': [
    `${GOOD}network: { cidr: 10.0.0.0/16, reservedCidrs: [10.0.0.0/8] }\n`,
    /:8:18 /,
    /overlaps the reserved range '10\.0\.0\.0\/8'/,
  ],
  '7 zones': [`${GOOD}network: { availabilityZones: 7 }\n`, /:8:31 /, /2 to 6/],
  'a region that is none': [GOOD.replace('eu-central-1\n', 'europe\n'), /:2:9 /, /region/],
  'the whole internet': [GOOD.replace('203.0.113.0/24', '0.0.0.0/0'), /:6:22 /, /whole internet/],
  'no way out of private subnets': [`${GOOD}network: { nat: none }\n`, /:8:17 /, /package repositories/],
  'everything at once': [
    `name: C I\nregion: x\nfoo: 1\nnetwork: { cidr: 1.2.3.4/29 }\nmasters: {}\n`,
    /:1:7 /,
    /:2:9 /,
    /:3:1 /,
    /:4:18 /,
    /:5:10 /,
  ],
};

describe('bad input', () => {
  it.each(Object.entries(BAD))(
    'fails for %s with code, place and way out, and exit code 2',
    async (_name, [text, ...expected]) => {
      await using folder = await temporaryFolder();
      const path = await folder.put('jenkins-aws.config.yaml', text);
      const { code, stdout, stderr } = await runCli(['plan', '-c', path]);
      expect(code).toBe(2);
      expect(stdout).toBe('');
      for (const part of expected) expect(stderr).toMatch(part);
      expect(stderr).not.toMatch(/^\s+at /m);
      expect(await readdir(folder.path)).toEqual(['jenkins-aws.config.yaml']);
    },
  );

  it('fails without a config, and says how to get one', async () => {
    await using folder = await temporaryFolder();
    const { code, stderr } = await runCli(['deploy', '--yes'], { cwd: folder.path });
    expect([code, stderr]).toEqual([2, expect.stringMatching(/PLATFORM_CONFIG_MISSING.*jenkins-aws init/)]);
  });

  it('fails without credentials before anything is done', async () => {
    await using folder = await temporaryFolder();
    const path = await folder.put('jenkins-aws.config.yaml', GOOD);
    const { code, stderr } = await runCli(['deploy', '--yes', '-c', path]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/DEPLOYMENT_CREDENTIALS_MISSING/)]);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it.each([[['--no-such-option']], [['no-such-command']], [['plan', '--out']], [['emulator', 'start', '--port', 'x']]])(
    'fails for the arguments %j with exit code 2',
    async (args) => {
      const { code, stderr } = await runCli(args);
      expect(code).toBe(2);
      expect(stderr).not.toMatch(/^\s+at /m);
    },
  );

  it('fails as JSON where JSON is asked for', async () => {
    await using folder = await temporaryFolder();
    const path = await folder.put('jenkins-aws.config.yaml', `${GOOD}netwrok: {}\n`);
    const { code, events, stderr } = await runCli(['plan', '--json', '-c', path]);
    expect([code, stderr]).toEqual([2, '']);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      code: 'PLATFORM_CONFIG_INVALID',
      level: 'error',
      data: { problems: [{ code: 'PLATFORM_CONFIG_UNKNOWN_KEY', line: 8, column: 1 }] },
    });
  });
});

describe('init', () => {
  it('writes a config that plan accepts, and never overwrites one', async () => {
    await using folder = await temporaryFolder();
    const first = await runCli(['init', '--yes', '--email', 'ops@example.com'], { cwd: folder.path });
    expect([first.code, await readdir(folder.path)]).toEqual([0, ['jenkins-aws.config.yaml']]);
    expect((await runCli(['plan'], { cwd: folder.path })).code).toBe(0);
    const second = await runCli(['init', '--yes'], { cwd: folder.path });
    expect([second.code, second.stderr]).toEqual([2, expect.stringMatching(/CLI_FILE_EXISTS/)]);
  });

  it('fails for an answer that plan would refuse, and writes nothing', async () => {
    await using folder = await temporaryFolder();
    const { code, stderr } = await runCli(['init', '--yes', '--allowed-cidr', '0.0.0.0/0'], { cwd: folder.path });
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^CLI_USAGE .*nothing was written: .*whole internet/)]);
    expect(await readdir(folder.path)).toEqual([]);
  });
});

describe('plan', () => {
  it('writes picture, templates and rendered files where it is told, and reports them to programs', async () => {
    await using folder = await temporaryFolder();
    await folder.put('jenkins-aws.config.yaml', GOOD);
    const { code, events } = await runCli(['plan', '--json', '--out', 'out', '--diagram', 'a.svg'], {
      cwd: folder.path,
    });
    expect(code).toBe(0);
    expect(events.at(-1)).toMatchObject({
      code: 'cli.plan.finished',
      data: { platform: 'ci', cost: { currency: 'USD' }, stacks: [{}, {}, {}, {}] },
    });
    expect(await readdir(`${folder.path}/out`)).toEqual([
      'jenkins-ci-artifacts.template.json',
      'jenkins-ci-main-controller.template.json',
      'jenkins-ci-main-data.template.json',
      'jenkins-ci-network.template.json',
      'rendered',
    ]);
  });
});

describe('a plan that is saved without an account', () => {
  it('says what it cannot know, and holds what shall be', async () => {
    await using folder = await temporaryFolder();
    await folder.put('jenkins-aws.config.yaml', GOOD);
    const { code, stdout, stderr } = await runCli(['plan', '--save', 'plan.json'], { cwd: folder.path });
    expect(code).toBe(0);
    expect(stderr).toMatch(/planned without an account/);
    expect(stdout).toMatch(/does not know what is there[\s\S]*jenkins-aws deploy --plan plan.json/);
    const plan = JSON.parse(await readFile(`${folder.path}/plan.json`, 'utf8'));
    expect(plan).toMatchObject({ basis: 'offline', region: 'eu-central-1', stacks: [{}, {}, {}, {}] });
    expect(JSON.stringify(plan)).not.toContain('UserData');

    const unseen = await runCli(['deploy', '--plan', 'plan.json', '--yes'], { cwd: folder.path });
    expect([unseen.code, unseen.stderr]).toEqual([2, expect.stringMatching(/CLI_CONFIRMATION_NEEDED/)]);
  });

  it('holds a template that is too large for a call, because the platform has a bucket for it', async () => {
    await using folder = await temporaryFolder();
    const emails = Array.from({ length: 300 }, (_, index) => `person-${index}@example.com`);
    await folder.put('jenkins-aws.config.yaml', `${GOOD}    alarms: { emails: [${emails.join(', ')}] }\n`);
    const { code, stderr } = await runCli(['plan', '--save', 'plan.json'], { cwd: folder.path });
    expect([code, stderr]).toEqual([0, expect.stringMatching(/planned without an account/)]);
  });

  it('fails rather than overwrite what is no plan', async () => {
    await using folder = await temporaryFolder();
    const path = await folder.put('jenkins-aws.config.yaml', GOOD);
    const { code, stderr } = await runCli(['plan', '-c', path, '--save', path]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/CLI_FILE_EXISTS/)]);
    expect(await readFile(path, 'utf8')).toBe(GOOD);
  });
});

describe('what deploy and destroy refuse before they ask an account', () => {
  it.each([
    [['deploy', '--plan', 'nowhere.json'], /CLI_FILE_UNREADABLE/],
    [['deploy', '--plan', 'jenkins-aws.config.yaml'], /DEPLOYMENT_PLAN_INVALID/],
    [['deploy', '--plan', 'nowhere.json', '--allow-replacement', 'Home'], /CLI_USAGE .*plan --save/],
    [['deploy', '--skip-resource', 'stack/Home'], /CLI_USAGE .*--continue-rollback/],
    [['deploy', '--remove-master', 'main'], /CLI_USAGE .*what the config has: main/],
    [['plan', '--allow-replacement', 'Home'], /CLI_USAGE .*--save/],
    [['destroy', '--delete-data', 'CI'], /CLI_USAGE .*'ci', got 'CI'/],
    [['permissions', '--account-id', '12'], /CLI_USAGE .*twelve digits/],
    [['permissions', '--split'], /CLI_USAGE .*--split needs --account-id/],
    [['permissions', '--permission-boundary', 'boundary'], /CLI_USAGE .*ARN of a managed policy, got 'boundary'/],
    [['artifacts', 'prune', '--keep', '0'], /CLI_USAGE .*from 1/],
  ])('fails for %j with exit code 2', async (args, expected) => {
    await using folder = await temporaryFolder();
    await folder.put('jenkins-aws.config.yaml', GOOD);
    const { code, stderr } = await runCli(args, { cwd: folder.path });
    expect([code, stderr]).toEqual([2, expect.stringMatching(expected)]);
  });
});

describe('permissions', () => {
  it('prints one policy, or two with the trust between them, with a reason for each action and no star in its name', async () => {
    await using folder = await temporaryFolder();
    await folder.put('jenkins-aws.config.yaml', GOOD);
    for (const args of [[], ['--split']]) {
      const { code, events } = await runCli(['permissions', '--json', '--account-id', '111122223333', ...args], {
        cwd: folder.path,
      });
      expect(code).toBe(0);
      const { notes, ...sets } = (events.at(-1)?.data ?? {}) as { notes: string[] } & Record<string, PolicySet>;
      expect(Object.keys(sets)).toEqual(args.length === 0 ? ['single'] : ['deployer', 'serviceRole']);
      for (const { documents, reasons } of Object.values(sets)) {
        const actions = documents.flatMap(({ Statement }) => Statement.flatMap(({ Action }) => Action));
        expect(actions.filter((action) => action.includes('*'))).toEqual([]);
        expect(reasons.map(({ action }) => action).sort()).toEqual([...new Set(actions)].sort());
        for (const { reason } of reasons) expect(reason.length).toBeGreaterThan(10);
      }
      expect(notes[0]).toMatch(/administrator rights: without a permissions boundary/);
    }
  });

  it('binds roles to the boundary of the command line, and otherwise warns before it prints a policy', async () => {
    await using folder = await temporaryFolder();
    await folder.put('jenkins-aws.config.yaml', GOOD);
    const print = async (...args: string[]) =>
      (await execute(process.execPath, [BIN, 'permissions', ...args], { cwd: folder.path })).stdout;
    const unbound = await print();
    expect(unbound.indexOf('administrator rights')).toBeGreaterThan(0);
    expect(unbound.indexOf('administrator rights')).toBeLessThan(unbound.indexOf('"Statement"'));
    const boundary = 'arn:aws:iam::111122223333:policy/boundary';
    const bound = await print('--permission-boundary', boundary);
    expect(bound).not.toContain('administrator rights');
    expect(bound).toContain(`"iam:PermissionsBoundary": "${boundary}"`);
  });

  it('limits what it reads itself wherever AWS lets it, and says so only where AWS does not', async () => {
    await using folder = await temporaryFolder();
    await folder.put('jenkins-aws.config.yaml', GOOD);
    const { events } = await runCli(['permissions', '--json', '--account-id', '111122223333'], { cwd: folder.path });
    const { single } = (events.at(-1)?.data ?? {}) as { single: PolicySet };
    const reasonOf = new Map(single.reasons.map(({ action, reason, scope }) => [action, `${reason} · ${scope}`]));
    for (const { Action, Resource } of single.documents.flatMap(({ Statement }) => Statement)) {
      for (const action of Resource.includes('*') ? Action : []) {
        const limitable = await canBeLimited(action);
        const reason = reasonOf.get(action) ?? '';
        if (limitable)
          expect([action, reason]).toEqual([action, expect.stringMatching(/among all of them|invents|by their tag/)]);
        expect([action, limitable && /AWS limits this action to no resource/.test(reason)]).toEqual([action, false]);
      }
    }
  });
});

describe('what plan writes', () => {
  it('fails rather than overwrite the config or fill a folder of other files', async () => {
    await using folder = await temporaryFolder();
    const path = await folder.put('jenkins-aws.config.yaml', GOOD);
    for (const args of [
      ['--diagram', path],
      ['--out', folder.path],
    ]) {
      const { code, stderr } = await runCli(['plan', '-c', path, ...args]);
      expect([code, stderr]).toEqual([2, expect.stringMatching(/CLI_FILE_EXISTS/)]);
    }
    expect(await readdir(folder.path)).toEqual(['jenkins-aws.config.yaml']);
    expect(await readFile(path, 'utf8')).toBe(GOOD);
  });

  it('may be cut off by its reader', async () => {
    await using folder = await temporaryFolder();
    const path = await folder.put('jenkins-aws.config.yaml', GOOD);
    const command = `"${process.execPath}" "${BIN}" plan --json -c "${path}" | true`;
    const { stderr } = await promisify(execFile)('sh', ['-c', command]);
    expect(stderr).toBe('');
  });
});

describe('completion', () => {
  it('offers the commands and their options', async () => {
    expect((await runCli(['complete', '--', ''])).stdout).toMatch(/deploy/);
    expect((await runCli(['complete', '--', 'deploy', '--'])).stdout).toMatch(/--emulator/);
    expect((await runCli(['complete', 'bash'])).stdout).toMatch(/jenkins-aws/);
  });
});
