"""What AWS refuses of S3 and MiniStack does not: another account's bucket, and a stack that deletes what is not empty."""

import ministack.services.cloudformation.provisioners as provisioners
import ministack.services.s3 as s3

from patching import refuse, wrap, wrap_action

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


def _when_empty(original):
    def delete(physical_id, properties):
        if physical_id in s3._buckets:
            refuse(s3._delete_bucket(physical_id))
        original(physical_id, properties)

    return delete


def install():
    wrap(s3, "handle_request", _of_the_expected_owner)
    wrap_action(provisioners._RESOURCE_HANDLERS["AWS::S3::Bucket"], "delete", _when_empty)
