"""Refusals of AWS that a wrong network template must meet, and that MiniStack lets pass."""

import ipaddress

import ministack.services.alb as elb
import ministack.services.cloudformation.provisioners as provisioners
import ministack.services.ec2 as ec2

_MIN_PREFIX, _MAX_PREFIX = 16, 28


def _vpc(properties):
    vpc = ec2._vpcs.get(properties.get("VpcId"))
    if vpc is None:
        raise ValueError(f"The vpc ID '{properties.get('VpcId')}' does not exist")
    return vpc


def _network(cidr):
    network = ipaddress.ip_network(cidr)
    if not _MIN_PREFIX <= network.prefixlen <= _MAX_PREFIX:
        raise ValueError(f"The CIDR '{cidr}' is invalid: its prefix length must be between /16 and /28.")
    return network


def check_vpc(properties):
    if properties.get("CidrBlock"):
        _network(properties["CidrBlock"])


def check_subnet(properties):
    vpc = _vpc(properties)
    if not properties.get("CidrBlock"):
        return
    network = _network(properties["CidrBlock"])
    if not network.subnet_of(ipaddress.ip_network(vpc["CidrBlock"])):
        raise ValueError(f"The CIDR '{network}' is invalid: it is not inside {vpc['CidrBlock']}.")
    for other in ec2._subnets.values():
        if other["VpcId"] == vpc["VpcId"] and network.overlaps(ipaddress.ip_network(other["CidrBlock"])):
            raise ValueError(
                f"The CIDR '{network}' conflicts with another subnet: {other['SubnetId']} {other['CidrBlock']}"
            )


def check_security_group(properties):
    if properties.get("VpcId"):
        _vpc(properties)


def check_route(properties):
    if properties.get("RouteTableId") not in ec2._route_tables:
        raise ValueError(f"The routeTable ID '{properties.get('RouteTableId')}' does not exist")
    for key, store in (("GatewayId", ec2._internet_gateways), ("NatGatewayId", ec2._nat_gateways)):
        target = properties.get(key)
        if target and target not in store and not str(target).startswith(("vgw-", "vpce-")):
            raise ValueError(f"The target '{target}' of the route does not exist")


def _check_subnets_and_groups(properties):
    subnets = [s for s in (properties.get("Subnets") or [properties.get("SubnetId")]) if s]
    for subnet in subnets:
        if subnet not in ec2._subnets:
            raise ValueError(f"The subnet ID '{subnet}' does not exist")
    for group in properties.get("SecurityGroups") or []:
        if group not in ec2._security_groups:
            raise ValueError(f"The security group '{group}' does not exist")
    return [ec2._subnets[subnet] for subnet in subnets]


def check_load_balancer(properties):
    subnets = _check_subnets_and_groups(properties)
    zones = [subnet["AvailabilityZone"] for subnet in subnets]
    if properties.get("Type", "application") == "application" and len(set(zones)) < 2:
        raise ValueError("At least two subnets in two different Availability Zones must be specified")
    if len(set(zones)) < len(zones):
        raise ValueError("A load balancer cannot be attached to multiple subnets in the same Availability Zone")


def check_group(properties):
    subnets = properties.get("VPCZoneIdentifier") or []
    for subnet in subnets.split(",") if isinstance(subnets, str) else subnets:
        if subnet not in ec2._subnets:
            raise ValueError(f"The subnet ID '{subnet}' does not exist")
    for arn in properties.get("TargetGroupARNs") or []:
        if arn not in elb._tgs:
            raise ValueError(f"Target group '{arn}' not found")


CHECKS = {
    "AWS::AutoScaling::AutoScalingGroup": check_group,
    "AWS::EC2::Route": check_route,
    "AWS::EC2::SecurityGroup": check_security_group,
    "AWS::EC2::Subnet": check_subnet,
    "AWS::EC2::VPC": check_vpc,
    "AWS::EFS::MountTarget": _check_subnets_and_groups,
    "AWS::ElasticLoadBalancingV2::LoadBalancer": check_load_balancer,
}


def _checked(check, create):
    def checked(logical_id, properties, stack_name):
        ec2._ensure_defaults_initialized()
        check(properties)
        return create(logical_id, properties, stack_name)

    return checked


def _in_the_vpc_of_its_subnets(create):
    """MiniStack puts every load balancer of a stack into the default VPC."""

    def create_balancer(logical_id, properties, stack_name):
        arn, attributes = create(logical_id, properties, stack_name)
        subnets = elb._lbs[arn]["Subnets"]
        if subnets:
            elb._lbs[arn]["VpcId"] = ec2._subnets[subnets[0]]["VpcId"]
        return arn, attributes

    return create_balancer


def _with_its_range(create):
    """MiniStack's VPC lacks the attribute from which templates cut their subnets."""

    def create_vpc(logical_id, properties, stack_name):
        vpc_id, attributes = create(logical_id, properties, stack_name)
        return vpc_id, {**attributes, "CidrBlock": ec2._vpcs[vpc_id]["CidrBlock"]}

    return create_vpc


def install():
    """After the types themselves: it wraps what they registered."""
    handlers = provisioners._RESOURCE_HANDLERS
    balancer = handlers["AWS::ElasticLoadBalancingV2::LoadBalancer"]
    balancer["create"] = _in_the_vpc_of_its_subnets(balancer["create"])
    handlers["AWS::EC2::VPC"]["create"] = _with_its_range(handlers["AWS::EC2::VPC"]["create"])
    for type_name, check in CHECKS.items():
        handlers[type_name]["create"] = _checked(check, handlers[type_name]["create"])
