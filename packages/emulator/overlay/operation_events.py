"""DescribeEvents: the events of a stack by the operation that they belong to. MiniStack tells failed validations only.

An operation begins with the stack's own first event of it; a rollback after a failure is an operation of its own.
"""

import uuid

import ministack.services.cloudformation as cloudformation
import ministack.services.cloudformation.changesets as changesets
import ministack.services.cloudformation.handlers as handlers
from ministack.services.cloudformation.helpers import _error, _esc, _p, _page, _xml

from patching import wrap_action

_KINDS = {
    "CREATE_IN_PROGRESS": "CREATE_STACK",
    "DELETE_IN_PROGRESS": "DELETE_STACK",
    "REVIEW_IN_PROGRESS": "CREATE_CHANGESET",
    "ROLLBACK_IN_PROGRESS": "ROLLBACK",
    "UPDATE_IN_PROGRESS": "UPDATE_STACK",
    "UPDATE_ROLLBACK_IN_PROGRESS": "ROLLBACK",
}
_CONTINUED = ("UPDATE_ROLLBACK_IN_PROGRESS", "User Initiated")
_FIELDS = (*handlers._OPERATION_EVENT_FIELDS, "ClientRequestToken")
_KEPT = (
    "ClientRequestToken",
    "DetailedStatus",
    "EventId",
    "LogicalResourceId",
    "PhysicalResourceId",
    "ResourceStatus",
    "ResourceStatusReason",
    "ResourceType",
    "StackId",
    "Timestamp",
)


class Operation:
    def __init__(self, first):
        status, reason = first["ResourceStatus"], first.get("ResourceStatusReason", "")
        self.kind = "CONTINUE_ROLLBACK" if (status, reason) == _CONTINUED else _KINDS[status]
        # Derived, so that it needs to be kept nowhere and is the same at every look.
        self.id = str(uuid.uuid5(uuid.NAMESPACE_OID, first["EventId"]))
        # A change set is made within the request.
        self.status = "SUCCEEDED" if self.kind == "CREATE_CHANGESET" else "IN_PROGRESS"
        self.events = []

    def take(self, event, of_the_stack):
        status = event["ResourceStatus"]
        self.events.append(event)
        if of_the_stack and not status.endswith("_IN_PROGRESS"):
            self.status = "FAILED" if status.endswith("_FAILED") else "SUCCEEDED"
        elif status.endswith("_FAILED") and self.kind != "DELETE_STACK":
            self.status = "FAILED"

    def views(self):
        common = {"OperationId": self.id, "OperationType": self.kind, "OperationStatus": self.status}
        for event in self.events:
            failed = event["ResourceStatus"].endswith("_FAILED")
            kept = {field: event[field] for field in _KEPT if event.get(field)}
            yield {**kept, **common, "EventType": "PROVISIONING_ERROR" if failed else "STACK_EVENT"}


def _operations(stack):
    operations = []
    for event in cloudformation._stack_events.get(stack["StackId"], []):
        of_the_stack = event["LogicalResourceId"] == stack["StackName"]
        if of_the_stack and event["ResourceStatus"] in _KINDS:
            operations.append(Operation(event))
        if operations:
            operations[-1].take(event, of_the_stack)
    return operations


def _events_of(stack):
    told = [view for operation in _operations(stack) for view in operation.views()]
    validations = [e for e in stack.get("_operation_events") or [] if e.get("ValidationStatus")]
    return sorted((*told, *validations), key=lambda event: event["Timestamp"], reverse=True)


def _describe(_original):
    def describe(params):
        name, change_set, operation = (_p(params, key) for key in ("StackName", "ChangeSetName", "OperationId"))
        if not (name or change_set or operation):
            sentence = "One of ChangeSetName, OperationId or StackName must be specified"
            return _error("ValidationError", sentence)
        stack = handlers._resolve_stack(name) if name else None
        if name and stack is None:
            return _error("ValidationError", f"Stack [{name}] does not exist")
        if change_set:
            # A change set's own events are those of its early validation, which finds nothing here.
            found = changesets._find_change_set(change_set, stack["StackName"] if stack else "")[1]
            events = []
            if found is None:
                return _error("ChangeSetNotFound", f"ChangeSet [{change_set}] does not exist", 404)
        else:
            stacks = [stack] if stack else list(cloudformation._stacks.values())
            events = [event for one in stacks for event in _events_of(one)]
        if operation:
            events = [event for event in events if event["OperationId"] == operation]
        if _p(params, "Filters.FailedEvents").lower() == "true":
            events = [event for event in events if event["EventType"].endswith("_ERROR")]
        page, token, error = _page(events, params, "DescribeEvents")
        if error:
            return error
        members = "".join(f"<member>{_view(event)}</member>" for event in page)
        result = f"<OperationEvents>{members}</OperationEvents>{token}"
        return _xml(200, "DescribeEventsResponse", f"<DescribeEventsResult>{result}</DescribeEventsResult>")

    return describe


def _view(event):
    return "".join(f"<{field}>{_esc(str(event[field]))}</{field}>" for field in _FIELDS if event.get(field))


def install():
    wrap_action(handlers._ACTION_HANDLERS, "DescribeEvents", _describe)
