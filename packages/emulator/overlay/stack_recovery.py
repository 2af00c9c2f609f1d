"""Stack operations that a killed emulator left unfinished: at the next start they are rolled back or ended."""

import asyncio
import logging

import ministack.services.autoscaling as autoscaling
import ministack.services.cloudformation as cloudformation
import ministack.services.cloudformation.stacks as stacks
from ministack.core.responses import request_scope

logger = logging.getLogger("stack_recovery")
REASON = "The emulator was stopped during this operation. "


async def _roll_back(name, stack, operation):
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
    await stacks._roll_back_operation(name, stack["StackId"], stack, failed, reason_override=REASON)
    stack.pop("_interrupted", None)


async def _guard(name, work):
    try:
        await work
    except Exception:  # noqa: BLE001 - a stack that cannot be mended must not stop the start
        logger.exception("stack %s could not be recovered", name)


def recover():
    """Called once on the running loop, after the saved state was loaded."""
    for group in autoscaling._asgs.all_values():
        group.pop("_surge", None)
    for change_set in cloudformation._change_sets.all_values():
        if change_set.get("ExecutionStatus") == "EXECUTE_IN_PROGRESS":
            change_set["ExecutionStatus"] = "EXECUTE_FAILED"
    for (account_id, region, name), stack in cloudformation._stacks.all_items():
        status = stack.get("StackStatus", "")
        if status == "DELETE_IN_PROGRESS":
            work = stacks._delete_stack_async(name, stack["StackId"])
        elif status.endswith("_IN_PROGRESS") and "_interrupted" in stack:
            work = _roll_back(name, stack, stack["_interrupted"])
        else:
            continue
        # The task copies this scope.
        with request_scope(account_id, region):
            asyncio.get_running_loop().create_task(_guard(name, work))
