"""Trouble on request: `/_jenkins-aws/targets` makes a target or an instance fail its checks until it is set healthy again.

Target health, alarms and Auto Scaling groups follow as they follow real trouble. A mark lies on the record of what it is
about: it survives a restart, and ends with its target.
"""

import time

import ministack.services.alb as elb
import ministack.services.ec2 as ec2
from ministack.core.responses import request_scope

import control
import target_health
from state_keeper import keeper

# What a mark can be: the load balancer's health checks fail, or EC2's status checks and with them everything.
KINDS = ("unhealthy", "impaired", "healthy")


def _targets():
    """Every registered target of every account and region, with what it is asked by."""
    for (account_id, group_arn), targets in elb._targets._data.items():
        region = group_arn.split(":")[3]
        for target in targets:
            yield account_id, region, group_arn, target


def _listed():
    now = time.time()
    found = []
    for account_id, region, group_arn, target in _targets():
        with request_scope(account_id, region):
            if group_arn in elb._tgs:
                state, reason = target_health.health(group_arn, target, now)
                said = {"target": target["Id"], "targetGroupArn": group_arn, "health": state}
                found.append({**said, "reason": reason} if reason else said)
    return found


def _problems(value):
    if not isinstance(value, dict):
        return ["a JSON object with target and health is needed"]
    problems = []
    if not isinstance(value.get("target"), str) or not value["target"]:
        problems.append("target must be an instance id or the address of a registered target")
    if value.get("health") not in KINDS:
        problems.append(f"health must be one of {', '.join(KINDS)}, got {value.get('health')!r}")
    if value.get("health") == "impaired" and not str(value.get("target", "")).startswith("i-"):
        problems.append("only an instance can be impaired: its target is an instance id such as i-0123456789abcdef0")
    return problems


def _set(value):
    problems = _problems(value)
    if problems:
        raise control.Refused(problems)
    asked, health = value["target"], value["health"]
    records = [target for _account, _region, _arn, target in _targets() if target["Id"] == asked]
    records += [instance for (_account, _region, found), instance in ec2._instances.all_items() if found == asked]
    if not records:
        raise control.Refused([f"no instance and no registered target is called {asked!r}"])
    for record in records:
        if health == "healthy":
            record.pop("_mark", None)
        else:
            record["_mark"] = {"kind": health, "since": time.time()}
    keeper.touch()
    return _listed()


def _clear(_value):
    for _account, _region, _arn, target in _targets():
        target.pop("_mark", None)
    for instance in ec2._instances.all_values():
        instance.pop("_mark", None)
    keeper.touch()
    return _listed()


def install():
    control.register("targets", {"GET": lambda _value: _listed(), "PUT": _set, "DELETE": _clear})
