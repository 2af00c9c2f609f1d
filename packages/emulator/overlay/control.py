"""The emulator's own paths beside those of AWS: an overlay that wants one registers it when it is installed."""

import json

import gate

PREFIX = "/_jenkins-aws/"
MAX_BODY_BYTES = 1_000_000
_handlers = {}


class Refused(Exception):
    """A request that an own path does not accept; each problem is a sentence."""

    def __init__(self, problems):
        super().__init__("; ".join(problems))
        self.problems = problems


def register(name, methods):
    """`/_jenkins-aws/<name>`: for each method a function of the request's JSON value, which returns what is answered."""
    _handlers[PREFIX + name] = methods


def has(path):
    return path in _handlers


async def answer(scope, receive, send):
    handle = _handlers[scope["path"]].get(scope["method"])
    if handle is None:
        allowed = ", ".join(sorted(_handlers[scope["path"]]))
        await gate.answer_json(send, {"problems": [f"{scope['path']} takes {allowed}, not {scope['method']}"]}, 405)
        return
    try:
        await gate.answer_json(send, handle(_parsed(await _read(receive))))
    except Refused as refused:
        await gate.answer_json(send, {"problems": refused.problems}, 400)


async def _read(receive):
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > MAX_BODY_BYTES:
            raise Refused([f"the request is larger than {MAX_BODY_BYTES} bytes"])
        if not message.get("more_body"):
            return body


def _parsed(body):
    try:
        return json.loads(body) if body else None
    except ValueError as error:
        raise Refused([f"the request is no JSON: {error}"]) from error
