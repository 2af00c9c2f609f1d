"""What CloudFormation refuses of a template and its parameters before it makes anything."""

import re

import ministack.services.cloudformation.changesets as changesets
import ministack.services.cloudformation.engine as engine
import ministack.services.cloudformation.handlers as handlers
import ministack.services.cloudformation.stacks as stacks
import ministack.services.ec2 as ec2

from patching import wrap

# Parameter types whose values are looked up in the account, and where they are. Hosted zones are not among them: one that
# a template names is there as soon as it is needed.
_LOOKED_UP = {
    "AWS::EC2::Instance::Id": ec2._instances,
    "AWS::EC2::KeyPair::KeyName": ec2._key_pairs,
    "AWS::EC2::SecurityGroup::Id": ec2._security_groups,
    "AWS::EC2::Subnet::Id": ec2._subnets,
    "AWS::EC2::VPC::Id": ec2._vpcs,
    "AWS::EC2::Volume::Id": ec2._volumes,
}
_NO_NUMBER = re.compile(r"Parameter '(.+)' value '.*' is not a valid (Number|List<Number>)")
_NO_VALUE = re.compile(r"Parameter '.+' failed to resolve: SSM parameter '(.+)' does not exist")
_CIRCLE = re.compile(r"Circular dependency detected among resources: (.*)")
ATTACHMENT = "AWS::EC2::VPCGatewayAttachment"


def _in_words(text):
    text = _NO_NUMBER.sub(r"Parameter '\1' must be a number", text)
    return _NO_VALUE.sub(r"Unable to fetch parameters [\1] from parameter store for this account.", text)


def _looked_up(original):
    def resolve(template, *arguments, **named):
        try:
            resolved = original(template, *arguments, **named)
        except ValueError as error:
            raise ValueError(_in_words(str(error))) from error
        ec2._ensure_defaults_initialized()
        for name, definition in (template.get("Parameters") or {}).items():
            known = _LOOKED_UP.get(definition.get("Type", "").removeprefix("List<").removesuffix(">"))
            if known is None:
                continue
            for value in str(resolved[name]["Value"]).split(","):
                if value.strip() not in known:
                    raise ValueError(
                        f"Parameter validation failed: parameter value {value.strip()} for parameter name {name} "
                        "does not exist"
                    )
        return resolved

    return resolve


def _without_circles(original):
    """Known when the request comes, not when its work begins."""

    def validate(template, conditions, *arguments, **named):
        original(template, conditions, *arguments, **named)
        try:
            stacks._topological_sort(template.get("Resources") or {}, conditions)
        except ValueError as error:
            raise ValueError(_CIRCLE.sub(r"Circular dependency between resources: [\1]", str(error))) from error

    return validate


def _attachments_early(original):
    """An order in which each gateway is attached as early, and so detached as late, as the template allows: what has a
    public address needs it without naming it, and CloudFormation tries a refused detachment again until it works."""

    def sort(resources, conditions):
        ordered = original(resources, conditions)
        for attachment in [name for name in ordered if resources[name].get("Type") == ATTACHMENT]:
            needed = _needed_by(resources, attachment, set(ordered))
            first = [name for name in ordered if name in needed]
            rest = [name for name in ordered if name not in needed and name != attachment]
            ordered = [*first, attachment, *rest]
        return ordered

    return sort


def _needed_by(resources, name, active):
    found, open_names = set(), [name]
    while open_names:
        for needed in engine._extract_deps(resources[open_names.pop()], active):
            if needed in active and needed not in found and needed != name:
                found.add(needed)
                open_names.append(needed)
    return found


def install():
    for module in (handlers, changesets):
        wrap(module, "_resolve_parameters", _looked_up)
        wrap(module, "validate_template_support", _without_circles)
    wrap(stacks, "_topological_sort", _attachments_early)
