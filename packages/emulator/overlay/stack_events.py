"""Stack operations that tell what they do as CloudFormation tells it.

MiniStack walks over every resource of an updated stack and reports each as updated. Here only what changes is
reported, what an update adds is created and what it removes is deleted, and reasons are sentences.
"""

import contextlib
import contextvars
import re

import ministack.services.cloudformation as cloudformation
import ministack.services.cloudformation.changesets as changesets
import ministack.services.cloudformation.handlers as handlers
import ministack.services.cloudformation.stacks as stacks
import ministack.services.cloudformation.wait_conditions as wait_conditions

from patching import wrap, wrap_action
from readable_errors import readable

STACK_TYPE = "AWS::CloudFormation::Stack"
WORKER_TYPES = ("AWS::AutoScaling::AutoScalingGroup",)
_STARTS = ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS", "REVIEW_IN_PROGRESS")
_SUCCESSES = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE")
# What CloudFormation leaves out when there is nothing to say, and MiniStack writes empty.
_EMPTY = re.compile(r"<(StackStatusReason|ResourceStatusReason|StatusReason|Description|PhysicalResourceId)></\1>")
_DESCRIPTIONS = ("DescribeStacks", "DescribeStackEvents", "DescribeStackResources", "DescribeChangeSet")
_running = contextvars.ContextVar("jenkins_aws_deployment", default=None)


class Deployment:
    """One create or update of one stack while it runs."""

    def __init__(self, stack_name, stack_id, template, is_update, previous_stack):
        self.stack_name = stack_name
        self.stack_id = stack_id
        self.template = template
        self.is_update = is_update
        self.previous = (previous_stack or {}).get("_resources", {})
        self.held = {}
        self.unchanged = set()
        self.failed = []
        self.cleaning = False

    @property
    def stack(self):
        return cloudformation._stacks.get(self.stack_name) or {}

    @property
    def rolling_back(self):
        return "ROLLBACK" in self.stack.get("StackStatus", "")

    def attribute(self, logical_id, name):
        """A resource attribute such as `UpdatePolicy`, empty when the template has none."""
        return (self.template.get("Resources", {}).get(logical_id) or {}).get(name) or {}

    def remember_unfinished(self, logical_id, resource_type, physical_id, properties):
        """A resource that exists already but takes long to finish: a kill meanwhile must not leave it behind."""
        self.stack["_interrupted"]["unfinished"][logical_id] = {
            "LogicalResourceId": logical_id,
            "ResourceType": resource_type,
            "PhysicalResourceId": physical_id,
            "Properties": properties,
        }


def current():
    return _running.get()


@contextlib.contextmanager
def running(deployment):
    token = _running.set(deployment)
    try:
        yield
    finally:
        _running.reset(token)


def _hold_or_add(original):
    """`_add_event`: holds back what MiniStack says too early, says the rest in CloudFormation's words."""

    def add(stack_id, stack_name, logical_id, resource_type, status, reason="", physical_id="", detailed_status=""):
        deployment = current()
        reason = readable(reason)

        def say(status=status, reason=reason, physical_id=physical_id):
            original(stack_id, stack_name, logical_id, resource_type, status, reason, physical_id, detailed_status)

        if resource_type == STACK_TYPE and logical_id == stack_name:
            _say_of_stack(deployment, say, stack_name, status, reason)
        elif deployment is None or deployment.rolling_back or not deployment.is_update:
            if deployment is not None and status == "CREATE_FAILED":
                deployment.failed.append(logical_id)
            say()
        elif logical_id not in deployment.previous:
            status = status.replace("UPDATE_", "CREATE_") if status.startswith("UPDATE_") else status
            if status == "CREATE_FAILED":
                deployment.failed.append(logical_id)
            say(status=status)
        elif status == "UPDATE_IN_PROGRESS" and not reason and not physical_id:
            old = deployment.previous[logical_id].get("PhysicalResourceId", "")
            deployment.held[logical_id] = lambda: say(physical_id=old)
        elif status == "UPDATE_COMPLETE" and logical_id in deployment.unchanged:
            deployment.held.pop(logical_id, None)
        else:
            held = deployment.held.pop(logical_id, None)
            # A replacement's own first event says more than the held one.
            if held is not None and status != "UPDATE_IN_PROGRESS":
                held()
            say()

    return add


def _say_of_stack(deployment, say, stack_name, status, reason):
    if status in _STARTS and not reason:
        reason = "User Initiated"
    if deployment is not None and status in ("ROLLBACK_IN_PROGRESS", "CREATE_FAILED") and deployment.failed:
        reason = f"The following resource(s) failed to create: [{', '.join(deployment.failed)}]. "
        if status == "ROLLBACK_IN_PROGRESS":
            reason += "Rollback requested by user."
    if status == "ROLLBACK_COMPLETE":
        reason = ""
    if status == "UPDATE_COMPLETE" and deployment is not None:
        start_cleanup(deployment)
        deployment.stack["StackStatus"] = status
    say(reason=reason)
    stack = cloudformation._stacks.get(stack_name)
    if stack is None:
        return
    if status in _STARTS or status in _SUCCESSES:
        stack["StackStatusReason"] = ""
    elif reason:
        stack["StackStatusReason"] = reason


def start_cleanup(deployment):
    """The phase between the last change and the end of an update: what is replaced or removed is deleted in it."""
    if deployment.cleaning or not deployment.is_update:
        return
    deployment.cleaning = True
    status = "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"
    deployment.stack["StackStatus"] = status
    stacks._add_event(
        deployment.stack_id, deployment.stack_name, deployment.stack_name, STACK_TYPE, status, "", deployment.stack_id
    )


def _report_changed(original):
    """`_update_resource`: known only here whether anything about the resource changed."""

    def update(resource_type, physical_id, old, new, stack_name, logical_id=None, old_attributes=None):
        deployment = current()
        if deployment is not None and not deployment.rolling_back:
            if old == new:
                deployment.unchanged.add(logical_id)
            else:
                held = deployment.held.pop(logical_id, None)
                if held is not None:
                    held()
                interrupted = deployment.stack["_interrupted"]
                interrupted["changing"] = [logical_id, resource_type, physical_id, new, old, old_attributes]
                changed = original(resource_type, physical_id, old, new, stack_name, logical_id, old_attributes)
                interrupted["changing"] = None
                return changed
        return original(resource_type, physical_id, old, new, stack_name, logical_id, old_attributes)

    return update


def _report_deleted(original):
    """`_delete_resource`: MiniStack reports deletions of a stack's end and of a rollback, not those of an update."""

    def delete(resource_type, physical_id, properties, stack_name=None, logical_id=None):
        deployment = current()
        if deployment is None or not deployment.is_update or deployment.rolling_back:
            return original(resource_type, physical_id, properties, stack_name, logical_id)
        start_cleanup(deployment)
        event = (deployment.stack_id, deployment.stack_name, logical_id, resource_type)
        stacks._add_event(*event, "DELETE_IN_PROGRESS", physical_id=physical_id)
        original(resource_type, physical_id, properties, stack_name, logical_id)
        stacks._add_event(*event, "DELETE_COMPLETE", physical_id=physical_id)
        return None

    return delete


def _remember_operation(original):
    """`_deploy_stack_async`: keeps on the stack what a start after a kill needs to roll it back."""

    def deploy(
        stack_name,
        stack_id,
        template,
        param_values,
        disable_rollback,
        tags,
        is_update=False,
        previous_stack=None,
        retain_except_on_create=False,
        imports=None,
    ):
        deployment = Deployment(stack_name, stack_id, template, is_update, previous_stack)
        stack = cloudformation._stacks[stack_name]
        stack["_interrupted"] = {
            "is_update": is_update,
            "previous_stack": previous_stack,
            "template": template,
            "param_values": param_values,
            "unfinished": {},
            "changing": None,
        }

        async def work():
            try:
                with running(deployment):
                    await original(
                        stack_name,
                        stack_id,
                        template,
                        param_values,
                        disable_rollback,
                        tags,
                        is_update=is_update,
                        previous_stack=previous_stack,
                        retain_except_on_create=retain_except_on_create,
                        imports=imports,
                    )
            finally:
                stack.pop("_interrupted", None)
            if is_update and stack.get("StackStatus") == "UPDATE_COMPLETE":
                _correct_records(deployment, stack)

        return work()

    return deploy


def _correct_records(deployment, stack):
    for logical_id, resource in stack["_resources"].items():
        before = deployment.previous.get(logical_id)
        if before is None:
            resource["ResourceStatus"] = "CREATE_COMPLETE"
        elif logical_id in deployment.unchanged:
            resource["ResourceStatus"] = before.get("ResourceStatus", resource["ResourceStatus"])
            resource["Timestamp"] = before.get("Timestamp", resource["Timestamp"])


def _without_empty(original):
    def answer(params):
        status, headers, body = original(params)
        return status, headers, _EMPTY.sub("", body.decode()).encode()

    return answer


def install():
    for action in _DESCRIPTIONS:
        wrap_action(handlers._ACTION_HANDLERS, action, _without_empty)
    for module in (stacks, changesets, handlers, wait_conditions):
        if hasattr(module, "_add_event"):
            wrap(module, "_add_event", _hold_or_add)
    for module in (stacks, changesets, handlers):
        wrap(module, "_deploy_stack_async", _remember_operation)
    wrap(stacks, "_update_resource", _report_changed)
    wrap(stacks, "_delete_resource", _report_deleted)
    # A group may be half rolled when its update fails: it is sent back as CloudFormation sends it back.
    wrap(stacks, "_sends_back_failed_update", lambda original: lambda kind: kind in WORKER_TYPES or original(kind))
    # What waits for instances must not hold up everything else.
    wrap(stacks, "_runs_on_worker_thread", lambda original: lambda kind: kind in WORKER_TYPES or original(kind))
