"""When stacks and change sets can be made, changed, executed and deleted, and how CloudFormation says that they cannot."""

import ministack.services.cloudformation as cloudformation
import ministack.services.cloudformation.changesets as changesets
import ministack.services.cloudformation.handlers as handlers
from ministack.services.cloudformation.helpers import _error, _p

from patching import wrap, wrap_action

_CHANGEABLE = (
    "CREATE_COMPLETE",
    "UPDATE_COMPLETE",
    "UPDATE_ROLLBACK_COMPLETE",
    "IMPORT_COMPLETE",
    "IMPORT_ROLLBACK_COMPLETE",
    # What a failed operation without rollback leaves can be mended by an update.
    "CREATE_FAILED",
    "UPDATE_FAILED",
)
_NEW = ("", "DELETE_COMPLETE", "REVIEW_IN_PROGRESS")


def _by_name(original):
    """A stack can be called by its id wherever it can be called by its name."""

    def handle(params):
        given = _p(params, "StackName")
        stack = handlers._resolve_stack(given) if given.startswith("arn:") else None
        return original({**params, "StackName": [stack["StackName"]]} if stack else params)

    return handle


def _status(stack):
    return (stack or {}).get("StackStatus", "")


def _not_changeable(stack):
    if stack is None or _status(stack) in (*_CHANGEABLE, "DELETE_COMPLETE"):
        return None
    return _error("ValidationError", f"Stack:{stack['StackId']} is in {_status(stack)} state and can not be updated.")


def _create_stack(original):
    def create(params):
        name = _p(params, "StackName")
        if _status(cloudformation._stacks.get(name)) not in ("", "DELETE_COMPLETE"):
            return _error("AlreadyExistsException", f"Stack [{name}] already exists")
        return original(params)

    return create


def _update_stack(original):
    def update(params):
        return _not_changeable(handlers._resolve_stack(_p(params, "StackName"))) or original(params)

    return update


def _create_change_set(original):
    def create(params):
        name, kind = _p(params, "StackName"), _p(params, "ChangeSetType", "UPDATE")
        stack = cloudformation._stacks.get(name)
        if kind == "UPDATE":
            return _not_changeable(stack) or original(params)
        if kind == "CREATE" and _status(stack) not in _NEW:
            change_set = _p(params, "ChangeSetName")
            sentence = f"Stack [{name}] already exists and cannot be created again with the changeSet [{change_set}]."
            return _error("ValidationError", sentence)
        if kind == "CREATE" and _status(stack) == "REVIEW_IN_PROGRESS":
            return _into_review(original, params, name, stack)
        return original(params)

    return create


def _into_review(original, params, name, stack):
    """One more change set for a stack that none was executed for: the stack stays the same one."""
    stack_id, events = stack["StackId"], cloudformation._stack_events.get(stack["StackId"], [])
    status, headers, body = original(params)
    made = cloudformation._stacks.get(name)
    if made is not None and made is not stack:
        cloudformation._stack_events.pop(made["StackId"], None)
    cloudformation._stacks[name] = stack
    cloudformation._stack_events[stack_id] = events
    if status < 400:
        _id, change_set = changesets._find_change_set(_p(params, "ChangeSetName"), name)
        change_set["StackId"] = stack_id
        body = body.replace(made["StackId"].encode(), stack_id.encode())
    return status, headers, body


def _list_change_sets(original):
    def listed(params):
        name = _p(params, "StackName")
        if name and _status(cloudformation._stacks.get(name)) in ("", "DELETE_COMPLETE"):
            return _error("ValidationError", f"Stack [{name}] does not exist")
        return original(params)

    return listed


def _execute_change_set(original):
    def execute(params):
        _id, change_set = changesets._find_change_set(_p(params, "ChangeSetName"), _p(params, "StackName"))
        if change_set is None:
            return original(params)
        said = f"ChangeSet [{change_set['ChangeSetId']}] cannot be executed in its current"
        if change_set["Status"] != "CREATE_COMPLETE":
            return _error("InvalidChangeSetStatus", f"{said} status of [{change_set['Status']}]")
        if change_set["ExecutionStatus"] != "AVAILABLE":
            return _error("InvalidChangeSetStatus", f"{said} execution status of [{change_set['ExecutionStatus']}]")
        stack = cloudformation._stacks.get(change_set["StackName"])
        if change_set["ChangeSetType"] == "UPDATE":
            return _not_changeable(stack) or original(params)
        return original(params)

    return execute


def _delete_stack(original):
    def delete(params):
        stack = cloudformation._stacks.get(_p(params, "StackName"))
        status = _status(stack)
        if status.startswith("UPDATE_") and status.endswith("_IN_PROGRESS"):
            sentence = f"Stack [{stack['StackId']}] cannot be deleted while in status {status}"
            return _error("ValidationError", sentence)
        if status == "DELETE_IN_PROGRESS":
            return handlers._xml(200, "DeleteStackResponse", "")
        return original(params)

    return delete


def install():
    # MiniStack asks for capabilities only where it also asks for permissions.
    wrap(handlers, "_capabilities_enforced", lambda _original: lambda: True)
    actions = handlers._ACTION_HANDLERS
    for action, make in (
        ("CreateStack", _create_stack),
        ("UpdateStack", _update_stack),
        ("CreateChangeSet", _create_change_set),
        ("ListChangeSets", _list_change_sets),
        ("ExecuteChangeSet", _execute_change_set),
        ("DeleteStack", _delete_stack),
    ):
        wrap_action(actions, action, make)
    # Outermost: what stands above compares names.
    for action in ("CreateChangeSet", "DescribeChangeSet", "ExecuteChangeSet", "ListChangeSets", "DeleteStack"):
        wrap_action(actions, action, _by_name)
