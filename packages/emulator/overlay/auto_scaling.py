"""Auto Scaling groups that work: a tick brings every group to its desired capacity with real instances."""

import logging
import time
from datetime import datetime, timezone

import ministack.services.autoscaling as autoscaling
import ministack.services.ec2 as ec2
from ministack.core.responses import new_uuid, request_scope

import instances
import references
import target_health
from aws_error import AwsError
from patching import refuse, wrap

logger = logging.getLogger("auto_scaling")

# Slow enough to be seen by somebody who watches, quick enough not to be waited for.
PENDING_SECONDS = 1.5
REPLACEMENT_DELAY_SECONDS = 2.0
RETRY_AFTER_SECONDS = 10.0
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


def take_out(group, member, cause, now):
    """Ends one member: out of the target groups, terminated, out of the group."""
    for arn in group.get("TargetGroupARNs") or []:
        target_health.deregister(arn, member["InstanceId"])
    if ec2._instances.get(member["InstanceId"], {}).get("State", {}).get("Name") not in (None, "terminated"):
        instances.terminate(member["InstanceId"])
    group["Instances"] = [m for m in group["Instances"] if m["InstanceId"] != member["InstanceId"]]
    record_activity(group, f"Terminating EC2 instance: {member['InstanceId']}", cause, now, "Successful")


def _replace_unhealthy(group, now):
    changed = False
    for member in list(group["Instances"]):
        if instances.is_alive(member["InstanceId"]) and member["HealthStatus"] == "Healthy":
            continue
        take_out(group, member, "an instance was taken out of service in response to an EC2 health check.", now)
        group["_vacant_until"] = now + REPLACEMENT_DELAY_SECONDS
        changed = True
    return changed


def _put_in_service(group, now):
    changed = False
    for member in group["Instances"]:
        if member["LifecycleState"] == "Pending" and now - member["_launched_at"] >= PENDING_SECONDS:
            ec2._instances[member["InstanceId"]]["State"] = dict(instances.RUNNING)
            member["LifecycleState"] = "InService"
            finish_activity(group, member["_activity"], now)
            changed = True
        if member["LifecycleState"] == "InService":
            changed = _register(group, member, now) or changed
    return changed


def _register(group, member, now):
    missing = [
        arn for arn in group.get("TargetGroupARNs") or [] if not target_health.is_registered(arn, member["InstanceId"])
    ]
    for arn in missing:
        target_health.register(arn, member["InstanceId"], now)
    return bool(missing)


def _shrink(group, capacity, now):
    surplus = len(group["Instances"]) - capacity
    for member in group["Instances"][: max(0, surplus)]:
        take_out(group, member, "an instance was taken out of service in response to a scale in.", now)
    return surplus > 0


def _next_subnet(group):
    """The subnet with the fewest members; among equals the next one after the last launch."""
    subnets = subnets_of(group) or [ec2._DEFAULT_SUBNET_ID]
    placed = [ec2._instances[m["InstanceId"]]["SubnetId"] for m in group["Instances"]]
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
    missing = capacity - len(group["Instances"])
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
    capacity = int(group["DesiredCapacity"]) + group.get("_surge", 0)
    changed = _replace_unhealthy(group, now)
    changed = _put_in_service(group, now) or changed
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
        take_out(group, member, "an instance was taken out of service because the group is deleted.", now)


def install():
    # MiniStack fills a group with invented members at once; the tick fills it with real ones.
    wrap(autoscaling, "_reconcile_instances", lambda _original: lambda group: None)
