"""Plain sentences out of the error answers that MiniStack puts into stack events as Python literals."""

import ast
import json
import re
from xml.sax.saxutils import unescape

_BYTES_LITERAL = re.compile(r"""b'(?:[^'\\]|\\.)*'|b"(?:[^"\\]|\\.)*\"""", re.DOTALL)
_XML_MESSAGE = re.compile(r"<Message>(.*?)</Message>", re.DOTALL)
_XML_CODE = re.compile(r"<Code>(.*?)</Code>", re.DOTALL)


def sentence_of(body):
    """The message of an error answer: JSON, XML or anything else."""
    text = body.decode("utf-8", "replace") if isinstance(body, (bytes, bytearray)) else str(body)
    found = _XML_MESSAGE.search(text)
    if found:
        return unescape(found.group(1), {"&quot;": '"', "&#x27;": "'", "&apos;": "'"}).strip()
    try:
        answer = json.loads(text)
    except ValueError:
        return text.strip()
    if isinstance(answer, dict):
        for key in ("message", "Message", "errorMessage"):
            if answer.get(key):
                return str(answer[key]).strip()
    return text.strip()


def code_of(body):
    """The error code of an error answer: JSON or XML. Empty when it has none."""
    text = body.decode("utf-8", "replace") if isinstance(body, (bytes, bytearray)) else str(body)
    found = _XML_CODE.search(text)
    if found:
        return found.group(1).strip()
    try:
        answer = json.loads(text)
    except ValueError:
        return ""
    code = answer.get("__type") or answer.get("ErrorCode") or answer.get("code") if isinstance(answer, dict) else ""
    return str(code or "").rsplit("#", 1)[-1]


def readable(reason):
    """`reason` with every bytes literal replaced by its message."""

    def replace(match):
        try:
            return sentence_of(ast.literal_eval(match.group(0)))
        except (ValueError, SyntaxError):
            return match.group(0)

    return _BYTES_LITERAL.sub(replace, reason) if "b'" in reason or 'b"' in reason else reason
