"""Every call since the start or the last clearing: which operation, by whom, how often, with what outcome.

`/_jenkins-aws/calls`: GET shows it, DELETE clears it. It is in memory only, and as large as the number of operations.
"""

import json
import re
import threading

import ministack.app as ministack_app
import ministack.core.iam_actions as iam_actions

import control
import requested_operation
from patching import wrap

MAX_ENTRIES = 5000
_XML_CODE = re.compile(rb"<Code>([^<]+)</Code>")
_record = {}
_lock = threading.Lock()


def add(service, operation, by, outcome="ok", action=None):
    """`by` is who called: `caller`, or the part of the emulator that calls others, such as `cloudformation`."""
    key = (service, operation, by)
    with _lock:
        entry = _record.get(key)
        if entry is None:
            if len(_record) >= MAX_ENTRIES:
                return
            entry = {"service": service, "operation": operation, "by": by, "count": 0, "outcomes": {}}
            entry["action"] = action or f"{service}:{operation}"
            _record[key] = entry
        entry["count"] += 1
        entry["outcomes"][outcome] = entry["outcomes"].get(outcome, 0) + 1


def _show(_request=None):
    with _lock:
        return sorted(
            (json.loads(json.dumps(entry)) for entry in _record.values()), key=lambda e: (e["action"], e["by"])
        )


def _clear(_request=None):
    with _lock:
        _record.clear()
    return []


def outcome_of(status, headers, body):
    """`ok`, or the code of an error answer."""
    if status < 400:
        return "ok"
    for name, value in headers.items():
        if name.lower() == "x-amzn-errortype":
            return value.partition(":")[0]
    content = body if isinstance(body, bytes) else str(body).encode()
    found = _XML_CODE.search(content)
    if found:
        return found.group(1).decode()
    try:
        said = json.loads(content)
        return str(said.get("__type") or said.get("code") or status).rpartition("#")[2]
    except (ValueError, AttributeError):
        return str(status)


def _recorded(original):
    async def dispatch(method, path, headers, body, query_params, request_id):
        routing = ministack_app._routing_params(method, path, headers, body, query_params)
        service = ministack_app.detect_service(method, path, headers, routing)
        name, operation = requested_operation.of(service, method, path, headers, body, query_params)
        action = iam_actions.extract_iam_action(service, method, path, headers, body, routing)
        answer = await original(method, path, headers, body, query_params, request_id)
        add(name, operation, "caller", outcome_of(*answer), action)
        return answer

    return dispatch


def install():
    """Last: it sees what every other overlay answers."""
    control.register("calls", {"GET": _show, "DELETE": _clear})
    wrap(ministack_app, "_dispatch_service_request", _recorded)
