"""Instance refreshes that replace: member after member, never fewer in service than the refresh allows."""

import time
from xml.sax.saxutils import escape

import ministack.services.autoscaling as autoscaling
from ministack.core.responses import new_uuid, now_iso

import auto_scaling
from aws_error import AwsError
from patching import wrap_action

_OPEN = ("Pending", "InProgress")
_CAUSE = "an instance was taken out of service in response to an instance refresh."
_DEFAULT_MIN_HEALTHY = 90


def _active(group):
    return next((r for r in group.get("InstanceRefreshes", []) if r["Status"] in _OPEN), None)


def _finish(refresh, status, reason):
    refresh.update(Status=status, StatusReason=reason, EndTime=now_iso())
    if status == "Successful":
        refresh.update(PercentageComplete=100, InstancesToUpdate=0)


def advance(group, now):
    """One step of the group's open refresh. Whether anything changed."""
    refresh = _active(group)
    if refresh is None:
        return False
    members = auto_scaling.staying(group)
    old = [member for member in members if member["InstanceId"] in refresh["_to_replace"]]
    desired = int(group["DesiredCapacity"])
    ready = [member for member in members if auto_scaling.signalled(group, member, now)]
    done = len(refresh["_to_replace"]) - len(old)
    refresh.update(
        Status="InProgress",
        InstancesToUpdate=len(old),
        PercentageComplete=100 * done // len(refresh["_to_replace"]) if refresh["_to_replace"] else 100,
    )
    if not old and len(ready) >= desired:
        group["_surge"] = 0
        _finish(refresh, "Successful", "")
        return True
    # Where none can be spared the new one comes before the old one goes.
    spare = desired - -(-desired * refresh["_min_healthy"] // 100)
    group["_surge"] = 1 if old and not spare else 0
    for member in old[: max(0, len(ready) - (desired - max(spare, 0)))]:
        auto_scaling.take_out(group, member, _CAUSE, now)
    return True


def _start(params):
    name = autoscaling._p(params, "AutoScalingGroupName")
    group = autoscaling._asgs.get(name)
    if group is None:
        return AwsError("autoscaling", "ValidationError", "AutoScalingGroup name not found - null").answer()
    if _active(group) is not None:
        message = (
            f"An Instance Refresh is already in progress and blocks the execution of this Instance Refresh on {name}."
        )
        return AwsError("autoscaling", "InstanceRefreshInProgress", message).answer()
    wanted = {member["InstanceId"] for member in auto_scaling.staying(group)}
    if autoscaling._p(params, "Preferences.SkipMatching") == "true":
        template, _data = auto_scaling.wanted_template(group)
        wanted = {m["InstanceId"] for m in auto_scaling.staying(group) if m.get("LaunchTemplate") != template}
    minimum = autoscaling._p(params, "Preferences.MinHealthyPercentage")
    if minimum == "":
        minimum = (group.get("InstanceMaintenancePolicy") or {}).get("MinHealthyPercentage", _DEFAULT_MIN_HEALTHY)
    refresh = {
        "InstanceRefreshId": new_uuid(),
        "AutoScalingGroupName": name,
        "Status": "Pending",
        "StatusReason": "",
        "StartTime": auto_scaling.timestamp(time.time()),
        "PercentageComplete": 0,
        "InstancesToUpdate": len(wanted),
        "_to_replace": sorted(wanted),
        "_min_healthy": int(minimum),
    }
    group.setdefault("InstanceRefreshes", []).insert(0, refresh)
    body = f"<InstanceRefreshId>{refresh['InstanceRefreshId']}</InstanceRefreshId>"
    return autoscaling._xml(
        200, "StartInstanceRefreshResponse", f"<StartInstanceRefreshResult>{body}</StartInstanceRefreshResult>"
    )


def _describe(params):
    group = autoscaling._asgs.get(autoscaling._p(params, "AutoScalingGroupName"))
    if group is None:
        return AwsError("autoscaling", "ValidationError", "AutoScalingGroup name not found - null").answer()
    asked = autoscaling._parse_member_list(params, "InstanceRefreshIds")
    members = "".join(
        "<member>"
        + "".join(
            f"<{key}>{escape(str(value))}</{key}>"
            for key, value in refresh.items()
            if not key.startswith("_") and value != "" and not isinstance(value, dict)
        )
        + "</member>"
        for refresh in group.get("InstanceRefreshes", [])
        if not asked or refresh["InstanceRefreshId"] in asked
    )
    body = f"<InstanceRefreshes>{members}</InstanceRefreshes>"
    return autoscaling._xml(
        200,
        "DescribeInstanceRefreshesResponse",
        f"<DescribeInstanceRefreshesResult>{body}</DescribeInstanceRefreshesResult>",
    )


def _cancel(original):
    def cancel(params):
        group = autoscaling._asgs.get(autoscaling._p(params, "AutoScalingGroupName"))
        if group is not None:
            group.pop("_surge", None)
        return original(params)

    return cancel


def install():
    autoscaling._ACTION_MAP.update(StartInstanceRefresh=_start, DescribeInstanceRefreshes=_describe)
    wrap_action(autoscaling._ACTION_MAP, "CancelInstanceRefresh", _cancel)
