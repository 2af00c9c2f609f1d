"""What is in use cannot be deleted: refused as AWS refuses it, by an SDK as in a stack."""

import ministack.services.acm as acm
import ministack.services.alb as elb
import ministack.services.cloudformation.provisioners as provisioners
import ministack.services.ec2 as ec2
import ministack.services.ecs as ecs
import ministack.services.iam as iam
import ministack.services.s3 as s3

import network_interfaces
import target_health
from aws_error import AwsError
from checking import check_actions
from patching import wrap, wrap_action


def _violation(message):
    return AwsError("ec2", "DependencyViolation", message)


def _names(group, other_id):
    """Whether a rule of the group names the other one."""
    rules = [*group["IpPermissions"], *group["IpPermissionsEgress"]]
    return any(pair.get("GroupId") == other_id for rule in rules for pair in rule.get("UserIdGroupPairs") or [])


def check_security_group(group_id):
    group = ec2._security_groups.get(group_id)
    if group is None:
        return
    others = [other for other in ec2._security_groups.values() if other["GroupId"] != group_id]
    if network_interfaces.of_group(group_id) or any(_names(other, group_id) for other in others):
        raise _violation(f"resource {group_id} has a dependent object")


def check_default_group(group_id):
    check_security_group(group_id)
    if ec2._security_groups.get(group_id, {}).get("GroupName") == "default":
        message = f'the specified group: "{group_id}" name: "default" cannot be deleted by a user'
        raise AwsError("ec2", "CannotDelete", message)


def check_subnet(subnet_id):
    if subnet_id in ec2._subnets and network_interfaces.in_subnet(subnet_id):
        raise _violation(f"The subnet '{subnet_id}' has dependencies and cannot be deleted.")


def check_vpc(vpc_id):
    """Beside what MiniStack's own deletion looks at."""
    network_interfaces.sync()
    held = [table for table in ec2._route_tables.values() if not any(a.get("Main") for a in table["Associations"])]
    held += [nat for nat in ec2._nat_gateways.values() if nat["State"] != "deleted"]
    held += [acl for acl in ec2._network_acls.values() if not acl.get("IsDefault")]
    held += [*ec2._vpc_endpoints.values(), *ec2._network_interfaces.values()]
    if vpc_id in ec2._vpcs and vpc_id in [one["VpcId"] for one in held]:
        raise _violation(f"The vpc '{vpc_id}' has dependencies and cannot be deleted.")


def check_route_table(table_id):
    if ec2._route_tables.get(table_id, {}).get("Associations"):
        raise _violation(f"The routeTable '{table_id}' has dependencies and cannot be deleted.")


def check_internet_gateway(gateway_id):
    if ec2._internet_gateways.get(gateway_id, {}).get("Attachments"):
        raise _violation(f"The internetGateway '{gateway_id}' has dependencies and cannot be deleted.")


def check_detachment(gateway_id, vpc_id):
    attached = [a["VpcId"] for a in ec2._internet_gateways.get(gateway_id, {}).get("Attachments") or []]
    if vpc_id in attached and network_interfaces.mapped_in(vpc_id):
        raise _violation(
            f"Network {vpc_id} has some mapped public address(es). "
            "Please unmap those public address(es) before detaching the gateway."
        )


def check_address(allocation_id):
    address = ec2._addresses.get(allocation_id)
    holders = [nat for nat in ec2._nat_gateways.values() if nat["State"] != "deleted"]
    if address and (address.get("AssociationId") or allocation_id in [nat["AllocationId"] for nat in holders]):
        raise AwsError("ec2", "InvalidIPAddress.InUse", f"Address {address['PublicIp']} is in use.")


def check_target_group(arn):
    if arn in elb._tgs and target_health.is_in_use(arn):
        message = f"Target group '{arn}' is currently in use by a listener or a rule"
        raise AwsError("elbv2", "ResourceInUse", message)


def check_load_balancer(arn):
    attributes = {attribute["Key"]: attribute["Value"] for attribute in elb._lb_attrs.get(arn) or []}
    if arn in elb._lbs and attributes.get("deletion_protection.enabled") == "true":
        message = f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled"
        raise AwsError("elbv2", "OperationNotPermitted", message)


def check_certificate(arn):
    users = [x for x in elb._listeners.values() if arn in str(x.get("Certificates") or "")]
    if arn in acm._certificates and users:
        raise AwsError("acm", "ResourceInUseException", f"Certificate {arn} is in use.")


def check_cluster(name):
    cluster = ecs._resolve_cluster_name(name)
    if any(key.startswith(f"{cluster}/") and s["status"] == "ACTIVE" for key, s in ecs._services.items()):
        message = "The Cluster cannot be deleted while Services are active."
        raise AwsError("ecs", "ClusterContainsServicesException", message)


def check_role(name, own=None):
    """`own`: the properties of a stack's role; what they put into it goes with it."""
    role = iam._roles.get(name)
    if role is None:
        return
    own = own or {}
    inline = set(role["InlinePolicies"]) - {policy.get("PolicyName") for policy in own.get("Policies") or []}
    attached = set(role["AttachedPolicies"]) - set(own.get("ManagedPolicyArns") or [])
    if any(name in profile.get("Roles", []) for profile in iam._instance_profiles.values()):
        raise _conflict("must remove roles from instance profile first.")
    if inline:
        raise _conflict("must delete policies first.")
    if attached:
        raise _conflict("must detach all policies first.")


def _conflict(what):
    return AwsError("iam", "DeleteConflict", f"Cannot delete entity, {what}", 409)


def check_profile(name):
    if iam._instance_profiles.get(name, {}).get("Roles"):
        raise _conflict("must remove roles from instance profile first.")


def check_managed_policy(arn, properties):
    """A stack's policy leaves the roles that its properties name, and no other."""
    own = properties.get("Roles") or []
    if any(arn in role["AttachedPolicies"] for name, role in iam._roles.items() if name not in own):
        raise AwsError("iam", "DeleteConflict", "Cannot delete a policy attached to entities.", 409)


def check_bucket(name):
    bucket = s3._buckets.get(name)
    if bucket is None:
        return
    message = "The bucket you tried to delete is not empty"
    if any(key[0] == name and versions for key, versions in s3._object_versions.items()):
        raise AwsError("s3", "BucketNotEmpty", f"{message}. You must delete all versions in the bucket.", 409)
    if bucket["objects"]:
        raise AwsError("s3", "BucketNotEmpty", message, 409)


# Type → check of the physical id, and of the properties where they matter.
TYPES = {
    "AWS::CertificateManager::Certificate": lambda arn, _properties: check_certificate(arn),
    "AWS::EC2::InternetGateway": lambda gateway_id, _properties: check_internet_gateway(gateway_id),
    "AWS::EC2::RouteTable": lambda table_id, _properties: check_route_table(table_id),
    "AWS::EC2::SecurityGroup": lambda group_id, _properties: check_security_group(group_id),
    "AWS::EC2::Subnet": lambda subnet_id, _properties: check_subnet(subnet_id),
    "AWS::EC2::VPC": lambda vpc_id, _properties: check_vpc(vpc_id),
    "AWS::EC2::VPCGatewayAttachment": lambda _id, properties: check_detachment(
        properties.get("InternetGatewayId"), properties.get("VpcId")
    ),
    "AWS::ECS::Cluster": lambda name, _properties: check_cluster(name),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": lambda arn, _properties: check_load_balancer(arn),
    "AWS::ElasticLoadBalancingV2::TargetGroup": lambda arn, _properties: check_target_group(arn),
    "AWS::IAM::ManagedPolicy": check_managed_policy,
    "AWS::IAM::Role": check_role,
    "AWS::S3::Bucket": lambda name, _properties: check_bucket(name),
}


def _detachment(pair):
    check_detachment(*pair)


EC2_ACTIONS = {
    "DeleteInternetGateway": (check_internet_gateway, lambda a: a.one("InternetGatewayId")),
    "DeleteRouteTable": (check_route_table, lambda a: a.one("RouteTableId")),
    "DeleteSecurityGroup": (check_default_group, lambda a: a.one("GroupId")),
    "DeleteSubnet": (check_subnet, lambda a: a.one("SubnetId")),
    "DeleteVpc": (check_vpc, lambda a: a.one("VpcId")),
    "DetachInternetGateway": (_detachment, lambda a: (a.one("InternetGatewayId"), a.one("VpcId"))),
    "ReleaseAddress": (check_address, lambda a: a.one("AllocationId")),
}
ELB_ACTIONS = {
    "DeleteLoadBalancer": (check_load_balancer, lambda a: a.one("LoadBalancerArn")),
    "DeleteTargetGroup": (check_target_group, lambda a: a.one("TargetGroupArn")),
}
IAM_ACTIONS = {
    "DeleteInstanceProfile": (check_profile, lambda a: a.one("InstanceProfileName")),
    "DeleteRole": (check_role, lambda a: a.one("RoleName")),
}


def _checked_delete(check, delete):
    def checked(physical_id, properties):
        check(physical_id, properties)
        return delete(physical_id, properties)

    return checked


def _checked_json(check, key):
    def make(original):
        def answer(data):
            try:
                check(data.get(key))
            except AwsError as error:
                return error.answer()
            return original(data)

        return answer

    return make


def install():
    """A replacement deletes the old resource by MiniStack's own function, before what names it has moved: only what a
    stack deletes for good is checked."""
    for type_name, check in TYPES.items():
        handlers = provisioners._RESOURCE_HANDLERS[type_name]
        handlers["delete"] = _checked_delete(check, handlers["delete"])
    check_actions(ec2._ACTION_MAP, EC2_ACTIONS)
    check_actions(elb._ACTION_MAP, ELB_ACTIONS)
    check_actions(iam._IAM_HANDLERS, IAM_ACTIONS)
    wrap_action(ecs._ACTION_MAP, "DeleteCluster", _checked_json(check_cluster, "cluster"))
    wrap(acm, "_delete_certificate", _checked_json(check_certificate, "CertificateArn"))
