"""How drift detection reads what one type keeps somewhere else than in a record of its own.

A reader takes the physical id and the template's properties; a look for one property takes the record before them.
"""

import ministack.services.alb as elb
import ministack.services.cloudformation as cloudformation
import ministack.services.cloudformation.provisioners as provisioners
import ministack.services.ec2 as ec2
import ministack.services.iam as iam
import ministack.services.kms as kms
import ministack.services.route53 as route53
import ministack.services.s3 as s3
import ministack.services.sns as sns

from drift_comparisons import as_read, bare_document, document, number, rule_key, rules, rules_of


def ec2_tags(_record, physical_id, _properties):
    return ec2._tags.get(physical_id) or []


def elb_tags(_record, physical_id, _properties):
    return elb._tags.get(physical_id) or []


def _owned_rules():
    """The rules that are resources of their own: a group's own list is compared without them."""
    kinds = ("AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress")
    return {
        resource["PhysicalResourceId"]
        for stack in cloudformation._stacks.values()
        for resource in stack.get("_resources", {}).values()
        if resource["ResourceType"] in kinds
    }


def group_rules(store, outgoing):
    name = "SecurityGroupEgress" if outgoing else "SecurityGroupIngress"

    def look(group, _physical_id, properties):
        owned = _owned_rules()
        permissions = [p for p in group[store] if p.get("SecurityGroupRuleId") not in owned]
        return rules(properties.get(name), rules_of(permissions, outgoing))

    return look


_RULE_PROPERTIES = (
    "CidrIp",
    "CidrIpv6",
    "DestinationPrefixListId",
    "DestinationSecurityGroupId",
    "FromPort",
    "IpProtocol",
    "SourcePrefixListId",
    "SourceSecurityGroupId",
    "ToPort",
)


def rule(store, outgoing):
    def read(physical_id, properties):
        group = ec2._security_groups.get(properties.get("GroupId")) or {store: []}
        permission = next((p for p in group[store] if p.get("SecurityGroupRuleId") == physical_id), None)
        if permission is None:
            return None
        actual = next(rules_of([permission], outgoing), {})
        return properties if rule_key(actual) == rule_key(properties) else actual

    return read, frozenset(_RULE_PROPERTIES)


def route(_physical_id, properties):
    table = ec2._route_tables.get(properties.get("RouteTableId")) or {"Routes": []}
    names = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
    destination = [(name, properties[name]) for name in names if properties.get(name)]
    return next((r for r in table["Routes"] if all(r.get(name) == value for name, value in destination)), None)


def association(physical_id, _properties):
    for table in ec2._route_tables.values():
        for association in table["Associations"]:
            if association["RouteTableAssociationId"] == physical_id:
                return association
    return None


def attachment(_physical_id, properties):
    gateway = ec2._internet_gateways.get(properties.get("InternetGatewayId")) or {"Attachments": []}
    attached = any(a["VpcId"] == properties.get("VpcId") for a in gateway["Attachments"])
    return properties if attached else None


def address(physical_id, _properties):
    return next((a for a in ec2._addresses.values() if a["PublicIp"] == physical_id), None)


def subnets(group, _physical_id, _properties):
    return [subnet for subnet in (group.get("VPCZoneIdentifier") or "").split(",") if subnet]


def launch_template(group, _physical_id, properties):
    wanted = properties.get("LaunchTemplate") or {}
    return {name: value for name, value in (group.get("LaunchTemplate") or {}).items() if name in wanted}


def file_system_policy(record, _physical_id, properties):
    def normal(policy):
        statements = [
            {k: v for k, v in s.items() if k != "Resource"} for s in (document(policy) or {}).get("Statement", [])
        ]
        return bare_document({"Statement": statements})

    held = document(record.get("FileSystemPolicy"))
    return as_read(properties.get("FileSystemPolicy"), held, normal) if held else None


def _role_policies(role, _physical_id, properties):
    held = role.get("InlinePolicies") or {}
    return [
        {
            **policy,
            "PolicyDocument": as_read(policy["PolicyDocument"], document(held[policy["PolicyName"]]), bare_document),
        }
        for policy in properties.get("Policies") or []
        if policy["PolicyName"] in held
    ]


def role(original):
    read, names = original

    def read_more(physical_id, properties):
        found = read(physical_id, properties)
        if found is None:
            return None
        role = iam._roles[physical_id]
        trust = as_read(properties.get("AssumeRolePolicyDocument"), found["AssumeRolePolicyDocument"], bare_document)
        more = {"Policies": _role_policies(role, physical_id, properties), "AssumeRolePolicyDocument": trust}
        return {**found, **more, "ManagedPolicyArns": [_arn(policy) for policy in role.get("AttachedPolicies") or []]}

    return read_more, names | {"Policies", "ManagedPolicyArns"}


def _arn(policy):
    return policy.get("PolicyArn") if isinstance(policy, dict) else policy


def inline_policy(physical_id, properties):
    name = properties.get("PolicyName") or physical_id
    held = [(iam._roles.get(role) or {}).get("InlinePolicies", {}).get(name) for role in properties.get("Roles") or []]
    if not held or None in held:
        return None
    expected = properties.get("PolicyDocument")
    other = next((d for d in held if bare_document(d) != bare_document(expected)), None)
    return {"PolicyDocument": expected if other is None else document(other)}


def managed_policy(policy, _physical_id, properties):
    held = policy["Versions"][policy["DefaultVersionId"]]["Document"]
    return as_read(properties.get("PolicyDocument"), document(held), bare_document)


def topic_policy(_physical_id, properties):
    held = [(sns._topics.get(arn) or {}).get("attributes", {}).get("Policy") for arn in properties.get("Topics") or []]
    if None in held or "" in held:
        return None
    expected = properties.get("PolicyDocument")
    other = next((d for d in held if bare_document(d) != bare_document(expected)), None)
    return {"PolicyDocument": expected if other is None else document(other)}


def bucket_policy(_physical_id, properties):
    held = s3._bucket_policies.get(properties.get("Bucket"))
    if held is None:
        return None
    held = held.decode() if isinstance(held, bytes) else held
    return {"PolicyDocument": as_read(properties.get("PolicyDocument"), document(held), bare_document)}


def record_set(_physical_id, properties):
    zone = route53._records.get(provisioners._r53_resolve_hosted_zone_id(properties)) or []
    name = route53._normalise_name(properties.get("Name", ""))
    return {} if any(r["Name"] == name and r["Type"] == properties.get("Type") for r in zone) else None


def key(physical_id, _properties):
    key = kms._keys.get(physical_id)
    return None if key is None or key.get("KeyState") == "PendingDeletion" else {}


def alias(physical_id, _properties):
    return {} if kms._alias_arn(physical_id) in kms._aliases else None


def threshold(alarm, _physical_id, _properties):
    return number(alarm.get("Threshold"))
