"""The calls with which CloudFormation makes, changes and deletes a resource of each type: service, then operations.

From the permissions that the handlers in AWS's public resource type schemas name; what only reads is left out.
"""

_SERVICES = {
    "AutoScaling": "autoscaling",
    "CertificateManager": "acm",
    "CloudFormation": "cloudformation",
    "CloudWatch": "cloudwatch",
    "EC2": "ec2",
    "EFS": "elasticfilesystem",
    "ElasticLoadBalancingV2": "elasticloadbalancing",
    "IAM": "iam",
    "KMS": "kms",
    "Logs": "logs",
    "Route53": "route53",
    "S3": "s3",
    "SNS": "sns",
    "SSM": "ssm",
}
_TAGS = "CreateTags"
# Type: create, update, delete; several operations stand in the order of the calls.
_OPERATIONS = {
    "AutoScaling::AutoScalingGroup": ("CreateAutoScalingGroup", "UpdateAutoScalingGroup", "DeleteAutoScalingGroup"),
    "AutoScaling::LifecycleHook": ("PutLifecycleHook", "PutLifecycleHook", "DeleteLifecycleHook"),
    "AutoScaling::ScalingPolicy": ("PutScalingPolicy", "PutScalingPolicy", "DeletePolicy"),
    "AutoScaling::ScheduledAction": (
        "PutScheduledUpdateGroupAction",
        "PutScheduledUpdateGroupAction",
        "DeleteScheduledAction",
    ),
    "CertificateManager::Certificate": ("RequestCertificate", "AddTagsToCertificate", "DeleteCertificate"),
    "CloudFormation::Stack": ("CreateStack", "UpdateStack", "DeleteStack"),
    "CloudWatch::Alarm": ("PutMetricAlarm", "PutMetricAlarm", "DeleteAlarms"),
    "CloudWatch::Dashboard": ("PutDashboard", "PutDashboard", "DeleteDashboards"),
    "EC2::EIP": ("AllocateAddress", _TAGS, "ReleaseAddress"),
    "EC2::InternetGateway": ("CreateInternetGateway", _TAGS, "DeleteInternetGateway"),
    "EC2::LaunchTemplate": ("CreateLaunchTemplate", "CreateLaunchTemplateVersion", "DeleteLaunchTemplate"),
    "EC2::NatGateway": ("CreateNatGateway", _TAGS, "DeleteNatGateway"),
    "EC2::Route": ("CreateRoute", "ReplaceRoute", "DeleteRoute"),
    "EC2::RouteTable": ("CreateRouteTable", _TAGS, "DeleteRouteTable"),
    "EC2::SecurityGroup": ("CreateSecurityGroup", "AuthorizeSecurityGroupIngress", "DeleteSecurityGroup"),
    "EC2::SecurityGroupEgress": (
        "AuthorizeSecurityGroupEgress",
        "UpdateSecurityGroupRuleDescriptionsEgress",
        "RevokeSecurityGroupEgress",
    ),
    "EC2::SecurityGroupIngress": (
        "AuthorizeSecurityGroupIngress",
        "UpdateSecurityGroupRuleDescriptionsIngress",
        "RevokeSecurityGroupIngress",
    ),
    "EC2::Subnet": ("CreateSubnet", "ModifySubnetAttribute", "DeleteSubnet"),
    "EC2::SubnetRouteTableAssociation": (
        "AssociateRouteTable",
        "ReplaceRouteTableAssociation",
        "DisassociateRouteTable",
    ),
    "EC2::Volume": ("CreateVolume", "ModifyVolume", "DeleteVolume"),
    "EC2::VPC": ("CreateVpc", "ModifyVpcAttribute", "DeleteVpc"),
    "EC2::VPCEndpoint": ("CreateVpcEndpoint", "ModifyVpcEndpoint", "DeleteVpcEndpoints"),
    "EC2::VPCGatewayAttachment": ("AttachInternetGateway", "AttachInternetGateway", "DetachInternetGateway"),
    "EFS::AccessPoint": ("CreateAccessPoint", "TagResource", "DeleteAccessPoint"),
    "EFS::FileSystem": ("CreateFileSystem", "UpdateFileSystem", "DeleteFileSystem"),
    "EFS::MountTarget": ("CreateMountTarget", "ModifyMountTargetSecurityGroups", "DeleteMountTarget"),
    "ElasticLoadBalancingV2::Listener": ("CreateListener", "ModifyListener", "DeleteListener"),
    "ElasticLoadBalancingV2::ListenerRule": ("CreateRule", "ModifyRule", "DeleteRule"),
    "ElasticLoadBalancingV2::LoadBalancer": (
        "CreateLoadBalancer",
        "ModifyLoadBalancerAttributes",
        "DeleteLoadBalancer",
    ),
    "ElasticLoadBalancingV2::TargetGroup": (
        "CreateTargetGroup",
        "ModifyTargetGroup ModifyTargetGroupAttributes",
        "DeleteTargetGroup",
    ),
    "IAM::InstanceProfile": (
        "CreateInstanceProfile AddRoleToInstanceProfile",
        "AddRoleToInstanceProfile",
        "RemoveRoleFromInstanceProfile DeleteInstanceProfile",
    ),
    "IAM::ManagedPolicy": ("CreatePolicy", "CreatePolicyVersion", "DeletePolicy"),
    "IAM::Policy": ("PutRolePolicy", "PutRolePolicy", "DeleteRolePolicy"),
    "IAM::Role": ("CreateRole", "UpdateAssumeRolePolicy", "DeleteRole"),
    "KMS::Alias": ("CreateAlias", "UpdateAlias", "DeleteAlias"),
    "KMS::Key": ("CreateKey", "PutKeyPolicy", "ScheduleKeyDeletion"),
    "Logs::LogGroup": ("CreateLogGroup", "PutRetentionPolicy", "DeleteLogGroup"),
    "Route53::HostedZone": ("CreateHostedZone", "UpdateHostedZoneComment", "DeleteHostedZone"),
    "Route53::RecordSet": ("ChangeResourceRecordSets",) * 3,
    "S3::Bucket": ("CreateBucket", "PutBucketVersioning", "DeleteBucket"),
    "S3::BucketPolicy": ("PutBucketPolicy", "PutBucketPolicy", "DeleteBucketPolicy"),
    "SNS::Subscription": ("Subscribe", "SetSubscriptionAttributes", "Unsubscribe"),
    "SNS::Topic": ("CreateTopic", "SetTopicAttributes", "DeleteTopic"),
    "SNS::TopicPolicy": ("SetTopicAttributes",) * 3,
    "SSM::Parameter": ("PutParameter", "PutParameter", "DeleteParameter"),
}
_PLACES = {"create": 0, "update": 1, "delete": 2}


def operations_of(resource_type, action):
    """`(service, [operation …])` for `create`, `update` or `delete`; None for a type that the table does not know."""
    vendor, _colons, rest = resource_type.partition("::")
    if vendor != "AWS" or rest not in _OPERATIONS:
        return None
    return _SERVICES[rest.partition("::")[0]], _OPERATIONS[rest][_PLACES[action]].split()
