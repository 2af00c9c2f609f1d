import { KEPT_OF_STACK_NAME, PLATFORM_TAG } from '@jenkins-aws/core';
import { collect } from '../../internal/collect.js';
import type { FoundResource } from '../../plan/leftover.js';
import { isOfPlatform, type Look, present, resource, tagsOf } from './look.js';

/** Services that a look of their own asks: what the tagging API says of them is older than what they say. */
const ASKED = new Set([
  'acm',
  'autoscaling',
  'backup',
  'cloudformation',
  'cloudwatch',
  'ec2',
  'elasticfilesystem',
  'elasticloadbalancing',
  'iam',
  'logs',
  's3',
  'sns',
  'ssm',
]);

/** Identities, alarms, certificates, names, and whatever else carries the tag. */
export const CONTROL_LOOKS: readonly Look[] = [
  {
    what: 'roles',
    permissions: ['iam:ListRoles', 'iam:ListRoleTags'],
    async find(context) {
      const { ListRolesCommand, ListRoleTagsCommand } = await import('@aws-sdk/client-iam');
      const roles = await collect(
        (Marker) => context.iam.send(new ListRolesCommand({ Marker }), context.abort),
        (page) => page.Roles,
        (page) => page.Marker,
      );
      const found: FoundResource[] = [];
      for (const { RoleName = '' } of roles) {
        if (!RoleName.startsWith(context.namePrefix.slice(0, KEPT_OF_STACK_NAME))) continue;
        const { Tags } = await context.iam.send(new ListRoleTagsCommand({ RoleName }), context.abort);
        if (isOfPlatform(tagsOf(Tags), context)) found.push(resource('AWS::IAM::Role', RoleName, tagsOf(Tags)));
      }
      return found;
    },
  },
  {
    what: 'instance profiles',
    permissions: ['iam:ListInstanceProfiles'],
    // CloudFormation gives them no tags: they are known by their names.
    async find(context) {
      const { ListInstanceProfilesCommand } = await import('@aws-sdk/client-iam');
      const profiles = await collect(
        (Marker) => context.iam.send(new ListInstanceProfilesCommand({ Marker }), context.abort),
        (page) => page.InstanceProfiles,
        (page) => page.Marker,
      );
      return profiles
        .filter(({ InstanceProfileName = '' }) =>
          InstanceProfileName.startsWith(context.namePrefix.slice(0, KEPT_OF_STACK_NAME)),
        )
        .map(({ InstanceProfileName, Arn }) =>
          resource('AWS::IAM::InstanceProfile', InstanceProfileName, {}, { belongsTo: present([Arn]) }),
        );
    },
  },
  {
    what: 'alarms',
    permissions: ['cloudwatch:DescribeAlarms'],
    async find(context) {
      const { DescribeAlarmsCommand } = await import('@aws-sdk/client-cloudwatch');
      const alarms = await collect(
        (NextToken) =>
          context.cloudWatch.send(
            new DescribeAlarmsCommand({ AlarmNamePrefix: context.namePrefix, NextToken }),
            context.abort,
          ),
        (page) => page.MetricAlarms,
        (page) => page.NextToken,
      );
      return alarms.map(({ AlarmName }) => resource('AWS::CloudWatch::Alarm', AlarmName, {}));
    },
  },
  {
    what: 'topics',
    permissions: ['sns:ListTopics', 'sns:ListTagsForResource'],
    async find(context) {
      const { ListTagsForResourceCommand, ListTopicsCommand } = await import('@aws-sdk/client-sns');
      const topics = await collect(
        (NextToken) => context.sns.send(new ListTopicsCommand({ NextToken }), context.abort),
        (page) => page.Topics,
        (page) => page.NextToken,
      );
      const found: FoundResource[] = [];
      for (const { TopicArn = '' } of topics) {
        if (!TopicArn.split(':').at(-1)?.startsWith(context.namePrefix)) continue;
        const command = new ListTagsForResourceCommand({ ResourceArn: TopicArn });
        const { Tags } = await context.sns.send(command, context.abort);
        if (isOfPlatform(tagsOf(Tags), context)) found.push(resource('AWS::SNS::Topic', TopicArn, tagsOf(Tags)));
      }
      return found;
    },
  },
  {
    what: 'certificates',
    permissions: ['acm:ListCertificates', 'acm:ListTagsForCertificate'],
    async find(context) {
      const { ListCertificatesCommand, ListTagsForCertificateCommand } = await import('@aws-sdk/client-acm');
      const certificates = await collect(
        (NextToken) => context.acm.send(new ListCertificatesCommand({ NextToken }), context.abort),
        (page) => page.CertificateSummaryList,
        (page) => page.NextToken,
      );
      const found: FoundResource[] = [];
      for (const { CertificateArn } of certificates) {
        const command = new ListTagsForCertificateCommand({ CertificateArn });
        const { Tags } = await context.acm.send(command, context.abort);
        const tags = tagsOf(Tags);
        if (!isOfPlatform(tags, context)) continue;
        found.push(resource('AWS::CertificateManager::Certificate', CertificateArn, tags));
      }
      return found;
    },
  },
  {
    what: 'DNS records',
    permissions: ['route53:ListResourceRecordSets'],
    // Records have no tags: they are known by the names that the config gives. ACM's proof stays when its stack goes.
    async find(context) {
      const { ListResourceRecordSetsCommand } = await import('@aws-sdk/client-route-53');
      const found: FoundResource[] = [];
      for (const { hostedZoneId, name } of context.domains) {
        const command = new ListResourceRecordSetsCommand({ HostedZoneId: hostedZoneId, StartRecordName: name });
        const { ResourceRecordSets = [] } = await context.route53.send(command, context.abort);
        for (const { Name = '', Type, ResourceRecords = [] } of ResourceRecordSets) {
          const record = Name.replace(/\.$/, '');
          const isOurs = record === name && (Type === 'A' || Type === 'AAAA');
          const isProof =
            Type === 'CNAME' &&
            record.endsWith(`.${name}`) &&
            ResourceRecords.some(({ Value = '' }) => Value.includes('.acm-validations.'));
          if (!isOurs && !isProof) continue;
          found.push(
            resource(
              'AWS::Route53::RecordSet',
              `${record} ${Type}`,
              {},
              { belongsTo: present([record, Name, name, `${name}.`]) },
            ),
          );
        }
      }
      return found;
    },
  },
  {
    what: 'whatever else carries the tag',
    permissions: ['tag:GetResources'],
    async find(context) {
      const { GetResourcesCommand } = await import('@aws-sdk/client-resource-groups-tagging-api');
      const TagFilters = [{ Key: PLATFORM_TAG, Values: [context.platform] }];
      const mappings = await collect(
        (PaginationToken) =>
          context.tagging.send(new GetResourcesCommand({ TagFilters, PaginationToken }), context.abort),
        (page) => page.ResourceTagMappingList,
        (page) => page.PaginationToken,
      );
      return mappings.flatMap(({ ResourceARN = '', Tags }) => {
        const [, , service = '', , , rest = ''] = ResourceARN.split(':');
        if (ASKED.has(service)) return [];
        return [resource(`${service}:${rest.split('/')[0]}`, ResourceARN, tagsOf(Tags))];
      });
    },
  },
];
