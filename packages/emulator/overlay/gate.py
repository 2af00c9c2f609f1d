"""Who may ask: programs of this machine that mean the emulator. Never a web page, through whatever browser."""

import json

# MiniStack's own paths beside those of AWS: health, the reset, and the URLs that templates are given to answer at.
# Its other ones change its settings or give out code.
_OWN_PATHS = ("/_ministack/health", "/_ministack/reset", "/_ministack/cfn-signal/", "/_ministack/cfn-response/")


def why_refused(scope, port):
    """The reason as a sentence, or None. Browsers say where a request comes from; a name of their own choice that
    leads to 127.0.0.1 does not make a page ours."""
    headers = [(name.lower(), value) for name, value in scope["headers"]]
    if any(name in (b"origin", b"sec-fetch-site") for name, _value in headers):
        return "the emulator answers no web pages"
    hosts = [value.decode("latin-1").lower() for name, value in headers if name == b"host"]
    if hosts not in ([f"127.0.0.1:{port}"], [f"localhost:{port}"]):
        return f"the emulator answers at 127.0.0.1:{port} and localhost:{port} only, not at {', '.join(hosts) or 'no host'}"
    path = scope["path"]
    if path.startswith(("/_ministack", "/_localstack")) and not path.startswith(_OWN_PATHS):
        return f"the emulator has no {path}"
    return None


def without_cors(send):
    """No answer allows a web page to read it."""

    async def send_plain(message):
        if message["type"] == "http.response.start":
            headers = message.get("headers", [])
            kept = [header for header in headers if not header[0].lower().startswith(b"access-control-")]
            message = {**message, "headers": kept}
        await send(message)

    return send_plain


async def refuse(scope, send, sentence):
    if scope["type"] == "websocket":
        # Closed before it was accepted: the caller reads a 403.
        await send({"type": "websocket.close", "code": 1008})
        return
    await answer(send, 403, b"text/plain; charset=utf-8", f"{sentence}\n".encode())


async def answer_json(send, value, status=200):
    await answer(send, status, b"application/json", json.dumps(value).encode())


async def answer(send, status, content_type, body):
    headers = [(b"content-type", content_type), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
