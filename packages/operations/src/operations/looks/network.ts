import { collect, isOfPlatform, type Look, type LookContext, present, resource, tagFilter, tagsOf } from './look.js';

const sdk = () => import('@aws-sdk/client-ec2');

/** The VPC, what is in it and what goes out of it. */
export const NETWORK_LOOKS: readonly Look[] = [
  {
    what: 'VPCs',
    permission: 'ec2:DescribeVpcs',
    async find(context) {
      const { DescribeVpcsCommand } = await sdk();
      const vpcs = await collect(
        (NextToken) => context.ec2.send(new DescribeVpcsCommand({ ...tagFilter(context), NextToken }), context.abort),
        (page) => page.Vpcs,
        (page) => page.NextToken,
      );
      return vpcs.map(({ VpcId, Tags }) => resource('AWS::EC2::VPC', VpcId, tagsOf(Tags)));
    },
  },
  {
    what: 'subnets',
    permission: 'ec2:DescribeSubnets',
    async find(context) {
      const { DescribeSubnetsCommand } = await sdk();
      const subnets = await collect(
        (NextToken) =>
          context.ec2.send(new DescribeSubnetsCommand({ ...tagFilter(context), NextToken }), context.abort),
        (page) => page.Subnets,
        (page) => page.NextToken,
      );
      return subnets.map(({ SubnetId, Tags }) => resource('AWS::EC2::Subnet', SubnetId, tagsOf(Tags)));
    },
  },
  {
    what: 'route tables',
    permission: 'ec2:DescribeRouteTables',
    async find(context) {
      const { DescribeRouteTablesCommand } = await sdk();
      const tables = await collect(
        (NextToken) =>
          context.ec2.send(new DescribeRouteTablesCommand({ ...tagFilter(context), NextToken }), context.abort),
        (page) => page.RouteTables,
        (page) => page.NextToken,
      );
      return tables.map(({ RouteTableId, Tags }) => resource('AWS::EC2::RouteTable', RouteTableId, tagsOf(Tags)));
    },
  },
  {
    what: 'internet gateways',
    permission: 'ec2:DescribeInternetGateways',
    async find(context) {
      const { DescribeInternetGatewaysCommand } = await sdk();
      const gateways = await collect(
        (NextToken) =>
          context.ec2.send(new DescribeInternetGatewaysCommand({ ...tagFilter(context), NextToken }), context.abort),
        (page) => page.InternetGateways,
        (page) => page.NextToken,
      );
      return gateways.map(({ InternetGatewayId, Tags }) =>
        resource('AWS::EC2::InternetGateway', InternetGatewayId, tagsOf(Tags)),
      );
    },
  },
  {
    what: 'NAT gateways',
    permission: 'ec2:DescribeNatGateways',
    async find(context) {
      const { DescribeNatGatewaysCommand } = await sdk();
      const Filter = tagFilter(context).Filters;
      const gateways = await collect(
        (NextToken) => context.ec2.send(new DescribeNatGatewaysCommand({ Filter, NextToken }), context.abort),
        (page) => page.NatGateways,
        (page) => page.NextToken,
      );
      return gateways
        .filter(({ State }) => State !== 'deleted')
        .map(({ NatGatewayId, Tags }) => resource('AWS::EC2::NatGateway', NatGatewayId, tagsOf(Tags)));
    },
  },
  {
    what: 'elastic IP addresses',
    permission: 'ec2:DescribeAddresses',
    async find(context) {
      const { DescribeAddressesCommand } = await sdk();
      const { Addresses = [] } = await context.ec2.send(
        new DescribeAddressesCommand(tagFilter(context)),
        context.abort,
      );
      return Addresses.map(({ AllocationId, PublicIp, Tags }) =>
        resource('AWS::EC2::EIP', PublicIp, tagsOf(Tags), { belongsTo: present([AllocationId]) }),
      );
    },
  },
  {
    what: 'VPC endpoints',
    permission: 'ec2:DescribeVpcEndpoints',
    async find(context) {
      const { DescribeVpcEndpointsCommand } = await sdk();
      const endpoints = await collect(
        (NextToken) =>
          context.ec2.send(new DescribeVpcEndpointsCommand({ ...tagFilter(context), NextToken }), context.abort),
        (page) => page.VpcEndpoints,
        (page) => page.NextToken,
      );
      return endpoints
        .filter(({ State }) => State?.toLowerCase() !== 'deleted')
        .map(({ VpcEndpointId, VpcEndpointType, Tags }) =>
          resource('AWS::EC2::VPCEndpoint', VpcEndpointId, tagsOf(Tags), { properties: { VpcEndpointType } }),
        );
    },
  },
  {
    what: 'network interfaces',
    permission: 'ec2:DescribeNetworkInterfaces',
    async find(context) {
      const { DescribeNetworkInterfacesCommand } = await sdk();
      const interfaces = await collect(
        (NextToken) =>
          context.ec2.send(new DescribeNetworkInterfacesCommand({ ...tagFilter(context), NextToken }), context.abort),
        (page) => page.NetworkInterfaces,
        (page) => page.NextToken,
      );
      return interfaces.map(({ NetworkInterfaceId, Attachment, TagSet }) =>
        resource('AWS::EC2::NetworkInterface', NetworkInterfaceId, tagsOf(TagSet), {
          belongsTo: present([Attachment?.InstanceId]),
        }),
      );
    },
  },
  {
    what: 'security groups',
    permission: 'ec2:DescribeSecurityGroups',
    async find(context) {
      const { DescribeSecurityGroupsCommand } = await sdk();
      const groups = await collect(
        (NextToken) =>
          context.ec2.send(new DescribeSecurityGroupsCommand({ ...tagFilter(context), NextToken }), context.abort),
        (page) => page.SecurityGroups,
        (page) => page.NextToken,
      );
      return groups.map(({ GroupId, Tags }) => resource('AWS::EC2::SecurityGroup', GroupId, tagsOf(Tags)));
    },
  },
  {
    what: 'load balancers',
    permission: 'elasticloadbalancing:DescribeLoadBalancers',
    async find(context) {
      const { DescribeLoadBalancersCommand } = await import('@aws-sdk/client-elastic-load-balancing-v2');
      const balancers = await collect(
        (Marker) => context.loadBalancing.send(new DescribeLoadBalancersCommand({ Marker }), context.abort),
        (page) => page.LoadBalancers,
        (page) => page.NextMarker,
      );
      const typeByArn = new Map(balancers.map(({ LoadBalancerArn = '', Type }) => [LoadBalancerArn, Type]));
      const tagged = await balancingTags(context, [...typeByArn.keys()]);
      return tagged.map(({ arn, tags }) =>
        resource('AWS::ElasticLoadBalancingV2::LoadBalancer', arn, tags, { properties: { Type: typeByArn.get(arn) } }),
      );
    },
  },
  {
    what: 'target groups',
    permission: 'elasticloadbalancing:DescribeTargetGroups',
    async find(context) {
      const { DescribeTargetGroupsCommand } = await import('@aws-sdk/client-elastic-load-balancing-v2');
      const groups = await collect(
        (Marker) => context.loadBalancing.send(new DescribeTargetGroupsCommand({ Marker }), context.abort),
        (page) => page.TargetGroups,
        (page) => page.NextMarker,
      );
      const tagged = await balancingTags(context, present(groups.map(({ TargetGroupArn }) => TargetGroupArn)));
      return tagged.map(({ arn, tags }) => resource('AWS::ElasticLoadBalancingV2::TargetGroup', arn, tags));
    },
  },
];

/** Those of the platform among the ARNs, with their tags. A call takes twenty. */
async function balancingTags(context: LookContext, arns: readonly string[]) {
  const { DescribeTagsCommand } = await import('@aws-sdk/client-elastic-load-balancing-v2');
  const found: { arn: string; tags: ReturnType<typeof tagsOf> }[] = [];
  for (let first = 0; first < arns.length; first += 20) {
    const command = new DescribeTagsCommand({ ResourceArns: arns.slice(first, first + 20) });
    const { TagDescriptions = [] } = await context.loadBalancing.send(command, context.abort);
    found.push(...TagDescriptions.map(({ ResourceArn = '', Tags }) => ({ arn: ResourceArn, tags: tagsOf(Tags) })));
  }
  return found.filter(({ tags }) => isOfPlatform(tags, context));
}
