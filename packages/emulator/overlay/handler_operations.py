"""What CloudFormation does to one resource takes a moment, meets the fault rules, and is written into the call record.

Every step of every stack operation passes through here, on the event loop unless it has to wait for something: stacks
really run side by side, and what one step changes in several services is never half done when the state is saved.
"""

import asyncio
import uuid

import ministack.services.cloudformation as cloudformation
import ministack.services.cloudformation.stacks as stacks
from ministack.core.responses import get_account_id

import call_record
import faults
import instances
import stack_lifecycle
from patching import wrap
from type_operations import operations_of

# Long enough for stacks to take turns, short enough for forty resources within a second.
STEP_SECONDS = 0.01
# CloudFormation tries what may pass again by itself, and gives up after a while.
TRIES = 10
FIRST_PAUSE_SECONDS = 0.02
LONGEST_PAUSE_SECONDS = 0.3
_HANDLER_CODES = {403: "AccessDenied", 404: "NotFound"}
_NAMES = {"autoscaling": "AutoScaling", "elasticfilesystem": "Efs", "elasticloadbalancing": "ElasticLoadBalancingV2"}


def principal_of(stack):
    """Who calls on behalf of the stack: its service role, or whoever started the operation."""
    account = get_account_id()
    role = (stack or {}).get("RoleARN")
    if role:
        return f"arn:aws:sts::{account}:assumed-role/{role.rpartition('/')[2]}/AWSCloudFormation"
    return f"arn:aws:iam::{account}:user/emulator"


def _step_of(function, arguments):
    """`(type, action, stack name)` of a call that a stack operation makes; the action is None when nothing changes."""
    resource_type = arguments[0]
    if function is stacks._provision_keeping_seed:
        return resource_type, "create", arguments[3]
    if function is stacks._delete_resource:
        return resource_type, "delete", arguments[3]
    return resource_type, "update" if arguments[2] != arguments[3] else None, arguments[4]


async def _meet_faults(resource_type, action, stack_name):
    found = operations_of(resource_type, action)
    if found is None:
        return
    service, operations = found
    stack = cloudformation._stacks.get(stack_name)
    principal = principal_of(stack)
    rolling_back = "ROLLBACK" in (stack or {}).get("StackStatus", "")
    for operation in operations:
        pause = FIRST_PAUSE_SECONDS
        for tries_left in reversed(range(TRIES)):
            try:
                faults.meet(service, operation, principal, rolling_back)
                call_record.add(service, operation, "cloudformation")
                break
            except faults.Fault as fault:
                call_record.add(service, operation, "cloudformation", fault.error)
                if not fault.passes or not tries_left:
                    raise ValueError(_in_a_handlers_words(fault)) from fault
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE_SECONDS, 2 * pause)


def _in_a_handlers_words(fault):
    name = _NAMES.get(fault.service, fault.service.capitalize())
    code = "Throttling" if "hrottl" in fault.error or "Limit" in fault.error else _HANDLER_CODES.get(fault.status)
    code = code or ("ServiceInternalError" if fault.status >= 500 else "GeneralServiceException")
    return (
        f'Resource handler returned message: "{fault} (Service: {name}, Status Code: {fault.status}, '
        f'Request ID: {uuid.uuid4()})" (RequestToken: {uuid.uuid4()}, HandlerErrorCode: {code})'
    )


def _in_turn(needs_thread):
    def make(original):
        async def step(function, *arguments, **named):
            resource_type, action, stack_name = _step_of(function, arguments)
            await asyncio.sleep(STEP_SECONDS)
            if action in ("create", "update") and stack_lifecycle.is_given_up(stack_name):
                raise ValueError(stack_lifecycle.CANCELLED)
            if action is not None:
                await _meet_faults(resource_type, action, stack_name)
            if needs_thread(resource_type):
                return await original(function, *arguments, **named)
            return function(*arguments)

        return step

    return make


def _launch_with_faults(original):
    """Within the group's own round, which cannot wait: what may pass is tried again at once."""

    def launch(*arguments, **named):
        for tries_left in reversed(range(TRIES)):
            try:
                faults.meet("ec2", "RunInstances", _GROUPS_ROLE.format(get_account_id()))
                call_record.add("ec2", "RunInstances", "autoscaling")
                break
            except faults.Fault as fault:
                call_record.add("ec2", "RunInstances", "autoscaling", fault.error)
                if not fault.passes or not tries_left:
                    raise ValueError(str(fault)) from fault
        return original(*arguments, **named)

    return launch


_GROUPS_ROLE = "arn:aws:sts::{}:assumed-role/AWSServiceRoleForAutoScaling/AutoScaling"


def install():
    """After everything that says which types wait."""
    needs_thread = stacks._runs_on_worker_thread
    wrap(stacks, "run_reentrant", _in_turn(needs_thread))
    wrap(stacks, "_runs_on_worker_thread", lambda _original: lambda _type: True)
    wrap(instances, "launch_from_template", _launch_with_faults)
