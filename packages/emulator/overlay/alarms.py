"""Alarms that settle: nothing sends metrics here, so one without data becomes OK after a few seconds."""

import time

import ministack.services.cloudwatch as cloudwatch
from ministack.core.responses import request_scope

SETTLED_AFTER_SECONDS = 3
REASON = "Threshold Crossed: no datapoints were received and missing data was treated as [NonBreaching]."


def tick():
    now = int(time.time())
    changed = False
    for (account_id, region, _name), alarm in cloudwatch._alarms.all_items():
        if alarm.get("StateValue") != "INSUFFICIENT_DATA":
            continue
        if now - int(alarm.get("StateUpdatedTimestamp", now)) < SETTLED_AFTER_SECONDS:
            continue
        with request_scope(account_id, region):
            alarm.update(StateValue="OK", StateReason=REASON, StateUpdatedTimestamp=now)
            cloudwatch._record_history(alarm["AlarmName"], "INSUFFICIENT_DATA", "OK", REASON)
        changed = True
    return changed


def install():
    """Nothing to replace: the tick is all."""
