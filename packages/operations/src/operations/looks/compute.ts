import { collect } from '../../internal/collect.js';
import { ec2Look } from './ec2-look.js';
import { isOfPlatform, type Look, present, resource, tagFilter, tagsOf } from './look.js';

/** States of an instance that is over: EC2 shows it for an hour more. */
const LIVE_STATES = ['pending', 'running', 'shutting-down', 'stopping', 'stopped'];

/** What computes and what it boots from. */
export const COMPUTE_LOOKS: readonly Look[] = [
  ec2Look({
    what: 'instances',
    permission: 'ec2:DescribeInstances',
    ask({ ec2, abort }, sdk, { Filters, NextToken }) {
      const live = [...Filters, { Name: 'instance-state-name', Values: LIVE_STATES }];
      return ec2.send(new sdk.DescribeInstancesCommand({ Filters: live, NextToken }), abort);
    },
    itemsOf: (page) => page.Reservations?.flatMap(({ Instances = [] }) => Instances),
    found({ InstanceId, InstanceType, Tags }) {
      const tags = tagsOf(Tags);
      return resource('AWS::EC2::Instance', InstanceId, tags, {
        properties: { InstanceType },
        belongsTo: present([tags['aws:autoscaling:groupName']]),
      });
    },
  }),
  ec2Look({
    what: 'volumes',
    permission: 'ec2:DescribeVolumes',
    ask: ({ ec2, abort }, sdk, input) => ec2.send(new sdk.DescribeVolumesCommand(input), abort),
    itemsOf: (page) => page.Volumes,
    found: ({ VolumeId, VolumeType, Size, Iops, Throughput, Attachments = [], Tags }) =>
      resource('AWS::EC2::Volume', VolumeId, tagsOf(Tags), {
        sizeGiB: Size,
        properties: { VolumeType, Size, Iops, Throughput },
        belongsTo: present(Attachments.map(({ InstanceId }) => InstanceId)),
      }),
  }),
  ec2Look({
    what: 'snapshots',
    permission: 'ec2:DescribeSnapshots',
    ask: ({ ec2, abort }, sdk, input) =>
      ec2.send(new sdk.DescribeSnapshotsCommand({ ...input, OwnerIds: ['self'] }), abort),
    itemsOf: (page) => page.Snapshots,
    found: ({ SnapshotId, VolumeSize, Tags }) =>
      resource('AWS::EC2::Snapshot', SnapshotId, tagsOf(Tags), { sizeGiB: VolumeSize, holdsData: true }),
  }),
  ec2Look({
    what: 'machine images',
    permission: 'ec2:DescribeImages',
    ask: ({ ec2, abort }, sdk, input) => ec2.send(new sdk.DescribeImagesCommand({ ...input, Owners: ['self'] }), abort),
    itemsOf: (page) => page.Images,
    found: ({ ImageId, Tags }) => resource('AWS::EC2::Image', ImageId, tagsOf(Tags)),
  }),
  ec2Look({
    what: 'launch templates',
    permission: 'ec2:DescribeLaunchTemplates',
    ask: ({ ec2, abort }, sdk, input) => ec2.send(new sdk.DescribeLaunchTemplatesCommand(input), abort),
    itemsOf: (page) => page.LaunchTemplates,
    found: ({ LaunchTemplateId, Tags }) => resource('AWS::EC2::LaunchTemplate', LaunchTemplateId, tagsOf(Tags)),
  }),
  {
    what: 'Auto Scaling groups',
    permissions: ['autoscaling:DescribeAutoScalingGroups'],
    async find(context) {
      const { DescribeAutoScalingGroupsCommand } = await import('@aws-sdk/client-auto-scaling');
      const groups = await collect(
        (NextToken) =>
          context.autoScaling.send(
            new DescribeAutoScalingGroupsCommand({ ...tagFilter(context), NextToken }),
            context.abort,
          ),
        (page) => page.AutoScalingGroups,
        (page) => page.NextToken,
      );
      return groups
        .filter(({ Tags }) => isOfPlatform(tagsOf(Tags), context))
        .map(({ AutoScalingGroupName, Tags }) =>
          resource('AWS::AutoScaling::AutoScalingGroup', AutoScalingGroupName, tagsOf(Tags)),
        );
    },
  },
];
