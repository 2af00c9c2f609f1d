"""Refuses a bucket that is not in the account in which the caller expects it, which MiniStack does not ask."""

import ministack.services.s3 as s3

from patching import wrap

OWNER_HEADER = "x-amz-expected-bucket-owner"


def _of_the_expected_owner(original):
    async def handle_request(method, path, headers, body, query_params, *more, **options):
        expected = headers.get(OWNER_HEADER)
        if expected:
            bucket, key = s3._parse_bucket_key(path, headers)
            owner = s3._bucket_owner_account(bucket)
            if owner is not None and owner != expected:
                status, answer_headers, answer = s3._error("AccessDenied", "Access Denied", 403, f"/{bucket}/{key}")
                return status, answer_headers, b"" if method == "HEAD" else answer
        return await original(method, path, headers, body, query_params, *more, **options)

    return handle_request


def install():
    wrap(s3, "handle_request", _of_the_expected_owner)
