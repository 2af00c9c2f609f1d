"""Drift detection for the types of our templates: a reader for each, in the shape that MiniStack's detection wants.

A type that is not here and not in MiniStack stays `NOT_CHECKED`.
"""

import ministack.services.acm as acm
import ministack.services.alb as elb
import ministack.services.autoscaling as autoscaling
import ministack.services.cloudformation.drift as drift
import ministack.services.cloudwatch as cloudwatch
import ministack.services.ec2 as ec2
import ministack.services.efs as efs
import ministack.services.iam as iam
import ministack.services.route53 as route53

import drift_lookups as look
from drift_comparisons import chosen


def _kept(store, *names, **others):
    """A reader of records whose members are named as the properties are; `others` are functions of the record, its id
    and the properties of the template."""

    def read(physical_id, properties):
        record = store.get(physical_id)
        if record is None:
            return None
        found = {name: record.get(name) for name in names}
        found.update({name: other(record, physical_id, properties) for name, other in others.items()})
        return {name: value for name, value in found.items() if value is not None}

    return read, frozenset((*names, *others))


_HEALTH_CHECK = (
    "HealthCheckIntervalSeconds",
    "HealthCheckPath",
    "HealthCheckProtocol",
    "HealthCheckTimeoutSeconds",
    "HealthyThresholdCount",
    "UnhealthyThresholdCount",
)
_NOTHING = frozenset()
READERS = {
    "AWS::AutoScaling::AutoScalingGroup": _kept(
        autoscaling._asgs,
        "DesiredCapacity",
        "HealthCheckGracePeriod",
        "HealthCheckType",
        "MaxSize",
        "MinSize",
        "TargetGroupARNs",
        LaunchTemplate=look.launch_template,
        VPCZoneIdentifier=look.subnets,
    ),
    "AWS::CertificateManager::Certificate": _kept(acm._certificates),
    "AWS::CloudWatch::Alarm": _kept(
        cloudwatch._alarms,
        "ActionsEnabled",
        "AlarmActions",
        "ComparisonOperator",
        "Dimensions",
        "EvaluationPeriods",
        "MetricName",
        "Namespace",
        "OKActions",
        "Period",
        "Statistic",
        "TreatMissingData",
        Threshold=look.threshold,
    ),
    "AWS::CloudWatch::Dashboard": _kept(cloudwatch._dashboards),
    "AWS::EC2::EIP": (look.address, _NOTHING),
    "AWS::EC2::InternetGateway": _kept(ec2._internet_gateways, Tags=look.ec2_tags),
    "AWS::EC2::LaunchTemplate": _kept(ec2._launch_templates, "LaunchTemplateName"),
    "AWS::EC2::NatGateway": _kept(ec2._nat_gateways, "AllocationId", "SubnetId", Tags=look.ec2_tags),
    "AWS::EC2::Route": (look.route, frozenset(("GatewayId", "NatGatewayId"))),
    "AWS::EC2::RouteTable": _kept(ec2._route_tables, "VpcId", Tags=look.ec2_tags),
    "AWS::EC2::SecurityGroup": _kept(
        ec2._security_groups,
        "VpcId",
        GroupDescription=lambda group, *_more: group["Description"],
        SecurityGroupEgress=look.group_rules("IpPermissionsEgress", outgoing=True),
        SecurityGroupIngress=look.group_rules("IpPermissions", outgoing=False),
        Tags=look.ec2_tags,
    ),
    "AWS::EC2::SecurityGroupEgress": look.rule("IpPermissionsEgress", outgoing=True),
    "AWS::EC2::SecurityGroupIngress": look.rule("IpPermissions", outgoing=False),
    "AWS::EC2::Subnet": _kept(
        ec2._subnets, "AvailabilityZone", "CidrBlock", "MapPublicIpOnLaunch", "VpcId", Tags=look.ec2_tags
    ),
    "AWS::EC2::SubnetRouteTableAssociation": (look.association, frozenset(("RouteTableId", "SubnetId"))),
    "AWS::EC2::VPC": _kept(
        ec2._vpcs,
        "CidrBlock",
        "InstanceTenancy",
        EnableDnsHostnames=lambda vpc, *_more: vpc.get("EnableDnsHostnames", False),
        EnableDnsSupport=lambda vpc, *_more: vpc.get("EnableDnsSupport", True),
        Tags=look.ec2_tags,
    ),
    "AWS::EC2::VPCEndpoint": _kept(ec2._vpc_endpoints, "RouteTableIds", "ServiceName", "VpcId"),
    "AWS::EC2::VPCGatewayAttachment": (look.attachment, frozenset(("InternetGatewayId", "VpcId"))),
    "AWS::EFS::AccessPoint": _kept(efs._access_points, "FileSystemId", "PosixUser", "RootDirectory"),
    "AWS::EFS::FileSystem": _kept(
        efs._file_systems,
        "Encrypted",
        "PerformanceMode",
        "ThroughputMode",
        FileSystemPolicy=look.file_system_policy,
        FileSystemTags=lambda record, *_more: record.get("Tags") or [],
    ),
    "AWS::EFS::MountTarget": _kept(efs._mount_targets, "FileSystemId", "SecurityGroups", "SubnetId"),
    "AWS::ElasticLoadBalancingV2::Listener": _kept(elb._listeners, "LoadBalancerArn", "Port", "Protocol"),
    "AWS::ElasticLoadBalancingV2::ListenerRule": _kept(elb._rules, "ListenerArn", "Priority"),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": _kept(
        elb._lbs,
        "Scheme",
        "SecurityGroups",
        "Subnets",
        LoadBalancerAttributes=lambda _record, arn, wanted: chosen(
            wanted.get("LoadBalancerAttributes"), elb._lb_attrs.get(arn)
        ),
        Tags=look.elb_tags,
    ),
    "AWS::ElasticLoadBalancingV2::TargetGroup": _kept(
        elb._tgs,
        *_HEALTH_CHECK,
        "Port",
        "Protocol",
        "TargetType",
        "VpcId",
        Tags=look.elb_tags,
        TargetGroupAttributes=lambda _record, arn, wanted: chosen(
            wanted.get("TargetGroupAttributes"), elb._tg_attrs.get(arn)
        ),
    ),
    "AWS::IAM::InstanceProfile": _kept(iam._instance_profiles, "Roles"),
    "AWS::IAM::ManagedPolicy": _kept(iam._policies, PolicyDocument=look.managed_policy),
    "AWS::IAM::Policy": (look.inline_policy, frozenset(("PolicyDocument",))),
    "AWS::KMS::Alias": (look.alias, _NOTHING),
    "AWS::KMS::Key": (look.key, _NOTHING),
    "AWS::Route53::HostedZone": _kept(route53._zones),
    "AWS::Route53::RecordSet": (look.record_set, _NOTHING),
    "AWS::S3::BucketPolicy": (look.bucket_policy, frozenset(("PolicyDocument",))),
    "AWS::SNS::TopicPolicy": (look.topic_policy, frozenset(("PolicyDocument",))),
}


def install():
    drift._DRIFT_READERS.update(READERS)
    drift._DRIFT_READERS["AWS::IAM::Role"] = look.role(drift._DRIFT_READERS["AWS::IAM::Role"])
