import { ACMClient, RequestCertificateCommand } from '@aws-sdk/client-acm';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  type Stack,
  UpdateStackCommand,
  waitUntilStackCreateComplete,
  waitUntilStackDeleteComplete,
  waitUntilStackUpdateComplete,
} from '@aws-sdk/client-cloudformation';
import { DescribeFileSystemsCommand, EFSClient } from '@aws-sdk/client-efs';
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
/** What a team has before it takes a file of ours. */
let team: Parameters;

beforeAll(async () => {
  emulator = await startTestEmulator();
  cloudFormation = new CloudFormationClient(emulator.client);
  const requested = await new ACMClient(emulator.client).send(
    new RequestCertificateCommand({ DomainName: 'jenkins.example.com' }),
  );
  certificateArn = requested.CertificateArn ?? '';
  team = await surroundings('team', 2);
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

/** A network and a home, and what the parameters of other files are called for it. */
async function surroundings(name: string, zones: 2 | 3, options: Parameters = {}) {
  const { text } = templateNamed(`network-${zones}-zones.json`);
  const { VpcId = '', PrivateSubnetIds = '', PublicSubnetIds = '' } = outputsOf(await create(name, text, options));
  const network = { VpcId, PrivateSubnetIds, ZoneCount: String(zones) };
  const home = outputsOf(await create(`${name}-home`, templateNamed('home-efs.json').text, network));
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

describe.each(templates)('$folder/templates/$fileName', ({ text, template }) => {
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
    const stack = await create('bare', text, valuesFor(declared, team));
    expect(stack.StackStatus).toBe('CREATE_COMPLETE');
    const resolved = outputsOf(stack);
    const always = Object.keys(outputs).filter((name) => outputs[name]?.Condition === undefined);
    expect(Object.keys(resolved).sort()).toEqual(always.sort());
    for (const [name, value] of Object.entries(resolved)) {
      expect(value, name).toMatch(/^[^\s{}$]+( [^{}$]+)*$/);
      expect(value, name).not.toMatch(/^None$|undefined|null|Token\[/);
    }
    await remove('bare');
  });
});

describe('a controller with everything that its parameters offer', () => {
  const { text, template } = templateNamed('controller-ec2-efs.json');
  const declared = template.Parameters as Declared;
  let known: Parameters;
  beforeAll(async () => {
    known = await surroundings('large', 3, {
      VpcAddress: '10.20.16.0',
      VpcPrefixLength: '20',
      NatGateways: 'per-zone',
    });
  });
  it('lies in three zones, under its own name, bounded, and open to more than one range', async () => {
    const chosen = {
      ...{ DomainName: 'jenkins.example.com', Scheme: 'internet-facing', AllowedCidr2: '198.51.100.0/24' },
      ...{
        InstanceType: 'm7i.large',
        Architecture: 'x86_64',
        HomeThroughput: 'bursting',
        AlarmEmail: 'ops@example.com',
      },
      ...{ PermissionsBoundaryArn: 'arn:aws:iam::123456789012:policy/bound', RolePath: '/teams/ci/' },
    };
    const stack = await create('full', text, valuesFor(declared, known, chosen));
    const outputs = outputsOf(stack);
    expect(outputs.Url).toBe('https://jenkins.example.com/');
    expect(outputs.RoleArn).toMatch(/:role\/teams\/ci\//);
    const { StackResources = [] } = await cloudFormation.send(new DescribeStackResourcesCommand({ StackName: 'full' }));
    const made = StackResources.map(({ ResourceType, LogicalResourceId = '' }) => [ResourceType, LogicalResourceId]);
    expect(made.filter(([type]) => type === 'AWS::EFS::MountTarget')).toHaveLength(3);
    expect(made.filter(([type]) => type === 'AWS::SNS::Subscription')).toHaveLength(1);
    expect(made.filter(([, id = '']) => id.startsWith('AllowedCidr'))).toHaveLength(2);
    await remove('full');
  });

  it.each([
    ['a range that lets the internet in', { AllowedCidr: '0.0.0.0/0' }, /AllowedCidr.*between \/8 and \/32/],
    ['a subnet of another VPC', { VpcId: 'vpc-0123456789abcdef0' }, /vpc-0123456789abcdef0|must be a subnet of VpcId/],
    ['a version that is no LTS release', { JenkinsVersion: '2.500' }, /JenkinsVersion.*long-term support release/],
  ])('fails for %s before anything is made', async (_, wrong, message) => {
    await expect(create('refused', text, valuesFor(declared, known, wrong))).rejects.toThrowError(message);
    const gone = cloudFormation.send(new DescribeStacksCommand({ StackName: 'refused' }));
    await expect(gone).rejects.toThrowError(/does not exist/);
  });
});

describe('what outlives a controller', () => {
  const homes = async () => {
    const { FileSystems = [] } = await new EFSClient(emulator.client).send(new DescribeFileSystemsCommand({}));
    return FileSystems.map(({ FileSystemId }) => FileSystemId);
  };

  it('is a home of its own, which the next controller takes up', async () => {
    const { text, template } = templateNamed('controller-ec2.json');
    const values = valuesFor(template.Parameters as Declared, team);
    for (const stackName of ['first-controller', 'second-controller']) {
      await create(stackName, text, values);
      await remove(stackName);
    }
    expect(await homes()).toContain(team.FileSystemId);
  });

  it('is the home of a stack that had everything', async () => {
    const { text, template } = templateNamed('controller-ec2-efs.json');
    const { FileSystemId } = outputsOf(
      await create('all-in-one', text, valuesFor(template.Parameters as Declared, team)),
    );
    await remove('all-in-one');
    expect(await homes()).toContain(FileSystemId);
  });
});

describe('a network that becomes safer', () => {
  it('gets the other gateways without moving a subnet', async () => {
    const { text } = templateNamed('network-2-zones.json');
    const before = outputsOf(await create('grows', text, { VpcAddress: '10.70.0.0' }));
    await cloudFormation.send(
      new UpdateStackCommand({
        StackName: 'grows',
        TemplateBody: text,
        Parameters: [
          { ParameterKey: 'VpcAddress', UsePreviousValue: true },
          { ParameterKey: 'NatGateways', ParameterValue: 'per-zone' },
        ],
      }),
    );
    await waitUntilStackUpdateComplete({ client: cloudFormation, ...WAIT }, { StackName: 'grows' });
    const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: 'grows' }));
    const { NatAddresses = '', ...after } = outputsOf(Stacks[0] ?? {});
    const { NatAddresses: first = '', ...same } = before;
    expect(after).toEqual(same);
    expect(NatAddresses.split(',')).toEqual([first, expect.stringMatching(/^[\d.]+$/)]);
  });
});
