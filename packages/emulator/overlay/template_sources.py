"""Templates as CloudFormation takes them: from every form of an S3 address, and with 500 resources at most."""

import re
from urllib.parse import unquote, urlparse

import ministack.services.cloudformation.changesets as changesets
import ministack.services.cloudformation.handlers as handlers
import ministack.services.cloudformation.helpers as helpers
import ministack.services.s3 as s3

from patching import wrap, wrap_action

MAX_RESOURCES = 500
MAX_URL_LENGTH = 5120
_HOST = re.compile(
    r"(?:(?P<bucket>.+)\.)?s3(?:[.-](?:dualstack\.)?[a-z]{2}(?:-[a-z]+)+-\d)?\.amazonaws\.com(?:\.cn)?", re.IGNORECASE
)
_HERE = ("127.0.0.1", "localhost")


def _bucket_and_key(url):
    """Of an address with the bucket in the host or in the path; None for one that is not S3's."""
    parsed = urlparse(url)
    path = unquote(parsed.path.lstrip("/"))
    found = _HOST.fullmatch(parsed.hostname or "")
    if found and parsed.scheme == "https" and found.group("bucket"):
        return found.group("bucket"), path
    if (found and parsed.scheme == "https") or parsed.hostname in _HERE:
        bucket, _slash, key = path.partition("/")
        return bucket, key
    return None


def _from_s3(original):
    def resolve(params, body_key, url_key, label):
        url = helpers._p(params, url_key)
        if helpers._p(params, body_key) or not url:
            return original(params, body_key, url_key, label)
        place = _bucket_and_key(url)
        if place is None or len(url) > MAX_URL_LENGTH:
            return None, helpers._error("ValidationError", f"{url_key} must be a supported URL.")
        bucket, key = place
        if bucket not in s3._buckets:
            return None, _s3_error("The specified bucket does not exist.")
        if not key or s3._get_object_data(bucket, key) is None:
            return None, _s3_error("The specified key does not exist.")
        return original({url_key: [f"https://s3.amazonaws.com/{bucket}/{key}"]}, body_key, url_key, label)

    return resolve


def _s3_error(sentence):
    reference = "http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"
    return helpers._error("ValidationError", f"S3 error: {sentence}\nFor more information check {reference}")


def _bounded(original):
    def parse(body):
        template = original(body)
        count = len(template.get("Resources") or {}) if isinstance(template, dict) else 0
        if count > MAX_RESOURCES:
            raise ValueError(f"Number of resources, {count}, is greater than maximum allowed, {MAX_RESOURCES}")
        return template

    return parse


def _told(original):
    """GetTemplate tells a question mark for each character that is not ASCII."""

    def get(params):
        status, headers, body = original(params)
        return status, headers, body.decode().encode("ascii", "replace")

    return get


def install():
    wrap(helpers, "_resolve_document", _from_s3)
    for module in (handlers, changesets):
        wrap(module, "_parse_template", _bounded)
    wrap_action(handlers._ACTION_HANDLERS, "GetTemplate", _told)
