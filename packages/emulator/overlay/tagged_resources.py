"""The Resource Groups Tagging API over the services that MiniStack leaves out of it.

As on AWS it never returns Auto Scaling groups, IAM users and IAM roles, and returns what is global in us-east-1 only.
"""

import ministack.services.acm as acm
import ministack.services.alb as elb
import ministack.services.cloudformation as cloudformation
import ministack.services.cloudwatch as cloudwatch
import ministack.services.cloudwatch_logs as logs
import ministack.services.ec2 as ec2
import ministack.services.iam as iam
import ministack.services.route53 as route53
import ministack.services.tagging as tagging
from ministack.core.responses import get_account_id, get_region

GLOBAL_REGION = "us-east-1"
# How an id begins: the type in its ARN, and where the resource is.
_EC2_TYPES = {
    "eipalloc": ("elastic-ip", "_addresses"),
    "eni": ("network-interface", "_network_interfaces"),
    "i": ("instance", "_instances"),
    "igw": ("internet-gateway", "_internet_gateways"),
    "lt": ("launch-template", "_launch_templates"),
    "nat": ("natgateway", "_nat_gateways"),
    "rtb": ("route-table", "_route_tables"),
    "sg": ("security-group", "_security_groups"),
    "snap": ("snapshot", "_snapshots"),
    "subnet": ("subnet", "_subnets"),
    "vol": ("volume", "_volumes"),
    "vpc": ("vpc", "_vpcs"),
    "vpce": ("vpc-endpoint", "_vpc_endpoints"),
}


def _listed(tags):
    return [{"Key": key, "Value": value} for key, value in (tags or {}).items()]


def _ec2():
    for resource_id, tags in ec2._tags.items():
        kind, store = _EC2_TYPES.get(resource_id.partition("-")[0], (None, None))
        found = getattr(ec2, store).get(resource_id) if store else None
        if found is None or (kind == "instance" and found["State"]["Name"] == "terminated"):
            continue
        # Some lists have more members than a tag.
        pairs = [{"Key": tag["Key"], "Value": tag["Value"]} for tag in tags]
        yield f"arn:aws:ec2:{get_region()}:{get_account_id()}:{kind}/{resource_id}", pairs


def _elastic_load_balancing():
    for store in (elb._lbs, elb._tgs, elb._listeners, elb._rules):
        for arn in store:
            yield arn, elb._tags.get(arn) or []


def _cloudwatch():
    for alarm in cloudwatch._alarms.values():
        yield alarm["AlarmArn"], _listed(cloudwatch._resource_tags.get(alarm["AlarmArn"]))


def _logs():
    for group in logs._log_groups.values():
        yield group["arn"].removesuffix(":*"), _listed(group.get("tags"))


def _acm():
    for arn, certificate in acm._certificates.items():
        yield arn, certificate.get("Tags") or []


def _cloudformation():
    for stack in cloudformation._stacks.values():
        if stack["StackStatus"] != "DELETE_COMPLETE":
            yield stack["StackId"], [{"Key": t["Key"], "Value": t["Value"]} for t in stack.get("Tags") or []]


def _route53():
    if get_region() == GLOBAL_REGION:
        for zone_id in route53._zones:
            tags = route53._tags.get(("hostedzone", zone_id)) or {}
            yield f"arn:aws:route53:::hostedzone/{zone_id}", _listed(tags)


def _iam():
    if get_region() == GLOBAL_REGION:
        for policy in iam._policies.values():
            if policy["Arn"].split(":")[4] == get_account_id():
                yield policy["Arn"], policy.get("Tags") or []
        for profile in iam._instance_profiles.values():
            yield profile["Arn"], profile.get("Tags") or []


def _tagged(collect):
    """Only what carries or carried a tag is ever returned."""

    def collected():
        return ((arn, tags) for arn, tags in collect() if tags)

    return collected


def install():
    tagging._COLLECTORS.update(
        {
            "acm": _tagged(_acm),
            "cloudformation": _tagged(_cloudformation),
            "cloudwatch": _tagged(_cloudwatch),
            "ec2": _tagged(_ec2),
            "elasticloadbalancing": _tagged(_elastic_load_balancing),
            "iam": _tagged(_iam),
            "logs": _tagged(_logs),
            "route53": _tagged(_route53),
            "secretsmanager": _tagged(tagging._collect_secretsmanager),
            "ssm": _tagged(tagging._collect_ssm),
        }
    )
