"""EC2 instances that belong to their subnet: zone, address, volumes; launched from a launch template."""

import re

import ministack.services.ec2 as ec2

import network_interfaces
import references
from aws_error import AwsError
from patching import refuse, wrap, wrap_action

PENDING = {"Code": 0, "Name": "pending"}
RUNNING = {"Code": 16, "Name": "running"}
_GRAVITON = re.compile(r"^[a-z]+\d+g")


def place(instance, address=None):
    """Corrects what MiniStack invents without looking at the subnet."""
    subnet = ec2._subnets.get(instance["SubnetId"])
    if _GRAVITON.match(instance["InstanceType"]):
        instance["Architecture"] = "arm64"
    if subnet is None:
        return
    instance["VpcId"] = subnet["VpcId"]
    own = ec2._vpcs.get(subnet["VpcId"], {}).get("DefaultSecurityGroupId")
    if own and [group["GroupId"] for group in instance["SecurityGroups"]] == [ec2._DEFAULT_SG_ID]:
        # None was asked for: the default group of the subnet's own VPC, not that of the default VPC.
        instance["SecurityGroups"] = [{"GroupId": own, "GroupName": "default"}]
    instance["Placement"]["AvailabilityZone"] = subnet["AvailabilityZone"]
    network_interfaces.sync()
    instance["PrivateIpAddress"] = address or network_interfaces.free_address(subnet)
    instance["PrivateDnsName"] = network_interfaces.private_name(instance["PrivateIpAddress"])
    if not subnet.get("MapPublicIpOnLaunch"):
        instance["PublicIpAddress"] = instance["PublicDnsName"] = ""
    for volume in volumes_of(instance["InstanceId"]):
        volume["AvailabilityZone"] = subnet["AvailabilityZone"]


def volumes_of(instance_id):
    return [
        volume
        for volume in ec2._volumes.values()
        if any(attachment["InstanceId"] == instance_id for attachment in volume["Attachments"])
    ]


def is_alive(instance_id):
    instance = ec2._instances.get(instance_id)
    return instance is not None and instance["State"]["Name"] in ("pending", "running")


def groups_of(data):
    """The security groups that a launch template names."""
    interfaces = data.get("NetworkInterfaces") or [{}]
    return data.get("SecurityGroupIds") or interfaces[0].get("Groups")


def launch_from_template(data, subnet_id, tags):
    """One pending instance as the launch template's data says."""
    profile = references.instance_profile(data.get("IamInstanceProfile"))
    groups = groups_of(data)
    references.groups_beside(groups or [], references.subnet(subnet_id))
    (instance,) = ec2._launch_instances_internal(
        image_id=data.get("ImageId", ""),
        instance_type=data.get("InstanceType", "m1.small"),
        subnet_id=subnet_id,
        count=1,
        key_name=data.get("KeyName", ""),
        user_data=data.get("UserData", ""),
        sg_ids=groups,
        iam_profile=profile and {"Arn": profile["Arn"], "Id": profile["InstanceProfileId"]},
    )
    instance["State"] = dict(PENDING)
    _apply_block_devices(instance, data.get("BlockDeviceMappings") or [])
    specified = {spec["ResourceType"]: spec.get("Tags") or [] for spec in data.get("TagSpecifications") or []}
    _tag(instance["InstanceId"], [*specified.get("instance", []), *tags])
    for volume in volumes_of(instance["InstanceId"]):
        _tag(volume["VolumeId"], specified.get("volume", []))
    return instance


def _tag(resource_id, tags):
    merged = {str(tag["Key"]): str(tag.get("Value", "")) for tag in tags}
    if merged:
        ec2._tags[resource_id] = [{"Key": key, "Value": value} for key, value in merged.items()]


def _apply_block_devices(instance, mappings):
    (root,) = volumes_of(instance["InstanceId"])
    for mapping in mappings:
        ebs = mapping.get("Ebs")
        if not ebs:
            continue
        is_root = mapping.get("DeviceName") == instance["RootDeviceName"]
        volume = root if is_root else _add_volume(instance, root, mapping["DeviceName"])
        for source, target, convert in (
            ("VolumeSize", "Size", int),
            ("VolumeType", "VolumeType", str),
            ("Iops", "Iops", int),
            ("Throughput", "Throughput", int),
        ):
            if source in ebs:
                volume[target] = convert(ebs[source])
        volume["Encrypted"] = str(ebs.get("Encrypted", False)).lower() == "true"
        keep = str(ebs.get("DeleteOnTermination", True)).lower() != "true"
        volume["Attachments"][0]["DeleteOnTermination"] = not keep


def _add_volume(instance, root, device):
    volume_id = ec2._new_volume_id()
    attachment = {**root["Attachments"][0], "VolumeId": volume_id, "Device": device}
    ec2._volumes[volume_id] = {**root, "VolumeId": volume_id, "Attachments": [attachment]}
    instance["BlockDeviceMappings"].append(
        {"DeviceName": device, "Ebs": {**instance["BlockDeviceMappings"][0]["Ebs"], "VolumeId": volume_id}}
    )
    return ec2._volumes[volume_id]


def terminate(instance_id):
    refuse(ec2._ACTION_MAP["TerminateInstances"]({"InstanceId.1": [instance_id]}))


def _release_volumes(instance_id):
    for volume in volumes_of(instance_id):
        if volume["Attachments"][0].get("DeleteOnTermination"):
            ec2._volumes.pop(volume["VolumeId"], None)
        else:
            volume["Attachments"] = []
            volume["State"] = "available"
    ec2._instances[instance_id]["BlockDeviceMappings"] = []


def _launch_in_subnet(original):
    def launch(*args, **kwargs):
        created = original(*args, **kwargs)
        try:
            for instance in created:
                place(instance, kwargs.get("requested_private_ip") or None)
        except AwsError:
            # All or none: a launch that does not fit leaves nothing.
            for instance in created:
                ec2._discard_instance_records(instance)
            raise
        return created

    return launch


def _terminate_with_volumes(original):
    def terminate_instances(params):
        answer = original(params)
        if answer[0] < 400:
            for instance_id in ec2._parse_member_list(params, "InstanceId"):
                _release_volumes(instance_id)
        return answer

    return terminate_instances


# What an interface says of itself and not within its instance.
_OF_INTERFACES = re.compile(
    r"<(availabilityZone|requesterManaged|requesterId|instanceId)>[^<]*</\1>|<tagSet>.*?</tagSet>|<tagSet/>", re.DOTALL
)


def _interface_xml(record):
    return _OF_INTERFACES.sub("", ec2._eni_fields_xml(record))


def _with_interfaces(original):
    def instance_xml(instance):
        network_interfaces.sync()
        items = "".join(_interface_xml(r) for r in network_interfaces.of_instance(instance["InstanceId"]))
        text = original(instance).replace("<ipAddress></ipAddress>", "").replace("<dnsName></dnsName>", "")
        # A terminated instance keeps no address.
        if instance["State"]["Name"] == "terminated":
            address = f"<privateIpAddress>{instance['PrivateIpAddress']}</privateIpAddress>"
            text = text.replace(address, "").replace(f"<subnetId>{instance['SubnetId']}</subnetId>", "")
        return text.replace("<groupSet>", f"<networkInterfaceSet>{items}</networkInterfaceSet><groupSet>", 1)

    return instance_xml


def is_impaired(instance_id):
    """Whether EC2's own status checks fail: on request only."""
    return ec2._instances.get(instance_id, {}).get("_mark", {}).get("kind") == "impaired"


def _with_status(original):
    def describe(params):
        status, headers, body = original(params)
        before, *items = body.decode().split("<instanceId>")
        text = before
        for item in items:
            if is_impaired(item.partition("<")[0]):
                passed, failed = "<status>passed</status>", "<status>failed</status>"
                head, marker, tail = item.partition("<instanceStatus>")
                item = head + marker + tail.replace("<status>ok", "<status>impaired", 1).replace(passed, failed, 1)
            text += f"<instanceId>{item}"
        return status, headers, text.encode()

    return describe


def _values_of(instance, name):
    known = {
        "availability-zone": [instance["Placement"]["AvailabilityZone"]],
        "iam-instance-profile.arn": [(instance.get("IamInstanceProfile") or {}).get("Arn")],
        "instance-id": [instance["InstanceId"]],
        "instance.group-id": [group["GroupId"] for group in instance["SecurityGroups"]],
        "private-ip-address": [instance["PrivateIpAddress"]],
        "subnet-id": [instance["SubnetId"]],
        "vpc-id": [instance["VpcId"]],
    }
    return known.get(name)


def _by_place(original):
    """MiniStack lets pass whatever filter it does not know."""

    def matches(instance, filters):
        for name, wanted in filters.items():
            values = _values_of(instance, name)
            if values is not None and not set(values) & set(wanted):
                return False
        return original(instance, filters)

    return matches


def _in_a_default_subnet(original):
    """Without a subnet an instance goes into the default VPC: the asked zone's subnet, else the emptiest one."""

    def run_instances(params):
        if not ec2._p(params, "SubnetId") and not ec2._p(params, "NetworkInterface.1.SubnetId"):
            zone = ec2._p(params, "Placement.AvailabilityZone")
            candidates = [
                subnet["SubnetId"]
                for subnet in ec2._subnets.values()
                if subnet["DefaultForAz"] and zone in ("", subnet["AvailabilityZone"])
            ]
            placed = [i["SubnetId"] for i in ec2._instances.values() if is_alive(i["InstanceId"])]
            if candidates:
                params = {**params, "SubnetId": [min(candidates, key=placed.count)]}
        try:
            return original(params)
        except AwsError as error:
            return error.answer()

    return run_instances


def install():
    wrap(ec2, "_launch_instances_internal", _launch_in_subnet)
    wrap(ec2, "_instance_xml", _with_interfaces)
    wrap(ec2, "_matches_filters", _by_place)
    wrap_action(ec2._ACTION_MAP, "DescribeInstanceStatus", _with_status)
    wrap_action(ec2._ACTION_MAP, "RunInstances", _in_a_default_subnet)
    wrap_action(ec2._ACTION_MAP, "TerminateInstances", _terminate_with_volumes)
