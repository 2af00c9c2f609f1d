"""Filters by tag where MiniStack answers with everything: elastic IP addresses and VPC endpoints."""

import ministack.services.ec2 as ec2

from patching import wrap_action

# No resource has it: the original shows all where it is asked for no id.
NONE = "none"


def _of_tags(store, member):
    def make(original):
        def describe(params):
            filters = ec2._parse_filters(params)
            if not filters:
                return original(params)
            asked = ec2._parse_member_list(params, member) or list(store)
            left = [each for each in asked if ec2._resource_matches_tag_filters(each, filters)] or [NONE]
            others = {name: value for name, value in params.items() if not name.startswith(f"{member}.")}
            return original({**others, **{f"{member}.{index}": [each] for index, each in enumerate(left, 1)}})

        return describe

    return make


def install():
    wrap_action(ec2._ACTION_MAP, "DescribeAddresses", _of_tags(ec2._addresses, "AllocationId"))
    wrap_action(ec2._ACTION_MAP, "DescribeVpcEndpoints", _of_tags(ec2._vpc_endpoints, "VpcEndpointId"))
