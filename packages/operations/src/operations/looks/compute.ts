import { collect, type Look, present, resource, tagFilter, tagsOf } from './look.js';

const sdk = () => import('@aws-sdk/client-ec2');
/** States of an instance that is over: EC2 shows it for an hour more. */
const LIVE_STATES = ['pending', 'running', 'shutting-down', 'stopping', 'stopped'];

/** What computes and what it boots from. */
export const COMPUTE_LOOKS: readonly Look[] = [
  {
    what: 'instances',
    permission: 'ec2:DescribeInstances',
    async find(context) {
      const { DescribeInstancesCommand } = await sdk();
      const Filters = [...tagFilter(context).Filters, { Name: 'instance-state-name', Values: LIVE_STATES }];
      const reservations = await collect(
        (NextToken) => context.ec2.send(new DescribeInstancesCommand({ Filters, NextToken }), context.abort),
        (page) => page.Reservations,
        (page) => page.NextToken,
      );
      return reservations
        .flatMap(({ Instances = [] }) => Instances)
        .map(({ InstanceId, InstanceType, Tags }) => {
          const tags = tagsOf(Tags);
          return resource('AWS::EC2::Instance', InstanceId, tags, {
            properties: { InstanceType },
            belongsTo: present([tags['aws:autoscaling:groupName']]),
          });
        });
    },
  },
  {
    what: 'volumes',
    permission: 'ec2:DescribeVolumes',
    async find(context) {
      const { DescribeVolumesCommand } = await sdk();
      const volumes = await collect(
        (NextToken) =>
          context.ec2.send(new DescribeVolumesCommand({ ...tagFilter(context), NextToken }), context.abort),
        (page) => page.Volumes,
        (page) => page.NextToken,
      );
      return volumes.map(({ VolumeId, VolumeType, Size, Iops, Throughput, Attachments = [], Tags }) =>
        resource('AWS::EC2::Volume', VolumeId, tagsOf(Tags), {
          sizeGiB: Size,
          properties: { VolumeType, Size, Iops, Throughput },
          belongsTo: present(Attachments.map(({ InstanceId }) => InstanceId)),
        }),
      );
    },
  },
  {
    what: 'snapshots',
    permission: 'ec2:DescribeSnapshots',
    async find(context) {
      const { DescribeSnapshotsCommand } = await sdk();
      const snapshots = await collect(
        (NextToken) =>
          context.ec2.send(
            new DescribeSnapshotsCommand({ ...tagFilter(context), OwnerIds: ['self'], NextToken }),
            context.abort,
          ),
        (page) => page.Snapshots,
        (page) => page.NextToken,
      );
      return snapshots.map(({ SnapshotId, VolumeSize, Tags }) =>
        resource('AWS::EC2::Snapshot', SnapshotId, tagsOf(Tags), { sizeGiB: VolumeSize, holdsData: true }),
      );
    },
  },
  {
    what: 'machine images',
    permission: 'ec2:DescribeImages',
    async find(context) {
      const { DescribeImagesCommand } = await sdk();
      const images = await collect(
        (NextToken) =>
          context.ec2.send(
            new DescribeImagesCommand({ ...tagFilter(context), Owners: ['self'], NextToken }),
            context.abort,
          ),
        (page) => page.Images,
        (page) => page.NextToken,
      );
      return images.map(({ ImageId, Tags }) => resource('AWS::EC2::Image', ImageId, tagsOf(Tags)));
    },
  },
  {
    what: 'launch templates',
    permission: 'ec2:DescribeLaunchTemplates',
    async find(context) {
      const { DescribeLaunchTemplatesCommand } = await sdk();
      const templates = await collect(
        (NextToken) =>
          context.ec2.send(new DescribeLaunchTemplatesCommand({ ...tagFilter(context), NextToken }), context.abort),
        (page) => page.LaunchTemplates,
        (page) => page.NextToken,
      );
      return templates.map(({ LaunchTemplateId, Tags }) =>
        resource('AWS::EC2::LaunchTemplate', LaunchTemplateId, tagsOf(Tags)),
      );
    },
  },
  {
    what: 'Auto Scaling groups',
    permission: 'autoscaling:DescribeAutoScalingGroups',
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
      return groups.map(({ AutoScalingGroupName, Tags }) =>
        resource('AWS::AutoScaling::AutoScalingGroup', AutoScalingGroupName, tagsOf(Tags)),
      );
    },
  },
];
