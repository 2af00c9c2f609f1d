"""Stack operations that meet each other or a kill: what each one needs to be ended later is kept on its stack.

It is kept as soon as the operation is asked for, not when its task begins: the state may be saved in between.
"""

import asyncio

import ministack.services.cloudformation as cloudformation
import ministack.services.cloudformation.handlers as handlers
import ministack.services.cloudformation.stacks as stacks

import stack_events
from patching import wrap

LOOK_SECONDS = 0.05
CANCELLED = "Resource creation cancelled"


def is_given_up(stack_name):
    """Whether a stack that is still being created shall be deleted."""
    return (cloudformation._stacks.get(stack_name) or {}).get("_give_up", False)


def _delete_after_creation(original):
    """A deletion ends a creation first: it would otherwise race against it, and miss what is made after its look."""

    def delete(stack_name, stack_id, retain_resources=(), force=False):
        stack = cloudformation._stacks[stack_name]
        stack["_deleting"] = {"retain": sorted(retain_resources), "force": force}
        stack["StackStatus"] = "DELETE_IN_PROGRESS"

        async def work():
            if "_interrupted" in stack:
                stack["_give_up"] = True
                while "_interrupted" in stack:
                    await asyncio.sleep(LOOK_SECONDS)
                stack.pop("_give_up")
            await original(stack_name, stack_id, retain_resources, force=force)
            stack.pop("_deleting", None)

        return work()

    return delete


def _roll_back_unless_given_up(original):
    def roll_back(stack_name, stack_id, stack, operation, reason_override=""):
        if "_interrupted" not in stack:
            stack["_rolling_back"] = operation

        async def work():
            if is_given_up(stack_name):
                return
            created = dict(stack.get("_resources", {}))
            await original(stack_name, stack_id, stack, operation, reason_override)
            stack.pop("_rolling_back", None)
            if stack["StackStatus"] == "ROLLBACK_FAILED":
                _keep_what_is_left(stack, created)

        return work()

    return roll_back


def _keep_what_is_left(stack, created):
    """What a rollback could not delete stays in its stack, so that a deletion of the stack tries again."""
    for logical_id in stack.get("_rollback_failed", {}):
        if logical_id in created:
            stack["_resources"][logical_id] = {**created[logical_id], "ResourceStatus": "DELETE_FAILED"}


def _remember_skipped(original):
    def go_on(stack_name, stack_id, resources_to_skip):
        stack = cloudformation._stacks[stack_name]
        stack["_continuing"] = sorted(resources_to_skip)
        stack["StackStatus"] = "UPDATE_ROLLBACK_IN_PROGRESS"

        async def work():
            deployment = stack_events.Deployment(stack_name, stack_id, stack["_template"], True, None)
            with stack_events.running(deployment):
                await original(stack_name, stack_id, resources_to_skip)
            stack.pop("_continuing")

        return work()

    return go_on


def install():
    for module in (stacks, handlers):
        wrap(module, "_delete_stack_async", _delete_after_creation)
        wrap(module, "_roll_back_operation", _roll_back_unless_given_up)
        wrap(module, "_continue_update_rollback_async", _remember_skipped)
