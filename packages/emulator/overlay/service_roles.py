"""Service roles of stacks: refused when they are not there or do not trust CloudFormation, remembered otherwise."""

import json

import ministack.services.cloudformation as cloudformation
import ministack.services.cloudformation.changesets as changesets
import ministack.services.cloudformation.handlers as handlers
import ministack.services.iam as iam
from ministack.services.cloudformation.helpers import _error, _esc, _p

from patching import wrap_action

PRINCIPAL = "cloudformation.amazonaws.com"
# What CloudFormation does with a role. It goes on with the one that it used last.
_ACTIONS = ("CreateStack", "UpdateStack", "CreateChangeSet", "DeleteStack", "ContinueUpdateRollback", "RollbackStack")


def _can_be_assumed(arn):
    role = next((role for role in iam._roles.values() if role.get("Arn") == arn), None)
    if role is None:
        return False
    trust = role.get("AssumeRolePolicyDocument")
    return PRINCIPAL in (trust if isinstance(trust, str) else json.dumps(trust))


def _refusal(arn):
    if arn and not _can_be_assumed(arn):
        return _error("ValidationError", f"Role {arn} is invalid or cannot be assumed")
    return None


def _with_role(action):
    def make(original):
        def handle(params):
            given = _p(params, "RoleARN")
            stack = handlers._resolve_stack(_p(params, "StackName"))
            held = (stack or {}).get("RoleARN") if action != "CreateStack" else None
            refused = _refusal(given or held)
            if refused:
                return refused
            answer = original(params)
            if given and answer[0] < 400:
                if action == "CreateChangeSet":
                    name = stack["StackName"] if stack else _p(params, "StackName")
                    changesets._find_change_set(_p(params, "ChangeSetName"), name)[1]["_role_arn"] = given
                else:
                    _remember(_p(params, "StackName"), given)
            return answer

        return handle

    return make


def _remember(stack_name, arn):
    stack = handlers._resolve_stack(stack_name)
    if stack is not None:
        stack["RoleARN"] = arn


def _role_of_change_set(original):
    def execute(params):
        _id, change_set = changesets._find_change_set(_p(params, "ChangeSetName"), _p(params, "StackName"))
        role = (change_set or {}).get("_role_arn")
        refused = _refusal(role)
        if refused:
            return refused
        answer = original(params)
        if role and answer[0] < 400:
            _remember(change_set["StackName"], role)
        return answer

    return execute


def _with_what_is_left_out(original):
    """MiniStack shows neither a stack's role nor whose child it is."""

    def describe(params):
        status, headers, body = original(params)
        text = body.decode()
        for stack in list(cloudformation._stacks.values()):
            shown = "".join(
                f"<{key}>{_esc(stack[key])}</{key}>" for key in ("RoleARN", "ParentId", "RootId") if stack.get(key)
            )
            mark = f"<StackId>{_esc(stack['StackId'])}</StackId>"
            text = text.replace(mark, mark + shown) if shown else text
        return status, headers, text.encode()

    return describe


def install():
    actions = handlers._ACTION_HANDLERS
    for action in _ACTIONS:
        wrap_action(actions, action, _with_role(action))
    wrap_action(actions, "ExecuteChangeSet", _role_of_change_set)
    wrap_action(actions, "DescribeStacks", _with_what_is_left_out)
