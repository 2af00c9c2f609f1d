"""The Auto Scaling API over working groups."""

import time
from xml.sax.saxutils import escape

import ministack.services.autoscaling as autoscaling
import ministack.services.ec2 as ec2

import auto_scaling
import lifecycle_hooks
from aws_error import AwsError
from patching import wrap_action


def _members(values):
    return "".join(f"<member>{escape(value)}</member>" for value in values)


def normalize(group):
    """What MiniStack's own create and update leave out or guess."""
    spec = group.get("LaunchTemplate") or {}
    if spec:
        asked = spec.get("LaunchTemplateId") or spec.get("LaunchTemplateName")
        record = ec2._launch_templates.get(asked) or next(
            (t for t in ec2._launch_templates.values() if t["LaunchTemplateName"] == asked), None
        )
        if record is not None:
            spec["LaunchTemplateId"] = record["LaunchTemplateId"]
            spec["LaunchTemplateName"] = record["LaunchTemplateName"]
    zones = auto_scaling.zones_of(auto_scaling.subnets_of(group))
    if zones:
        group["AvailabilityZones"] = zones


def _create(original):
    def create(params):
        answer = original(params)
        if answer[0] < 400:
            group = autoscaling._asgs[autoscaling._p(params, "AutoScalingGroupName")]
            group["TargetGroupARNs"] = autoscaling._parse_member_list(params, "TargetGroupARNs")
            normalize(group)
            hooks = autoscaling._parse_nested(params, "LifecycleHookSpecificationList")
            lifecycle_hooks.from_properties(group, hooks)
            try:
                auto_scaling.check_template(group)
            except AwsError as error:
                del autoscaling._asgs[group["AutoScalingGroupName"]]
                return AwsError("autoscaling", "ValidationError", error.message).answer()
        return answer

    return create


def _update(original):
    def update(params):
        answer = original(params)
        if answer[0] >= 400:
            return answer
        group = autoscaling._asgs[autoscaling._p(params, "AutoScalingGroupName")]
        asked = {
            key: autoscaling._p(params, f"LaunchTemplate.{key}")
            for key in ("LaunchTemplateId", "LaunchTemplateName", "Version")
        }
        if asked["LaunchTemplateId"] or asked["LaunchTemplateName"]:
            group["LaunchTemplate"] = {**asked, "Version": asked["Version"] or "$Default"}
        normalize(group)
        return answer

    return update


def _delete(original):
    def delete(params):
        group = autoscaling._asgs.get(autoscaling._p(params, "AutoScalingGroupName"))
        if group is not None:
            if group["Instances"] and autoscaling._p(params, "ForceDelete") != "true":
                return autoscaling._error(
                    "ResourceInUse",
                    "You cannot delete an AutoScalingGroup while there are instances still in the group.",
                )
            auto_scaling.dissolve(group)
        return original(params)

    return delete


def _filters(params):
    found, index = [], 1
    while name := autoscaling._p(params, f"Filters.member.{index}.Name"):
        found.append((name, autoscaling._parse_member_list(params, f"Filters.member.{index}.Values")))
        index += 1
    return found


def _matches(group, filters):
    tags = {tag["Key"]: tag["Value"] for tag in group.get("Tags", [])}
    for name, values in filters:
        if name.startswith("tag:"):
            candidates = [tags[name[4:]]] if name[4:] in tags else []
        elif name == "tag-key":
            candidates = list(tags)
        elif name == "tag-value":
            candidates = list(tags.values())
        else:
            candidates = []
        if not set(candidates) & set(values):
            return False
    return True


def _describe(original):
    def describe(params):
        filters = _filters(params)
        asked = autoscaling._parse_member_list(params, "AutoScalingGroupNames")
        names = [
            name
            for name, group in autoscaling._asgs.items()
            if (not asked or name in asked) and _matches(group, filters)
        ]
        # No name at all would mean every group.
        chosen = {f"AutoScalingGroupNames.member.{i}": name for i, name in enumerate(names or [" "], 1)}
        status, headers, body = original(chosen)
        text = body.decode()
        for name in names:
            marker = f"<AutoScalingGroupName>{name}</AutoScalingGroupName>"
            text = text.replace(marker, marker + _more(autoscaling._asgs[name]))
        return status, headers, text.encode()

    return describe


def _more(group):
    arns = _members(group.get("TargetGroupARNs") or [])
    policy = group.get("InstanceMaintenancePolicy") or {}
    maintenance = "".join(f"<{key}>{escape(str(value))}</{key}>" for key, value in policy.items())
    return f"<TargetGroupARNs>{arns}</TargetGroupARNs>" + (
        f"<InstanceMaintenancePolicy>{maintenance}</InstanceMaintenancePolicy>" if maintenance else ""
    )


def _describe_activities(params):
    asked = autoscaling._p(params, "AutoScalingGroupName")
    limit = int(autoscaling._p(params, "MaxRecords") or auto_scaling.ACTIVITIES_KEPT)
    activities = [
        (name, activity)
        for name, group in autoscaling._asgs.items()
        if not asked or name == asked
        for activity in group.get("Activities", [])
    ]
    members = "".join(
        f"<member><AutoScalingGroupName>{escape(name)}</AutoScalingGroupName>"
        + "".join(f"<{key}>{escape(str(value))}</{key}>" for key, value in activity.items())
        + "</member>"
        for name, activity in activities[:limit]
    )
    return autoscaling._xml(
        200,
        "DescribeScalingActivitiesResponse",
        f"<DescribeScalingActivitiesResult><Activities>{members}</Activities></DescribeScalingActivitiesResult>",
    )


def _member_of(instance_id):
    for group in autoscaling._asgs.values():
        for member in group["Instances"]:
            if member["InstanceId"] == instance_id:
                return group, member
    return None, None


_UNKNOWN = "Instance Id not found - No managed instance found for instance ID {}"


def _set_instance_health(params):
    """`Unhealthy` makes the group replace the instance: how a failed health check is rehearsed."""
    instance_id = autoscaling._p(params, "InstanceId")
    group, member = _member_of(instance_id)
    if group is None:
        return AwsError("autoscaling", "ValidationError", _UNKNOWN.format(instance_id)).answer()
    member["HealthStatus"] = autoscaling._p(params, "HealthStatus")
    return autoscaling._xml(200, "SetInstanceHealthResponse", "")


def _lower_capacity(group):
    """One fewer, unless the group may not become smaller."""
    desired = int(group["DesiredCapacity"])
    if desired <= int(group["MinSize"]):
        raise AwsError(
            "autoscaling",
            "ValidationError",
            f"Currently, desiredSize equals minSize ({desired}). Terminating instance without replacement will violate "
            "group's min size constraint. Either set shouldDecrementDesiredCapacity flag to false or lower group's min "
            "size.",
        )
    group["DesiredCapacity"] = desired - 1


def _activity_fields(group, activity):
    fields = {**activity, "AutoScalingGroupName": group["AutoScalingGroupName"]}
    return "".join(f"<{key}>{escape(str(value))}</{key}>" for key, value in fields.items())


def _terminate_in_group(params):
    instance_id = autoscaling._p(params, "InstanceId")
    group, member = _member_of(instance_id)
    if group is None:
        return AwsError("autoscaling", "ValidationError", _UNKNOWN.format(instance_id)).answer()
    now = time.time()
    if autoscaling._p(params, "ShouldDecrementDesiredCapacity") == "true":
        try:
            _lower_capacity(group)
        except AwsError as error:
            return error.answer()
    else:
        group["_vacant_until"] = now + auto_scaling.REPLACEMENT_DELAY_SECONDS
    auto_scaling.take_out(group, member, "an instance was taken out of service in response to a user request.", now)
    inner = _activity_fields(group, group["Activities"][0])
    return autoscaling._xml(
        200,
        "TerminateInstanceInAutoScalingGroupResponse",
        f"<TerminateInstanceInAutoScalingGroupResult><Activity>{inner}</Activity>"
        "</TerminateInstanceInAutoScalingGroupResult>",
    )


def _members_asked(params):
    """The group that a call names, and its members of which the call gives the ids."""
    name = autoscaling._p(params, "AutoScalingGroupName")
    if name not in autoscaling._asgs:
        raise AwsError("autoscaling", "ValidationError", "AutoScalingGroup name not found - null")
    group = autoscaling._asgs[name]
    members = {member["InstanceId"]: member for member in group["Instances"]}
    asked = autoscaling._parse_member_list(params, "InstanceIds")
    for instance_id in asked:
        if instance_id not in members:
            message = f"The instance {instance_id} is not part of Auto Scaling group {name}."
            raise AwsError("autoscaling", "ValidationError", message)
    return group, [members[instance_id] for instance_id in asked]


def _set_protection(params):
    try:
        _group, members = _members_asked(params)
    except AwsError as error:
        return error.answer()
    for member in members:
        member["ProtectedFromScaleIn"] = autoscaling._p(params, "ProtectedFromScaleIn") == "true"
    return autoscaling._xml(200, "SetInstanceProtectionResponse", "<SetInstanceProtectionResult/>")


def _detach(params):
    now, activities = time.time(), []
    try:
        group, members = _members_asked(params)
        for member in members:
            if autoscaling._p(params, "ShouldDecrementDesiredCapacity") == "true":
                _lower_capacity(group)
            auto_scaling.release(group, member)
            what = f"Detaching EC2 instance: {member['InstanceId']}"
            cause = f"instance {member['InstanceId']} was detached in response to a user request."
            activities.append(auto_scaling.record_activity(group, what, cause, now, "Successful"))
    except AwsError as error:
        return error.answer()
    inner = "".join(f"<member>{_activity_fields(group, activity)}</member>" for activity in activities)
    body = f"<DetachInstancesResult><Activities>{inner}</Activities></DetachInstancesResult>"
    return autoscaling._xml(200, "DetachInstancesResponse", body)


def install():
    actions = autoscaling._ACTION_MAP
    wrap_action(actions, "CreateAutoScalingGroup", _create)
    wrap_action(actions, "UpdateAutoScalingGroup", _update)
    wrap_action(actions, "DeleteAutoScalingGroup", _delete)
    wrap_action(actions, "DescribeAutoScalingGroups", _describe)
    wrap_action(actions, "DescribeScalingActivities", lambda _original: _describe_activities)
    actions["SetInstanceHealth"] = _set_instance_health
    actions["SetInstanceProtection"] = _set_protection
    actions["DetachInstances"] = _detach
    actions["TerminateInstanceInAutoScalingGroup"] = _terminate_in_group
