"""Stack policies that protect: an update that one denies fails at the resource, and the stack goes back."""

import fnmatch
import json

import ministack.services.cloudformation as cloudformation
import ministack.services.cloudformation.changesets as changesets
import ministack.services.cloudformation.handlers as handlers
import ministack.services.cloudformation.provisioners as provisioners
import ministack.services.cloudformation.stacks as stacks
from ministack.services.cloudformation.helpers import _error, _p, _resolve_document

from patching import wrap, wrap_action

MAX_POLICY_BYTES = 16384
DURING = ("StackPolicyDuringUpdateBody", "StackPolicyDuringUpdateURL", "Stack policy")


def _as_list(value):
    return value if isinstance(value, list) else [value]


def _fits(patterns, value):
    return any(fnmatch.fnmatchcase(value, str(pattern)) for pattern in _as_list(patterns))


def _applies(statement, action, resource, resource_type):
    if "Action" in statement and not _fits(statement["Action"], action):
        return False
    if "NotAction" in statement and _fits(statement["NotAction"], action):
        return False
    if "Resource" in statement and not _fits(statement["Resource"], resource):
        return False
    if "NotResource" in statement and _fits(statement["NotResource"], resource):
        return False
    for operator, wanted in (statement.get("Condition") or {}).items():
        types = wanted.get("ResourceType", [])
        if operator == "StringLike" and not _fits(types, resource_type):
            return False
        if operator == "StringEquals" and resource_type not in _as_list(types):
            return False
    return True


def why_denied(policy, action, logical_id, resource_type):
    """CloudFormation's sentence, or None. What no statement allows is denied, as soon as there is a policy."""
    if not policy:
        return None
    resource = f"LogicalResourceId/{logical_id}"
    allowed = False
    for number, statement in enumerate(_as_list(json.loads(policy).get("Statement", [])), 1):
        if not _applies(statement, action, resource, resource_type):
            continue
        if statement.get("Effect") != "Allow":
            return f"Action denied by stack policy: Statement [#{number}] does not allow [{action}] for resource [{resource}]"
        allowed = True
    return (
        None
        if allowed
        else f"Action not allowed by stack policy: no statement allows [{action}] for resource [{resource}]"
    )


def _policy_of(stack):
    return stack.get("_policy_during_update") or stack.get("_stack_policy")


def _checked_update(original):
    def update(resource_type, physical_id, old, new, stack_name, logical_id=None, old_attributes=None):
        stack = cloudformation._stacks.get(stack_name) or {}
        if old != new and stack.get("StackStatus") == "UPDATE_IN_PROGRESS":
            replaced = provisioners._replacing_change(resource_type, old, new)
            action = "Update:Replace" if replaced else "Update:Modify"
            denied = why_denied(_policy_of(stack), action, logical_id, resource_type)
            if denied:
                raise ValueError(denied)
        return original(resource_type, physical_id, old, new, stack_name, logical_id, old_attributes)

    return update


def _denied_removal(stack, template, previous):
    """The first resource that the update would remove and must not, with the reason."""
    conditions = stack.get("_conditions", {})
    kept = {
        logical_id
        for logical_id, resource in template.get("Resources", {}).items()
        if conditions.get(resource.get("Condition"), True)
    }
    for logical_id, resource in previous.get("_resources", {}).items():
        if logical_id not in kept:
            denied = why_denied(_policy_of(stack), "Update:Delete", logical_id, resource["ResourceType"])
            if denied:
                return logical_id, resource, denied
    return None


def _removals_first(original):
    """A removal is the last thing that an update does, and the first that its policy is asked for."""

    async def deploy(name, stack_id, template, param_values, *rest, is_update=False, previous_stack=None, **named):
        stack = cloudformation._stacks[name]
        denied = _denied_removal(stack, template, previous_stack) if is_update and previous_stack else None
        try:
            if denied is None:
                await original(
                    name,
                    stack_id,
                    template,
                    param_values,
                    *rest,
                    is_update=is_update,
                    previous_stack=previous_stack,
                    **named,
                )
                return
            logical_id, resource, reason = denied
            kind, physical_id = resource["ResourceType"], resource["PhysicalResourceId"]
            stacks._add_event(stack_id, name, logical_id, kind, "UPDATE_FAILED", reason, physical_id)
            failed = (logical_id, kind, physical_id, None, None, None)
            tags = stack.get("Tags"), previous_stack.get("Tags")
            operation = stacks._failed_operation(
                True, previous_stack, [], failed, logical_id, [], False, template, param_values, False, *tags
            )
            await stacks._roll_back_operation(name, stack_id, stack, operation)
        finally:
            stack.pop("_policy_during_update", None)

    return deploy


def _with_policy_during_update(original):
    def update(params):
        policy, error = _resolve_document(params, *DURING)
        stack = handlers._resolve_stack(_p(params, "StackName"))
        if error or not policy or stack is None:
            return error or original(params)
        problem = _problem(policy)
        if problem:
            return problem
        stack["_policy_during_update"] = policy
        answer = original(params)
        if answer[0] >= 400:
            stack.pop("_policy_during_update")
        return answer

    return update


def _problem(policy):
    try:
        statements = _as_list(json.loads(policy)["Statement"])
        whole = all(s["Effect"] in ("Allow", "Deny") and ("Action" in s) != ("NotAction" in s) for s in statements)
    except (ValueError, KeyError, TypeError):
        whole = False
    if not whole:
        return _error("ValidationError", "Error validating stack policy: Invalid stack policy")
    if len(policy.encode()) > MAX_POLICY_BYTES:
        return _error("ValidationError", f"Stack policy may not exceed {MAX_POLICY_BYTES} bytes in size.")
    return None


def _only_whole_ones(original):
    def handle(params):
        policy, error = _resolve_document(params, "StackPolicyBody", "StackPolicyURL", "Stack policy")
        return error or (_problem(policy) if policy else None) or original(params)

    return handle


def install():
    """Before `stack_events`: the rollback that a denied removal causes is told like any other."""
    wrap(stacks, "_update_resource", _checked_update)
    for action in ("CreateStack", "UpdateStack", "SetStackPolicy"):
        wrap_action(handlers._ACTION_HANDLERS, action, _only_whole_ones)
    wrap_action(handlers._ACTION_HANDLERS, "UpdateStack", _with_policy_during_update)
    for module in (stacks, changesets, handlers):
        wrap(module, "_deploy_stack_async", _removals_first)
