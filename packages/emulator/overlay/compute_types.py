"""Instances, volumes, flow logs and network ACLs in a stack: types that MiniStack's CloudFormation lacks."""

import ministack.services.cloudformation.provisioners as provisioners
import ministack.services.ec2 as ec2

import instances
import references
from aws_error import AwsError
from checking import check_actions
from network_types import new_key
from patching import refuse


def _launch_data(properties):
    """The properties in the shape of a launch template, over those of the template that they name."""
    data = {}
    spec = properties.get("LaunchTemplate")
    if spec:
        data, _record, error = ec2._resolve_launch_template_data({**spec, "Version": str(spec.get("Version", ""))})
        if error:
            refuse(error)
    own = {
        key: properties[key]
        for key in ("BlockDeviceMappings", "ImageId", "InstanceType", "KeyName", "SecurityGroupIds", "UserData")
        if key in properties
    }
    if properties.get("IamInstanceProfile"):
        own["IamInstanceProfile"] = {"Name": properties["IamInstanceProfile"]}
    return {**data, **own}


def _instance_attributes(instance_id):
    instance = ec2._instances[instance_id]
    return instance_id, {
        "AvailabilityZone": instance["Placement"]["AvailabilityZone"],
        "InstanceId": instance_id,
        "PrivateDnsName": instance["PrivateDnsName"],
        "PrivateIp": instance["PrivateIpAddress"],
        "PublicDnsName": instance["PublicDnsName"],
        "PublicIp": instance["PublicIpAddress"],
        "VpcId": instance["VpcId"],
    }


def _instance_create(_logical_id, properties, _stack_name):
    subnet_id = properties.get("SubnetId") or ec2._DEFAULT_SUBNET_ID
    instance = instances.launch_from_template(_launch_data(properties), subnet_id, properties.get("Tags") or [])
    instance["State"] = dict(instances.RUNNING)
    return _instance_attributes(instance["InstanceId"])


def _instance_update(physical_id, old, new, _stack_name):
    instance = ec2._instances[physical_id]
    groups = new.get("SecurityGroupIds") or []
    references.groups_beside(groups, references.subnet(instance["SubnetId"]))
    profile = references.instance_profile({"Name": new.get("IamInstanceProfile") or ""})
    instance["InstanceType"] = new.get("InstanceType", instance["InstanceType"])
    instance["IamInstanceProfile"] = profile and {"Arn": profile["Arn"], "Id": profile["InstanceProfileId"]}
    if groups:
        instance["SecurityGroups"] = [
            {"GroupId": group, "GroupName": ec2._security_groups[group]["GroupName"]} for group in groups
        ]
    provisioners._ec2_apply_tags(physical_id, new, old)
    return _instance_attributes(physical_id)


def _instance_delete(physical_id, _properties):
    if instances.is_alive(physical_id):
        instances.terminate(physical_id)


_VOLUME_KEYS = ("AvailabilityZone", "Size", "VolumeType", "SnapshotId", "Iops", "Encrypted")


def _volume_create(_logical_id, properties, _stack_name):
    asked = {key: [str(properties[key])] for key in _VOLUME_KEYS if key in properties}
    volume_id = new_key(ec2._volumes, lambda: ec2._create_volume(asked))
    _set_throughput(volume_id, properties)
    provisioners._ec2_apply_tags(volume_id, properties)
    return volume_id, {"VolumeId": volume_id}


def _set_throughput(volume_id, properties):
    if properties.get("Throughput"):
        ec2._volumes[volume_id]["Throughput"] = int(properties["Throughput"])


def _volume_update(physical_id, old, new, _stack_name):
    volume = ec2._volumes[physical_id]
    if int(new.get("Size", volume["Size"])) < volume["Size"]:
        raise AwsError("ec2", "InvalidParameterValue", "New size cannot be smaller than existing size")
    for key, convert in (("Size", int), ("VolumeType", str), ("Iops", int)):
        if key in new:
            volume[key] = convert(new[key])
    _set_throughput(physical_id, new)
    provisioners._ec2_apply_tags(physical_id, new, old)
    return physical_id, {"VolumeId": physical_id}


def _volume_delete(physical_id, _properties):
    if physical_id in ec2._volumes:
        refuse(ec2._delete_volume({"VolumeId": [physical_id]}))


def check_attachment(properties):
    """A volume goes to an instance of its own zone, and to one only."""
    volume_id, instance_id = properties.get("VolumeId"), properties.get("InstanceId")
    volume = ec2._volumes.get(volume_id)
    if volume is None:
        raise AwsError("ec2", "InvalidVolume.NotFound", f"The volume '{volume_id}' does not exist.")
    zone = references.instance(instance_id)["Placement"]["AvailabilityZone"]
    if volume["Attachments"]:
        raise AwsError("ec2", "VolumeInUse", f"{volume_id} is already attached to an instance")
    if volume["AvailabilityZone"] != zone:
        message = f"The volume '{volume_id}' is not in the same availability zone as instance '{instance_id}'"
        raise AwsError("ec2", "InvalidVolume.ZoneMismatch", message)


def _attachment_create(_logical_id, properties, _stack_name):
    check_attachment(properties)
    refuse(ec2._attach_volume({key: [properties.get(key)] for key in ("VolumeId", "InstanceId", "Device")}))
    return f"{properties['VolumeId']}|{properties['InstanceId']}", {}


def _attachment_delete(_physical_id, properties):
    volume = ec2._volumes.get(properties.get("VolumeId"))
    if volume and volume["Attachments"]:
        refuse(ec2._detach_volume({"VolumeId": [properties["VolumeId"]]}))


def _flow_log_create(_logical_id, properties, _stack_name):
    stores = {"VPC": ec2._vpcs, "Subnet": ec2._subnets, "NetworkInterface": ec2._network_interfaces}
    resource_id = properties.get("ResourceId")
    if resource_id not in stores.get(properties.get("ResourceType"), ()):
        raise AwsError("ec2", "InvalidParameterValue", f"The resource ID '{resource_id}' does not exist")
    asked = {key: [properties.get(key)] for key in ("LogDestination", "LogDestinationType", "LogGroupName")}
    asked |= {key: [properties.get(key)] for key in ("ResourceType", "TrafficType")}
    log_id = new_key(ec2._flow_logs, lambda: ec2._create_flow_logs({**asked, "ResourceId.1": [resource_id]}))
    provisioners._ec2_apply_tags(log_id, properties)
    return log_id, {"Id": log_id}


def _flow_log_delete(physical_id, _properties):
    ec2._flow_logs.pop(physical_id, None)


def _acl_create(_logical_id, properties, _stack_name):
    references.vpc(properties.get("VpcId"))
    acl_id = new_key(ec2._network_acls, lambda: ec2._create_network_acl({"VpcId": [properties["VpcId"]]}))
    provisioners._ec2_apply_tags(acl_id, properties)
    return acl_id, {"Id": acl_id}


def _acl_delete(physical_id, _properties):
    ec2._network_acls.pop(physical_id, None)


def _only_tags(physical_id, old, new, _stack_name):
    provisioners._ec2_apply_tags(physical_id, new, old)
    return physical_id, {"Id": physical_id}


def _entry_create(_logical_id, properties, _stack_name):
    keys = ("NetworkAclId", "RuleNumber", "Protocol", "RuleAction", "CidrBlock", "Ipv6CidrBlock")
    asked = {key: [str(properties[key])] for key in keys if key in properties}
    egress = str(properties.get("Egress", False)).lower()
    refuse(ec2._create_network_acl_entry({**asked, "Egress": [egress]}))
    return f"{properties['NetworkAclId']}|{properties['RuleNumber']}|{egress}", {}


def _entry_delete(physical_id, _properties):
    acl_id, number, egress = physical_id.split("|")
    acl = ec2._network_acls.get(acl_id)
    if acl is not None:
        acl["Entries"] = [
            entry
            for entry in acl["Entries"]
            if (str(entry["RuleNumber"]), str(entry["Egress"]).lower()) != (number, egress)
        ]


def _entry_update(physical_id, old, new, stack_name):
    _entry_delete(physical_id, old)
    return _entry_create(physical_id, new, stack_name)


TYPES = {
    "AWS::EC2::FlowLog": {"create": _flow_log_create, "update": _only_tags, "delete": _flow_log_delete},
    "AWS::EC2::Instance": {"create": _instance_create, "update": _instance_update, "delete": _instance_delete},
    "AWS::EC2::NetworkAcl": {"create": _acl_create, "update": _only_tags, "delete": _acl_delete},
    "AWS::EC2::NetworkAclEntry": {"create": _entry_create, "update": _entry_update, "delete": _entry_delete},
    "AWS::EC2::Volume": {"create": _volume_create, "update": _volume_update, "delete": _volume_delete},
    "AWS::EC2::VolumeAttachment": {"create": _attachment_create, "delete": _attachment_delete},
}


def install():
    provisioners._RESOURCE_HANDLERS.update(TYPES)
    for name in ("FlowLog", "Instance", "NetworkAcl", "Volume"):
        provisioners._STACK_TAG_PROPERTY[f"AWS::EC2::{name}"] = ("Tags", "list")
    read = {"AttachVolume": (check_attachment, lambda a: {k: a.one(k) for k in ("VolumeId", "InstanceId")})}
    check_actions(ec2._ACTION_MAP, read)
