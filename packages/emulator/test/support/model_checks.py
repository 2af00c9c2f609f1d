"""Whether an answer is what botocore's service model says, also on the wire: a client leaves out what it does not know."""

import json
import xml.etree.ElementTree as ElementTree

# Of every answer, beside what the model of its operation says.
_ENVELOPE = {"requestId", "RequestId", "ResponseMetadata"}


def _plain(word):
    """AWS writes some words of its enumerations otherwise than its models do: `nat_gateway` is `natGateway` there."""
    return word.replace("_", "").lower()


def value_problems(shape, value, path):
    """Of a parsed value: missing members, values outside of an enumeration, other types."""
    if shape.type_name == "structure":
        yield from (f"{path}.{name} is missing" for name in shape.required_members if name not in value)
        for name, member in shape.members.items():
            if name in value:
                yield from value_problems(member, value[name], f"{path}.{name}")
    elif shape.type_name == "list":
        for index, item in enumerate(value):
            yield from value_problems(shape.member, item, f"{path}[{index}]")
    elif shape.type_name == "map":
        for key, item in value.items():
            yield from value_problems(shape.value, item, f"{path}.{key}")
    elif shape.type_name == "string":
        # botocore makes a value of policy documents.
        if not isinstance(value, str) and not path.endswith("PolicyDocument"):
            yield f"{path} is no string: {value!r}"
        elif getattr(shape, "enum", None) and _plain(value) not in {_plain(known) for known in shape.enum}:
            yield f"{path} is none of {', '.join(shape.enum)}: {value!r}"
    elif shape.type_name in ("integer", "long") and (not isinstance(value, int) or isinstance(value, bool)):
        yield f"{path} is no whole number: {value!r}"
    elif shape.type_name in ("float", "double") and not isinstance(value, (int, float)):
        yield f"{path} is no number: {value!r}"
    elif shape.type_name == "boolean" and not isinstance(value, bool):
        yield f"{path} is neither true nor false: {value!r}"


def _local(element):
    return element.tag.rsplit("}", 1)[-1]


def _xml_problems(shape, element, path):
    """What stands in the answer and in no member of the model: a client leaves it out without a word."""
    if shape.type_name == "structure":
        members = {m.serialization.get("name", name): m for name, m in shape.members.items()}
        flat = {
            m.member.serialization.get("name", wire): m
            for wire, m in members.items()
            if m.type_name == "list" and m.serialization.get("flattened")
        }
        for child in element:
            name = _local(child)
            if name in members:
                yield from _xml_problems(members[name], child, f"{path}.{name}")
            elif name in flat:
                yield from _xml_problems(flat[name].member, child, f"{path}.{name}")
            elif name not in _ENVELOPE:
                yield f"{path}.{name} is not in the model"
    elif shape.type_name == "list":
        wanted = shape.member.serialization.get("name", "member")
        for child in element:
            if _local(child) == wanted:
                yield from _xml_problems(shape.member, child, f"{path}[]")
            else:
                yield f"{path} has an item {_local(child)}, not {wanted}"
    elif shape.type_name not in ("map",) and len(element):
        yield f"{path} has elements, and is a {shape.type_name}"


def _json_problems(shape, value, path):
    if shape.type_name == "structure" and isinstance(value, dict):
        members = {m.serialization.get("name", name): m for name, m in shape.members.items()}
        for name, item in value.items():
            if name in members:
                yield from _json_problems(members[name], item, f"{path}.{name}")
            else:
                yield f"{path}.{name} is not in the model"
    elif shape.type_name == "list" and isinstance(value, list):
        for item in value:
            yield from _json_problems(shape.member, item, f"{path}[]")


def wire_problems(operation, body):
    shape = operation.output_shape
    protocol = operation.service_model.metadata["protocol"]
    if shape is None or not body or "payload" in shape.serialization:
        return []
    if protocol in ("json", "rest-json"):
        return list(_json_problems(shape, json.loads(body), operation.name))
    if protocol not in ("query", "ec2"):
        return []
    root = ElementTree.fromstring(body)
    wrapper = shape.serialization.get("resultWrapper")
    if wrapper:
        found = [child for child in root if _local(child) == wrapper]
        if not found and shape.required_members:
            return [f"{operation.name} has no {wrapper}"]
        return [problem for child in found for problem in _xml_problems(shape, child, operation.name)]
    return list(_xml_problems(shape, root, operation.name))
