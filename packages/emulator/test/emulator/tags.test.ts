import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import {
  AllocateAddressCommand,
  CreateVpcCommand,
  CreateVpcEndpointCommand,
  DescribeAddressesCommand,
  DescribeVpcEndpointsCommand,
  EC2Client,
  type ResourceType,
} from '@aws-sdk/client-ec2';
import {
  GetResourcesCommand,
  ResourceGroupsTaggingAPIClient,
  type ResourceTagMapping,
} from '@aws-sdk/client-resource-groups-tagging-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { controllerTemplate } from '../support/controller-template.js';
import { destroy, settled } from '../support/deploy-template.js';
import { startTestEmulator, type TestEmulator } from '../support/start-test-emulator.js';

let emulator: TestEmulator;
let cloudformation: CloudFormationClient;
beforeAll(async () => {
  emulator = await startTestEmulator();
  cloudformation = new CloudFormationClient(emulator.client);
});
afterAll(() => emulator.stop());

const PLATFORM = { Key: 'jenkins:platform', Value: 'rehearsal' };

async function tagged(region = 'eu-central-1', more: object = {}): Promise<ResourceTagMapping[]> {
  const client = new ResourceGroupsTaggingAPIClient({ ...emulator.client, region });
  const TagFilters = [{ Key: PLATFORM.Key, Values: [PLATFORM.Value] }];
  return (await client.send(new GetResourcesCommand({ TagFilters, ...more }))).ResourceTagMappingList ?? [];
}

/** `service:type` of an ARN, as the API filters by them. */
function typeOf({ ResourceARN = '' }: ResourceTagMapping): string {
  const [, , service, , , ...rest] = ResourceARN.split(':');
  const resource = rest.join(':');
  return service === 's3' || service === 'sns' ? `${service}` : `${service}:${resource.split(/[/:]/)[0]}`;
}

test('finds every taggable resource of a stack by the tag of the stack', async () => {
  const controller = controllerTemplate();
  const template = {
    ...controller,
    Resources: {
      ...controller.Resources,
      Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'tagged-here' } },
      Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: { Version: '2012-10-17', Statement: [] } } },
      Parameter: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/tagged', Type: 'String', Value: 'x' } },
      Certificate: { Type: 'AWS::CertificateManager::Certificate', Properties: { DomainName: 'jenkins.example.com' } },
      Zone: { Type: 'AWS::Route53::HostedZone', Properties: { Name: 'example.com' } },
      Allowed: {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: {
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' }],
          },
        },
      },
    },
  };
  await cloudformation.send(
    new CreateStackCommand({
      StackName: 'tagged',
      TemplateBody: JSON.stringify(template),
      Tags: [PLATFORM],
      Capabilities: ['CAPABILITY_NAMED_IAM'],
    }),
  );
  expect((await settled(cloudformation, 'tagged')).StackStatus).toBe('CREATE_COMPLETE');
  const found = await tagged();
  expect([...new Set(found.map(typeOf))].sort()).toEqual([
    'acm:certificate',
    'cloudformation:stack',
    'cloudwatch:alarm',
    'ec2:elastic-ip',
    'ec2:instance',
    'ec2:internet-gateway',
    'ec2:launch-template',
    'ec2:natgateway',
    'ec2:route-table',
    'ec2:security-group',
    'ec2:subnet',
    'ec2:vpc',
    'ec2:vpc-endpoint',
    'elasticfilesystem:access-point',
    'elasticfilesystem:file-system',
    'elasticloadbalancing:listener',
    'elasticloadbalancing:loadbalancer',
    'elasticloadbalancing:targetgroup',
    'kms:key',
    'logs:log-group',
    's3',
    'sns',
    'ssm:parameter',
  ]);
  const subnets = await tagged('eu-central-1', { ResourceTypeFilters: ['ec2:subnet'] });
  expect(subnets).toHaveLength(4);
  const tags = Object.fromEntries((subnets[0]?.Tags ?? []).map(({ Key, Value }) => [Key, Value]));
  expect(tags).toMatchObject({ 'aws:cloudformation:stack-name': 'tagged', 'jenkins:platform': 'rehearsal' });
  // What belongs to no region is told in one of them, and roles and groups never are.
  expect((await tagged('us-east-1')).map(typeOf).sort()).toEqual(['iam:policy', 'route53:hostedzone']);
});

test('finds only what outlives its stack, by a policy or by a delay of its service', async () => {
  expect((await destroy(cloudformation, 'tagged')).StackStatus).toBe('DELETE_COMPLETE');
  expect((await tagged()).map(typeOf).sort()).toEqual(['elasticfilesystem:file-system', 'kms:key', 'logs:log-group']);
  expect(await tagged('us-east-1')).toEqual([]);
});

test('filters addresses and endpoints by tag, beside those of another platform', async () => {
  const ec2 = new EC2Client(emulator.client);
  const tags = (kind: ResourceType, Value: string) => ({
    TagSpecifications: [{ ResourceType: kind, Tags: [{ Key: PLATFORM.Key, Value }] }],
  });
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.9.0.0/16' }));
  const addresses: string[] = [];
  const endpoints: string[] = [];
  for (const platform of ['one', 'two']) {
    addresses.push(`${(await ec2.send(new AllocateAddressCommand(tags('elastic-ip', platform)))).AllocationId}`);
    const command = new CreateVpcEndpointCommand({
      VpcId: Vpc?.VpcId,
      ServiceName: 'com.amazonaws.eu-central-1.s3',
      ...tags('vpc-endpoint', platform),
    });
    endpoints.push(`${(await ec2.send(command)).VpcEndpoint?.VpcEndpointId}`);
  }
  const ids = async (platform: string, more: { AllocationIds?: string[]; VpcEndpointIds?: string[] } = {}) => {
    const { AllocationIds, VpcEndpointIds } = more;
    const Filters = [{ Name: `tag:${PLATFORM.Key}`, Values: [platform] }];
    const { Addresses } = await ec2.send(new DescribeAddressesCommand({ Filters, AllocationIds }));
    const { VpcEndpoints } = await ec2.send(new DescribeVpcEndpointsCommand({ Filters, VpcEndpointIds }));
    return [Addresses?.map(({ AllocationId }) => AllocationId), VpcEndpoints?.map((each) => each.VpcEndpointId)];
  };
  expect(await ids('two')).toEqual([[addresses[1]], [endpoints[1]]]);
  expect(await ids('three')).toEqual([[], []]);
  const asked = { AllocationIds: addresses.slice(0, 1), VpcEndpointIds: endpoints.slice(0, 1) };
  expect(await ids('two', asked)).toEqual([[], []]);
  expect(await ids('one', asked)).toEqual([[addresses[0]], [endpoints[0]]]);
});
