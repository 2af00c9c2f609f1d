"""Plain refusals: a service that is not there answers in a form from which every SDK reads a message."""

import json
from xml.sax.saxutils import escape

import ministack.app as ministack_app

from execution import EXECUTING_SERVICES
from patching import wrap

CODE = "UnsupportedService"
_MARK = b'{"error": "Unsupported service: '


def _refuse(headers, service):
    why = "runs no code, so it has" if service in EXECUTING_SERVICES else "has"
    message = f"Unsupported service: the emulator {why} no {service}; this needs an AWS account."
    if headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        error = f"<Type>Sender</Type><Code>{CODE}</Code><Message>{escape(message)}</Message>"
        body = f"<ErrorResponse><Error>{error}</Error></ErrorResponse>"
        return 400, {"Content-Type": "text/xml"}, body.encode()
    body = json.dumps({"__type": CODE, "code": CODE, "message": message}).encode()
    return 400, {"Content-Type": "application/x-amz-json-1.1", "x-amzn-errortype": CODE}, body


def _in_words(original):
    async def dispatch(method, path, headers, body, query_params, request_id):
        answer = await original(method, path, headers, body, query_params, request_id)
        content = answer[2]
        if answer[0] == 400 and isinstance(content, bytes) and content.startswith(_MARK):
            return _refuse(headers, json.loads(content)["error"].split(": ", 1)[1])
        return answer

    return dispatch


def install():
    wrap(ministack_app, "_dispatch_service_request", _in_words)
