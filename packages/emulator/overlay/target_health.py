"""Load balancer targets with a health of their own: initial, then healthy; unused when nothing can reach them."""

import time
from xml.sax.saxutils import escape

import ministack.services.alb as elb
import ministack.services.ec2 as ec2

from patching import wrap_action

HEALTHY_AFTER_SECONDS = 2.5
_DESCRIPTIONS = {
    "Elb.InitialHealthChecking": "Initial health checks in progress",
    "Target.NotInUse": "Target group is not configured to receive traffic from the load balancer",
    "Target.InvalidState": "Target is in the stopped state",
    "Target.FailedHealthChecks": "Health checks failed",
}


def register(group_arn, target_id, now):
    group = elb._tgs.get(group_arn)
    if group is None:
        return
    targets = elb._targets.setdefault(group_arn, [])
    if all(target["Id"] != target_id for target in targets):
        targets.append({"Id": target_id, "Port": group.get("Port", 80), "_registered_at": now})


def deregister(group_arn, target_id):
    elb._targets[group_arn] = [target for target in elb._targets.get(group_arn, []) if target["Id"] != target_id]


def is_registered(group_arn, target_id):
    return any(target["Id"] == target_id for target in elb._targets.get(group_arn, []))


def is_in_use(group_arn):
    """Whether a listener or one of its rules sends anything to the group."""
    # MiniStack's deletion of a load balancer leaves its listeners and rules behind.
    listeners = [listener for listener in elb._listeners.values() if listener["LoadBalancerArn"] in elb._lbs]
    arns = {listener["ListenerArn"] for listener in listeners}
    actions = [action for listener in listeners for action in listener.get("DefaultActions") or []]
    for rule in elb._rules.values():
        if rule["ListenerArn"] in arns:
            actions += rule.get("Actions") or []
    return any(group_arn in _groups_of(action) for action in actions)


def _groups_of(action):
    forwarded = (action.get("ForwardConfig") or {}).get("TargetGroups") or []
    return [action.get("TargetGroupArn"), *(entry.get("TargetGroupArn") for entry in forwarded)]


def health(group_arn, target, now):
    """State and reason, e.g. `('initial', 'Elb.InitialHealthChecking')`."""
    if not is_in_use(group_arn):
        return "unused", "Target.NotInUse"
    if target["Id"].startswith("i-"):
        instance = ec2._instances.get(target["Id"])
        if instance is None or instance["State"]["Name"] != "running":
            return "unused", "Target.InvalidState"
    if "_mark" in target or "_mark" in ec2._instances.get(target["Id"], {}):
        return "unhealthy", "Target.FailedHealthChecks"
    if now - target.get("_registered_at", 0) < HEALTHY_AFTER_SECONDS:
        return "initial", "Elb.InitialHealthChecking"
    return "healthy", ""


def state_of(group_arn, target_id, now):
    for target in elb._targets.get(group_arn, []):
        if target["Id"] == target_id:
            return health(group_arn, target, now)[0]
    return "absent"


def _member(group_arn, target, now):
    state, reason = health(group_arn, target, now)
    detail = f"<Reason>{reason}</Reason><Description>{escape(_DESCRIPTIONS[reason])}</Description>" if reason else ""
    port = target.get("Port", elb._tgs[group_arn].get("Port", 80))
    return (
        f"<member><Target><Id>{escape(target['Id'])}</Id><Port>{port}</Port></Target>"
        f"<HealthCheckPort>{port}</HealthCheckPort>"
        f"<TargetHealth><State>{state}</State>{detail}</TargetHealth></member>"
    )


def _absent(target):
    return (
        f"<member><Target><Id>{escape(target['Id'])}</Id></Target><TargetHealth><State>unused</State>"
        "<Reason>Target.NotRegistered</Reason>"
        "<Description>Target is not registered to the target group</Description></TargetHealth></member>"
    )


def _describe_target_health(params):
    group_arn = elb._p(params, "TargetGroupArn")
    if group_arn not in elb._tgs:
        return elb._error("TargetGroupNotFound", f"Target group '{group_arn}' not found.")
    now = time.time()
    registered = {target["Id"]: target for target in elb._targets.get(group_arn, [])}
    asked = elb._parse_targets_param(params) or list(registered.values())
    members = "".join(
        _member(group_arn, registered[target["Id"]], now) if target["Id"] in registered else _absent(target)
        for target in asked
    )
    return elb._xml(200, "DescribeTargetHealth", f"<TargetHealthDescriptions>{members}</TargetHealthDescriptions>")


def _remember_registration(original):
    def register_targets(params):
        answer = original(params)
        if answer[0] < 400:
            for target in elb._targets.get(elb._p(params, "TargetGroupArn"), []):
                target.setdefault("_registered_at", time.time())
        return answer

    return register_targets


def install():
    wrap_action(elb._ACTION_MAP, "DescribeTargetHealth", lambda _original: _describe_target_health)
    wrap_action(elb._ACTION_MAP, "RegisterTargets", _remember_registration)
