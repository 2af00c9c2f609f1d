"""Lifecycle hooks: an instance waits before it is put in service or terminated, until somebody says how it goes on.

Nothing runs in an instance that could say it. A hook's heartbeat time-out passes faster here than on AWS, and then its
default result decides.
"""

import time
from xml.sax.saxutils import escape

import ministack.services.autoscaling as autoscaling
from ministack.core.responses import new_uuid

from aws_error import AwsError

LAUNCHING = "autoscaling:EC2_INSTANCE_LAUNCHING"
TERMINATING = "autoscaling:EC2_INSTANCE_TERMINATING"
# A minute of AWS takes a second here.
SECONDS_PER_MINUTE = 1.0
_LONGEST_SECONDS = 172800


def _hooks_of(group, transition):
    name = group["AutoScalingGroupName"]
    return [
        hook
        for hook in autoscaling._hooks.values()
        if hook["AutoScalingGroupName"] == name and hook["LifecycleTransition"] == transition
    ]


def begin(group, member, transition, now):
    """Whether there is anything to wait for."""
    hooks = _hooks_of(group, transition)
    member["_waits"] = {
        hook["LifecycleHookName"]: {"token": new_uuid(), "until": _deadline(hook, now), "result": None}
        for hook in hooks
    }
    return bool(hooks)


def _deadline(hook, now):
    return now + int(hook["HeartbeatTimeout"]) / 60 * SECONDS_PER_MINUTE


def outcome(group, member, now):
    """`CONTINUE` or `ABANDON` once every hook is done with, None before. One `ABANDON` ends the others."""
    defaults = {
        hook["LifecycleHookName"]: hook["DefaultResult"]
        for hook in autoscaling._hooks.values()
        if hook["AutoScalingGroupName"] == group["AutoScalingGroupName"]
    }
    for name, wait in member.get("_waits", {}).items():
        if name not in defaults:
            # The hook was deleted: nothing is waited for any more.
            wait["result"] = wait["result"] or "CONTINUE"
        elif wait["result"] is None and now >= wait["until"]:
            wait["result"] = defaults[name]
    results = [wait["result"] for wait in member.get("_waits", {}).values()]
    if "ABANDON" in results:
        return "ABANDON"
    return "CONTINUE" if None not in results else None


def from_properties(group, hooks):
    """The hooks that a template writes into its group."""
    for hook in hooks or []:
        name = hook["LifecycleHookName"]
        record = autoscaling._hook_record(group["AutoScalingGroupName"], name, hook)
        autoscaling._hooks[f"{group['AutoScalingGroupName']}/{name}"] = record


def _waiting(params):
    """The member and the wait that a call is about."""
    name, hook = autoscaling._p(params, "AutoScalingGroupName"), autoscaling._p(params, "LifecycleHookName")
    token, instance_id = autoscaling._p(params, "LifecycleActionToken"), autoscaling._p(params, "InstanceId")
    for member in autoscaling._asgs.get(name, {"Instances": []})["Instances"]:
        wait = member.get("_waits", {}).get(hook)
        is_meant = wait is not None and (token == wait["token"] if token else instance_id == member["InstanceId"])
        if is_meant and wait["result"] is None and member["LifecycleState"].endswith(":Wait"):
            return wait
    about = f"token {token}" if token else f"instance ID {instance_id}"
    raise AwsError("autoscaling", "ValidationError", f"No active Lifecycle Action found with {about}")


def _complete(params):
    result = autoscaling._p(params, "LifecycleActionResult")
    try:
        if result not in ("CONTINUE", "ABANDON"):
            raise AwsError("autoscaling", "ValidationError", "Lifecycle action result must be CONTINUE or ABANDON")
        _waiting(params)["result"] = result
    except AwsError as error:
        return error.answer()
    return autoscaling._xml(200, "CompleteLifecycleActionResponse", "<CompleteLifecycleActionResult/>")


def _record_heartbeat(params):
    name, hook = autoscaling._p(params, "AutoScalingGroupName"), autoscaling._p(params, "LifecycleHookName")
    try:
        wait = _waiting(params)
    except AwsError as error:
        return error.answer()
    wait["until"] = _deadline(autoscaling._hooks[f"{name}/{hook}"], time.time())
    return autoscaling._xml(200, "RecordLifecycleActionHeartbeatResponse", "<RecordLifecycleActionHeartbeatResult/>")


def _describe(params):
    asked = autoscaling._parse_member_list(params, "LifecycleHookNames")
    members = "".join(
        _member(hook)
        for hook in autoscaling._hooks.values()
        if hook["AutoScalingGroupName"] == autoscaling._p(params, "AutoScalingGroupName")
        and (not asked or hook["LifecycleHookName"] in asked)
    )
    body = f"<DescribeLifecycleHooksResult><LifecycleHooks>{members}</LifecycleHooks></DescribeLifecycleHooksResult>"
    return autoscaling._xml(200, "DescribeLifecycleHooksResponse", body)


def _member(hook):
    longest = min(_LONGEST_SECONDS, 100 * int(hook["HeartbeatTimeout"]))
    said = {**hook, "GlobalTimeout": longest}
    fields = "".join(f"<{key}>{escape(str(value))}</{key}>" for key, value in said.items() if value not in ("", None))
    return f"<member>{fields}</member>"


def install():
    autoscaling._ACTION_MAP.update(
        CompleteLifecycleAction=_complete,
        DescribeLifecycleHooks=_describe,
        RecordLifecycleActionHeartbeat=_record_heartbeat,
    )
