"""What a service holds, in the shape of a template's property, for a comparison that ends in "in sync" or a difference.

Where both sides say the same in different shapes the template's own value is returned: a difference that is none would
be drift that nobody made.
"""

import json


def as_read(expected, actual, normal):
    """`actual`, or `expected` itself when `normal` makes the same of both."""
    return expected if expected is not None and normal(expected) == normal(actual) else actual


def document(value):
    """A policy document as an object."""
    return json.loads(value) if isinstance(value, str) and value else value


def bare_document(value):
    """A policy without what services fill in by themselves, and without the order of its lists."""
    policy = document(value) or {}
    statements = policy.get("Statement", [])
    statements = statements if isinstance(statements, list) else [statements]
    return sorted(json.dumps({k: _sorted(v) for k, v in s.items() if k != "Sid"}, sort_keys=True) for s in statements)


def _sorted(value):
    return sorted(value, key=str) if isinstance(value, list) and len(value) > 1 else value


def chosen(expected, actual):
    """Of a list of `{Key, Value}` attributes those that the template names: services have defaults for the rest."""
    found = {entry["Key"]: str(entry["Value"]) for entry in actual or []}
    return [{"Key": e["Key"], "Value": found[e["Key"]]} for e in expected or [] if e.get("Key") in found]


def number(value):
    """`80` for `80.0`: templates write it so."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


# One rule of a security group, in the template's shape: what it is about, where templates name it.
_RULE_KINDS = (
    ("IpRanges", "CidrIp", ("CidrIp",)),
    ("Ipv6Ranges", "CidrIpv6", ("CidrIpv6",)),
    ("PrefixListIds", "PrefixListId", ("SourcePrefixListId", "DestinationPrefixListId")),
    ("UserIdGroupPairs", "GroupId", ("SourceSecurityGroupId", "DestinationSecurityGroupId")),
)


def rule_key(rule):
    """Of a rule as a template writes it."""
    protocol = {"6": "tcp", "17": "udp", "1": "icmp"}.get(str(rule.get("IpProtocol")), str(rule.get("IpProtocol")))
    ports = () if protocol == "-1" else (str(rule.get("FromPort")), str(rule.get("ToPort")))
    peers = [str(rule[name]) for _store, _member, names in _RULE_KINDS for name in names if rule.get(name)]
    return (protocol, *ports, *peers)


def rules_of(permissions, outgoing):
    """The permissions of a group as a template would write them, one rule for each peer."""
    for permission in permissions:
        common = {"IpProtocol": permission["IpProtocol"]}
        common.update({name: permission[name] for name in ("FromPort", "ToPort") if permission.get(name) is not None})
        for store, member, names in _RULE_KINDS:
            for peer in permission.get(store) or []:
                yield {**common, names[-1 if outgoing else 0]: peer[member]}


def rules(expected, actual):
    """The template's own rules where they are there, and what there is beside them."""
    left = list(actual)
    found = []
    for rule in expected or []:
        same = next((other for other in left if rule_key(other) == rule_key(rule)), None)
        if same is not None:
            left.remove(same)
            found.append(rule)
    return found + left
