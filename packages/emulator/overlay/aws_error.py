"""Refusals in AWS's words: one error for a call of an SDK and for a resource of a stack."""

import ast
import re
from xml.sax.saxutils import escape

import ministack.services.alb as elb
import ministack.services.autoscaling as autoscaling
import ministack.services.cloudformation.provisioners as provisioners
import ministack.services.cloudformation.stacks as stacks
import ministack.services.ec2 as ec2
import ministack.services.iam as iam
from ministack.core.responses import error_response_json, new_uuid

from patching import wrap
from readable_errors import code_of, sentence_of

# How the error of each service's protocol is written; JSON for the others.
_WRITERS = {
    "ec2": lambda e: ec2._error(e.code, escape(e.message), e.status),
    "elbv2": lambda e: elb._error(e.code, escape(e.message), e.status),
    "autoscaling": lambda e: autoscaling._error(e.code, escape(e.message), e.status),
    "iam": lambda e: iam._error(e.status, e.code, escape(e.message)),
}
# As CloudFormation writes the name of a service whose call failed.
_STACK_NAMES = {
    "AutoScaling": "AutoScaling",
    "EC2": "Ec2",
    "ECS": "Ecs",
    "EFS": "Efs",
    "IAM": "Iam",
    "Logs": "CloudWatchLogs",
    "SNS": "Sns",
    "KMS": "Kms",
    "SSM": "Ssm",
}
# Types whose handler answers without the envelope of the resource registry.
_WITHOUT_ENVELOPE = ("AWS::EC2::SecurityGroup",)
_BYTES_LITERAL = re.compile(r"""b'(?:[^'\\]|\\.)*'|b"(?:[^"\\]|\\.)*\"""", re.DOTALL)
_MISSING = re.compile(r"NotFound|NoSuch|Missing")


class AwsError(ValueError):
    """What a service answers to a call that it refuses."""

    def __init__(self, service, code, message, status=400):
        super().__init__(message)
        self.service, self.code, self.message, self.status = service, code, message, status

    def answer(self):
        writer = _WRITERS.get(self.service)
        return writer(self) if writer else error_response_json(self.code, self.message, self.status)


def _handler_code(code):
    if _MISSING.search(code):
        return "NotFound"
    if "AlreadyExists" in code or code == "BucketAlreadyOwnedByYou":
        return "AlreadyExists"
    if code in ("ResourceInUse", "DeleteConflict"):
        return "ResourceConflict"
    return "InvalidRequest"


def _stack_words(resource_type, code, message, status):
    product = resource_type.split("::")[1]
    service = _STACK_NAMES.get(product, product)
    said = f"{message} (Service: {service}, Status Code: {status}, Request ID: {new_uuid()})"
    if resource_type in _WITHOUT_ENVELOPE:
        return f"{said} (SDK Attempt Count: 1)"
    token = f"(RequestToken: {new_uuid()}, HandlerErrorCode: {_handler_code(code)})"
    return f'Resource handler returned message: "{said}" {token}'


def _in_stack_words(resource_type, error):
    """The error as a stack event tells it. MiniStack puts some answers of its services into a sentence as they came."""
    if isinstance(error, AwsError):
        return ValueError(_stack_words(resource_type, error.code, error.message, error.status))
    found = _BYTES_LITERAL.search(str(error))
    if not found:
        return error
    body = ast.literal_eval(found.group(0))
    code = code_of(body)
    if not code:
        return error
    status = 404 if _MISSING.search(code) and not resource_type.startswith("AWS::EC2::") else 400
    return ValueError(_stack_words(resource_type, code, sentence_of(body), status))


def _translated(original):
    """Around the creation, change and deletion of every resource of every stack."""

    def handle(resource_type, *arguments, **named):
        try:
            return original(resource_type, *arguments, **named)
        except ValueError as error:
            raise _in_stack_words(resource_type, error) from error

    return handle


def install():
    for module in (stacks, provisioners):
        for name in ("_provision_resource", "_update_resource", "_delete_resource"):
            wrap(module, name, _translated)
