"""Refusals of AWS that a wrong network must meet, by an SDK as in a template, and that MiniStack lets pass."""

import ipaddress

import ministack.services.alb as elb
import ministack.services.autoscaling as autoscaling
import ministack.services.ec2 as ec2

import references
from aws_error import AwsError
from checking import check_actions, check_types

_MIN_PREFIX, _MAX_PREFIX = 16, 28


def _network(cidr, code):
    try:
        network = ipaddress.ip_network(cidr)
    except ValueError:
        raise AwsError(
            "ec2",
            "InvalidParameterValue",
            f"Value ({cidr}) for parameter cidrBlock is invalid. This is not a valid CIDR block.",
        ) from None
    if not _MIN_PREFIX <= network.prefixlen <= _MAX_PREFIX:
        raise AwsError("ec2", code, f"The CIDR '{cidr}' is invalid.")
    return network


def check_vpc(properties):
    if properties.get("CidrBlock"):
        _network(properties["CidrBlock"], "InvalidVpc.Range")


def check_subnet(properties):
    vpc = references.vpc(properties.get("VpcId"))
    if not properties.get("CidrBlock"):
        return
    network = _network(properties["CidrBlock"], "InvalidSubnet.Range")
    if not network.subnet_of(ipaddress.ip_network(vpc["CidrBlock"])):
        raise AwsError("ec2", "InvalidSubnet.Range", f"The CIDR '{network}' is invalid.")
    for other in ec2._subnets.values():
        if other["VpcId"] == vpc["VpcId"] and network.overlaps(ipaddress.ip_network(other["CidrBlock"])):
            raise AwsError("ec2", "InvalidSubnet.Conflict", f"The CIDR '{network}' conflicts with another subnet")


def check_security_group(properties):
    vpc_id = properties.get("VpcId") or ec2._DEFAULT_VPC_ID
    references.vpc(vpc_id)
    name = properties.get("GroupName")
    if name and any(g["VpcId"] == vpc_id and g["GroupName"] == name for g in ec2._security_groups.values()):
        message = f"The security group '{name}' already exists for VPC '{vpc_id}'"
        raise AwsError("ec2", "InvalidGroup.Duplicate", message)
    check_rules(properties)


def check_rules(properties):
    for rule in [*(properties.get("SecurityGroupIngress") or []), *(properties.get("SecurityGroupEgress") or [])]:
        other = rule.get("SourceSecurityGroupId") or rule.get("DestinationSecurityGroupId")
        if other:
            references.security_group(other)


def check_rule(properties):
    """A rule beside its group, and the rules that a call adds to one."""
    references.security_group(properties.get("GroupId"))
    for other in properties.get("Others") or [
        properties.get("SourceSecurityGroupId"),
        properties.get("DestinationSecurityGroupId"),
    ]:
        if other:
            references.security_group(other)


def check_in_vpc(properties):
    if properties.get("VpcId"):
        references.vpc(properties["VpcId"])


def check_route(properties):
    table = references.route_table(properties.get("RouteTableId"))
    gateway = str(properties.get("GatewayId") or "")
    if gateway.startswith("igw-"):
        attached = references.internet_gateway(gateway)["Attachments"]
        if table["VpcId"] not in [attachment["VpcId"] for attachment in attached]:
            raise AwsError(
                "ec2",
                "InvalidParameterValue",
                f"route table {table['RouteTableId']} and network gateway {gateway} belong to different networks",
            )
    if properties.get("NatGatewayId"):
        references.nat_gateway(properties["NatGatewayId"])
    if properties.get("InstanceId"):
        references.instance(properties["InstanceId"])


def check_association(properties):
    table = references.route_table(properties.get("RouteTableId"))
    subnet = references.subnet(properties.get("SubnetId"))
    if table["VpcId"] != subnet["VpcId"]:
        message = f"Route table {table['RouteTableId']} and subnet {subnet['SubnetId']} belong to different networks"
        raise AwsError("ec2", "InvalidParameterValue", message)
    for other in ec2._route_tables.values():
        if any(association.get("SubnetId") == subnet["SubnetId"] for association in other["Associations"]):
            raise AwsError(
                "ec2",
                "Resource.AlreadyAssociated",
                f"the specified association for route table {table['RouteTableId']} conflicts with an existing "
                "association",
            )


def check_attachment(properties):
    vpc_id, gateway_id = properties.get("VpcId"), properties.get("InternetGatewayId")
    references.vpc(vpc_id)
    if not gateway_id:
        return
    references.internet_gateway(gateway_id)
    for other in ec2._internet_gateways.values():
        if other["InternetGatewayId"] != gateway_id and vpc_id in [a["VpcId"] for a in other["Attachments"]]:
            message = f"Network {vpc_id} already has an internet gateway attached"
            raise AwsError("ec2", "InvalidParameterValue", message)


def check_nat_gateway(properties):
    subnet = references.subnet(properties.get("SubnetId"))
    if properties.get("ConnectivityType", "public") != "public":
        return
    allocation_id = properties.get("AllocationId")
    if allocation_id not in ec2._addresses:
        message = f"Elastic IP address [{allocation_id}] does not exist"
        raise AwsError("ec2", "InvalidElasticIpID.NotFound", message)
    holders = [nat for nat in ec2._nat_gateways.values() if nat["State"] != "deleted"]
    if any(nat["AllocationId"] == allocation_id for nat in holders):
        message = f"Elastic IP address [{allocation_id}] is already associated"
        raise AwsError("ec2", "Resource.AlreadyAssociated", message)
    attached = [a["VpcId"] for gateway in ec2._internet_gateways.values() for a in gateway["Attachments"]]
    if subnet["VpcId"] not in attached:
        message = f"Network {subnet['VpcId']} has no Internet gateway attached"
        raise AwsError("ec2", "Gateway.NotAttached", message)


def check_endpoint(properties):
    references.vpc(properties.get("VpcId"))
    for table_id in properties.get("RouteTableIds") or []:
        references.route_table(table_id)
    for subnet_id in properties.get("SubnetIds") or []:
        references.groups_beside(properties.get("SecurityGroupIds") or [], references.subnet(subnet_id))


def check_interface(properties):
    subnet = references.subnet(properties.get("SubnetId"))
    references.groups_beside(properties.get("SecurityGroups") or [], subnet)


def check_instance(properties):
    subnet_id = properties.get("SubnetId") or ec2._DEFAULT_SUBNET_ID
    references.groups_beside(properties.get("SecurityGroupIds") or [], references.subnet(subnet_id))
    references.instance_profile(properties.get("IamInstanceProfile"))


def check_address(properties):
    if properties.get("AllocationId"):
        references.allocation(properties["AllocationId"])
    if properties.get("InstanceId"):
        references.instance(properties["InstanceId"])


def check_load_balancer(properties):
    mapped = [mapping.get("SubnetId") for mapping in properties.get("SubnetMappings") or []]
    subnets = [references.subnet(s, "elbv2") for s in [*(properties.get("Subnets") or []), *mapped] if s]
    for group_id in properties.get("SecurityGroups") or []:
        references.security_group(group_id, "elbv2")
    zones = [subnet["AvailabilityZone"] for subnet in subnets]
    if properties.get("Type", "application") == "application" and len(set(zones)) < 2:
        message = "At least two subnets in two different Availability Zones must be specified"
        raise AwsError("elbv2", "ValidationError", message)
    if len(set(zones)) < len(zones):
        message = "A load balancer cannot be attached to multiple subnets in the same Availability Zone"
        raise AwsError("elbv2", "InvalidConfigurationRequest", message)
    if len({subnet["VpcId"] for subnet in subnets}) > 1:
        raise AwsError("elbv2", "InvalidConfigurationRequest", "All subnets must belong to the same VPC")


def check_target_group(properties):
    if properties.get("VpcId") and properties["VpcId"] not in ec2._vpcs:
        raise AwsError("elbv2", "ValidationError", f"The VPC ID '{properties['VpcId']}' is not found")


def check_actions_of_listener(properties):
    for action in [*(properties.get("DefaultActions") or []), *(properties.get("Actions") or [])]:
        forwarded = (action.get("ForwardConfig") or {}).get("TargetGroups") or []
        for arn in [action.get("TargetGroupArn"), *(entry.get("TargetGroupArn") for entry in forwarded)]:
            if arn:
                references.target_group(arn)
    for entry in properties.get("Certificates") or []:
        if entry.get("CertificateArn"):
            references.certificate(entry["CertificateArn"])


def check_listener(properties):
    if properties.get("LoadBalancerArn"):
        references.load_balancer(properties["LoadBalancerArn"])
    check_actions_of_listener(properties)


def check_targets(properties):
    references.target_group(properties.get("TargetGroupArn"))
    if elb._tgs[properties["TargetGroupArn"]].get("TargetType") != "instance":
        return
    for target in properties.get("Targets") or []:
        if target["Id"] not in ec2._instances:
            raise AwsError("elbv2", "InvalidTarget", f"The instance ID '{target['Id']}' is not valid")


def check_group(properties):
    subnets = properties.get("VPCZoneIdentifier") or []
    for subnet in subnets.split(",") if isinstance(subnets, str) else subnets:
        references.subnet(subnet.strip(), "autoscaling")
    for arn in properties.get("TargetGroupARNs") or []:
        references.target_group(arn, "autoscaling")
    if properties.get("LaunchTemplate"):
        references.launch_template(properties["LaunchTemplate"])


def check_of_group(properties):
    references.group(properties.get("AutoScalingGroupName"))


TYPES = {
    "AWS::AutoScaling::AutoScalingGroup": check_group,
    "AWS::AutoScaling::LifecycleHook": check_of_group,
    "AWS::AutoScaling::ScalingPolicy": check_of_group,
    "AWS::AutoScaling::ScheduledAction": check_of_group,
    "AWS::EC2::EIP": check_address,
    "AWS::EC2::NatGateway": check_nat_gateway,
    "AWS::EC2::Route": check_route,
    "AWS::EC2::RouteTable": check_in_vpc,
    "AWS::EC2::SecurityGroup": check_security_group,
    "AWS::EC2::SecurityGroupEgress": check_rule,
    "AWS::EC2::SecurityGroupIngress": check_rule,
    "AWS::EC2::Subnet": check_subnet,
    "AWS::EC2::SubnetRouteTableAssociation": check_association,
    "AWS::EC2::VPC": check_vpc,
    "AWS::EC2::VPCEndpoint": check_endpoint,
    "AWS::EC2::VPCGatewayAttachment": check_attachment,
    "AWS::ElasticLoadBalancingV2::Listener": check_listener,
    "AWS::ElasticLoadBalancingV2::ListenerRule": check_actions_of_listener,
    "AWS::ElasticLoadBalancingV2::LoadBalancer": check_load_balancer,
    "AWS::ElasticLoadBalancingV2::TargetGroup": check_target_group,
    "AWS::ServiceDiscovery::PrivateDnsNamespace": lambda properties: references.vpc(properties.get("Vpc")),
}
# Where a change of the properties meets the same refusals as a creation does, of all that is named.
CHANGING = (
    "AWS::AutoScaling::AutoScalingGroup",
    "AWS::EC2::Route",
    "AWS::EC2::VPCEndpoint",
    "AWS::ElasticLoadBalancingV2::Listener",
    "AWS::ElasticLoadBalancingV2::ListenerRule",
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
)


def _vpc_of(asked):
    return {"VpcId": asked.one("VpcId")}


def _instance(asked):
    return {
        "SubnetId": asked.one("SubnetId") or asked.one("NetworkInterface.1.SubnetId"),
        "SecurityGroupIds": asked.many("SecurityGroupId") or asked.many("NetworkInterface.1.SecurityGroupId"),
        "IamInstanceProfile": {key: asked.one(f"IamInstanceProfile.{key}") for key in ("Name", "Arn")},
    }


def _rules(asked):
    permissions = ec2._parse_ip_permissions(asked.params, "IpPermissions")
    others = [pair.get("GroupId") for rule in permissions for pair in rule.get("UserIdGroupPairs") or []]
    return {"GroupId": asked.one("GroupId"), "Others": others or [None]}


def _group(asked):
    spec = {key: asked.one(f"LaunchTemplate.{key}") for key in ("LaunchTemplateId", "LaunchTemplateName")}
    return {
        "VPCZoneIdentifier": asked.one("VPCZoneIdentifier"),
        "TargetGroupARNs": asked.members("TargetGroupARNs"),
        "LaunchTemplate": spec if any(spec.values()) else None,
    }


def _forwarding(key):
    def read(asked):
        certificate = asked.one("Certificates.member.1.CertificateArn")
        return {
            "LoadBalancerArn": asked.one("LoadBalancerArn"),
            key: elb._parse_actions(asked.params, key),
            "Certificates": [{"CertificateArn": certificate}],
        }

    return read


EC2_ACTIONS = {
    "AssociateAddress": (check_address, lambda a: {k: a.one(k) for k in ("AllocationId", "InstanceId")}),
    "AssociateRouteTable": (check_association, lambda a: {k: a.one(k) for k in ("RouteTableId", "SubnetId")}),
    "AttachInternetGateway": (check_attachment, lambda a: {k: a.one(k) for k in ("VpcId", "InternetGatewayId")}),
    "AuthorizeSecurityGroupEgress": (check_rule, _rules),
    "AuthorizeSecurityGroupIngress": (check_rule, _rules),
    "CreateNatGateway": (
        check_nat_gateway,
        lambda a: {
            "SubnetId": a.one("SubnetId"),
            "AllocationId": a.one("AllocationId"),
            "ConnectivityType": a.one("ConnectivityType") or "public",
        },
    ),
    "CreateNetworkInterface": (
        check_interface,
        lambda a: {"SubnetId": a.one("SubnetId"), "SecurityGroups": a.many("SecurityGroupId")},
    ),
    "CreateRoute": (
        check_route,
        lambda a: {k: a.one(k) for k in ("RouteTableId", "GatewayId", "NatGatewayId", "InstanceId")},
    ),
    "CreateRouteTable": (check_in_vpc, _vpc_of),
    "CreateSecurityGroup": (check_security_group, lambda a: {k: a.one(k) for k in ("VpcId", "GroupName")}),
    "CreateSubnet": (
        check_subnet,
        lambda a: {"VpcId": a.one("VpcId") or ec2._DEFAULT_VPC_ID, "CidrBlock": a.one("CidrBlock")},
    ),
    "CreateVpc": (check_vpc, lambda a: {"CidrBlock": a.one("CidrBlock")}),
    "CreateVpcEndpoint": (
        check_endpoint,
        lambda a: {
            "VpcId": a.one("VpcId"),
            "RouteTableIds": a.many("RouteTableId"),
            "SubnetIds": a.many("SubnetId"),
            "SecurityGroupIds": a.many("SecurityGroupId"),
        },
    ),
    "ReplaceRoute": (
        check_route,
        lambda a: {k: a.one(k) for k in ("RouteTableId", "GatewayId", "NatGatewayId", "InstanceId")},
    ),
    "RunInstances": (check_instance, _instance),
}
ELB_ACTIONS = {
    "CreateListener": (check_listener, _forwarding("DefaultActions")),
    "CreateLoadBalancer": (
        check_load_balancer,
        lambda a: {
            "Subnets": a.members("Subnets"),
            "SecurityGroups": a.members("SecurityGroups"),
            "Type": a.one("Type") or "application",
        },
    ),
    "CreateRule": (check_actions_of_listener, _forwarding("Actions")),
    "CreateTargetGroup": (check_target_group, _vpc_of),
    "ModifyListener": (check_actions_of_listener, _forwarding("DefaultActions")),
    "RegisterTargets": (
        check_targets,
        lambda a: {"TargetGroupArn": a.one("TargetGroupArn"), "Targets": elb._parse_targets_param(a.params)},
    ),
}
AUTO_SCALING_ACTIONS = {
    "CreateAutoScalingGroup": (check_group, _group),
    "PutLifecycleHook": (check_of_group, lambda a: {"AutoScalingGroupName": a.one("AutoScalingGroupName")}),
    "PutScalingPolicy": (check_of_group, lambda a: {"AutoScalingGroupName": a.one("AutoScalingGroupName")}),
    "UpdateAutoScalingGroup": (check_group, _group),
}


def install():
    """After the types themselves: it wraps what they registered."""
    check_types(TYPES, CHANGING)
    check_actions(ec2._ACTION_MAP, EC2_ACTIONS)
    check_actions(elb._ACTION_MAP, ELB_ACTIONS)
    check_actions(autoscaling._ACTION_MAP, AUTO_SCALING_ACTIONS)
