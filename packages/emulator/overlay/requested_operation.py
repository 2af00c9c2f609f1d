"""Which operation of which service a request asks for, in the words of an IAM policy: `ec2` and `RunInstances`."""

import functools
import gzip
import json
import os
import re

import botocore
import ministack.core.iam_actions as iam_actions
import ministack.core.responses as responses

UNKNOWN = "Unknown"
_DATA = os.path.join(os.path.dirname(botocore.__file__), "data")
_CBOR_PATH = re.compile(r"/service/[^/]+/operation/(\w+)")
# What people and SDKs call a service, where that is neither its name in a policy nor MiniStack's.
_OTHER_NAMES = {"efs": "elasticfilesystem", "elbv2": "elasticloadbalancing"}
_MODELS = {**responses._BOTOCORE_NAME, "elasticfilesystem": "efs"}


def service_name(name):
    """The service's prefix in a policy for any of its names; None for an unknown one."""
    name = _OTHER_NAMES.get(name, name)
    if name in iam_actions.SERVICE_TO_IAM_NAMESPACE:
        return iam_actions.SERVICE_TO_IAM_NAMESPACE[name]
    return name if name in iam_actions.SERVICE_TO_IAM_NAMESPACE.values() else None


def of(service, method, path, headers, body, query_params):
    """`(service, operation)` of a request that MiniStack sends to its `service`."""
    name = iam_actions.SERVICE_TO_IAM_NAMESPACE.get(service, service)
    asked = (
        iam_actions._action_from_query(query_params, body, headers.get("content-type", ""))
        or iam_actions._action_from_target(headers)
        or _by_path(service, method, path, headers, query_params)
    )
    return name, asked or UNKNOWN


def _by_path(service, method, path, headers, query_params):
    found = _CBOR_PATH.fullmatch(path)
    if found:
        return found.group(1)
    routes = _routes(_MODELS.get(service, service))
    # AWS's own SDKs say it where a path alone leaves it open.
    said = query_params.get("x-id", [""])[0]
    if any(operation == said for _rank, _method, _pattern, _query, _headers, operation in routes):
        return said
    for _rank, wanted, pattern, needed_query, needed_headers, operation in routes:
        if wanted == method and pattern.fullmatch(path.rstrip("/") or "/"):
            if all(_has(query_params, entry) for entry in needed_query) and needed_headers <= headers.keys():
                return operation
    return None


def _has(query_params, entry):
    name, _equals, value = entry.partition("=")
    return name in query_params and (not value or query_params[name][0] == value)


@functools.lru_cache(maxsize=None)
def _routes(model_name):
    """The ways into a REST service, the most particular first. Nothing else of its model is kept."""
    model = json.loads(model_text(model_name) or "{}")
    if not model.get("metadata", {}).get("protocol", "").startswith("rest"):
        return []
    routes = []
    for name, operation in model["operations"].items():
        path, _mark, query = operation["http"]["requestUri"].partition("?")
        shape = model["shapes"].get(operation.get("input", {}).get("shape"), {})
        needed = {"querystring": {part for part in query.split("&") if part}, "header": set()}
        for member in shape.get("required", []):
            place = shape["members"][member]
            if place.get("location") in needed:
                needed[place["location"]].add(place["locationName"])
        headers = {header.lower() for header in needed["header"]}
        pattern, literals = _pattern(path)
        # A deprecated operation often shares its path with the one that took its place.
        rank = (-literals, -len(needed["querystring"]) - len(headers), bool(operation.get("deprecated")), name)
        method = operation["http"]["method"]
        routes.append((rank, method, pattern, sorted(needed["querystring"]), headers, name))
    return sorted(routes, key=lambda route: route[0])


def _pattern(path):
    """As an expression, with the number of its fixed parts. A label may hold slashes: ARNs do, a bucket's name does not."""
    parts = [part for part in path.split("/") if part]
    labels = {"{Bucket}": "[^/]+", "{Key+}": ".+"}
    expression = "".join(f"/{labels.get(p, '.+?' if p.startswith('{') else re.escape(p))}" for p in parts)
    # More parts are more particular: an object's path before its bucket's.
    fixed = sum(2 for part in parts if not part.startswith("{"))
    return re.compile(expression or "/"), fixed + ("{Key+}" in parts)


def model_text(model_name):
    """A service's model as AWS's own SDK for Python has it; None for an unknown one."""
    folder = os.path.join(_DATA, model_name)
    try:
        with gzip.open(
            os.path.join(folder, max(os.listdir(folder)), "service-2.json.gz"), "rt", encoding="utf-8"
        ) as file:
            return file.read()
    except OSError:
        return None


def has_operation(service, operation):
    """Whether a service, by its prefix in a policy, knows the operation."""
    names = [known for known, prefix in iam_actions.SERVICE_TO_IAM_NAMESPACE.items() if prefix == service]
    texts = (model_text(_MODELS.get(name, name)) for name in names)
    return any(f'"name":"{operation}"' in text for text in texts if text)
