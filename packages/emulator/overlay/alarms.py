"""Alarms that settle and follow: what the emulator itself can measure decides, a minute of an alarm takes a second.

Nothing else sends metrics here, so an alarm without data becomes OK after a few seconds. One that gets data by
`PutMetricData` follows that.
"""

import operator
import time

import ministack.services.alb as elb
import ministack.services.autoscaling as autoscaling
import ministack.services.cloudwatch as cloudwatch
from ministack.core.responses import request_scope

import instances
import target_health
from lifecycle_hooks import SECONDS_PER_MINUTE

SETTLED_AFTER_SECONDS = 3
REASON = "Threshold Crossed: no datapoints were received and missing data was treated as [NonBreaching]."
_COMPARISONS = {
    "GreaterThanOrEqualToThreshold": (operator.ge, "greater than or equal to"),
    "GreaterThanThreshold": (operator.gt, "greater than"),
    "LessThanOrEqualToThreshold": (operator.le, "less than or equal to"),
    "LessThanThreshold": (operator.lt, "less than"),
}


def _hosts(dimensions, state, now):
    """How many targets of the target group are in this state; None when there is no such group."""
    for arn in elb._tgs:
        if dimensions.get("TargetGroup") and arn.endswith(f":{dimensions['TargetGroup']}"):
            states = [target_health.health(arn, target, now)[0] for target in elb._targets.get(arn, [])]
            return states.count(state)
    return None


def _failed_status_checks(dimensions, _now):
    group = autoscaling._asgs.get(dimensions.get("AutoScalingGroupName"), {"Instances": []})
    asked = [member["InstanceId"] for member in group["Instances"]] + [dimensions.get("InstanceId")]
    return 1 if any(instances.is_impaired(instance_id) for instance_id in asked) else 0


_MEASURED = {
    ("AWS/ApplicationELB", "HealthyHostCount"): lambda d, now: _hosts(d, "healthy", now),
    ("AWS/ApplicationELB", "UnHealthyHostCount"): lambda d, now: _hosts(d, "unhealthy", now),
    ("AWS/EC2", "StatusCheckFailed"): _failed_status_checks,
    ("AWS/NetworkELB", "HealthyHostCount"): lambda d, now: _hosts(d, "healthy", now),
    ("AWS/NetworkELB", "UnHealthyHostCount"): lambda d, now: _hosts(d, "unhealthy", now),
}


def _measured(alarm, now):
    """What the alarm's metric is now; None when the emulator cannot know, or somebody else sends it."""
    metric = (alarm.get("Namespace"), alarm.get("MetricName"))
    if metric not in _MEASURED or any(key[:2] == metric for key in cloudwatch._metrics):
        return None
    dimensions = {d["Name"]: d["Value"] for d in alarm.get("Dimensions") or []}
    return _MEASURED[metric](dimensions, now)


def _follow(alarm, value, now):
    compare, words = _COMPARISONS.get(alarm["ComparisonOperator"], (None, None))
    if compare is None:
        return False
    threshold = float(alarm["Threshold"])
    if not compare(value, threshold):
        alarm.pop("_breaching_since", None)
        state = "OK"
    else:
        since = alarm.setdefault("_breaching_since", now)
        lasting = int(alarm["Period"]) * int(alarm["EvaluationPeriods"]) / 60 * SECONDS_PER_MINUTE
        if now - since < lasting:
            return False
        state = "ALARM"
    return _set(
        alarm,
        state,
        f"Threshold Crossed: {value} was {'' if state == 'ALARM' else 'not '}{words} the threshold ({threshold}).",
    )


def _set(alarm, state, reason):
    if alarm.get("StateValue") == state:
        return False
    asked = {"AlarmName": [alarm["AlarmName"]], "StateValue": [state], "StateReason": [reason]}
    cloudwatch._set_alarm_state(asked, None, False)
    return True


def _advance(alarm, now):
    value = _measured(alarm, now)
    settling = alarm.get("StateValue") == "INSUFFICIENT_DATA"
    if settling and now - int(alarm.get("StateUpdatedTimestamp", now)) < SETTLED_AFTER_SECONDS:
        return False
    if value is not None:
        return _follow(alarm, value, now)
    return settling and _set(alarm, "OK", REASON)


def tick():
    now = time.time()
    changed = False
    for (account_id, region, _name), alarm in list(cloudwatch._alarms.all_items()):
        with request_scope(account_id, region):
            changed = _advance(alarm, now) or changed
    return changed


def install():
    """Nothing to replace: the tick is all."""
