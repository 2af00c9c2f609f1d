"""`AWS::AutoScaling::AutoScalingGroup` in a stack: waits for its instances, rolls them on an update."""

import time

import ministack.services.autoscaling as autoscaling
import ministack.services.cloudformation.provisioners as provisioners
import ministack.services.cloudformation.stacks as stacks

import auto_scaling
import auto_scaling_api
import lifecycle_hooks
import stack_events
from patching import wrap
from state_keeper import together

TYPE = "AWS::AutoScaling::AutoScalingGroup"
POLL_SECONDS = 0.1
# A stack's own time-out counts minutes of real boot; here a boot takes seconds.
WAIT_SECONDS = 30.0


def _fields(original):
    def fields(properties):
        if properties.get("MixedInstancesPolicy") or properties.get("InstanceId"):
            raise ValueError(
                "The emulator launches groups from LaunchTemplate only, not from MixedInstancesPolicy or InstanceId."
            )
        found = original(properties)
        zones = auto_scaling.zones_of(auto_scaling.subnets_of(found))
        found["AvailabilityZones"] = zones or found["AvailabilityZones"]
        found["TargetGroupARNs"] = list(properties.get("TargetGroupARNs") or [])
        found["InstanceMaintenancePolicy"] = properties.get("InstanceMaintenancePolicy") or {}
        if not found["MinSize"] <= found["DesiredCapacity"] <= found["MaxSize"]:
            raise ValueError(
                f"Desired capacity:{found['DesiredCapacity']} must be between the specified min size:"
                f"{found['MinSize']} and max size:{found['MaxSize']}"
            )
        return found

    return fields


class Progress:
    """What a group's handler says in the stack's events while it waits."""

    def __init__(self, logical_id, physical_id, status):
        self.deployment = stack_events.current()
        self.event = (logical_id, TYPE, status)
        self.physical_id = physical_id
        self.told = set()

    def say(self, reason):
        if self.deployment is not None:
            stacks._add_event(
                self.deployment.stack_id, self.deployment.stack_name, *self.event, reason, self.physical_id
            )

    def signal(self, instance_id):
        if instance_id not in self.told:
            self.told.add(instance_id)
            self.say(f"Received SUCCESS signal with UniqueId {instance_id}")


def _wait(group, is_done):
    """Until it is done. A launch that fails will fail again: no reason to wait for the time-out."""
    known = {activity["ActivityId"] for activity in group.get("Activities", [])}
    deadline = time.monotonic() + WAIT_SECONDS
    while not is_done(time.time()):
        if autoscaling._asgs.get(group["AutoScalingGroupName"]) is not group:
            raise ValueError(f"AutoScalingGroup {group['AutoScalingGroupName']} was deleted meanwhile")
        for activity in group.get("Activities", []):
            if activity["StatusCode"] == "Failed" and activity["ActivityId"] not in known:
                raise ValueError(f"Failed to receive the resource signals: {activity['StatusMessage']}")
        if time.monotonic() > deadline:
            raise ValueError(f"Failed to receive the resource signals within {WAIT_SECONDS:.0f} seconds.")
        time.sleep(POLL_SECONDS)


def _wait_for_signals(group, progress):
    """Until every member is in service and, where a load balancer uses it, healthy."""

    def is_done(now):
        members = auto_scaling.staying(group)
        ready = [m for m in members if auto_scaling.signalled(group, m, now)]
        for member in ready:
            progress.signal(member["InstanceId"])
        return len(ready) == len(members) == int(group["DesiredCapacity"])

    _wait(group, is_done)


def _create(original):
    def create(logical_id, properties, stack_name):
        deployment = stack_events.current()
        with together:
            name, attributes = original(logical_id, properties, stack_name)
            group = autoscaling._asgs[name]
            auto_scaling_api.normalize(group)
            lifecycle_hooks.from_properties(group, properties.get("LifecycleHookSpecificationList"))
            _check_template(group)
            if deployment is not None:
                deployment.remember_unfinished(logical_id, TYPE, name, properties)
        if deployment is not None and deployment.attribute(logical_id, "CreationPolicy").get("ResourceSignal"):
            progress = Progress(logical_id, name, "CREATE_IN_PROGRESS")
            progress.say("Resource creation Initiated")
            _wait_for_signals(group, progress)
        return name, attributes

    return create


def _check_template(group):
    """A group whose launch template could not launch is refused at once, not at its first launch."""
    try:
        auto_scaling.check_template(group)
    except ValueError:
        autoscaling._asgs.pop(group["AutoScalingGroupName"], None)
        raise


def _update(original):
    def update(physical_id, old, new, stack_name, logical_id=None):
        before = autoscaling._asgs.get(physical_id)
        subnets = before and before.get("VPCZoneIdentifier")
        name, attributes = original(physical_id, old, new, stack_name, logical_id)
        group = autoscaling._asgs[name]
        auto_scaling_api.normalize(group)
        lifecycle_hooks.from_properties(group, new.get("LifecycleHookSpecificationList"))
        # What kept the group from launching may be what the update mends.
        group.pop("_vacant_until", None)
        deployment = stack_events.current()
        policy = deployment.attribute(logical_id, "UpdatePolicy") if deployment else {}
        if policy.get("AutoScalingReplacingUpdate"):
            raise ValueError(
                "The emulator rolls groups by AutoScalingRollingUpdate only, not by AutoScalingReplacingUpdate."
            )
        rolling = policy.get("AutoScalingRollingUpdate")
        if rolling is not None and group is before:
            _roll(
                group,
                rolling,
                subnets != group.get("VPCZoneIdentifier"),
                Progress(logical_id, name, "UPDATE_IN_PROGRESS"),
            )
        return name, attributes

    return update


def _outdated(group, moved):
    template, _data = auto_scaling.wanted_template(group)
    return [m["InstanceId"] for m in auto_scaling.staying(group) if moved or m.get("LaunchTemplate") != template]


def _roll(group, policy, moved, progress):
    """Replaces outdated members in batches, never leaving fewer than MinInstancesInService of them running."""
    outdated = _outdated(group, moved)
    keep = int(policy.get("MinInstancesInService", 0))
    desired = int(group["DesiredCapacity"])
    size = max(1, min(int(policy.get("MaxBatchSize", 1)), desired - keep))
    if outdated:
        progress.say(
            f"Rolling update initiated. Terminating {len(outdated)} obsolete instance(s) in batches of {size}, "
            f"while keeping at least {keep} instance(s) in service."
        )
    while outdated:
        if keep >= desired:
            # None can be spared: the new one has to come before the old one goes.
            _wait_for_current(group, outdated, desired - len(outdated) + 1, surge=1)
        batch, outdated = outdated[:size], outdated[size:]
        progress.say(f"Terminating instance(s) [{', '.join(batch)}]; replacing with {len(batch)} new instance(s).")
        _take_out_batch(group, batch, time.time())
        _wait_for_current(group, outdated, desired - len(outdated))
        for member in auto_scaling.staying(group):
            if member["InstanceId"] not in outdated:
                progress.signal(member["InstanceId"])


def _take_out_batch(group, batch, now):
    cause = "an instance was taken out of service in response to a rolling update."
    for member in [m for m in group["Instances"] if m["InstanceId"] in batch]:
        auto_scaling.take_out(group, member, cause, now)
    group["_vacant_until"] = now + auto_scaling.ROLLING_DELAY_SECONDS


def _wait_for_current(group, outdated, count, surge=0):
    """Until `count` members that are not outdated are ready, with `surge` more than desired meanwhile."""

    def is_done(now):
        current = [m for m in group["Instances"] if m["InstanceId"] not in outdated]
        return sum(auto_scaling.signalled(group, member, now) for member in current) >= count

    group["_surge"] = surge
    _wait(group, is_done)
    group["_surge"] = 0


def _empty(group):
    """CloudFormation takes every instance out first, and the group's hooks let each of them go."""
    group["DesiredCapacity"] = group["MinSize"] = 0
    cause = "an instance was taken out of service because its stack is deleted."
    for member in auto_scaling.staying(group):
        auto_scaling.take_out(group, member, cause, time.time())
    deadline = time.monotonic() + WAIT_SECONDS
    while group["Instances"] and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)


def _delete(original):
    def delete(physical_id, properties):
        group = autoscaling._asgs.get(physical_id)
        if group is not None:
            _empty(group)
            auto_scaling.dissolve(group)
        original(physical_id, properties)

    return delete


def install():
    wrap(provisioners, "_asg_fields", _fields)
    # MiniStack's own update reaches for these two by name when it replaces a group.
    for name, make in (("_asg_create", _create), ("_asg_delete", _delete), ("_asg_update", _update)):
        wrap(provisioners, name, make)
    provisioners._RESOURCE_HANDLERS[TYPE].update(
        create=provisioners._asg_create, delete=provisioners._asg_delete, update=provisioners._asg_update
    )
