"""The network interfaces of all that has an address in a subnet: made, changed and removed with their holders.

They are brought up to date whenever somebody looks at them or at a subnet, so no way of making or deleting a holder,
by an SDK or by a stack, has to tell.
"""

import hashlib
import ipaddress
import random
from xml.sax.saxutils import escape

import ministack.services.alb as elb
import ministack.services.ec2 as ec2
import ministack.services.ecs as ecs
import ministack.services.efs as efs
from ministack.core.responses import get_account_id, get_region

from aws_error import AwsError
from patching import wrap, wrap_action

# AWS keeps the first four addresses and the last one of every subnet.
_RESERVED_FIRST, _RESERVED = 4, 5
_STATES_WITHOUT = ("terminated",)


def _instances():
    for instance in ec2._instances.values():
        if instance["State"]["Name"] in _STATES_WITHOUT or not _lies_in(instance["PrivateIpAddress"], instance):
            continue
        yield {
            "owner": instance["InstanceId"],
            "SubnetId": instance["SubnetId"],
            "Groups": [group["GroupId"] for group in instance["SecurityGroups"]],
            "address": instance["PrivateIpAddress"],
            "public": instance.get("PublicIpAddress") or _elastic(instance["InstanceId"]),
            "instance": instance,
        }


def _lies_in(address, instance):
    """An instance that was not placed yet has an address of MiniStack's invention."""
    subnet = ec2._subnets.get(instance["SubnetId"])
    return subnet is not None and ipaddress.ip_address(address) in ipaddress.ip_network(subnet["CidrBlock"])


def _elastic(instance_id):
    return next((a["PublicIp"] for a in ec2._addresses.values() if a.get("InstanceId") == instance_id), None)


def _load_balancers():
    for balancer in elb._lbs.values():
        kind = balancer["Type"]
        name = "/".join(balancer["LoadBalancerArn"].rsplit("/", 3)[-3:])
        for subnet_id in balancer.get("Subnets") or []:
            yield {
                "owner": f"{balancer['LoadBalancerArn']} {subnet_id}",
                "SubnetId": subnet_id,
                "Groups": balancer.get("SecurityGroups") or [],
                "Description": f"ELB {name}",
                "InterfaceType": "network_load_balancer" if kind == "network" else "interface",
                "RequesterId": "amazon-elb",
                "public": balancer["Scheme"] == "internet-facing",
            }


def _mount_targets():
    for target in efs._mount_targets.values():
        yield {
            "owner": target["MountTargetId"],
            "NetworkInterfaceId": target["NetworkInterfaceId"],
            "SubnetId": target["SubnetId"],
            "Groups": target.get("SecurityGroups") or [],
            "Description": f"EFS mount target for {target['FileSystemId']} ({target['MountTargetId']})",
            "RequesterId": get_account_id(),
            "address": target.get("IpAddress"),
        }


def _nat_gateways():
    for nat in ec2._nat_gateways.values():
        if nat["State"] == "deleted":
            continue
        yield {
            "owner": nat["NatGatewayId"],
            "SubnetId": nat["SubnetId"],
            "Groups": [],
            "Description": f"Interface for NAT Gateway {nat['NatGatewayId']}",
            "InterfaceType": "nat_gateway",
            "RequesterId": get_account_id(),
            "public": ec2._addresses.get(nat.get("AllocationId"), {}).get("PublicIp"),
        }


def _endpoints():
    for endpoint in ec2._vpc_endpoints.values():
        if endpoint["VpcEndpointType"] != "Interface":
            continue
        for subnet_id in endpoint.get("SubnetIds") or []:
            yield {
                "owner": f"{endpoint['VpcEndpointId']} {subnet_id}",
                "SubnetId": subnet_id,
                "Groups": endpoint.get("SecurityGroupIds") or [],
                "Description": f"VPC Endpoint Interface {endpoint['VpcEndpointId']}",
                "InterfaceType": "vpc_endpoint",
                "RequesterId": get_account_id(),
            }


def _tasks():
    """One for each task of a service whose tasks have a network of their own."""
    for service in ecs._services.values():
        network = (service.get("networkConfiguration") or {}).get("awsvpcConfiguration") or {}
        subnets = network.get("subnets")
        if service["status"] != "ACTIVE" or not subnets:
            continue
        for index in range(int(service["desiredCount"])):
            yield {
                "owner": f"{service['serviceArn']} {index}",
                "SubnetId": subnets[index % len(subnets)],
                "Groups": network.get("securityGroups") or [],
                "Description": f"task of {service['serviceArn']}",
                "RequesterId": get_account_id(),
            }


def _wanted():
    for find in (_instances, _load_balancers, _mount_targets, _nat_gateways, _endpoints, _tasks):
        for holder in find():
            # What lost its subnet to a forced deletion has no interface either.
            if holder["SubnetId"] in ec2._subnets:
                yield holder


def sync():
    """Every holder has its interface, and every interface its holder."""
    known = {r["_owner"]: r for r in ec2._network_interfaces.values() if r.get("_owner")}
    wanted = {holder["owner"]: holder for holder in _wanted()}
    for owner, record in known.items():
        if owner not in wanted:
            ec2._network_interfaces.pop(record["NetworkInterfaceId"], None)
    # Those that know their address first: it must not be given to another.
    for owner, holder in sorted(wanted.items(), key=lambda item: not item[1].get("address")):
        record = known.get(owner)
        if record is None or record["SubnetId"] != holder["SubnetId"]:
            if record is not None:
                del ec2._network_interfaces[record["NetworkInterfaceId"]]
            record = _make(holder)
        record["Groups"] = _named_groups(holder["Groups"])
        record["PublicIp"] = _public_address(record, holder.get("public"))


def _named_groups(group_ids):
    return [{"GroupId": g, "GroupName": ec2._security_groups.get(g, {}).get("GroupName", g)} for g in group_ids]


def _public_address(record, public):
    if public is True:
        return record.get("PublicIp") or ec2._random_ip("52.")
    return public or None


def _make(holder):
    subnet = ec2._subnets[holder["SubnetId"]]
    digest = hashlib.sha256(f"{holder['owner']} {holder['SubnetId']}".encode()).hexdigest()
    interface_id = holder.get("NetworkInterfaceId") or f"eni-{digest[:17]}"
    instance = holder.get("instance")
    record = {
        "NetworkInterfaceId": interface_id,
        "SubnetId": subnet["SubnetId"],
        "VpcId": subnet["VpcId"],
        "AvailabilityZone": subnet["AvailabilityZone"],
        "Description": holder.get("Description", ""),
        "OwnerId": get_account_id(),
        "Status": "in-use",
        "PrivateIpAddress": holder.get("address") or free_address(subnet),
        "InterfaceType": holder.get("InterfaceType", "interface"),
        "RequesterId": holder.get("RequesterId"),
        "SourceDestCheck": holder.get("InterfaceType") != "nat_gateway",
        "MacAddress": "02:" + ":".join(digest[i : i + 2] for i in range(20, 30, 2)),
        "Groups": [],
        "Attachment": {
            "AttachmentId": f"eni-attach-{digest[17:34]}",
            "InstanceId": instance["InstanceId"] if instance else None,
            "DeviceIndex": 0 if instance else 1,
            "Status": "attached",
            "AttachTime": instance["LaunchTime"] if instance else ec2._now_ts(),
        },
        "_owner": holder["owner"],
    }
    ec2._network_interfaces[interface_id] = record
    return record


def _used(subnet):
    return {
        record["PrivateIpAddress"]
        for record in ec2._network_interfaces.values()
        if record["SubnetId"] == subnet["SubnetId"]
    }


def free_address(subnet):
    """Of the interfaces as they are recorded: `sync` first."""
    network = ipaddress.ip_network(subnet["CidrBlock"])
    used = _used(subnet)
    if len(used) >= network.num_addresses - _RESERVED:
        message = f"There are not enough free addresses in subnet '{subnet['SubnetId']}' to satisfy the requested"
        raise AwsError("ec2", "InsufficientFreeAddressesInSubnet", f"{message} number of instances.")
    while True:
        address = str(network[random.randrange(_RESERVED_FIRST, network.num_addresses - 1)])
        if address not in used:
            return address


def in_subnet(subnet_id):
    sync()
    return [record for record in ec2._network_interfaces.values() if record["SubnetId"] == subnet_id]


def of_group(group_id):
    sync()
    return [r for r in ec2._network_interfaces.values() if group_id in [group["GroupId"] for group in r["Groups"]]]


def of_instance(instance_id):
    return [r for r in ec2._network_interfaces.values() if (r["Attachment"] or {}).get("InstanceId") == instance_id]


def mapped_in(vpc_id):
    """The interfaces of a VPC that have a public address."""
    sync()
    return [r for r in ec2._network_interfaces.values() if r["VpcId"] == vpc_id and r.get("PublicIp")]


def _count_free(original):
    def describe(params):
        sync()
        for subnet in ec2._subnets.values():
            total = ipaddress.ip_network(subnet["CidrBlock"]).num_addresses - _RESERVED
            subnet["AvailableIpAddressCount"] = total - len(_used(subnet))
        return original(params)

    return describe


def _create(original):
    """MiniStack invents an address without looking at the subnet."""

    def create(params):
        sync()
        before = set(ec2._network_interfaces)
        answer = original(params)
        for interface_id in set(ec2._network_interfaces) - before:
            record = ec2._network_interfaces[interface_id]
            if not ec2._parse_member_list(params, "SecurityGroupId"):
                record["Groups"] = _named_groups([ec2._vpcs[record["VpcId"]]["DefaultSecurityGroupId"]])
            record["PrivateIpAddress"] = ""
            record["PrivateIpAddress"] = ec2._p(params, "PrivateIpAddress") or free_address(
                ec2._subnets[record["SubnetId"]]
            )
            ec2._parse_tag_specs(params, "network-interface", interface_id)
            return ec2._xml(200, "CreateNetworkInterfaceResponse", ec2._eni_fields_xml(record, tag="networkInterface"))
        return answer

    return create


def _delete(original):
    def delete(params):
        sync()
        record = ec2._network_interfaces.get(ec2._p(params, "NetworkInterfaceId"))
        if record is not None and record["Attachment"]:
            message = f"Network interface '{record['NetworkInterfaceId']}' is currently in use."
            return AwsError("ec2", "InvalidParameterValue", message).answer()
        return original(params)

    return delete


def _values_of(record, name):
    """What a filter of DescribeNetworkInterfaces compares; None for a filter that is not known."""
    attachment = record["Attachment"] or {}
    known = {
        "addresses.private-ip-address": [record["PrivateIpAddress"]],
        "association.public-ip": [record.get("PublicIp")],
        "attachment.instance-id": [attachment.get("InstanceId")],
        "attachment.status": [attachment.get("Status")],
        "availability-zone": [record["AvailabilityZone"]],
        "description": [record["Description"]],
        "group-id": [group["GroupId"] for group in record["Groups"]],
        "group-name": [group["GroupName"] for group in record["Groups"]],
        "interface-type": [record.get("InterfaceType", "interface")],
        "network-interface-id": [record["NetworkInterfaceId"]],
        "private-ip-address": [record["PrivateIpAddress"]],
        "requester-id": [record.get("RequesterId")],
        "requester-managed": ["true" if record.get("RequesterId") else "false"],
        "status": [record["Status"]],
        "subnet-id": [record["SubnetId"]],
        "vpc-id": [record["VpcId"]],
    }
    return known.get(name)


def _matches(record, filters):
    for name, wanted in filters.items():
        values = _values_of(record, name)
        if values is not None and not any(
            value is not None and ec2._glob_match(pattern, value) for value in values for pattern in wanted
        ):
            return False
    return ec2._resource_matches_tag_filters(record["NetworkInterfaceId"], filters)


def _describe(params):
    sync()
    asked = ec2._parse_member_list(params, "NetworkInterfaceId")
    filters = ec2._parse_filters(params)
    for interface_id in asked:
        if interface_id not in ec2._network_interfaces:
            message = f"The networkInterface ID '{interface_id}' does not exist"
            return AwsError("ec2", "InvalidNetworkInterfaceID.NotFound", message).answer()
    items = "".join(
        ec2._eni_fields_xml(record)
        for record in ec2._network_interfaces.values()
        if (not asked or record["NetworkInterfaceId"] in asked) and _matches(record, filters)
    )
    body = f"<networkInterfaceSet>{items}</networkInterfaceSet>"
    return ec2._xml(200, "DescribeNetworkInterfacesResponse", body)


def _with_requester(original):
    def fields(record, tag="item"):
        public = record.get("PublicIp")
        owner = "amazon" if record.get("RequesterId") else get_account_id()
        more = "".join(
            (
                f"<requesterId>{record['RequesterId']}</requesterId>" if record.get("RequesterId") else "",
                f"<requesterManaged>{'true' if record.get('RequesterId') else 'false'}</requesterManaged>",
                f"<privateDnsName>{private_name(record['PrivateIpAddress'])}</privateDnsName>",
                f"<association><publicIp>{public}</publicIp><ipOwnerId>{owner}</ipOwnerId></association>"
                if public
                else "",
            )
        )
        text = original({**record, "Description": escape(record["Description"])}, tag)
        for empty in ("<instanceId>None</instanceId>", "<attachTime></attachTime>"):
            text = text.replace(empty, "")
        return text.replace("<sourceDestCheck>", f"{more}<sourceDestCheck>", 1)

    return fields


def private_name(address):
    """As AWS names a host by its address."""
    zone = "ec2" if get_region() == "us-east-1" else f"{get_region()}.compute"
    return f"ip-{address.replace('.', '-')}.{zone}.internal"


def _beside_interfaces(original):
    """A mount target takes an address that no interface of its subnet has: MiniStack looks at mount targets only."""

    def pick(cidr, used, requested, kind):
        sync()
        subnets = [subnet for subnet in ec2._subnets.values() if subnet["CidrBlock"] == cidr]
        return original(cidr, used.union(*(_used(subnet) for subnet in subnets)), requested, kind)

    return pick


def install():
    actions = ec2._ACTION_MAP
    wrap_action(actions, "DescribeSubnets", _count_free)
    wrap_action(actions, "CreateNetworkInterface", _create)
    wrap_action(actions, "DeleteNetworkInterface", _delete)
    wrap_action(actions, "DescribeNetworkInterfaces", lambda _original: _describe)
    wrap(ec2, "_eni_fields_xml", _with_requester)
    wrap(efs, "_pick_address", _beside_interfaces)
