"""Stack operations that a killed emulator left unfinished: at the next start each one is brought to its end."""

import asyncio
import logging

import ministack.services.autoscaling as autoscaling
import ministack.services.cloudformation as cloudformation
import ministack.services.cloudformation.stacks as stacks
from ministack.core.responses import request_scope

import stack_events

logger = logging.getLogger("stack_recovery")
REASON = "The emulator was stopped during this operation. "
_CLEANING = "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"


async def _roll_back(name, stack):
    operation = stack["_interrupted"]
    previous = operation["previous_stack"]
    for logical_id, resource in operation["unfinished"].items():
        stack["_resources"].setdefault(logical_id, resource)
    changing = operation["changing"]
    # What was being changed is sent back on its own; with its old record it would look unchanged.
    created = [logical_id for logical_id in stack["_resources"] if not changing or logical_id != changing[0]]
    failed = stacks._failed_operation(
        operation["is_update"],
        previous,
        created,
        changing,
        changing and changing[0],
        [],
        False,
        operation["template"],
        operation["param_values"],
        False,
        stack.get("Tags"),
        (previous or {}).get("Tags"),
    )
    deployment = stack_events.Deployment(
        name, stack["StackId"], operation["template"], operation["is_update"], previous
    )
    with stack_events.running(deployment):
        await stacks._roll_back_operation(name, stack["StackId"], stack, failed, reason_override=REASON)
    stack.pop("_interrupted", None)


async def _finish_cleanup(name, stack):
    """Everything was changed already, and part of what it replaced may be deleted: there is no way back."""
    operation = stack["_interrupted"]
    previous, template, values = operation["previous_stack"], operation["template"], operation["param_values"]
    conditions, mappings = stack["_conditions"], template.get("Mappings", {})
    definitions, resources = template.get("Resources", {}), stack["_resources"]
    stack_id = stack["StackId"]
    for logical_id, old in reversed(previous["_resources"].items()):
        now = resources.get(logical_id, {})
        kept = definitions.get(logical_id)
        removed = kept is None or not conditions.get(kept.get("Condition"), True)
        if not removed and now.get("PhysicalResourceId") == old["PhysicalResourceId"]:
            continue
        holder = previous["_template"]["Resources"].get(logical_id) if removed else kept
        attribute = "DeletionPolicy" if removed else "UpdateReplacePolicy"
        policy = stacks._resource_policy(
            holder, attribute, previous["_resources"], values, conditions, mappings, name, stack_id
        )
        kind, physical_id = old["ResourceType"], old["PhysicalResourceId"]
        event = (stack_id, name, logical_id, kind)
        if policy not in stacks._RETAINING_POLICIES:
            stacks._add_event(*event, "DELETE_IN_PROGRESS", physical_id=physical_id)
            try:
                await stacks.run_reentrant(
                    stacks._delete_resource, kind, physical_id, old.get("Properties", {}), name, logical_id
                )
            except Exception as error:  # noqa: BLE001 - it may be gone already, and a cleanup fails no update
                stacks._add_event(*event, "DELETE_FAILED", str(error), physical_id)
            else:
                stacks._add_event(*event, "DELETE_COMPLETE", physical_id=physical_id)
        if removed:
            resources.pop(logical_id, None)
    stack["_template"], stack["_resolved_params"] = template, values
    stack["Outputs"], exports = stacks._resolve_stack_outputs(
        template.get("Outputs", {}), conditions, resources, values, mappings, name, stack_id
    )
    cloudformation._exports.update(exports)
    stack.pop("_interrupted")
    stack["StackStatus"] = "UPDATE_COMPLETE"
    stacks._add_event(stack_id, name, name, "AWS::CloudFormation::Stack", "UPDATE_COMPLETE", physical_id=stack_id)


def _work_for(name, stack):
    status = stack.get("StackStatus", "")
    if not status.endswith("_IN_PROGRESS") or status == "REVIEW_IN_PROGRESS":
        return None
    if "_deleting" in stack:
        return _delete(name, stack, **stack["_deleting"])
    if status == _CLEANING and "_interrupted" in stack:
        return _finish_cleanup(name, stack)
    if "_interrupted" in stack:
        return _roll_back(name, stack)
    if "_rolling_back" in stack:
        return stacks._roll_back_operation(name, stack["StackId"], stack, stack["_rolling_back"], REASON)
    if "_continuing" in stack:
        return stacks._continue_update_rollback_async(name, stack["StackId"], frozenset(stack["_continuing"]))
    return _delete(name, stack, [], False) if status == "DELETE_IN_PROGRESS" else None


async def _delete(name, stack, retain, force):
    operation = stack.pop("_interrupted", None) or {"unfinished": {}}
    for logical_id, resource in operation["unfinished"].items():
        stack["_resources"].setdefault(logical_id, resource)
    stack.pop("_give_up", None)
    await stacks._delete_stack_async(name, stack["StackId"], frozenset(retain), force=force)


async def _guard(name, work, children):
    try:
        await asyncio.gather(*children)
        await work
    except Exception:  # noqa: BLE001 - a stack that cannot be mended must not stop the start
        logger.exception("stack %s could not be recovered", name)


def recover():
    """Called once on the running loop, after the saved state was loaded. Children first: their parents ask for them."""
    for group in autoscaling._asgs.all_values():
        group.pop("_surge", None)
    found = cloudformation._stacks.all_items()
    cleaning = {stack["StackId"] for _key, stack in found if stack.get("StackStatus") == _CLEANING}
    for change_set in cloudformation._change_sets.all_values():
        if change_set.get("ExecutionStatus") == "EXECUTE_IN_PROGRESS":
            done = change_set["StackId"] in cleaning
            change_set["ExecutionStatus"] = "EXECUTE_COMPLETE" if done else "EXECUTE_FAILED"
    parents = {stack["StackId"]: stack.get("ParentId") for _key, stack in found}
    started = {}
    for (account_id, region, name), stack in sorted(found, key=lambda entry: -_depth(parents, entry[1]["StackId"])):
        with request_scope(account_id, region):
            work = _work_for(name, stack)
            if work is None:
                # The kill came between the operation's end and its tidying up.
                for kept in ("_interrupted", "_deleting", "_rolling_back", "_continuing", "_give_up"):
                    stack.pop(kept, None)
            else:
                children = [task for stack_id, task in started.items() if parents[stack_id] == stack["StackId"]]
                # The task copies this scope.
                started[stack["StackId"]] = asyncio.get_running_loop().create_task(_guard(name, work, children))


def _depth(parents, stack_id):
    depth = 0
    while parents.get(stack_id):
        stack_id = parents[stack_id]
        depth += 1
    return depth
