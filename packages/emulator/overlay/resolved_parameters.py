"""DescribeStacks and DescribeChangeSet as CloudFormation answers them for parameters of SSM types.

CloudFormation tells the name of the SSM parameter and, beside it, the value that it read there; MiniStack tells the value
in place of the name.
"""

import xml.etree.ElementTree as xml

import ministack.services.cloudformation as cloudformation
import ministack.services.cloudformation.changesets as changesets
import ministack.services.cloudformation.handlers as handlers

from patching import wrap_action


def _of_stack(element, namespace):
    known = cloudformation._stacks.get(element.findtext(f"{namespace}StackName", "")) or {}
    return known if known.get("StackId") == element.findtext(f"{namespace}StackId", "") else {}


def _of_change_set(element, namespace):
    _id, known = changesets._find_change_set(element.findtext(f"{namespace}ChangeSetId", ""), "")
    return known or {}


def _with_names(original, tag, find):
    def answer(params):
        status, headers, body = original(params)
        if status >= 400 or b"<Parameters><member>" not in body:
            return status, headers, body
        root = xml.fromstring(body)
        namespace = root.tag.partition("}")[0] + "}" if root.tag.startswith("{") else ""
        xml.register_namespace("", namespace.strip("{}"))
        for element in root.iter(f"{namespace}{tag}"):
            _name_parameters(element, namespace, find(element, namespace).get("_resolved_params", {}))
        return status, headers, xml.tostring(root, encoding="utf-8", xml_declaration=True, short_empty_elements=False)

    return answer


def _name_parameters(element, namespace, resolved):
    for parameter in element.iterfind(f"{namespace}Parameters/{namespace}member"):
        known = resolved.get(parameter.findtext(f"{namespace}ParameterKey")) or {}
        if "SsmName" not in known:
            continue
        value = parameter.find(f"{namespace}ParameterValue")
        xml.SubElement(parameter, f"{namespace}ResolvedValue").text = value.text
        value.text = known["SsmName"]


def install():
    actions = handlers._ACTION_HANDLERS
    wrap_action(actions, "DescribeStacks", lambda original: _with_names(original, "member", _of_stack))
    wrap_action(actions, "DescribeChangeSet", lambda original: _with_names(original, "DescribeChangeSetResult", _of_change_set))
