import { ACMClient, RequestCertificateCommand } from '@aws-sdk/client-acm';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  type Stack,
  waitUntilStackCreateComplete,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  startTestEmulator,
  type TestEmulator,
} from '../../../../packages/emulator/test/support/start-test-emulator.js';
import { shippedTemplates } from '../../lib/templates.mjs';

const templates = shippedTemplates();
const WAIT = { minDelay: 1, maxDelay: 1, maxWaitTime: 120 };

let emulator: TestEmulator;
let cloudFormation: CloudFormationClient;
let certificateArn: string;

beforeAll(async () => {
  emulator = await startTestEmulator();
  cloudFormation = new CloudFormationClient(emulator.client);
  const requested = await new ACMClient(emulator.client).send(
    new RequestCertificateCommand({ DomainName: 'jenkins.example.com' }),
  );
  certificateArn = requested.CertificateArn ?? '';
});
afterAll(() => emulator?.stop());

const templateNamed = (fileName: string) =>
  templates.find((shipped) => shipped.fileName === fileName) ?? expect.fail(`nobody ships ${fileName}`);

type Parameters = Record<string, string>;

/** One CreateStack and nothing else; what the stack is in the end. */
async function create(stackName: string, templateBody: string, parameters: Parameters): Promise<Stack> {
  await cloudFormation.send(
    new CreateStackCommand({
      StackName: stackName,
      TemplateBody: templateBody,
      Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      })),
      Capabilities: ['CAPABILITY_IAM'],
    }),
  );
  await waitUntilStackCreateComplete({ client: cloudFormation, ...WAIT }, { StackName: stackName }).catch(async () => {
    const { StackEvents = [] } = await cloudFormation.send(new DescribeStackEventsCommand({ StackName: stackName }));
    const reasons = StackEvents.filter(({ ResourceStatus = '' }) => ResourceStatus.endsWith('_FAILED'));
    expect.fail(reasons.map((event) => `${event.LogicalResourceId}: ${event.ResourceStatusReason}`).join('\n'));
  });
  const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: stackName }));
  return Stacks?.[0] ?? expect.fail(`no stack ${stackName}`);
}

async function remove(stackName: string): Promise<void> {
  await cloudFormation.send(new DeleteStackCommand({ StackName: stackName }));
  await waitUntilStackDeleteComplete({ client: cloudFormation, ...WAIT }, { StackName: stackName });
}

const outputsOf = ({ Outputs = [] }: Stack): Parameters =>
  Object.fromEntries(Outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));

/** What a team has before it takes a file of ours: a network, and where a home is asked for, one of those. */
async function surroundings(zones: 2 | 3) {
  const { text } = templateNamed(`network-${zones}-zones.json`);
  const { VpcId = '', PrivateSubnetIds = '', PublicSubnetIds = '' } = outputsOf(await create('foreign', text, {}));
  const network = { VpcId, PrivateSubnetIds, ZoneCount: String(zones) };
  const home = outputsOf(await create('foreign-home', templateNamed('home-efs.json').text, network));
  return {
    ...network,
    LoadBalancerSubnetIds: PublicSubnetIds,
    ...home,
    AllowedCidr: '203.0.113.0/24',
    CertificateArn: certificateArn,
    PlainHttpReason: 'reached over the VPN only',
  };
}

type Declared = Record<string, { Default?: unknown; Description?: string; AllowedValues?: string[] }>;

/** The values that a template asks for: what has no default, and what else is told. */
function valuesFor(declared: Declared, known: Parameters, more: Parameters = {}): Parameters {
  const given = { ...known, ...more };
  const needed = Object.keys(declared).filter(
    (name) => declared[name]?.Default === undefined || name === 'ZoneCount' || name in more,
  );
  return Object.fromEntries(needed.map((name) => [name, given[name] ?? expect.fail(`no value is known for ${name}`)]));
}

describe.each(templates)('$folder/templates/$fileName', ({ fileName, text, template }) => {
  const declared = (template.Parameters ?? {}) as Declared;
  const outputs = (template.Outputs ?? {}) as Record<string, { Description?: string; Condition?: string }>;

  it('says of every parameter and every output what it is', () => {
    const undocumented = Object.entries({ ...declared, ...outputs }).filter(([, { Description = '' }]) => !Description);
    expect(undocumented).toEqual([]);
    expect(Object.keys(outputs)).not.toEqual([]);
  });

  it('is small enough for a request, and needs no bucket, no custom resource and no export', () => {
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(51_200);
    expect(text).not.toMatch(
      /AWS::CloudFormation::CustomResource|"Custom::|AWS::Lambda|Fn::ImportValue|"Export"|cdk-hnb/,
    );
  });

  it('becomes a stack by one CreateStack, with every output resolved, and goes again', async () => {
    const known = await surroundings(2);
    const stack = await create('bare', text, valuesFor(declared, known));
    expect(stack.StackStatus).toBe('CREATE_COMPLETE');
    const resolved = outputsOf(stack);
    const always = Object.keys(outputs).filter((name) => outputs[name]?.Condition === undefined);
    expect(Object.keys(resolved).sort()).toEqual(always.sort());
    for (const [name, value] of Object.entries(resolved)) {
      expect(value, name).toMatch(/^[^\s{}$]+( [^{}$]+)*$/);
      expect(value, name).not.toMatch(/^None$|undefined|null|Token\[/);
    }
    await remove('bare');
    await remove('foreign-home');
    await remove('foreign');
    expect(fileName).toMatch(/\.json$/);
  });
});
