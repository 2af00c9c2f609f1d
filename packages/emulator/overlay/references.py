"""What a request names and AWS wants to be there: found, or refused in AWS's words."""

import ministack.services.acm as acm
import ministack.services.alb as elb
import ministack.services.autoscaling as autoscaling
import ministack.services.ec2 as ec2
import ministack.services.iam as iam
import ministack.services.kms as kms
import ministack.services.s3 as s3
import ministack.services.sns as sns

from aws_error import AwsError


def _in(store, key, service, code, message, status=400):
    if key not in store:
        raise AwsError(service, code, message, status)
    return store[key]


def vpc(vpc_id):
    return _in(ec2._vpcs, vpc_id, "ec2", "InvalidVpcID.NotFound", f"The vpc ID '{vpc_id}' does not exist")


def subnet(subnet_id, service="ec2"):
    code = {"elbv2": "SubnetNotFound", "autoscaling": "ValidationError"}.get(service, "InvalidSubnetID.NotFound")
    return _in(ec2._subnets, subnet_id, service, code, f"The subnet ID '{subnet_id}' does not exist")


def security_group(group_id, service="ec2"):
    code = "InvalidSecurityGroup" if service == "elbv2" else "InvalidGroup.NotFound"
    return _in(ec2._security_groups, group_id, service, code, f"The security group '{group_id}' does not exist")


def groups_beside(group_ids, found):
    """Security groups for something in a subnet: one of another VPC does not fit."""
    for group_id in group_ids:
        if security_group(group_id)["VpcId"] != found["VpcId"]:
            raise AwsError(
                "ec2",
                "InvalidParameter",
                f"Security group {group_id} and subnet {found['SubnetId']} belong to different networks.",
            )


def route_table(table_id):
    message = f"The routeTable ID '{table_id}' does not exist"
    return _in(ec2._route_tables, table_id, "ec2", "InvalidRouteTableID.NotFound", message)


def internet_gateway(gateway_id):
    message = f"The internetGateway ID '{gateway_id}' does not exist"
    return _in(ec2._internet_gateways, gateway_id, "ec2", "InvalidInternetGatewayID.NotFound", message)


def nat_gateway(gateway_id):
    message = f"The natGateway ID '{gateway_id}' does not exist"
    return _in(ec2._nat_gateways, gateway_id, "ec2", "InvalidNatGatewayID.NotFound", message)


def instance(instance_id):
    message = f"The instance ID '{instance_id}' does not exist"
    return _in(ec2._instances, instance_id, "ec2", "InvalidInstanceID.NotFound", message)


def allocation(allocation_id):
    message = f"The allocation ID '{allocation_id}' does not exist"
    return _in(ec2._addresses, allocation_id, "ec2", "InvalidAllocationID.NotFound", message)


def instance_profile(profile):
    """The profile of `{Name, Arn}`, `None` when none is asked for."""
    asked = profile or {}
    name, arn = asked.get("Name", ""), asked.get("Arn", "")
    if not name and not arn:
        return None
    found = iam._lookup_instance_profile(name=name, arn=arn)
    if found is None:
        key, word = ("name", "Name") if name else ("arn", "ARN")
        raise AwsError(
            "ec2",
            "InvalidParameterValue",
            f"Value ({name or arn}) for parameter iamInstanceProfile.{key} is invalid. "
            f"Invalid IAM Instance Profile {word.lower() if word == 'Name' else word}",
        )
    return found


def role(name):
    message = f"The role with name {name} cannot be found."
    return _in(iam._roles, name, "iam", "NoSuchEntity", message, 404)


def managed_policy(arn):
    """AWS's own policies are not all in MiniStack: each of them counts as there."""
    if ":iam::aws:policy/" not in arn:
        message = f"Policy {arn} does not exist or is not attachable."
        _in(iam._policies, arn, "iam", "NoSuchEntity", message, 404)


def target_group(arn, service="elbv2"):
    if service == "autoscaling":
        message = "Provided Target Groups may not be valid. Please ensure they exist and try again."
        return _in(elb._tgs, arn, service, "ValidationError", message)
    return _in(elb._tgs, arn, service, "TargetGroupNotFound", f"Target groups '{arn}' not found")


def load_balancer(arn):
    return _in(elb._lbs, arn, "elbv2", "LoadBalancerNotFound", f"Load balancers '[{arn}]' not found")


def certificate(arn):
    """A server certificate of IAM is not looked up: nothing here makes one."""
    if ":acm:" in arn:
        _in(acm._certificates, arn, "elbv2", "CertificateNotFound", f"Certificate '{arn}' not found")


def launch_template(spec):
    """`{LaunchTemplateId | LaunchTemplateName}` of a group."""
    template_id, name = spec.get("LaunchTemplateId"), spec.get("LaunchTemplateName")
    known = ec2._launch_templates.values()
    if not any(template_id == t["LaunchTemplateId"] or (name and name == t["LaunchTemplateName"]) for t in known):
        word = f"ID {template_id}" if template_id else f"name {name}"
        raise AwsError(
            "autoscaling",
            "ValidationError",
            "You must use a valid fully-formed launch template. "
            f"The specified launch template, with template {word}, does not exist.",
        )


def group(name):
    return _in(autoscaling._asgs, name, "autoscaling", "ValidationError", "AutoScalingGroup name not found - null")


def bucket(name):
    return _in(s3._buckets, name, "s3", "NoSuchBucket", "The specified bucket does not exist", 404)


def topic(arn):
    return _in(sns._topics, arn, "sns", "NotFound", "Topic does not exist", 404)


def key(key_id, service, code, message):
    """A KMS key by id, ARN or alias. The aliases of AWS's own keys are there always."""
    if "alias/aws/" not in key_id and kms._resolve_key(key_id) is None:
        raise AwsError(service, code, message)
