import { writeFile } from 'node:fs/promises';
import { isJenkinsAwsError } from '@jenkins-aws/core';
import { accessOptionsSchema, masterOptionsSchema } from '@jenkins-aws/master';
import { checkAllowedCidrs } from '@jenkins-aws/network';
import {
  CONFIG_FILE_NAMES,
  parseConfig,
  platformConfigSchema,
  renderStarterConfig,
  type StarterConfigOptions,
} from '@jenkins-aws/platform';
import type { CommandContext, CommonOptions } from '../command-context.js';
import { CliError } from '../errors.js';
import { cliEvents } from '../events.js';
import { unwritable } from '../files.js';
import { programName } from '../terminal/program-name.js';

export interface InitOptions extends CommonOptions {
  readonly yes?: boolean;
  readonly name?: string;
  readonly region?: string;
  readonly allowedCidr?: readonly string[];
  readonly email?: string;
}

/** Where editors find the JSON schema: the copy that the package ships. */
const SCHEMA_URL = 'https://unpkg.com/@jenkins-aws/platform/config.schema.json';

/** Writes a config file that `plan` accepts as it is. Never overwrites one. */
export async function init({ options, output }: CommandContext<InitOptions>): Promise<void> {
  const file = options.config ?? CONFIG_FILE_NAMES[0];
  if (!/\.ya?ml$/.test(file)) throw new CliError('CLI_USAGE', `init writes YAML: name a .yaml file, got '${file}'`);
  const defaults: StarterConfigOptions = {
    name: options.name ?? 'ci',
    region: options.region ?? 'us-east-1',
    master: 'main',
    allowedCidrs: options.allowedCidr ?? ['10.0.0.0/16'],
    access: { kind: 'plain-http', reason: 'a first rehearsal, reached from inside the VPC only' },
    schemaUrl: SCHEMA_URL,
    ...(options.email === undefined ? {} : { email: options.email }),
  };
  const asked = options.yes ? defaults : await ask(defaults);
  const text = renderStarterConfig(asked);
  // Before it is written: a file that `plan` would refuse is of no use.
  try {
    parseConfig({ text, fileName: file, schema: platformConfigSchema });
  } catch (cause) {
    // Not the loader's own message: it names lines of a file that does not exist.
    const problems = isJenkinsAwsError(cause) ? cause.problems : [];
    const listed = problems.map(({ message }) => message).join('; ') || String(cause);
    throw new CliError('CLI_USAGE', `the answers make no config, nothing was written: ${listed}`, { cause, problems });
  }
  try {
    await writeFile(file, text, { flag: 'wx' });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw unwritable(file, cause);
    throw new CliError(
      'CLI_FILE_EXISTS',
      `${file} exists and is not overwritten; move it away or name another with -c`,
    );
  }
  const given = options.config === undefined ? '' : ` -c ${file}`;
  output.result(
    cliEvents.initFinished({ file }),
    `Wrote ${file}. Next: ${programName()} plan${given}, then ${programName()} deploy${given} --emulator for a rehearsal.`,
  );
}

const platform = platformConfigSchema.shape;
const hostedZone = accessOptionsSchema.shape.hostedZone.unwrap().shape;
const emailSchema = masterOptionsSchema.shape.alarms.unwrap().shape.emails.unwrap().element;

/** A prompt's check by the config's own schema: an answer that the config would refuse is refused at once. */
function fits(schema: Pick<typeof platform.name, 'safeParse'>): (answer: string | undefined) => string | undefined {
  return (answer) => schema.safeParse(answer ?? '').error?.issues[0]?.message;
}

const rangesOf = (answer: string) => answer.split(',').map((range) => range.trim());

async function ask(defaults: StarterConfigOptions): Promise<StarterConfigOptions> {
  if (!process.stdin.isTTY) {
    throw new CliError('CLI_CONFIRMATION_NEEDED', 'init asks questions and this is no terminal; add --yes');
  }
  const { group, select, text } = await import('@clack/prompts');
  const cancel = () => {
    throw new CliError('CLI_DECLINED', 'nothing was written');
  };
  const answers = await group(
    {
      name: () => text({ message: 'Name of the platform', initialValue: defaults.name, validate: fits(platform.name) }),
      region: () => text({ message: 'AWS region', initialValue: defaults.region, validate: fits(platform.region) }),
      cidrs: () =>
        text({
          message: 'Ranges that may reach the dashboard, separated by commas',
          initialValue: defaults.allowedCidrs.join(', '),
          validate: (answer = '') => checkAllowedCidrs(rangesOf(answer))[0]?.message,
        }),
      way: () =>
        select({
          message: 'How do people reach it?',
          options: [
            {
              value: 'domain',
              label: 'HTTPS under a name in a Route 53 zone',
              hint: 'certificate and record are made',
            },
            { value: 'certificate', label: 'HTTPS with an ACM certificate that exists' },
            { value: 'plain-http', label: 'HTTP on an internal load balancer', hint: 'needs a reason' },
          ],
        }),
      email: () =>
        text({
          message: 'Who gets the alarms? (e-mail, empty for nobody)',
          defaultValue: '',
          validate: (answer = '') => (answer === '' ? undefined : fits(emailSchema)(answer)),
        }),
    },
    { onCancel: cancel },
  );
  const access = await askAccess(String(answers.way), cancel);
  return {
    ...defaults,
    name: answers.name,
    region: answers.region,
    allowedCidrs: rangesOf(answers.cidrs),
    access,
    ...(answers.email ? { email: answers.email } : {}),
  };
}

async function askAccess(way: string, onCancel: () => void): Promise<StarterConfigOptions['access']> {
  const { group, text } = await import('@clack/prompts');
  if (way === 'domain') {
    const { domainName, zoneName, zoneId } = await group(
      {
        domainName: () =>
          text({
            message: 'Domain name',
            placeholder: 'jenkins.example.com',
            validate: fits(accessOptionsSchema.shape.domainName.unwrap()),
          }),
        zoneName: () =>
          text({ message: 'Name of its hosted zone', placeholder: 'example.com', validate: fits(hostedZone.name) }),
        zoneId: () =>
          text({
            message: 'Id of the hosted zone',
            placeholder: 'Z0123456789ABCDEFGHIJ',
            validate: fits(hostedZone.id),
          }),
      },
      { onCancel },
    );
    return { kind: 'domain', domainName, zoneName, zoneId };
  }
  if (way === 'certificate') {
    const { certificateArn } = await group(
      {
        certificateArn: () =>
          text({
            message: 'ARN of the certificate',
            validate: fits(accessOptionsSchema.shape.certificateArn.unwrap()),
          }),
      },
      { onCancel },
    );
    return { kind: 'certificate', certificateArn };
  }
  const { reason } = await group(
    {
      reason: () =>
        text({
          message: 'Why is traffic without TLS acceptable here?',
          validate: fits(accessOptionsSchema.shape.plainHttp.unwrap().shape.reason),
        }),
    },
    { onCancel },
  );
  return { kind: 'plain-http', reason };
}
