"""Drift detection for the types of our templates: a reader for each, in the shape that MiniStack's detection wants.

A type that is not here and not in MiniStack stays `NOT_CHECKED`.
"""

import ministack.services.acm as acm
import ministack.services.alb as elb
import ministack.services.autoscaling as autoscaling
import ministack.services.cloudformation as cloudformation
import ministack.services.cloudformation.drift as drift
import ministack.services.cloudformation.provisioners as provisioners
import ministack.services.cloudwatch as cloudwatch
import ministack.services.ec2 as ec2
import ministack.services.efs as efs
import ministack.services.iam as iam
import ministack.services.kms as kms
import ministack.services.route53 as route53
import ministack.services.s3 as s3
import ministack.services.sns as sns

from drift_comparisons import as_read, bare_document, chosen, document, number, rule_key, rules, rules_of


def _kept(store, *names, **others):
    """A reader of records whose members are named as the properties are; `others` are functions of the record, its id
    and the properties of the template."""

    def read(physical_id, properties):
        record = store.get(physical_id)
        if record is None:
            return None
        found = {name: record.get(name) for name in names}
        found.update({name: look(record, physical_id, properties) for name, look in others.items()})
        return {name: value for name, value in found.items() if value is not None}

    return read, frozenset((*names, *others))


def _ec2_tags(_record, physical_id, _properties):
    return ec2._tags.get(physical_id) or []


def _elb_tags(_record, physical_id, _properties):
    return elb._tags.get(physical_id) or []


def _owned_rules():
    """The rules that are resources of their own: a group's own list is compared without them."""
    kinds = ("AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress")
    return {
        resource["PhysicalResourceId"]
        for stack in cloudformation._stacks.values()
        for resource in stack.get("_resources", {}).values()
        if resource["ResourceType"] in kinds
    }


def _group_rules(store, outgoing):
    name = "SecurityGroupEgress" if outgoing else "SecurityGroupIngress"

    def look(group, _physical_id, properties):
        owned = _owned_rules()
        permissions = [p for p in group[store] if p.get("SecurityGroupRuleId") not in owned]
        return rules(properties.get(name), rules_of(permissions, outgoing))

    return look


_RULE_PROPERTIES = (
    "CidrIp",
    "CidrIpv6",
    "DestinationPrefixListId",
    "DestinationSecurityGroupId",
    "FromPort",
    "IpProtocol",
    "SourcePrefixListId",
    "SourceSecurityGroupId",
    "ToPort",
)


def _rule(store, outgoing):
    def read(physical_id, properties):
        group = ec2._security_groups.get(properties.get("GroupId")) or {store: []}
        permission = next((p for p in group[store] if p.get("SecurityGroupRuleId") == physical_id), None)
        if permission is None:
            return None
        actual = next(rules_of([permission], outgoing), {})
        return properties if rule_key(actual) == rule_key(properties) else actual

    return read, frozenset(_RULE_PROPERTIES)


def _route(_physical_id, properties):
    table = ec2._route_tables.get(properties.get("RouteTableId")) or {"Routes": []}
    names = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
    destination = [(name, properties[name]) for name in names if properties.get(name)]
    return next((r for r in table["Routes"] if all(r.get(name) == value for name, value in destination)), None)


def _association(physical_id, _properties):
    for table in ec2._route_tables.values():
        for association in table["Associations"]:
            if association["RouteTableAssociationId"] == physical_id:
                return association
    return None


def _attachment(_physical_id, properties):
    gateway = ec2._internet_gateways.get(properties.get("InternetGatewayId")) or {"Attachments": []}
    attached = any(a["VpcId"] == properties.get("VpcId") for a in gateway["Attachments"])
    return properties if attached else None


def _address(physical_id, _properties):
    return next((a for a in ec2._addresses.values() if a["PublicIp"] == physical_id), None)


def _subnets(group, _physical_id, _properties):
    return [subnet for subnet in (group.get("VPCZoneIdentifier") or "").split(",") if subnet]


def _launch_template(group, _physical_id, properties):
    wanted = properties.get("LaunchTemplate") or {}
    return {name: value for name, value in (group.get("LaunchTemplate") or {}).items() if name in wanted}


def _file_system_policy(record, _physical_id, properties):
    def normal(policy):
        statements = [
            {k: v for k, v in s.items() if k != "Resource"} for s in (document(policy) or {}).get("Statement", [])
        ]
        return bare_document({"Statement": statements})

    held = document(record.get("FileSystemPolicy"))
    return as_read(properties.get("FileSystemPolicy"), held, normal) if held else None


def _role_policies(role, _physical_id, properties):
    held = role.get("InlinePolicies") or {}
    return [
        {
            **policy,
            "PolicyDocument": as_read(policy["PolicyDocument"], document(held[policy["PolicyName"]]), bare_document),
        }
        for policy in properties.get("Policies") or []
        if policy["PolicyName"] in held
    ]


def _role(original):
    read, names = original

    def read_more(physical_id, properties):
        found = read(physical_id, properties)
        if found is None:
            return None
        role = iam._roles[physical_id]
        trust = as_read(properties.get("AssumeRolePolicyDocument"), found["AssumeRolePolicyDocument"], bare_document)
        more = {"Policies": _role_policies(role, physical_id, properties), "AssumeRolePolicyDocument": trust}
        return {**found, **more, "ManagedPolicyArns": [_arn(policy) for policy in role.get("AttachedPolicies") or []]}

    return read_more, names | {"Policies", "ManagedPolicyArns"}


def _arn(policy):
    return policy.get("PolicyArn") if isinstance(policy, dict) else policy


def _inline_policy(physical_id, properties):
    name = properties.get("PolicyName") or physical_id
    held = [(iam._roles.get(role) or {}).get("InlinePolicies", {}).get(name) for role in properties.get("Roles") or []]
    if not held or None in held:
        return None
    expected = properties.get("PolicyDocument")
    other = next((d for d in held if bare_document(d) != bare_document(expected)), None)
    return {"PolicyDocument": expected if other is None else document(other)}


def _managed_policy(policy, _physical_id, properties):
    held = policy["Versions"][policy["DefaultVersionId"]]["Document"]
    return as_read(properties.get("PolicyDocument"), document(held), bare_document)


def _topic_policy(_physical_id, properties):
    held = [(sns._topics.get(arn) or {}).get("attributes", {}).get("Policy") for arn in properties.get("Topics") or []]
    if None in held or "" in held:
        return None
    expected = properties.get("PolicyDocument")
    other = next((d for d in held if bare_document(d) != bare_document(expected)), None)
    return {"PolicyDocument": expected if other is None else document(other)}


def _bucket_policy(_physical_id, properties):
    held = s3._bucket_policies.get(properties.get("Bucket"))
    if held is None:
        return None
    held = held.decode() if isinstance(held, bytes) else held
    return {"PolicyDocument": as_read(properties.get("PolicyDocument"), document(held), bare_document)}


def _record_set(_physical_id, properties):
    zone = route53._records.get(provisioners._r53_resolve_hosted_zone_id(properties)) or []
    name = route53._normalise_name(properties.get("Name", ""))
    return {} if any(r["Name"] == name and r["Type"] == properties.get("Type") for r in zone) else None


def _key(physical_id, _properties):
    key = kms._keys.get(physical_id)
    return None if key is None or key.get("KeyState") == "PendingDeletion" else {}


def _alias(physical_id, _properties):
    return {} if kms._alias_arn(physical_id) in kms._aliases else None


def _threshold(alarm, _physical_id, _properties):
    return number(alarm.get("Threshold"))


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
        LaunchTemplate=_launch_template,
        VPCZoneIdentifier=_subnets,
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
        Threshold=_threshold,
    ),
    "AWS::CloudWatch::Dashboard": _kept(cloudwatch._dashboards),
    "AWS::EC2::EIP": (_address, _NOTHING),
    "AWS::EC2::InternetGateway": _kept(ec2._internet_gateways, Tags=_ec2_tags),
    "AWS::EC2::LaunchTemplate": _kept(ec2._launch_templates, "LaunchTemplateName"),
    "AWS::EC2::NatGateway": _kept(ec2._nat_gateways, "AllocationId", "SubnetId", Tags=_ec2_tags),
    "AWS::EC2::Route": (_route, frozenset(("GatewayId", "NatGatewayId"))),
    "AWS::EC2::RouteTable": _kept(ec2._route_tables, "VpcId", Tags=_ec2_tags),
    "AWS::EC2::SecurityGroup": _kept(
        ec2._security_groups,
        "VpcId",
        GroupDescription=lambda group, *_more: group["Description"],
        SecurityGroupEgress=_group_rules("IpPermissionsEgress", outgoing=True),
        SecurityGroupIngress=_group_rules("IpPermissions", outgoing=False),
        Tags=_ec2_tags,
    ),
    "AWS::EC2::SecurityGroupEgress": _rule("IpPermissionsEgress", outgoing=True),
    "AWS::EC2::SecurityGroupIngress": _rule("IpPermissions", outgoing=False),
    "AWS::EC2::Subnet": _kept(
        ec2._subnets, "AvailabilityZone", "CidrBlock", "MapPublicIpOnLaunch", "VpcId", Tags=_ec2_tags
    ),
    "AWS::EC2::SubnetRouteTableAssociation": (_association, frozenset(("RouteTableId", "SubnetId"))),
    "AWS::EC2::VPC": _kept(
        ec2._vpcs,
        "CidrBlock",
        "InstanceTenancy",
        EnableDnsHostnames=lambda vpc, *_more: vpc.get("EnableDnsHostnames", False),
        EnableDnsSupport=lambda vpc, *_more: vpc.get("EnableDnsSupport", True),
        Tags=_ec2_tags,
    ),
    "AWS::EC2::VPCEndpoint": _kept(ec2._vpc_endpoints, "RouteTableIds", "ServiceName", "VpcId"),
    "AWS::EC2::VPCGatewayAttachment": (_attachment, frozenset(("InternetGatewayId", "VpcId"))),
    "AWS::EFS::AccessPoint": _kept(efs._access_points, "FileSystemId", "PosixUser", "RootDirectory"),
    "AWS::EFS::FileSystem": _kept(
        efs._file_systems,
        "Encrypted",
        "PerformanceMode",
        "ThroughputMode",
        FileSystemPolicy=_file_system_policy,
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
        Tags=_elb_tags,
    ),
    "AWS::ElasticLoadBalancingV2::TargetGroup": _kept(
        elb._tgs,
        *_HEALTH_CHECK,
        "Port",
        "Protocol",
        "TargetType",
        "VpcId",
        Tags=_elb_tags,
        TargetGroupAttributes=lambda _record, arn, wanted: chosen(
            wanted.get("TargetGroupAttributes"), elb._tg_attrs.get(arn)
        ),
    ),
    "AWS::IAM::InstanceProfile": _kept(iam._instance_profiles, "Roles"),
    "AWS::IAM::ManagedPolicy": _kept(iam._policies, PolicyDocument=_managed_policy),
    "AWS::IAM::Policy": (_inline_policy, frozenset(("PolicyDocument",))),
    "AWS::KMS::Alias": (_alias, _NOTHING),
    "AWS::KMS::Key": (_key, _NOTHING),
    "AWS::Route53::HostedZone": _kept(route53._zones),
    "AWS::Route53::RecordSet": (_record_set, _NOTHING),
    "AWS::S3::BucketPolicy": (_bucket_policy, frozenset(("PolicyDocument",))),
    "AWS::SNS::TopicPolicy": (_topic_policy, frozenset(("PolicyDocument",))),
}


def install():
    drift._DRIFT_READERS.update(READERS)
    drift._DRIFT_READERS["AWS::IAM::Role"] = _role(drift._DRIFT_READERS["AWS::IAM::Role"])
