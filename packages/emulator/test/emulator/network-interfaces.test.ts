import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import {
  CreateNetworkInterfaceCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteNetworkInterfaceCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  EC2Client,
  RunInstancesCommand,
  type Subnet,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { DescribeMountTargetsCommand, EFSClient } from '@aws-sdk/client-efs';
import { DescribeLoadBalancersCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { controllerTemplate } from '../support/controller-template.js';
import { deploy, destroy, outputsOf } from '../support/deploy-template.js';
import { startTestEmulator, type TestEmulator } from '../support/start-test-emulator.js';

let emulator: TestEmulator;
let cloudformation: CloudFormationClient;
let ec2: EC2Client;

beforeAll(async () => {
  emulator = await startTestEmulator();
  cloudformation = new CloudFormationClient(emulator.client);
  ec2 = new EC2Client(emulator.client);
});
afterAll(() => emulator.stop());

const number = (address = '') => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

/** Whether the address is one that AWS gives out in the subnet: not its first four, not its last. */
function isUsable(address: string | undefined, cidr = ''): boolean {
  const [base = '', length] = cidr.split('/');
  const offset = number(address) - number(base);
  return offset >= 4 && offset < 2 ** (32 - Number(length)) - 1;
}

async function subnetsOf(vpcId: string | undefined): Promise<Subnet[]> {
  const Filters = [{ Name: 'vpc-id', Values: [vpcId ?? ''] }];
  return (await ec2.send(new DescribeSubnetsCommand({ Filters }))).Subnets ?? [];
}

async function interfacesOf(vpcId: string | undefined) {
  const Filters = [{ Name: 'vpc-id', Values: [vpcId ?? ''] }];
  return (await ec2.send(new DescribeNetworkInterfacesCommand({ Filters }))).NetworkInterfaces ?? [];
}

test('gives all of a controller stack an address in its subnet, and counts them', { timeout: 60_000 }, async () => {
  const { Vpc, Home } = outputsOf(await deploy(cloudformation, 'addresses', controllerTemplate()));
  const subnets = await subnetsOf(Vpc);
  const interfaces = await interfacesOf(Vpc);
  const kinds = interfaces.map(({ Description = '' }) => Description.replace(/[/ ].*/, ''));
  // An instance, a load balancer in two subnets, two mount targets, one NAT gateway.
  expect(kinds.sort()).toEqual(['', 'EFS', 'EFS', 'ELB', 'ELB', 'Interface']);
  for (const { SubnetId, PrivateIpAddress, AvailabilityZone } of interfaces) {
    const subnet = subnets.find((one) => one.SubnetId === SubnetId);
    expect([PrivateIpAddress, isUsable(PrivateIpAddress, subnet?.CidrBlock)]).toEqual([PrivateIpAddress, true]);
    expect(AvailabilityZone).toBe(subnet?.AvailabilityZone);
  }
  expect(new Set(interfaces.map(({ PrivateIpAddress }) => PrivateIpAddress)).size).toBe(interfaces.length);
  const free = subnets.map(({ SubnetId, AvailableIpAddressCount = 0 }) => [
    251 - AvailableIpAddressCount,
    interfaces.filter((one) => one.SubnetId === SubnetId).length,
  ]);
  expect(free.map(([used]) => used)).toEqual(free.map(([, listed]) => listed));

  const { MountTargets = [] } = await new EFSClient(emulator.client).send(
    new DescribeMountTargetsCommand({ FileSystemId: Home }),
  );
  const known = interfaces.map((one) => `${one.NetworkInterfaceId} ${one.PrivateIpAddress}`);
  expect(known).toEqual(
    expect.arrayContaining(MountTargets.map((one) => `${one.NetworkInterfaceId} ${one.IpAddress}`)),
  );
  const elb = new ElasticLoadBalancingV2Client(emulator.client);
  const { LoadBalancers = [] } = await elb.send(new DescribeLoadBalancersCommand({}));
  const zones = LoadBalancers[0]?.AvailabilityZones?.map(({ ZoneName }) => ZoneName);
  expect(zones).toEqual(['eu-central-1a', 'eu-central-1b']);
  expect(LoadBalancers[0]?.VpcId).toBe(Vpc);

  await destroy(cloudformation, 'addresses');
  expect(await interfacesOf(Vpc)).toEqual([]);
});

test('gives an instance one interface, which ends with it as its volume does', async () => {
  const { Instances = [] } = await ec2.send(
    new RunInstancesCommand({ MinCount: 2, MaxCount: 2, SubnetId: 'subnet-00000002', ImageId: 'ami-1' }),
  );
  const InstanceIds = Instances.map(({ InstanceId = '' }) => InstanceId);
  const filters = (Name: string) => ({ Filters: [{ Name, Values: InstanceIds }] });
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ InstanceIds }));
  const described = Reservations.flatMap((reservation) => reservation.Instances ?? []);
  expect(described.map(({ Placement }) => Placement?.AvailabilityZone)).toEqual(['eu-central-1b', 'eu-central-1b']);
  for (const { PrivateIpAddress, NetworkInterfaces = [] } of described) {
    expect(NetworkInterfaces.map((one) => one.PrivateIpAddress)).toEqual([PrivateIpAddress]);
  }
  const attached = new DescribeNetworkInterfacesCommand(filters('attachment.instance-id'));
  expect((await ec2.send(attached)).NetworkInterfaces).toHaveLength(2);
  await ec2.send(new TerminateInstancesCommand({ InstanceIds }));
  expect((await ec2.send(attached)).NetworkInterfaces).toEqual([]);
  const { Volumes } = await ec2.send(new DescribeVolumesCommand(filters('attachment.instance-id')));
  expect(Volumes).toEqual([]);
});

test('spreads instances that name no subnet over the zones of the default VPC', async () => {
  const run = async (zone?: string) => {
    const Placement = zone === undefined ? undefined : { AvailabilityZone: zone };
    const command = new RunInstancesCommand({ MinCount: 1, MaxCount: 1, ImageId: 'ami-1', Placement });
    return (await ec2.send(command)).Instances?.[0]?.Placement?.AvailabilityZone;
  };
  expect(await run('eu-central-1c')).toBe('eu-central-1c');
  expect(new Set([await run(), await run()])).toEqual(new Set(['eu-central-1a', 'eu-central-1b']));
});

test('fails to launch into a subnet without a free address', async () => {
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.40.0.0/16' }));
  const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId: Vpc?.VpcId, CidrBlock: '10.40.0.0/28' }));
  const SubnetId = Subnet?.SubnetId;
  const { Instances } = await ec2.send(new RunInstancesCommand({ MinCount: 11, MaxCount: 11, SubnetId, ImageId: 'a' }));
  expect(Instances).toHaveLength(11);
  expect((await subnetsOf(Vpc?.VpcId))[0]?.AvailableIpAddressCount).toBe(0);
  await expect(
    ec2.send(new RunInstancesCommand({ MinCount: 1, MaxCount: 1, SubnetId, ImageId: 'a' })),
  ).rejects.toMatchObject({ name: 'InsufficientFreeAddressesInSubnet' });
  const { Reservations } = await ec2.send(
    new DescribeInstancesCommand({ Filters: [{ Name: 'subnet-id', Values: [SubnetId ?? ''] }] }),
  );
  expect(Reservations?.flatMap((reservation) => reservation.Instances)).toHaveLength(11);
});

test('keeps an interface that somebody made beside those of holders, and fails to delete theirs', async () => {
  const { NetworkInterface } = await ec2.send(new CreateNetworkInterfaceCommand({ SubnetId: 'subnet-00000003' }));
  expect(isUsable(NetworkInterface?.PrivateIpAddress, '172.31.32.0/20')).toBe(true);
  expect(NetworkInterface?.Status).toBe('available');
  const { Instances } = await ec2.send(
    new RunInstancesCommand({ MinCount: 1, MaxCount: 1, SubnetId: 'subnet-00000003', ImageId: 'a' }),
  );
  const { NetworkInterfaces = [] } = await ec2.send(
    new DescribeNetworkInterfacesCommand({
      Filters: [{ Name: 'attachment.instance-id', Values: [Instances?.[0]?.InstanceId ?? ''] }],
    }),
  );
  const remove = (NetworkInterfaceId: string | undefined) =>
    ec2.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId }));
  await expect(remove(NetworkInterfaces[0]?.NetworkInterfaceId)).rejects.toThrow('is currently in use.');
  await remove(NetworkInterface?.NetworkInterfaceId);
  await expect(
    ec2.send(
      new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [NetworkInterface?.NetworkInterfaceId ?? ''] }),
    ),
  ).rejects.toMatchObject({ name: 'InvalidNetworkInterfaceID.NotFound' });
});
