"""Load balancers in the VPC and the zones of their subnets: MiniStack puts all of them into the default VPC, zone `a`."""

import re

import ministack.services.alb as elb
import ministack.services.cloudformation.provisioners as provisioners
import ministack.services.ec2 as ec2

from patching import wrap, wrap_action

TYPE = "AWS::ElasticLoadBalancingV2::LoadBalancer"
_ZONE = re.compile(r"<ZoneName>[^<]*</ZoneName><SubnetId>([^<]*)</SubnetId>")


def _place(balancer):
    for subnet_id in balancer["Subnets"]:
        balancer["VpcId"] = ec2._subnets[subnet_id]["VpcId"]


def _placed_create(original):
    def create(logical_id, properties, stack_name):
        arn, attributes = original(logical_id, properties, stack_name)
        _place(elb._lbs[arn])
        return arn, attributes

    return create


def _placed_call(original):
    def create(params):
        before = set(elb._lbs)
        answer = original(params)
        for arn in set(elb._lbs) - before:
            _place(elb._lbs[arn])
            return elb._xml(200, "CreateLoadBalancer", f"<LoadBalancers>{elb._lb_xml(elb._lbs[arn])}</LoadBalancers>")
        return answer

    return create


def _with_zones(original):
    def zone(match):
        name = ec2._subnets.get(match.group(1), {}).get("AvailabilityZone", "")
        return f"<ZoneName>{name}</ZoneName><SubnetId>{match.group(1)}</SubnetId>"

    return lambda balancer: _ZONE.sub(zone, original(balancer))


def _with_full_name(original):
    """The dimension of a target group's metrics, of which MiniStack leaves out the first part."""

    def make(*asked):
        arn, attributes = original(*asked)
        return arn, {**attributes, "TargetGroupFullName": arn.rsplit(":", 1)[-1]}

    return make


def install():
    target_group = provisioners._RESOURCE_HANDLERS["AWS::ElasticLoadBalancingV2::TargetGroup"]
    target_group["create"] = _with_full_name(target_group["create"])
    target_group["update"] = _with_full_name(target_group["update"])
    handlers = provisioners._RESOURCE_HANDLERS[TYPE]
    handlers["create"] = _placed_create(handlers["create"])
    wrap_action(elb._ACTION_MAP, "CreateLoadBalancer", _placed_call)
    wrap(elb, "_lb_xml", _with_zones)
