"""What AWS's services answer when they refuse or fail, in the form that each one's protocol has for it."""

import json
import uuid
from xml.sax.saxutils import escape

CONNECTION_RESET = "ConnectionReset"
THROTTLING = frozenset(
    (
        "EC2ThrottledException",
        "LimitExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    )
)
_DENIALS = frozenset(("AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation"))
_STATUSES = {
    "InsufficientInstanceCapacity": 500,
    "InternalError": 500,
    "InternalFailure": 500,
    "InternalServerError": 500,
    "RequestLimitExceeded": 503,
    "ServiceUnavailable": 503,
    "SlowDown": 503,
    "TooManyRequestsException": 429,
    "Unavailable": 503,
}
_SENTENCES = {
    "InsufficientInstanceCapacity": "We currently do not have sufficient capacity in the Availability Zone you requested.",
    "InternalError": "An internal error has occurred",
    "InternalFailure": "The request processing has failed because of an unknown error, exception or failure.",
    "RequestLimitExceeded": "Request limit exceeded.",
    "ServiceUnavailable": "Service is unable to handle request.",
    "SlowDown": "Please reduce your request rate.",
}


def default_status(error):
    return 403 if error in _DENIALS else _STATUSES.get(error, 400)


def is_passing(error, status):
    """Whether another try may work: what SDKs, and CloudFormation in its own calls, try again."""
    return error in THROTTLING or error == CONNECTION_RESET or status >= 500


def sentence(error, service, operation, principal):
    if error in _DENIALS:
        reason = f"because no identity-based policy allows the {service}:{operation} action"
        denied = f"User: {principal} is not authorized to perform: {service}:{operation} {reason}"
        return f"You are not authorized to perform this operation. {denied}" if service == "ec2" else denied
    if error in THROTTLING:
        return _SENTENCES.get(error, "Rate exceeded")
    return _SENTENCES.get(error, f"The emulator was told to answer {error}.")


def answer(service, method, headers, error, status, message):
    """Status, headers and body, as the service that MiniStack calls `service` would send them."""
    request_id = str(uuid.uuid4())
    said = f"<Code>{escape(error)}</Code><Message>{escape(message)}</Message>"
    common = {"x-amzn-requestid": request_id}
    if headers.get("smithy-protocol") == "rpc-v2-cbor":
        body = b"\xa2" + b"".join(_cbor_text(text) for text in ("__type", error, "message", message))
        return status, {**common, "Content-Type": "application/cbor", "smithy-protocol": "rpc-v2-cbor"}, body
    if service == "ec2":
        body = f"<Response><Errors><Error>{said}</Error></Errors><RequestID>{request_id}</RequestID></Response>"
    elif service == "s3":
        body = f"<Error>{said}<RequestId>{request_id}</RequestId></Error>" if method != "HEAD" else ""
    elif _is_query(headers) or service in ("route53", "cloudfront"):
        side = "Receiver" if status >= 500 else "Sender"
        body = f"<ErrorResponse><Error><Type>{side}</Type>{said}</Error><RequestId>{request_id}</RequestId></ErrorResponse>"
    else:
        kind = headers.get("content-type", "") if headers.get("x-amz-target") else "application/json"
        body = json.dumps({"__type": error, "code": error, "message": message}).encode()
        return status, {**common, "Content-Type": kind, "x-amzn-errortype": error}, body
    return status, {**common, "Content-Type": "text/xml"}, body.encode()


def _is_query(headers):
    return headers.get("content-type", "").startswith("application/x-www-form-urlencoded")


def _cbor_text(text):
    """One string of CBOR (RFC 8949, major type 3), of at most 65535 bytes."""
    data = text.encode()
    if len(data) < 24:
        return bytes([0x60 + len(data)]) + data
    return b"\x79" + len(data).to_bytes(2, "big") + data
