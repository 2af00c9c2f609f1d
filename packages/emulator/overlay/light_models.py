"""Keeps MiniStack from parsing whole service models where it needs a few lines of one.

The model of EC2 alone takes over a second and 50 MB, at the first request after every start.
"""

import functools
import gzip
import json
import os
from types import SimpleNamespace

import botocore
import ministack.core.responses as responses
import ministack.core.router as router

from patching import wrap

_DATA = os.path.join(os.path.dirname(botocore.__file__), "data")
_HEAD_BYTES = 16384
_MARKER = '"metadata":'


@functools.lru_cache(maxsize=None)
def model_head(service):
    """What stands first in a service's model: its protocol and names. None for an unknown service."""
    folder = os.path.join(_DATA, responses._BOTOCORE_NAME.get(service, service))
    try:
        newest = max(os.listdir(folder))
        with gzip.open(os.path.join(folder, newest, "service-2.json.gz"), "rt", encoding="utf-8") as file:
            head = file.read(_HEAD_BYTES)
    except OSError:
        return None
    start = head.index(_MARKER) + len(_MARKER)
    metadata, _end = json.JSONDecoder().raw_decode(head, start + len(head[start:]) - len(head[start:].lstrip()))
    return SimpleNamespace(metadata=metadata)


def install():
    wrap(responses, "_service_model", lambda _original: model_head)
    # Asked only for a signed service that MiniStack does not have: its answer would be the same for every name.
    wrap(router, "_is_aws_service_name", lambda _original: lambda name: True)
