"""DescribeStacks as CloudFormation answers it for parameters of SSM types.

CloudFormation tells the name of the SSM parameter and, beside it, the value that it read there; MiniStack tells the value
in place of the name.
"""

import xml.etree.ElementTree as xml

import ministack.services.cloudformation as cloudformation
import ministack.services.cloudformation.handlers as handlers

from patching import wrap_action


def _with_names(original):
    def answer(params):
        status, headers, body = original(params)
        if status >= 400 or b"<Parameters><member>" not in body:
            return status, headers, body
        root = xml.fromstring(body)
        namespace = root.tag.partition("}")[0] + "}" if root.tag.startswith("{") else ""
        xml.register_namespace("", namespace.strip("{}"))
        for stack in root.iter(f"{namespace}member"):
            known = cloudformation._stacks.get(stack.findtext(f"{namespace}StackName", "")) or {}
            if known.get("StackId") == stack.findtext(f"{namespace}StackId", ""):
                _name_parameters(stack, namespace, known.get("_resolved_params", {}))
        return status, headers, xml.tostring(root, encoding="utf-8", xml_declaration=True, short_empty_elements=False)

    return answer


def _name_parameters(stack, namespace, resolved):
    for parameter in stack.iterfind(f"{namespace}Parameters/{namespace}member"):
        known = resolved.get(parameter.findtext(f"{namespace}ParameterKey")) or {}
        if "SsmName" not in known:
            continue
        value = parameter.find(f"{namespace}ParameterValue")
        xml.SubElement(parameter, f"{namespace}ResolvedValue").text = value.text
        value.text = known["SsmName"]


def install():
    wrap_action(handlers._ACTION_HANDLERS, "DescribeStacks", _with_names)
