import { AutoScalingClient, UpdateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import {
  CloudFormationClient,
  DescribeStackDriftDetectionStatusCommand,
  DescribeStackResourceDriftsCommand,
  DescribeStackResourcesCommand,
  DetectStackDriftCommand,
  type StackResourceDrift,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateTagsCommand,
  EC2Client,
  ModifySubnetAttributeCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { EFSClient, PutFileSystemPolicyCommand } from '@aws-sdk/client-efs';
import { ElasticLoadBalancingV2Client, ModifyTargetGroupCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { DeleteTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { controllerTemplate } from '../support/controller-template.js';
import { deploy, describeStack, outputsOf, type Template } from '../support/deploy-template.js';
import { startTestEmulator, type TestEmulator } from '../support/start-test-emulator.js';

let emulator: TestEmulator;
let cloudformation: CloudFormationClient;
beforeAll(async () => {
  emulator = await startTestEmulator();
  cloudformation = new CloudFormationClient(emulator.client);
});
afterAll(() => emulator.stop());

const ref = (Ref: string) => ({ Ref });

/** The controller's template, with what it leaves out and a change from outside can touch. */
function template(): Template {
  const controller = controllerTemplate();
  return {
    ...controller,
    Resources: {
      ...controller.Resources,
      Open: {
        Type: 'AWS::EC2::SecurityGroup',
        Properties: {
          VpcId: ref('Vpc'),
          GroupDescription: 'open',
          SecurityGroupIngress: [
            { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.0.0.0/8' },
            { IpProtocol: '-1', SourceSecurityGroupId: { 'Fn::GetAtt': ['HomeGroup', 'GroupId'] } },
          ],
          Tags: [{ Key: 'Name', Value: 'open' }],
        },
      },
      Gone: { Type: 'AWS::SNS::Topic' },
      Hook: {
        Type: 'AWS::AutoScaling::LifecycleHook',
        Properties: {
          AutoScalingGroupName: ref('Group'),
          LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
        },
      },
    },
    Outputs: {
      ...controller.Outputs,
      Open: { Value: ref('Open') },
      Gone: { Value: ref('Gone') },
      HomeGroup: { Value: { 'Fn::GetAtt': ['HomeGroup', 'GroupId'] } },
      Subnet: { Value: ref('PrivateA') },
    },
  };
}

async function drifts(StackName: string): Promise<{ status: string | undefined; found: StackResourceDrift[] }> {
  const { StackDriftDetectionId } = await cloudformation.send(new DetectStackDriftCommand({ StackName }));
  const { StackDriftStatus, DetectionStatus } = await cloudformation.send(
    new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId }),
  );
  expect(DetectionStatus).toBe('DETECTION_COMPLETE');
  const { StackResourceDrifts = [] } = await cloudformation.send(new DescribeStackResourceDriftsCommand({ StackName }));
  return { status: StackDriftStatus, found: StackResourceDrifts };
}

test('finds a stack in sync as it was made, and says what it cannot compare', async () => {
  expect((await deploy(cloudformation, 'drifting', template())).StackStatus).toBe('CREATE_COMPLETE');
  const { status, found } = await drifts('drifting');
  const different = found.filter((drift) => drift.StackResourceDriftStatus !== 'IN_SYNC');
  expect(
    different.map(({ LogicalResourceId, PropertyDifferences }) => [LogicalResourceId, PropertyDifferences]),
  ).toEqual([]);
  expect(status).toBe('IN_SYNC');
  const { StackResources = [] } = await cloudformation.send(
    new DescribeStackResourcesCommand({ StackName: 'drifting' }),
  );
  const unchecked = StackResources.filter(
    ({ DriftInformation }) => DriftInformation?.StackResourceDriftStatus === 'NOT_CHECKED',
  );
  expect(unchecked.map(({ ResourceType }) => ResourceType)).toEqual(['AWS::AutoScaling::LifecycleHook']);
  expect(found).toHaveLength(StackResources.length - 1);
});

test('finds what was changed and deleted behind the stack, property by property', async () => {
  const outputs = outputsOf(await describeStack(cloudformation, 'drifting'));
  const ec2 = new EC2Client(emulator.client);
  const tcp = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: outputs.Open, IpPermissions: [tcp] }));
  const web = {
    IpProtocol: 'tcp',
    FromPort: 8080,
    ToPort: 8080,
    UserIdGroupPairs: [{ GroupId: outputs.BalancerGroup }],
  };
  await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId: outputs.ControllerGroup, IpPermissions: [web] }));
  await ec2.send(new CreateTagsCommand({ Resources: [outputs.Vpc ?? ''], Tags: [{ Key: 'Name', Value: 'renamed' }] }));
  const MapPublicIpOnLaunch = { Value: true };
  await ec2.send(new ModifySubnetAttributeCommand({ SubnetId: outputs.Subnet, MapPublicIpOnLaunch }));
  const cloudwatch = new CloudWatchClient(emulator.client);
  const { MetricAlarms: [alarm] = [] } = await cloudwatch.send(
    new DescribeAlarmsCommand({ AlarmNames: [outputs.Alarm ?? ''] }),
  );
  const { AlarmName, MetricName, Namespace, Period, EvaluationPeriods, ComparisonOperator, Statistic } = alarm ?? {};
  const { Dimensions, AlarmActions } = alarm ?? {};
  await cloudwatch.send(
    new PutMetricAlarmCommand({
      AlarmName,
      MetricName,
      Namespace,
      Period,
      EvaluationPeriods,
      ComparisonOperator,
      Statistic,
      Dimensions,
      AlarmActions,
      Threshold: 99,
    }),
  );
  const Statement = [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'elasticfilesystem:ClientMount' }];
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  await new EFSClient(emulator.client).send(
    new PutFileSystemPolicyCommand({ FileSystemId: outputs.Home, Policy, BypassPolicyLockoutSafetyCheck: true }),
  );
  await new AutoScalingClient(emulator.client).send(
    new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: outputs.Group, MaxSize: 3 }),
  );
  await new ElasticLoadBalancingV2Client(emulator.client).send(
    new ModifyTargetGroupCommand({ TargetGroupArn: outputs.Targets, HealthCheckPath: '/other' }),
  );
  await new SNSClient(emulator.client).send(new DeleteTopicCommand({ TopicArn: outputs.Gone }));

  const { status, found } = await drifts('drifting');
  expect(status).toBe('DRIFTED');
  const told = found
    .filter((drift) => drift.StackResourceDriftStatus !== 'IN_SYNC')
    .map(({ LogicalResourceId, StackResourceDriftStatus, PropertyDifferences = [] }) => [
      LogicalResourceId,
      StackResourceDriftStatus,
      PropertyDifferences.map(
        (change) =>
          `${change.DifferenceType} ${change.PropertyPath} ${change.ExpectedValue?.slice(0, 20)} ${change.ActualValue?.slice(0, 20)}`,
      ).sort(),
    ])
    .sort();
  expect(told).toEqual([
    ['Alarm', 'MODIFIED', ['NOT_EQUAL /Threshold 80 99']],
    ['FromBalancer', 'DELETED', []],
    ['Gone', 'DELETED', []],
    ['Group', 'MODIFIED', ['NOT_EQUAL /MaxSize 1 3']],
    ['Home', 'MODIFIED', expect.arrayContaining([expect.stringContaining('/FileSystemPolicy/Statement')])],
    ['Open', 'MODIFIED', [expect.stringMatching(/^ADD \/SecurityGroupIngress\/2 null /)]],
    ['PrivateA', 'MODIFIED', ['NOT_EQUAL /MapPublicIpOnLaunch false true']],
    ['Targets', 'MODIFIED', ['NOT_EQUAL /HealthCheckPath /login /other']],
    ['Vpc', 'MODIFIED', ['NOT_EQUAL /Tags/0/Value rehearsal renamed']],
  ]);
});
