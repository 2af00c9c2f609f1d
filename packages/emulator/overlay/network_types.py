"""The EC2 network types that MiniStack's CloudFormation lacks, over its own EC2 API."""

import ministack.services.cloudformation.provisioners as provisioners
import ministack.services.ec2 as ec2
from ministack.core.responses import get_account_id, new_uuid

from aws_error import AwsError
from patching import refuse, wrap, wrap_action


def new_key(store, create):
    before = set(store)
    refuse(create())
    (key,) = set(store) - before
    return key


def _address_of(public_ip):
    for allocation_id, address in ec2._addresses.items():
        if address["PublicIp"] == public_ip:
            return allocation_id
    raise AwsError("ec2", "InvalidAddress.NotFound", f"Address '{public_ip}' not found.")


def _eip_attributes(public_ip):
    return public_ip, {"PublicIp": public_ip, "AllocationId": _address_of(public_ip)}


def _eip_create(_logical_id, properties, _stack_name):
    allocation_id = new_key(
        ec2._addresses, lambda: ec2._allocate_address({"Domain": [properties.get("Domain", "vpc")]})
    )
    provisioners._ec2_apply_tags(allocation_id, properties)
    if properties.get("InstanceId"):
        refuse(ec2._associate_address({"AllocationId": [allocation_id], "InstanceId": [properties["InstanceId"]]}))
    return _eip_attributes(ec2._addresses[allocation_id]["PublicIp"])


def _eip_update(physical_id, old, new, _stack_name):
    provisioners._ec2_apply_tags(_address_of(physical_id), new, old)
    return _eip_attributes(physical_id)


def _eip_delete(physical_id, _properties):
    refuse(ec2._ACTION_MAP["ReleaseAddress"]({"AllocationId": [_address_of(physical_id)]}))


def _nat_create(_logical_id, properties, _stack_name):
    connectivity = properties.get("ConnectivityType", "public")
    asked = {"SubnetId": [properties.get("SubnetId")], "ConnectivityType": [connectivity]}
    if connectivity == "public":
        asked["AllocationId"] = [properties.get("AllocationId")]
    nat_id = new_key(ec2._nat_gateways, lambda: ec2._create_nat_gateway(asked))
    provisioners._ec2_apply_tags(nat_id, properties)
    return nat_id, {"NatGatewayId": nat_id}


def _nat_update(physical_id, old, new, _stack_name):
    provisioners._ec2_apply_tags(physical_id, new, old)
    return physical_id, {"NatGatewayId": physical_id}


def _nat_delete(physical_id, _properties):
    ec2._nat_gateways.pop(physical_id, None)
    ec2._tags.pop(physical_id, None)


def _addresses_xml(nat):
    address = ec2._addresses.get(nat.get("AllocationId"))
    if address is None:
        return "<natGatewayAddressSet/>"
    return (
        f"<natGatewayAddressSet><item><allocationId>{address['AllocationId']}</allocationId>"
        f"<publicIp>{address['PublicIp']}</publicIp><isPrimary>true</isPrimary><status>succeeded</status>"
        "</item></natGatewayAddressSet>"
    )


def _describe_with_addresses(original):
    """MiniStack leaves the addresses of every gateway out."""

    def describe(params):
        status, headers, body = original(params)
        text = body.decode()
        for nat in ec2._nat_gateways.values():
            head, marker, tail = text.partition(f"<natGatewayId>{nat['NatGatewayId']}</natGatewayId>")
            if marker:
                text = head + marker + tail.replace("<natGatewayAddressSet/>", _addresses_xml(nat), 1)
        return status, headers, text.encode()

    return describe


def _rule(store, direction):
    """One rule beside a group: the group's own list holds it, under an id of its own."""

    def create(_logical_id, properties, _stack_name):
        group = ec2._security_groups[properties["GroupId"]]
        (permission,) = provisioners._ec2_sg_permissions([properties])
        for pair in permission["UserIdGroupPairs"]:
            pair.setdefault("UserId", get_account_id())
        same = [p for p in group[store] if _bare(p) == ec2._strip_descriptions(permission)]
        if same:
            message = f"the specified rule already exists in security group '{group['GroupId']}' ({direction})"
            raise AwsError("ec2", "InvalidPermission.Duplicate", message)
        permission["SecurityGroupRuleId"] = "sgr-" + new_uuid().replace("-", "")[:17]
        group[store].append(permission)
        return permission["SecurityGroupRuleId"], {"Id": permission["SecurityGroupRuleId"]}

    def update(physical_id, old, new, _stack_name):
        for permission in ec2._security_groups[new["GroupId"]][store]:
            if permission.get("SecurityGroupRuleId") == physical_id:
                (described,) = provisioners._ec2_sg_permissions([new])
                for key in ("IpRanges", "Ipv6Ranges", "PrefixListIds", "UserIdGroupPairs"):
                    for target, source in zip(permission[key], described[key], strict=True):
                        target.pop("Description", None)
                        target.update({k: v for k, v in source.items() if k == "Description"})
        return physical_id, {"Id": physical_id}

    def delete(physical_id, properties):
        group = ec2._security_groups.get(properties.get("GroupId"))
        if group is not None:
            group[store] = [p for p in group[store] if p.get("SecurityGroupRuleId") != physical_id]

    return {"create": create, "update": update, "delete": delete}


def _bare(permission):
    return ec2._strip_descriptions({k: v for k, v in permission.items() if k != "SecurityGroupRuleId"})


def _with_its_range(create):
    """MiniStack's VPC lacks the attribute from which templates cut their subnets."""

    def create_vpc(logical_id, properties, stack_name):
        vpc_id, attributes = create(logical_id, properties, stack_name)
        return vpc_id, {**attributes, "CidrBlock": ec2._vpcs[vpc_id]["CidrBlock"]}

    return create_vpc


def _peers_by_id(original):
    """MiniStack tells rules for one group apart by what is written beside its id, so that none can be revoked."""

    def bare(rule):
        plain = original(rule)
        for key, member in (("UserIdGroupPairs", "GroupId"), ("PrefixListIds", "PrefixListId")):
            plain[key] = [{member: peer[member]} for peer in plain.get(key) or []]
        return plain

    return bare


def install():
    wrap(ec2, "_strip_descriptions", _peers_by_id)
    vpc = provisioners._RESOURCE_HANDLERS["AWS::EC2::VPC"]
    vpc["create"] = _with_its_range(vpc["create"])
    provisioners._RESOURCE_HANDLERS.update(
        {
            "AWS::EC2::EIP": {"create": _eip_create, "update": _eip_update, "delete": _eip_delete},
            "AWS::EC2::NatGateway": {"create": _nat_create, "update": _nat_update, "delete": _nat_delete},
            "AWS::EC2::SecurityGroupIngress": _rule("IpPermissions", "ingress"),
            "AWS::EC2::SecurityGroupEgress": _rule("IpPermissionsEgress", "egress"),
        }
    )
    for type_name in ("AWS::EC2::EIP", "AWS::EC2::NatGateway"):
        provisioners._STACK_TAG_PROPERTY[type_name] = ("Tags", "list")
    wrap_action(ec2._ACTION_MAP, "DescribeNatGateways", _describe_with_addresses)
