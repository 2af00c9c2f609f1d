"""Auto Scaling groups that work: a tick brings every group to its desired capacity with real instances."""

import logging
import time
from datetime import datetime, timezone

import ministack.services.alb as elb
import ministack.services.autoscaling as autoscaling
import ministack.services.ec2 as ec2
from ministack.core.responses import new_uuid, request_scope

import instance_refresh
import instances
import lifecycle_hooks
import references
import target_health
from aws_error import AwsError
from patching import refuse, wrap

logger = logging.getLogger("auto_scaling")

# Slow enough to be seen by somebody who watches, quick enough not to be waited for.
PENDING_SECONDS = 1.5
REPLACEMENT_DELAY_SECONDS = 4.0
# In a rolling update nobody has to see the gap.
ROLLING_DELAY_SECONDS = 2.0
RETRY_AFTER_SECONDS = 10.0
# How long a member fails its checks before the group acts.
UNHEALTHY_SECONDS = 3.0
ACTIVITIES_KEPT = 100


def timestamp(seconds):
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")


def subnets_of(group):
    return [subnet for subnet in (group.get("VPCZoneIdentifier") or "").split(",") if subnet]


def zones_of(subnet_ids):
    return sorted({ec2._subnets[s]["AvailabilityZone"] for s in subnet_ids if s in ec2._subnets})


def wanted_template(group):
    """The launch template with its version as a number, and that version's data."""
    spec = group.get("LaunchTemplate") or {}
    if not spec:
        return {}, {}
    by_id = {"LaunchTemplateId": spec["LaunchTemplateId"], "Version": str(spec.get("Version") or "$Default")}
    data, record, error = ec2._resolve_launch_template_data(by_id)
    if error:
        refuse(error)
    named = {"$Latest": "LatestVersionNumber", "$Default": "DefaultVersionNumber"}.get(by_id["Version"])
    version = record[named] if named else int(by_id["Version"])
    return {
        "LaunchTemplateId": record["LaunchTemplateId"],
        "LaunchTemplateName": record["LaunchTemplateName"],
        "Version": str(version),
    }, data


def check_template(group):
    """What AWS looks up when it makes a group: the template, and the security groups and the profile in it."""
    _template, data = wanted_template(group)
    try:
        for group_id in instances.groups_of(data) or []:
            references.security_group(group_id)
        references.instance_profile(data.get("IamInstanceProfile"))
    except AwsError as error:
        message = f"You must use a valid fully-formed launch template. {error.message}"
        raise AwsError("autoscaling", "ValidationError", message) from error


def record_activity(group, description, cause, now, status="InProgress"):
    activity = {
        "ActivityId": new_uuid(),
        "Description": description,
        "Cause": f"At {timestamp(now)} {cause}",
        "StartTime": timestamp(now),
        "StatusCode": status,
        "Progress": 100 if status in ("Successful", "Failed") else 50,
    }
    if activity["Progress"] == 100:
        activity["EndTime"] = timestamp(now)
    activities = group.setdefault("Activities", [])
    activities.insert(0, activity)
    del activities[ACTIVITIES_KEPT:]
    return activity


def finish_activity(group, activity_id, now):
    for activity in group.get("Activities", []):
        if activity["ActivityId"] == activity_id:
            activity.update(StatusCode="Successful", Progress=100, EndTime=timestamp(now))


def staying(group):
    """The members that are not on their way out."""
    return [m for m in group["Instances"] if not m["LifecycleState"].startswith(("Terminating", "Detach"))]


def take_out(group, member, cause, now, hooks=True):
    """Ends one member: out of the target groups, then, once its hooks let it go, terminated and out of the group."""
    for arn in group.get("TargetGroupARNs") or []:
        target_health.deregister(arn, member["InstanceId"])
    activity = record_activity(group, f"Terminating EC2 instance: {member['InstanceId']}", cause, now)
    member["_activity"] = activity["ActivityId"]
    alive = instances.is_alive(member["InstanceId"])
    if hooks and alive and lifecycle_hooks.begin(group, member, lifecycle_hooks.TERMINATING, now):
        member["LifecycleState"] = "Terminating:Wait"
        return
    _end(group, member, now)


def _end(group, member, now):
    if ec2._instances.get(member["InstanceId"], {}).get("State", {}).get("Name") not in (None, "terminated"):
        instances.terminate(member["InstanceId"])
    group["Instances"] = [m for m in group["Instances"] if m["InstanceId"] != member["InstanceId"]]
    finish_activity(group, member["_activity"], now)


def release(group, member):
    """Out of the group and of its target groups, and alive: what a detachment does."""
    for arn in group.get("TargetGroupARNs") or []:
        target_health.deregister(arn, member["InstanceId"])
    group["Instances"] = [m for m in group["Instances"] if m["InstanceId"] != member["InstanceId"]]


def _trouble(group, member, now):
    """Why the group has to replace a member; None when it has not."""
    instance_id = member["InstanceId"]
    if not instances.is_alive(instance_id):
        return "an EC2 health check indicating it has been terminated or stopped"
    if member["HealthStatus"] != "Healthy":
        return "a user health-check"
    if not _is_watched(group, member, now):
        return None
    if instances.is_impaired(instance_id) and _lasts(ec2._instances[instance_id], now):
        return "an EC2 instance status checks failure"
    if "ELB" in (group.get("HealthCheckType") or ""):
        for arn in group.get("TargetGroupARNs") or []:
            for target in elb._targets.get(arn, []):
                failing = target["Id"] == instance_id and target_health.health(arn, target, now)[0] == "unhealthy"
                if failing and _lasts(_marked(target, instance_id), now):
                    return "an ELB system health check failure"
    return None


def _is_watched(group, member, now):
    grace = int(group.get("HealthCheckGracePeriod") or 0) / 60 * lifecycle_hooks.SECONDS_PER_MINUTE
    return member["LifecycleState"] == "InService" and now - member.get("_in_service_at", 0) >= grace


def _marked(target, instance_id):
    return target if "_mark" in target else ec2._instances[instance_id]


def _lasts(record, now):
    return now - record["_mark"]["since"] >= UNHEALTHY_SECONDS


def _replace_unhealthy(group, now):
    changed = False
    for member in staying(group):
        trouble = _trouble(group, member, now)
        if trouble is None:
            continue
        member["HealthStatus"] = "Unhealthy"
        take_out(group, member, f"an instance was taken out of service in response to {trouble}.", now)
        group["_vacant_until"] = now + REPLACEMENT_DELAY_SECONDS
        changed = True
    return changed


def _put_in_service(group, now):
    changed = False
    for member in staying(group):
        if member["LifecycleState"] == "Pending" and now - member["_launched_at"] >= PENDING_SECONDS:
            ec2._instances[member["InstanceId"]]["State"] = dict(instances.RUNNING)
            waits = lifecycle_hooks.begin(group, member, lifecycle_hooks.LAUNCHING, now)
            member["LifecycleState"] = "Pending:Wait" if waits else "Pending:Proceed"
            changed = True
        if member["LifecycleState"] == "Pending:Proceed":
            member["LifecycleState"] = "InService"
            member["_in_service_at"] = now
            finish_activity(group, member["_activity"], now)
            changed = True
        if member["LifecycleState"] == "InService":
            changed = _register(group, member, now) or changed
    return changed


def _follow_hooks(group, now):
    changed = False
    for member in list(group["Instances"]):
        if not member["LifecycleState"].endswith(":Wait"):
            continue
        outcome = lifecycle_hooks.outcome(group, member, now)
        if outcome is None:
            continue
        changed = True
        if member["LifecycleState"] == "Terminating:Wait":
            _end(group, member, now)
        elif outcome == "CONTINUE":
            member["LifecycleState"] = "Pending:Proceed"
        else:
            _fail_launch(group, member, now)
    return changed


def _fail_launch(group, member, now):
    launch = member["_activity"]
    take_out(
        group, member, "an instance was taken out of service: its launch was abandoned by a hook.", now, hooks=False
    )
    for activity in group["Activities"]:
        if activity["ActivityId"] == launch:
            activity.update(StatusCode="Cancelled", Progress=100, EndTime=timestamp(now))
            activity["StatusMessage"] = f"Instance {member['InstanceId']} failed to complete user's Lifecycle Action"
    group["_vacant_until"] = now + REPLACEMENT_DELAY_SECONDS


def _register(group, member, now):
    missing = [
        arn for arn in group.get("TargetGroupARNs") or [] if not target_health.is_registered(arn, member["InstanceId"])
    ]
    for arn in missing:
        target_health.register(arn, member["InstanceId"], now)
    return bool(missing)


def _shrink(group, capacity, now):
    members = staying(group)
    surplus = len(members) - capacity
    for member in [m for m in members if not m["ProtectedFromScaleIn"]][: max(0, surplus)]:
        take_out(group, member, "an instance was taken out of service in response to a scale in.", now)
    return surplus > 0


def _next_subnet(group):
    """The subnet with the fewest members; among equals the next one after the last launch."""
    subnets = subnets_of(group) or [ec2._DEFAULT_SUBNET_ID]
    placed = [ec2._instances[m["InstanceId"]]["SubnetId"] for m in staying(group)]
    turn = group.setdefault("_launches", 0)
    order = subnets[turn % len(subnets) :] + subnets[: turn % len(subnets)]
    return min(order, key=placed.count)


def _launch(group, now):
    template, data = wanted_template(group)
    name = group["AutoScalingGroupName"]
    tags = [tag for tag in group.get("Tags", []) if tag.get("PropagateAtLaunch")]
    tags.append({"Key": "aws:autoscaling:groupName", "Value": name})
    if template:
        tags.append({"Key": "aws:ec2launchtemplate:id", "Value": template["LaunchTemplateId"]})
        tags.append({"Key": "aws:ec2launchtemplate:version", "Value": template["Version"]})
    instance = instances.launch_from_template(data, _next_subnet(group), tags)
    group["_launches"] += 1
    activity = record_activity(
        group,
        f"Launching a new EC2 instance: {instance['InstanceId']}",
        "an instance was started in response to a difference between desired and actual capacity.",
        now,
    )
    group["Instances"].append(
        {
            "InstanceId": instance["InstanceId"],
            "InstanceType": instance["InstanceType"],
            "LifecycleState": "Pending",
            "HealthStatus": "Healthy",
            "AvailabilityZone": instance["Placement"]["AvailabilityZone"],
            "ProtectedFromScaleIn": bool(group.get("NewInstancesProtectedFromScaleIn")),
            "LaunchTemplate": template,
            "LaunchConfigurationName": group.get("LaunchConfigurationName", ""),
            "_launched_at": now,
            "_activity": activity["ActivityId"],
        }
    )


def _grow(group, capacity, now):
    if now < group.get("_vacant_until", 0):
        return False
    missing = capacity - len(staying(group))
    try:
        for _ in range(missing):
            _launch(group, now)
    except Exception as error:  # noqa: BLE001 - what a template says wrong is the group's trouble, not the tick's
        logger.warning("group %s could not launch an instance", group["AutoScalingGroupName"], exc_info=True)
        failed = record_activity(group, "Launching a new EC2 instance", "a launch failed.", now, "Failed")
        failed["StatusMessage"] = f"{error}. Launching EC2 instance failed."
        group["_vacant_until"] = now + RETRY_AFTER_SECONDS
        return True
    return missing > 0


def reconcile(group, now):
    changed = _replace_unhealthy(group, now)
    changed = _follow_hooks(group, now) or changed
    changed = _put_in_service(group, now) or changed
    changed = instance_refresh.advance(group, now) or changed
    capacity = int(group["DesiredCapacity"]) + group.get("_surge", 0)
    changed = _shrink(group, capacity, now) or changed
    return _grow(group, capacity, now) or changed


def tick():
    """Once around every group of every account and region. Whether anything changed."""
    now = time.time()
    changed = False
    for (account_id, region, _name), group in autoscaling._asgs.all_items():
        with request_scope(account_id, region):
            try:
                changed = reconcile(group, now) or changed
            except Exception:  # noqa: BLE001 - one broken group must not stop the others
                logger.exception("group %s could not be reconciled", group.get("AutoScalingGroupName"))
    return changed


def signalled(group, member, now):
    """Stands for the success signal that a real instance sends at the end of its boot."""
    if member["LifecycleState"] != "InService":
        return False
    in_use = [arn for arn in group.get("TargetGroupARNs") or [] if target_health.is_in_use(arn)]
    return all(target_health.state_of(arn, member["InstanceId"], now) == "healthy" for arn in in_use)


def dissolve(group):
    """Terminates every member: what deleting the group does."""
    group["DesiredCapacity"] = group["MinSize"] = 0
    now = time.time()
    for member in list(group["Instances"]):
        take_out(group, member, "an instance was taken out of service because the group is deleted.", now, hooks=False)


def install():
    # MiniStack fills a group with invented members at once; the tick fills it with real ones.
    wrap(autoscaling, "_reconcile_instances", lambda _original: lambda group: None)
