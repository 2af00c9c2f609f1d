"""`AWS::CloudFormation::Stack`: the child is a stack like any other, made by the same operations as its parent."""

import asyncio
import copy
import random
import string

import ministack.services.cloudformation as cloudformation
import ministack.services.cloudformation.changesets as changesets
import ministack.services.cloudformation.engine as engine
import ministack.services.cloudformation.helpers as helpers
import ministack.services.cloudformation.provisioners as provisioners
import ministack.services.cloudformation.stacks as stacks
from ministack.core.responses import get_account_id, get_region, new_uuid, now_iso

import stack_events
from readable_errors import sentence_of

TYPE = "AWS::CloudFormation::Stack"
MAX_NAME_LENGTH = 128
_NAME_LETTERS = string.ascii_uppercase + string.digits
_loop = None
_KEPT = (
    "_resources",
    "_template",
    "_template_body",
    "_resolved_params",
    "_conditions",
    "Parameters",
    "Tags",
    "Outputs",
)


def remember_loop():
    """Called on the running loop. A parent waits on a thread of its own while the loop works on the child."""
    global _loop
    _loop = asyncio.get_running_loop()


def _on_loop(work):
    """Everything happens there, so that no save falls between what belongs together."""

    def handle(*arguments):
        return asyncio.run_coroutine_threadsafe(work(*arguments), _loop).result()

    return handle


class Wanted:
    """What the parent's template says about the child."""

    def __init__(self, properties, previous_values):
        url = properties.get("TemplateURL")
        if not url:
            raise ValueError("Value of property TemplateURL must be of type String")
        body, error = helpers._resolve_template({"TemplateURL": [url]})
        if error:
            raise ValueError(sentence_of(error[2]))
        given = [{"Key": k, "Value": str(v)} for k, v in (properties.get("Parameters") or {}).items()]
        # The bound on resources holds for each child by itself.
        self.template = engine._apply_transforms(changesets._parse_template(body), given, previous_values)
        self.body = body
        self.values = engine._resolve_parameters(self.template, given, previous_values)
        self.conditions = engine._evaluate_conditions(self.template, self.values)
        engine.validate_template_support(self.template, self.conditions, params=self.values)
        tags = provisioners._tag_map(properties.get("Tags")).items()
        self.tags = [{"Key": key, "Value": value} for key, value in tags if not key.startswith("aws:")]

    def record(self):
        return {
            "LastUpdatedTime": now_iso(),
            "Description": self.template.get("Description", ""),
            "Parameters": [
                {"ParameterKey": key, "ParameterValue": value["Value"], "NoEcho": value["NoEcho"]}
                for key, value in self.values.items()
            ],
            "Tags": self.tags,
            "_template_body": self.body,
            "_conditions": self.conditions,
        }


def _name(parent_name, logical_id):
    ending = "".join(random.choices(_NAME_LETTERS, k=13))
    return f"{parent_name}-{logical_id}"[: MAX_NAME_LENGTH - 14] + f"-{ending}"


def _attributes(child):
    return {f"Outputs.{output['OutputKey']}": output["OutputValue"] for output in child["Outputs"]}


def _start_event(child, status):
    event = (child["StackId"], child["StackName"], child["StackName"], TYPE, status)
    stacks._add_event(*event, "User Initiated", child["StackId"])


async def _create(logical_id, properties, parent_name):
    wanted = Wanted(properties, {})
    provisioners._check_nested_stack_capabilities(parent_name, wanted.template)
    parent = cloudformation._stacks[parent_name]
    name = _name(parent_name, logical_id)
    stack_id = f"arn:aws:cloudformation:{get_region()}:{get_account_id()}:stack/{name}/{new_uuid()}"
    child = {
        "StackName": name,
        "StackId": stack_id,
        "StackStatus": "CREATE_IN_PROGRESS",
        "StackStatusReason": "",
        "CreationTime": now_iso(),
        "Outputs": [],
        "DisableRollback": False,
        "Capabilities": list(parent.get("Capabilities", [])),
        "RoleARN": parent.get("RoleARN"),
        "ParentId": parent["StackId"],
        "RootId": parent.get("RootId") or parent["StackId"],
        "_region": get_region(),
        "_resources": {},
        "_template": wanted.template,
        "_resolved_params": wanted.values,
        **wanted.record(),
    }
    cloudformation._stacks[name] = child
    cloudformation._stack_events[stack_id] = []
    deployment = stack_events.current()
    if deployment is not None:
        deployment.remember_unfinished(logical_id, TYPE, stack_id, properties)
    _start_event(child, "CREATE_IN_PROGRESS")
    await stacks._deploy_stack_async(name, stack_id, wanted.template, wanted.values, False, wanted.tags)
    if child["StackStatus"] != "CREATE_COMPLETE":
        reason = child["StackStatusReason"]
        await stacks._delete_stack_async(name, stack_id)
        raise ValueError(f"Embedded stack {stack_id} was not successfully created: {reason}")
    return stack_id, _attributes(child)


async def _update(physical_id, _old, properties, parent_name):
    child = _child(physical_id)
    wanted = Wanted(properties, child["_resolved_params"])
    provisioners._check_nested_stack_capabilities(parent_name, wanted.template)
    same = (wanted.template, wanted.values, wanted.tags) == (
        child["_template"],
        child["_resolved_params"],
        child["Tags"],
    )
    if same:
        return physical_id, _attributes(child)
    previous = {key: copy.deepcopy(child.get(key)) for key in _KEPT}
    child.update(StackStatus="UPDATE_IN_PROGRESS", **wanted.record())
    _start_event(child, "UPDATE_IN_PROGRESS")
    work = stacks._deploy_stack_async(
        child["StackName"],
        physical_id,
        wanted.template,
        wanted.values,
        False,
        wanted.tags,
        is_update=True,
        previous_stack=previous,
    )
    await work
    if child["StackStatus"] != "UPDATE_COMPLETE":
        status, reason = child["StackStatus"], child["StackStatusReason"]
        raise ValueError(
            f"Embedded stack {physical_id} was not successfully updated. Currently in {status} with reason: {reason}"
        )
    return physical_id, _attributes(child)


async def _delete(physical_id, _properties):
    child = _child(physical_id)
    if child is None or child["StackStatus"] == "DELETE_COMPLETE":
        return
    await stacks._delete_stack_async(child["StackName"], physical_id)
    if child["StackStatus"] != "DELETE_COMPLETE":
        raise ValueError(f"Embedded stack {physical_id} was not successfully deleted: {child['StackStatusReason']}")


def _child(stack_id):
    return next((stack for stack in cloudformation._stacks.values() if stack["StackId"] == stack_id), None)


def install():
    provisioners._RESOURCE_HANDLERS[TYPE].update(
        create=_on_loop(_create), update=_on_loop(_update), delete=_on_loop(_delete)
    )
