import { collect } from '../../internal/collect.js';
import { ec2Look } from './ec2-look.js';
import { isOfPlatform, type Look, type LookContext, present, resource, tagsOf } from './look.js';

/** The VPC, what is in it and what goes out of it. */
export const NETWORK_LOOKS: readonly Look[] = [
  ec2Look({
    what: 'VPCs',
    permission: 'ec2:DescribeVpcs',
    ask: ({ ec2, abort }, sdk, input) => ec2.send(new sdk.DescribeVpcsCommand(input), abort),
    itemsOf: (page) => page.Vpcs,
    found: ({ VpcId, Tags }) => resource('AWS::EC2::VPC', VpcId, tagsOf(Tags)),
  }),
  ec2Look({
    what: 'subnets',
    permission: 'ec2:DescribeSubnets',
    ask: ({ ec2, abort }, sdk, input) => ec2.send(new sdk.DescribeSubnetsCommand(input), abort),
    itemsOf: (page) => page.Subnets,
    found: ({ SubnetId, Tags }) => resource('AWS::EC2::Subnet', SubnetId, tagsOf(Tags)),
  }),
  ec2Look({
    what: 'route tables',
    permission: 'ec2:DescribeRouteTables',
    ask: ({ ec2, abort }, sdk, input) => ec2.send(new sdk.DescribeRouteTablesCommand(input), abort),
    itemsOf: (page) => page.RouteTables,
    found: ({ RouteTableId, Tags }) => resource('AWS::EC2::RouteTable', RouteTableId, tagsOf(Tags)),
  }),
  ec2Look({
    what: 'internet gateways',
    permission: 'ec2:DescribeInternetGateways',
    ask: ({ ec2, abort }, sdk, input) => ec2.send(new sdk.DescribeInternetGatewaysCommand(input), abort),
    itemsOf: (page) => page.InternetGateways,
    found: ({ InternetGatewayId, Tags }) => resource('AWS::EC2::InternetGateway', InternetGatewayId, tagsOf(Tags)),
  }),
  ec2Look({
    what: 'NAT gateways',
    permission: 'ec2:DescribeNatGateways',
    ask: ({ ec2, abort }, sdk, { Filters: Filter, NextToken }) =>
      ec2.send(new sdk.DescribeNatGatewaysCommand({ Filter, NextToken }), abort),
    itemsOf: (page) => page.NatGateways?.filter(({ State }) => State !== 'deleted'),
    found: ({ NatGatewayId, Tags }) => resource('AWS::EC2::NatGateway', NatGatewayId, tagsOf(Tags)),
  }),
  ec2Look({
    what: 'elastic IP addresses',
    permission: 'ec2:DescribeAddresses',
    ask: ({ ec2, abort }, sdk, { Filters }) => ec2.send(new sdk.DescribeAddressesCommand({ Filters }), abort),
    itemsOf: (page) => page.Addresses,
    found: ({ AllocationId, PublicIp, Tags }) =>
      resource('AWS::EC2::EIP', PublicIp, tagsOf(Tags), { belongsTo: present([AllocationId]) }),
  }),
  ec2Look({
    what: 'VPC endpoints',
    permission: 'ec2:DescribeVpcEndpoints',
    ask: ({ ec2, abort }, sdk, input) => ec2.send(new sdk.DescribeVpcEndpointsCommand(input), abort),
    itemsOf: (page) => page.VpcEndpoints?.filter(({ State }) => State?.toLowerCase() !== 'deleted'),
    found: ({ VpcEndpointId, VpcEndpointType, Tags }) =>
      resource('AWS::EC2::VPCEndpoint', VpcEndpointId, tagsOf(Tags), { properties: { VpcEndpointType } }),
  }),
  ec2Look({
    what: 'network interfaces',
    permission: 'ec2:DescribeNetworkInterfaces',
    ask: ({ ec2, abort }, sdk, input) => ec2.send(new sdk.DescribeNetworkInterfacesCommand(input), abort),
    itemsOf: (page) => page.NetworkInterfaces,
    found: ({ NetworkInterfaceId, Attachment, TagSet }) =>
      resource('AWS::EC2::NetworkInterface', NetworkInterfaceId, tagsOf(TagSet), {
        belongsTo: present([Attachment?.InstanceId]),
      }),
  }),
  ec2Look({
    what: 'security groups',
    permission: 'ec2:DescribeSecurityGroups',
    ask: ({ ec2, abort }, sdk, input) => ec2.send(new sdk.DescribeSecurityGroupsCommand(input), abort),
    itemsOf: (page) => page.SecurityGroups,
    found: ({ GroupId, Tags }) => resource('AWS::EC2::SecurityGroup', GroupId, tagsOf(Tags)),
  }),
  {
    what: 'load balancers',
    permissions: ['elasticloadbalancing:DescribeLoadBalancers', 'elasticloadbalancing:DescribeTags'],
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
    permissions: ['elasticloadbalancing:DescribeTargetGroups', 'elasticloadbalancing:DescribeTags'],
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
