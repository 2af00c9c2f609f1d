"""Refusals of AWS outside of networks: what a resource names must be there, and a name must be a lawful one."""

import re

import ministack.services.ecs as ecs
import ministack.services.iam as iam
import ministack.services.kms as kms
import ministack.services.s3 as s3
from ministack.core.responses import get_account_id, get_region

import references
from aws_error import AwsError
from checking import check_actions, check_types
from patching import wrap, wrap_action

_ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+")
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]*[a-z0-9]")


def check_bucket(properties):
    """In the words of CloudFormation, which looks at a name before it asks S3."""
    name = properties.get("BucketName")
    if not name:
        return
    if name != name.lower():
        raise ValueError("Bucket name should not contain uppercase characters")
    if not 3 <= len(name) <= 63:
        raise ValueError("Bucket name should be between 3 and 63 characters long")
    if _ADDRESS.fullmatch(name):
        raise ValueError("Bucket name must not be formatted as an IP Address")
    if not _NAME.fullmatch(name) or ".." in name:
        raise AwsError("s3", "InvalidBucketName", "The specified bucket is not valid.")


def check_profile(properties):
    for role in properties.get("Roles") or []:
        references.role(role)


def check_role(properties):
    for arn in properties.get("ManagedPolicyArns") or []:
        references.managed_policy(arn)


def check_managed_policy(properties):
    for role in properties.get("Roles") or []:
        references.role(role)


def check_cluster(name):
    if not name or ecs._resolve_cluster_name(name) not in ecs._clusters:
        raise AwsError("ecs", "ClusterNotFoundException", "Cluster not found.")


def check_service(properties):
    check_cluster(properties.get("Cluster") or "default")
    if ecs._resolve_td_key(properties.get("TaskDefinition", "")) not in ecs._task_defs:
        raise AwsError("ecs", "ClientException", "TaskDefinition not found.")
    for balancer in properties.get("LoadBalancers") or []:
        if balancer.get("TargetGroupArn"):
            references.target_group(balancer["TargetGroupArn"])
    network = (properties.get("NetworkConfiguration") or {}).get("AwsvpcConfiguration") or {}
    for subnet_id in network.get("Subnets") or []:
        references.groups_beside(network.get("SecurityGroups") or [], references.subnet(subnet_id))


def check_project(properties):
    for name in ("ServiceRole", "Source", "Artifacts", "Environment"):
        if not properties.get(name):
            raise ValueError(f"Property {name} cannot be empty.")
    role = properties["ServiceRole"]
    if str(role).startswith("arn:"):
        references.role(role.rsplit("/", 1)[-1])


def check_subscription(properties):
    references.topic(properties.get("TopicArn"))


def check_topic_policy(properties):
    for arn in properties.get("Topics") or []:
        references.topic(arn)


def check_alias(properties):
    target = properties.get("TargetKeyId") or ""
    message = f"Key '{_key_arn(target)}' does not exist"
    if not target.startswith("alias/"):
        references.key(target, "kms", "NotFoundException", message)
    name = properties.get("AliasName") or ""
    if name and kms._alias_arn(name) in kms._aliases:
        message = f"An alias with the name {kms._alias_arn(name)} already exists"
        raise AwsError("kms", "AlreadyExistsException", message)


def _key_arn(key_id):
    return key_id if key_id.startswith("arn:") else f"arn:aws:kms:{get_region()}:{get_account_id()}:key/{key_id}"


def check_log_group(properties):
    if properties.get("KmsKeyId"):
        message = "The specified KMS key does not exist or is not allowed to be used with this log group."
        references.key(properties["KmsKeyId"], "logs", "InvalidParameterException", message)


def check_file_system(properties):
    if properties.get("KmsKeyId"):
        message = f"The KMS key '{properties['KmsKeyId']}' does not exist"
        references.key(properties["KmsKeyId"], "efs", "BadRequest", message)


def check_function(properties):
    """The code of a function lies in a bucket before the function is made, and its role is there."""
    code = properties.get("Code") or {}
    name, key = code.get("S3Bucket"), code.get("S3Key")
    if name and name not in s3._buckets:
        raise _code_error("NoSuchBucket", "The specified bucket does not exist")
    if name and key not in s3._buckets[name]["objects"]:
        raise _code_error("NoSuchKey", "The specified key does not exist.")


def _code_error(code, message):
    said = f"Error occurred while GetObject. S3 Error Code: {code}. S3 Error Message: {message}"
    return AwsError("lambda", "InvalidParameterValueException", said)


def check_bucket_policy(properties):
    references.bucket(properties.get("Bucket"))


TYPES = {
    "AWS::CodeBuild::Project": check_project,
    "AWS::ECS::Service": check_service,
    "AWS::EFS::FileSystem": check_file_system,
    "AWS::IAM::InstanceProfile": check_profile,
    "AWS::IAM::ManagedPolicy": check_managed_policy,
    "AWS::IAM::Role": check_role,
    "AWS::KMS::Alias": check_alias,
    "AWS::Lambda::Function": check_function,
    "AWS::Logs::LogGroup": check_log_group,
    "AWS::S3::Bucket": check_bucket,
    "AWS::S3::BucketPolicy": check_bucket_policy,
    "AWS::SNS::Subscription": check_subscription,
    "AWS::SNS::TopicPolicy": check_topic_policy,
}
CHANGING = ("AWS::ECS::Service", "AWS::IAM::InstanceProfile", "AWS::IAM::ManagedPolicy", "AWS::IAM::Role")


def _of_known_cluster(original):
    """MiniStack makes a cluster that a service or a task names."""

    def answer(data):
        try:
            check_cluster(data.get("cluster") or "default")
            if "serviceName" in data and ecs._resolve_td_key(data.get("taskDefinition", "")) not in ecs._task_defs:
                raise AwsError("ecs", "ClientException", "TaskDefinition not found.")
        except AwsError as error:
            return error.answer()
        return original(data)

    return answer


_KEY_NOT_FOUND = re.compile(r"Key (.+) not found")


def _in_the_words_of_kms(original):
    def answer(code, message, status=400):
        found = _KEY_NOT_FOUND.fullmatch(message)
        if found and found.group(1).startswith("alias/"):
            message = f"Alias {kms._alias_arn(found.group(1))} is not found."
        elif found:
            message = f"Key '{_key_arn(found.group(1))}' does not exist"
        return original(code, message, status)

    return answer


def install():
    check_types(TYPES, CHANGING)
    check_actions(iam._IAM_HANDLERS, {"AttachRolePolicy": (references.managed_policy, lambda a: a.one("PolicyArn"))})
    wrap(kms, "error_response_json", _in_the_words_of_kms)
    for action in ("CreateService", "RunTask"):
        wrap_action(ecs._ACTION_MAP, action, _of_known_cluster)
