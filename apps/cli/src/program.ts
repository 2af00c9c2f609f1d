import { Argument, Command, Option } from 'commander';
import type { CommonOptions } from './command-context.js';
import type { EmulatorFaultOptions } from './commands/emulator-fault.js';
import { runCommand } from './run-command.js';

const ALLOW_REPLACEMENT = 'let these protected resources be replaced: LogicalId or stack/LogicalId';
const ASSUME_ROLE = 'work as this role, e.g. of another account (default: who you are)';
const ROLE_ARN = 'role by which CloudFormation works (default: your own permissions)';

/** A command that works on a platform. */
function platformCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('-c, --config <file>', 'config file (default: jenkins-aws.config.{yaml,yml,json} here)')
    .option('--json', 'one JSON object a line for programs, the result last');
}

function accountCommand(name: string, description: string): Command {
  return platformCommand(name, description)
    .option('--emulator', 'work in the embedded AWS, which is started or reused (default: the AWS of your environment)')
    .option('--assume-role <arn>', ASSUME_ROLE);
}

/** A command that changes stacks. */
function stackCommand(name: string, description: string): Command {
  return accountCommand(name, description).option('--yes', 'do not ask').option('--role-arn <arn>', ROLE_ARN);
}

/** So that a line can be edited from `deploy --emulator` to `plan --emulator` and back. */
function emulatorIsNotNeeded(): Option {
  return new Option('--emulator', 'accepted and not needed: this command asks no AWS');
}

/**
 * Every command and its arguments. What a command does is loaded when it runs, so that `--help` loads nothing but
 * this.
 */
export function createProgram(version: string): Command {
  const program = new Command('jenkins-aws')
    .description('The best way to run Jenkins on AWS: one small file becomes a production platform.')
    .version(version)
    .showHelpAfterError('(run with --help)')
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 refused or failed, 2 bad input.\nShell completion: source <(jenkins-aws complete zsh), or bash, fish, powershell.',
    );

  program.addCommand(
    platformCommand('init', 'write a commented config file')
      .addOption(emulatorIsNotNeeded())
      .option('--yes', 'ask nothing, take what the options say and the defaults')
      .option('--name <name>', 'name of the platform')
      .option('--region <region>', 'AWS region')
      .option('--allowed-cidr <range...>', 'ranges that may reach the dashboard')
      .option('--email <address>', 'who gets the alarms')
      .action(async (options) => runCommand(options, (await import('./commands/init.js')).init)),
  );
  program.addCommand(
    platformCommand('plan', 'show what a deploy makes and what it costs; needs no account and no network, unless saved')
      .option('--save <file>', 'review it in the account, where one is reachable, and keep that for deploy --plan')
      .option('--allow-replacement <id...>', ALLOW_REPLACEMENT)
      .option('--role-arn <arn>', ROLE_ARN)
      .option('--assume-role <arn>', ASSUME_ROLE)
      .option('--emulator', 'with --save: review it in the embedded AWS; otherwise accepted and not needed')
      .option('--diagram <file>', 'write an architecture picture (SVG)')
      .option('--out <directory>', 'write every template and rendered file')
      .action(async (options) => runCommand(options, (await import('./commands/plan.js')).plan)),
  );
  program.addCommand(
    stackCommand('deploy', 'make the account what the config says; stacks of masters that left it are removed')
      .option('--plan <file>', 'execute exactly what plan --save reviewed, or refuse with what moved since')
      .option(
        '--remove-master <name...>',
        'with --yes: masters that left the config and whose stacks and logs shall go',
      )
      .option('--allow-replacement <id...>', ALLOW_REPLACEMENT)
      .option('--continue-rollback', 'take up again a rollback that failed, before anything else')
      .option('--skip-resource <stack/LogicalId...>', 'resources that a continued rollback leaves as they are')
      .action(async (options) =>
        runCommand(options, (await import('./commands/deploy.js')).deploy, { endsStep: true }),
      ),
  );
  program.addCommand(
    accountCommand('status', 'show what runs now').action(async (options) =>
      runCommand(options, (await import('./commands/status.js')).status),
    ),
  );
  program.addCommand(
    stackCommand('destroy', 'delete the platform; homes and artifacts stay, and are listed with their cost')
      .option(
        '--delete-data <platform>',
        'delete homes and artifacts, too, for good, after a list of them: type the name of the platform',
      )
      .action(async (options) =>
        runCommand(options, (await import('./commands/destroy.js')).destroy, { endsStep: true }),
      ),
  );
  program.addCommand(
    accountCommand(
      'leftovers',
      'show what of the platform no stack owns, with its cost; exit code 1 when some of it holds no data',
    ).action(async (options) => runCommand(options, (await import('./commands/leftovers.js')).leftovers)),
  );
  program.addCommand(
    accountCommand(
      'drift',
      'compare what runs with what was deployed; exit code 1 on a difference, what nobody looked at is said',
    ).action(async (options) => runCommand(options, (await import('./commands/drift.js')).drift)),
  );
  program.addCommand(
    platformCommand('permissions', 'print the IAM policy that a deploy of this config needs; needs no account')
      .addOption(emulatorIsNotNeeded())
      .option('--split', 'one policy for a CloudFormation service role, and a small one for whoever deploys with it')
      .option('--account-id <id>', 'limit the policies to this account; needed with --split (default: any account)')
      .option(
        '--permission-boundary <arn>',
        'managed policy that every role must be made with (default: iam.permissionsBoundary of the config)',
      )
      .action(async (options) => runCommand(options, (await import('./commands/permissions.js')).permissions)),
  );
  program.addCommand(artifactsCommand());
  program.addCommand(emulatorCommand());
  return program;
}

function artifactsCommand(): Command {
  const artifacts = new Command('artifacts').description('what lies in the platform’s bucket');
  artifacts.addCommand(
    accountCommand('list', 'show the artifacts and the last deployments').action(async (options) =>
      runCommand(options, (await import('./commands/artifacts.js')).artifactsList),
    ),
  );
  artifacts.addCommand(
    accountCommand('prune', 'delete what no live stack and none of the last deployments names')
      .option('--keep <number>', 'of so many of the last deployments everything stays (default: 10)')
      .option('--yes', 'do not ask')
      .action(async (options) => runCommand(options, (await import('./commands/artifacts.js')).artifactsPrune)),
  );
  return artifacts;
}

function emulatorCommand(): Command {
  const emulator = new Command('emulator').description('the embedded AWS for rehearsals');
  const verbs = {
    start: 'start it, or find it running; what was in it is there again',
    stop: 'stop it and keep what is in it',
    reset: 'delete everything in it',
    status: 'show whether and where it runs',
  } as const;
  for (const [verb, description] of Object.entries(verbs)) {
    const command = new Command(verb)
      .description(description)
      .option('--json', 'one JSON object a line for programs, the result last');
    if (verb === 'start')
      command.option('--port <number>', 'port on 127.0.0.1 (default: the one that it had last, at first 4597)');
    command.action(async (options: CommonOptions & { port?: string }) => {
      const { emulatorCommands } = await import('./commands/emulator.js');
      await runCommand(options, emulatorCommands[verb as keyof typeof verbs]);
    });
    emulator.addCommand(command);
  }
  emulator.addCommand(
    new Command('fault')
      .description('let a share of the calls fail, for a rehearsal; without options, list what is set')
      .addArgument(new Argument('[list]', 'show what is set and how often it struck').choices(['list']))
      .option('--service <name>', 'as in an IAM policy, such as ec2 (default: every service)')
      .option('--operation <name>', 'such as RunInstances (default: every operation)')
      .option('--rate <share>', 'share of the calls that fails, more than 0 to 1 (default: 1)')
      .option('--error <code>', 'such as Throttling, AccessDenied or ConnectionReset (default: Throttling)')
      .option('--status <number>', 'HTTP status (default: what AWS sends with the error)')
      .addOption(
        new Option('--during <phase>', 'only what CloudFormation calls in this phase (default: always)').choices([
          'rollback',
        ]),
      )
      .option('--clear', 'remove every fault')
      .option('--json', 'one JSON object a line for programs, the result last')
      .action(async (_list: string | undefined, options: EmulatorFaultOptions) =>
        runCommand(options, (await import('./commands/emulator-fault.js')).emulatorFault),
      ),
  );
  return emulator;
}
