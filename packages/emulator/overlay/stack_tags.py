"""The tags of a stack on the resources of the types that MiniStack leaves untagged."""

import ministack.services.alb as elb
import ministack.services.cloudformation as cloudformation
import ministack.services.cloudformation.provisioners as provisioners
import ministack.services.cloudformation.stacks as stacks
import ministack.services.ec2 as ec2
import ministack.services.iam as iam
import ministack.services.route53 as route53
import ministack.services.s3 as s3

from patching import wrap

GROUP = "AWS::AutoScaling::AutoScalingGroup"


def _listed(tags):
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _tag_launch_template(template_id, tags):
    ec2._tags[template_id] = ec2._launch_templates[template_id]["Tags"] = _listed(tags)


def _tag_managed_policy(arn, tags):
    iam._policies[arn]["Tags"] = _listed(tags)


def _tag_bucket(name, tags):
    s3._bucket_tags[name] = tags


def _tag_zone(zone_id, tags):
    route53._tags[("hostedzone", zone_id)] = tags


def _tag_rule(arn, tags):
    elb._tags[arn] = _listed(tags)


# Type: the property that holds its own tags, and how they are kept.
_TYPES = {
    "AWS::EC2::LaunchTemplate": (None, _tag_launch_template),
    "AWS::ElasticLoadBalancingV2::ListenerRule": ("Tags", _tag_rule),
    "AWS::IAM::ManagedPolicy": ("Tags", _tag_managed_policy),
    "AWS::Route53::HostedZone": ("HostedZoneTags", _tag_zone),
    "AWS::S3::Bucket": ("Tags", _tag_bucket),
}


def _own_tags(property_name, properties):
    if property_name:
        return provisioners._tag_map(properties.get(property_name))
    specified = properties.get("TagSpecifications") or []
    lists = [entry.get("Tags") for entry in specified if entry.get("ResourceType") == "launch-template"]
    return {key: value for tags in lists for key, value in provisioners._tag_map(tags).items()}


def _apply(resource_type, physical_id, properties, stack_name, logical_id):
    stack = cloudformation._stacks.get(stack_name)
    if resource_type not in _TYPES or stack is None:
        return
    property_name, keep = _TYPES[resource_type]
    system = {"stack-name": stack_name, "stack-id": stack["StackId"], "logical-id": logical_id}
    keep(
        physical_id,
        {
            **provisioners._tag_map(stack.get("Tags")),
            **_own_tags(property_name, properties),
            **{f"aws:cloudformation:{name}": value for name, value in system.items()},
        },
    )


def _create_tagged(original):
    def create(resource_type, logical_id, properties, stack_name):
        physical_id, attributes = original(resource_type, logical_id, properties, stack_name)
        _apply(resource_type, physical_id, properties, stack_name, logical_id)
        return physical_id, attributes

    return create


def _update_tagged(original):
    def update(resource_type, physical_id, old, new, stack_name, logical_id=None, old_attributes=None):
        changed = original(resource_type, physical_id, old, new, stack_name, logical_id, old_attributes)
        _apply(resource_type, changed[0], new, stack_name, logical_id)
        return changed

    return update


def _with_launch_tags(original):
    """The tags of a stack on a group are those of its instances, too."""

    def merged(resource_type, properties, *stack):
        tagged = original(resource_type, properties, *stack)
        if resource_type != GROUP:
            return tagged
        return {**tagged, "Tags": [{"PropagateAtLaunch": True, **tag} for tag in tagged["Tags"]]}

    return merged


def install():
    wrap(stacks, "_with_stack_tags", _with_launch_tags)
    wrap(stacks, "_provision_resource", _create_tagged)
    wrap(stacks, "_update_resource", _update_tagged)
