"""EC2 instances that belong to their subnet: zone, address, volumes; launched from a launch template."""

import ipaddress
import random
import re

import ministack.services.ec2 as ec2

from patching import refuse, wrap, wrap_action

PENDING = {"Code": 0, "Name": "pending"}
RUNNING = {"Code": 16, "Name": "running"}
_GRAVITON = re.compile(r"^[a-z]+\d+g")
# AWS keeps the first four addresses and the last one of every subnet.
_RESERVED_FIRST = 4


def free_address(subnet):
    network = ipaddress.ip_network(subnet["CidrBlock"])
    used = {
        other["PrivateIpAddress"]
        for other in ec2._instances.values()
        if other["SubnetId"] == subnet["SubnetId"] and other["State"]["Name"] != "terminated"
    }
    available = network.num_addresses - _RESERVED_FIRST - 1
    if len(used) >= available:
        raise ValueError(f"There are not enough free addresses in subnet '{subnet['SubnetId']}'")
    while True:
        address = str(network[random.randrange(_RESERVED_FIRST, network.num_addresses - 1)])
        if address not in used:
            return address


def place(instance, address=None):
    """Corrects what MiniStack invents without looking at the subnet."""
    subnet = ec2._subnets.get(instance["SubnetId"])
    if _GRAVITON.match(instance["InstanceType"]):
        instance["Architecture"] = "arm64"
    if subnet is None:
        return
    instance["VpcId"] = subnet["VpcId"]
    instance["Placement"]["AvailabilityZone"] = subnet["AvailabilityZone"]
    instance["PrivateIpAddress"] = address or free_address(subnet)
    instance["PrivateDnsName"] = f"ip-{instance['PrivateIpAddress'].replace('.', '-')}.ec2.internal"
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


def launch_from_template(data, subnet_id, tags):
    """One pending instance as the launch template's data says."""
    profile = data.get("IamInstanceProfile") or {}
    resolved = None
    if profile:
        resolved, error = ec2._resolve_iam_instance_profile(
            iam_arn=profile.get("Arn", ""), iam_name=profile.get("Name", ""), allow_missing=False
        )
        if error:
            refuse(error)
    interfaces = data.get("NetworkInterfaces") or [{}]
    groups = data.get("SecurityGroupIds") or interfaces[0].get("Groups")
    (instance,) = ec2._launch_instances_internal(
        image_id=data.get("ImageId", ""),
        instance_type=data.get("InstanceType", "m1.small"),
        subnet_id=subnet_id,
        count=1,
        key_name=data.get("KeyName", ""),
        user_data=data.get("UserData", ""),
        sg_ids=groups,
        iam_profile=resolved,
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
        for instance in created:
            place(instance, kwargs.get("requested_private_ip") or None)
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


def _without_empty_addresses(original):
    def instance_xml(instance):
        return original(instance).replace("<ipAddress></ipAddress>", "").replace("<dnsName></dnsName>", "")

    return instance_xml


def install():
    wrap(ec2, "_launch_instances_internal", _launch_in_subnet)
    wrap(ec2, "_instance_xml", _without_empty_addresses)
    wrap_action(ec2._ACTION_MAP, "TerminateInstances", _terminate_with_volumes)
