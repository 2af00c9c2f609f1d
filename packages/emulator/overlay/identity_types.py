"""`Ref` of an instance profile is its name, as on AWS; MiniStack knows it by its ARN."""

import ministack.services.cloudformation.provisioners as provisioners
import ministack.services.iam as iam

TYPE = "AWS::IAM::InstanceProfile"


def _arn_of(physical_id):
    return iam._instance_profiles.get(physical_id, {}).get("Arn", physical_id)


def _named(result):
    arn, attributes = result
    return arn.rsplit("/", 1)[-1], attributes


def install():
    handlers = provisioners._RESOURCE_HANDLERS[TYPE]
    create, update, delete = handlers["create"], handlers["update"], handlers["delete"]
    handlers.update(
        create=lambda *asked: _named(create(*asked)),
        update=lambda physical_id, *asked: _named(update(_arn_of(physical_id), *asked)),
        delete=lambda physical_id, properties: delete(_arn_of(physical_id), properties),
    )
