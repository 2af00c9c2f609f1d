"""A life in which every operation and every resource type of the overlay has its part; each answer is looked at."""

import json
import time
import urllib.request

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"},
        ],
    }
)
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]})
FIXED = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200", "ContentType": "text/plain"}}


def ref(name):
    return {"Ref": name}


def att(name, attribute):
    return {"Fn::GetAtt": [name, attribute]}


def of(kind, **properties):
    return {"Type": f"AWS::{kind}", "Properties": properties}


def until(ask, is_wanted, seconds=30):
    deadline = time.monotonic() + seconds
    while not is_wanted(answer := ask()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"the last answer: {answer}")
        time.sleep(0.1)
    return answer


def network(call):
    vpc = call("ec2", "CreateVpc", CidrBlock="10.60.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        call("ec2", "CreateSubnet", VpcId=vpc, CidrBlock=f"10.60.{i}.0/24", AvailabilityZone=f"eu-central-1{zone}")[
            "Subnet"
        ]["SubnetId"]
        for i, zone in enumerate("ab")
    ]
    gateway = call("ec2", "CreateInternetGateway")["InternetGateway"]["InternetGatewayId"]
    call("ec2", "AttachInternetGateway", VpcId=vpc, InternetGatewayId=gateway)
    table = call("ec2", "CreateRouteTable", VpcId=vpc)["RouteTable"]["RouteTableId"]
    call("ec2", "CreateRoute", RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    association = call("ec2", "AssociateRouteTable", RouteTableId=table, SubnetId=subnets[0])["AssociationId"]
    address = call("ec2", "AllocateAddress", Domain="vpc")["AllocationId"]
    nat = call("ec2", "CreateNatGateway", SubnetId=subnets[0], AllocationId=address)["NatGateway"]["NatGatewayId"]
    call("ec2", "ReplaceRoute", RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=nat)
    call("ec2", "DescribeNatGateways", NatGatewayIds=[nat])
    group = call("ec2", "CreateSecurityGroup", GroupName="one", Description="one", VpcId=vpc)["GroupId"]
    rules = [{"IpProtocol": "tcp", "FromPort": 1, "ToPort": 2, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}]
    call("ec2", "AuthorizeSecurityGroupIngress", GroupId=group, IpPermissions=rules)
    call("ec2", "AuthorizeSecurityGroupEgress", GroupId=group, IpPermissions=rules)
    endpoint = call(
        "ec2",
        "CreateVpcEndpoint",
        VpcId=vpc,
        VpcEndpointType="Interface",
        ServiceName="com.amazonaws.eu-central-1.ssm",
        SubnetIds=subnets[:1],
        SecurityGroupIds=[group],
    )["VpcEndpoint"]["VpcEndpointId"]
    interface = call("ec2", "CreateNetworkInterface", SubnetId=subnets[1], Groups=[group])["NetworkInterface"]
    call("ec2", "DescribeNetworkInterfaces", Filters=[{"Name": "vpc-id", "Values": [vpc]}])
    call("ec2", "DescribeSubnets", SubnetIds=subnets)
    call("ec2", "DeleteNetworkInterface", NetworkInterfaceId=interface["NetworkInterfaceId"])
    made = {
        "vpc": vpc,
        "subnets": subnets,
        "group": group,
        "gateway": gateway,
        "table": table,
        "association": association,
        "address": address,
        "nat": nat,
        "endpoint": endpoint,
    }
    return made


def remove_network(call, made):
    call("ec2", "DeleteVpcEndpoints", VpcEndpointIds=[made["endpoint"]])
    call("ec2", "DeleteNatGateway", NatGatewayId=made["nat"])
    call("ec2", "ReleaseAddress", AllocationId=made["address"])
    call("ec2", "DetachInternetGateway", VpcId=made["vpc"], InternetGatewayId=made["gateway"])
    call("ec2", "DeleteInternetGateway", InternetGatewayId=made["gateway"])
    call("ec2", "DisassociateRouteTable", AssociationId=made["association"])
    call("ec2", "DeleteRouteTable", RouteTableId=made["table"])
    call("ec2", "DeleteSecurityGroup", GroupId=made["group"])
    for subnet in made["subnets"]:
        call("ec2", "DeleteSubnet", SubnetId=subnet)
    call("ec2", "DeleteVpc", VpcId=made["vpc"])


def balancing(call, made):
    """A balancer with a listener and a rule for a target group with one instance."""
    call("iam", "CreateRole", RoleName="contract", AssumeRolePolicyDocument=TRUST)
    call("iam", "CreateInstanceProfile", InstanceProfileName="contract")
    call("iam", "AddRoleToInstanceProfile", InstanceProfileName="contract", RoleName="contract")
    policy = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    call("iam", "AttachRolePolicy", RoleName="contract", PolicyArn=policy)
    (instance,) = call(
        "ec2",
        "RunInstances",
        ImageId="ami-00000000",
        MinCount=1,
        MaxCount=1,
        SubnetId=made["subnets"][0],
        SecurityGroupIds=[made["group"]],
        IamInstanceProfile={"Name": "contract"},
    )["Instances"]
    instance_id = instance["InstanceId"]
    call("ec2", "DescribeInstances", InstanceIds=[instance_id])
    call("ec2", "DescribeInstanceStatus", InstanceIds=[instance_id])
    zone = instance["Placement"]["AvailabilityZone"]
    volume = call("ec2", "CreateVolume", AvailabilityZone=zone, Size=1)["VolumeId"]
    call("ec2", "AttachVolume", VolumeId=volume, InstanceId=instance_id, Device="/dev/sdf")
    address = call("ec2", "AllocateAddress", Domain="vpc")["AllocationId"]
    call("ec2", "AssociateAddress", AllocationId=address, InstanceId=instance_id)
    balancer = call("elbv2", "CreateLoadBalancer", Name="contract", Subnets=made["subnets"])["LoadBalancers"][0]
    target_group = call("elbv2", "CreateTargetGroup", Name="contract", Protocol="HTTP", Port=80, VpcId=made["vpc"])[
        "TargetGroups"
    ][0]["TargetGroupArn"]
    forward = [{"Type": "forward", "TargetGroupArn": target_group}]
    listener = call(
        "elbv2",
        "CreateListener",
        LoadBalancerArn=balancer["LoadBalancerArn"],
        Protocol="HTTP",
        Port=80,
        DefaultActions=forward,
    )["Listeners"][0]["ListenerArn"]
    condition = {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/a"]}}
    call("elbv2", "CreateRule", ListenerArn=listener, Priority=1, Conditions=[condition], Actions=forward)
    call("elbv2", "RegisterTargets", TargetGroupArn=target_group, Targets=[{"Id": instance_id}])
    call("elbv2", "DescribeTargetHealth", TargetGroupArn=target_group)
    call("elbv2", "ModifyListener", ListenerArn=listener, DefaultActions=[FIXED])
    call("elbv2", "DescribeLoadBalancers", LoadBalancerArns=[balancer["LoadBalancerArn"]])
    call("elbv2", "DeleteLoadBalancer", LoadBalancerArn=balancer["LoadBalancerArn"])
    call("elbv2", "DeleteTargetGroup", TargetGroupArn=target_group)
    call("ec2", "TerminateInstances", InstanceIds=[instance_id])
    call("iam", "DetachRolePolicy", RoleName="contract", PolicyArn=policy)
    call("iam", "RemoveRoleFromInstanceProfile", InstanceProfileName="contract", RoleName="contract")
    call("iam", "DeleteInstanceProfile", InstanceProfileName="contract")
    call("iam", "DeleteRole", RoleName="contract")


def containers(call):
    call("ecs", "CreateCluster", clusterName="contract")
    container = {"name": "a", "image": "a", "memory": 128}
    call("ecs", "RegisterTaskDefinition", family="contract", containerDefinitions=[container])
    named = {"cluster": "contract", "taskDefinition": "contract"}
    call("ecs", "CreateService", serviceName="a", desiredCount=0, **named)
    call("ecs", "RunTask", **named)
    call("ecs", "DeleteService", cluster="contract", service="a", force=True)
    call("ecs", "DeleteCluster", cluster="contract")


def scaling(call, made):
    name = "contract"
    template = call(
        "ec2", "CreateLaunchTemplate", LaunchTemplateName=name, LaunchTemplateData={"InstanceType": "t3.small"}
    )["LaunchTemplate"]["LaunchTemplateId"]
    call(
        "autoscaling",
        "CreateAutoScalingGroup",
        AutoScalingGroupName=name,
        MinSize=0,
        MaxSize=4,
        DesiredCapacity=0,
        VPCZoneIdentifier=",".join(made["subnets"]),
        LaunchTemplate={"LaunchTemplateId": template, "Version": "$Latest"},
    )
    hook = {"AutoScalingGroupName": name, "LifecycleHookName": "boot"}
    call(
        "autoscaling",
        "PutLifecycleHook",
        **hook,
        LifecycleTransition="autoscaling:EC2_INSTANCE_LAUNCHING",
        HeartbeatTimeout=3600,
    )
    call("autoscaling", "DescribeLifecycleHooks", AutoScalingGroupName=name)
    call("autoscaling", "PutScalingPolicy", AutoScalingGroupName=name, PolicyName="a", ScalingAdjustment=1)
    call("autoscaling", "UpdateAutoScalingGroup", AutoScalingGroupName=name, DesiredCapacity=3)

    def members():
        found = call("autoscaling", "DescribeAutoScalingGroups", AutoScalingGroupNames=[name])
        return found["AutoScalingGroups"][0]["Instances"]

    def all_are(count, state):
        return until(members, lambda found: [m["LifecycleState"] for m in found] == [state] * count)

    for member in all_are(3, "Pending:Wait"):
        call("autoscaling", "RecordLifecycleActionHeartbeat", **hook, InstanceId=member["InstanceId"])
        call(
            "autoscaling",
            "CompleteLifecycleAction",
            **hook,
            InstanceId=member["InstanceId"],
            LifecycleActionResult="CONTINUE",
        )
    first, second, third = (member["InstanceId"] for member in all_are(3, "InService"))
    call("autoscaling", "DeleteLifecycleHook", **hook)
    call(
        "autoscaling",
        "SetInstanceProtection",
        AutoScalingGroupName=name,
        InstanceIds=[first],
        ProtectedFromScaleIn=True,
    )
    call(
        "autoscaling",
        "DetachInstances",
        AutoScalingGroupName=name,
        InstanceIds=[second],
        ShouldDecrementDesiredCapacity=True,
    )
    call(
        "autoscaling",
        "TerminateInstanceInAutoScalingGroup",
        InstanceId=third,
        ShouldDecrementDesiredCapacity=True,
    )
    call("ec2", "TerminateInstances", InstanceIds=[second])
    all_are(1, "InService")
    call("autoscaling", "StartInstanceRefresh", AutoScalingGroupName=name)
    call("autoscaling", "DescribeInstanceRefreshes", AutoScalingGroupName=name)
    call("autoscaling", "CancelInstanceRefresh", AutoScalingGroupName=name)
    call("autoscaling", "DescribeInstanceRefreshes", AutoScalingGroupName=name)
    call("autoscaling", "SetInstanceHealth", InstanceId=first, HealthStatus="Unhealthy")
    call("autoscaling", "DescribeScalingActivities", AutoScalingGroupName=name)
    call("autoscaling", "DeleteAutoScalingGroup", AutoScalingGroupName=name, ForceDelete=True)


def every_type():
    """A resource of each type that the overlay makes or changes; `word` is what an update changes."""
    trust = json.loads(TRUST)
    document = json.loads(POLICY)
    return {
        "Vpc": of("EC2::VPC", CidrBlock="10.61.0.0/16"),
        "A": of("EC2::Subnet", VpcId=ref("Vpc"), CidrBlock="10.61.0.0/24", AvailabilityZone="eu-central-1a"),
        "B": of("EC2::Subnet", VpcId=ref("Vpc"), CidrBlock="10.61.1.0/24", AvailabilityZone="eu-central-1b"),
        "Gateway": of("EC2::InternetGateway"),
        "Attachment": of("EC2::VPCGatewayAttachment", VpcId=ref("Vpc"), InternetGatewayId=ref("Gateway")),
        "Table": of("EC2::RouteTable", VpcId=ref("Vpc")),
        "Route": {
            **of("EC2::Route", RouteTableId=ref("Table"), DestinationCidrBlock="0.0.0.0/0", GatewayId=ref("Gateway")),
            "DependsOn": "Attachment",
        },
        "Association": of("EC2::SubnetRouteTableAssociation", RouteTableId=ref("Table"), SubnetId=ref("A")),
        "Address": of("EC2::EIP", Domain="vpc"),
        "Nat": {
            **of("EC2::NatGateway", SubnetId=ref("A"), AllocationId=att("Address", "AllocationId")),
            "DependsOn": "Attachment",
        },
        "Endpoint": of("EC2::VPCEndpoint", VpcId=ref("Vpc"), ServiceName="com.amazonaws.eu-central-1.s3"),
        "Group": of("EC2::SecurityGroup", VpcId=ref("Vpc"), GroupDescription="a"),
        "In": of("EC2::SecurityGroupIngress", GroupId=ref("Group"), IpProtocol="-1", CidrIp="10.0.0.0/8"),
        "Out": of(
            "EC2::SecurityGroupEgress",
            GroupId=ref("Group"),
            IpProtocol="tcp",
            FromPort=1,
            ToPort=1,
            CidrIp="10.0.0.0/8",
        ),
        "Role": of("IAM::Role", AssumeRolePolicyDocument=trust),
        "Profile": of("IAM::InstanceProfile", Roles=[ref("Role")]),
        "Managed": of("IAM::ManagedPolicy", PolicyDocument=document, Roles=[ref("Role")]),
        "Template": of("EC2::LaunchTemplate", LaunchTemplateData={"InstanceType": "t3.small"}),
        "Scaling": of(
            "AutoScaling::AutoScalingGroup",
            MinSize="0",
            MaxSize="1",
            VPCZoneIdentifier=[ref("A")],
            LaunchTemplate={"LaunchTemplateId": ref("Template"), "Version": "1"},
        ),
        "Hook": of(
            "AutoScaling::LifecycleHook",
            AutoScalingGroupName=ref("Scaling"),
            LifecycleTransition="autoscaling:EC2_INSTANCE_TERMINATING",
        ),
        "Policy": of("AutoScaling::ScalingPolicy", AutoScalingGroupName=ref("Scaling"), ScalingAdjustment=1),
        "Schedule": of(
            "AutoScaling::ScheduledAction", AutoScalingGroupName=ref("Scaling"), MinSize=0, Recurrence="0 1 * * *"
        ),
        "Balancer": of("ElasticLoadBalancingV2::LoadBalancer", Scheme="internal", Subnets=[ref("A"), ref("B")]),
        "Targets": of("ElasticLoadBalancingV2::TargetGroup", VpcId=ref("Vpc"), Port=80, Protocol="HTTP"),
        "Listener": of(
            "ElasticLoadBalancingV2::Listener",
            LoadBalancerArn=ref("Balancer"),
            Port=80,
            Protocol="HTTP",
            DefaultActions=[{"Type": "forward", "TargetGroupArn": ref("Targets")}],
        ),
        "Rule": of(
            "ElasticLoadBalancingV2::ListenerRule",
            ListenerArn=ref("Listener"),
            Priority=1,
            Conditions=[{"Field": "path-pattern", "Values": ["/a"]}],
            Actions=[{"Type": "forward", "TargetGroupArn": ref("Targets")}],
        ),
        "Certificate": of("CertificateManager::Certificate", DomainName="a.example.com"),
        "Cluster": of("ECS::Cluster", ClusterName="types"),
        "Task": of("ECS::TaskDefinition", ContainerDefinitions=[{"Name": "a", "Image": "a", "Memory": 128}]),
        "Service": of("ECS::Service", Cluster=ref("Cluster"), TaskDefinition=ref("Task"), DesiredCount=0),
        "Home": of("EFS::FileSystem", Encrypted=True),
        "Mount": of("EFS::MountTarget", FileSystemId=ref("Home"), SubnetId=ref("A"), SecurityGroups=[ref("Group")]),
        "Project": of(
            "CodeBuild::Project",
            ServiceRole=att("Role", "Arn"),
            Source={"Type": "NO_SOURCE", "BuildSpec": "version: 0.2"},
            Artifacts={"Type": "NO_ARTIFACTS"},
            Environment={"Type": "LINUX_CONTAINER", "Image": "a", "ComputeType": "BUILD_GENERAL1_SMALL"},
        ),
        "Function": of(
            "Lambda::Function",
            Runtime="nodejs20.x",
            Handler="index.handler",
            Role=att("Role", "Arn"),
            Code={"ZipFile": "exports.handler = async () => 1"},
        ),
        "Key": of("KMS::Key", KeyPolicy=document),
        "Alias": of("KMS::Alias", AliasName="alias/types", TargetKeyId=ref("Key")),
        "Logs": of("Logs::LogGroup", RetentionInDays=7),
        "Zone": of("Route53::HostedZone", Name="example.com."),
        "Record": of(
            "Route53::RecordSet",
            HostedZoneId=ref("Zone"),
            Name="a.example.com.",
            Type="A",
            TTL="60",
            ResourceRecords=["10.0.0.1"],
        ),
        "Names": of("ServiceDiscovery::PrivateDnsNamespace", Name="types.local", Vpc=ref("Vpc")),
        "Bucket": of("S3::Bucket", BucketName="contract-types"),
        "BucketPolicy": of("S3::BucketPolicy", Bucket=ref("Bucket"), PolicyDocument=document),
        "Topic": of("SNS::Topic"),
        "TopicPolicy": of("SNS::TopicPolicy", Topics=[ref("Topic")], PolicyDocument=document),
        "Subscription": of("SNS::Subscription", TopicArn=ref("Topic"), Protocol="email", Endpoint="a@example.com"),
        "Instance": of("EC2::Instance", ImageId="ami-00000000", InstanceType="t3.small", SubnetId=ref("A")),
        "Volume": of("EC2::Volume", AvailabilityZone="eu-central-1a", Size=10, VolumeType="gp3"),
        "Attached": of("EC2::VolumeAttachment", VolumeId=ref("Volume"), InstanceId=ref("Instance"), Device="/dev/sdf"),
        "Flow": of("EC2::FlowLog", ResourceType="VPC", ResourceId=ref("Vpc"), TrafficType="ALL", LogGroupName="a"),
        "Acl": of("EC2::NetworkAcl", VpcId=ref("Vpc")),
        "AclEntry": of(
            "EC2::NetworkAclEntry",
            NetworkAclId=ref("Acl"),
            RuleNumber=1,
            Protocol=-1,
            RuleAction="allow",
            CidrBlock="10.0.0.0/8",
        ),
        "Alarm": of(
            "CloudWatch::Alarm",
            AlarmName="types",
            Namespace="a",
            MetricName="a",
            Period=60,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanThreshold",
        ),
        "Composite": {
            **of("CloudWatch::CompositeAlarm", AlarmName="composed", AlarmRule="ALARM(types)"),
            "DependsOn": "Alarm",
        },
        "Vault": of("Backup::BackupVault", BackupVaultName="types"),
        "Plan": of(
            "Backup::BackupPlan",
            BackupPlan={
                "BackupPlanName": "types",
                "BackupPlanRule": [{"RuleName": "a", "TargetBackupVault": ref("Vault")}],
            },
        ),
        "Selection": of(
            "Backup::BackupSelection",
            BackupPlanId=ref("Plan"),
            BackupSelection={"SelectionName": "a", "IamRoleArn": att("Role", "Arn"), "Resources": ["*"]},
        ),
        "Lifecycle": of("DLM::LifecyclePolicy", Description="a", State="ENABLED", ExecutionRoleArn=att("Role", "Arn")),
        "Nested": of("CloudFormation::Stack", TemplateURL="https://contract-templates.s3.amazonaws.com/nested.json"),
    }


# What shows the resources of every type in their own service.
DESCRIPTIONS = (
    ("ec2", "DescribeVpcs", {}),
    ("ec2", "DescribeSubnets", {}),
    ("ec2", "DescribeInternetGateways", {}),
    ("ec2", "DescribeRouteTables", {}),
    ("ec2", "DescribeAddresses", {}),
    ("ec2", "DescribeNatGateways", {}),
    ("ec2", "DescribeVpcEndpoints", {}),
    ("ec2", "DescribeSecurityGroups", {}),
    ("ec2", "DescribeSecurityGroupRules", {}),
    ("ec2", "DescribeNetworkInterfaces", {}),
    ("ec2", "DescribeLaunchTemplates", {}),
    ("ec2", "DescribeInstances", {}),
    ("ec2", "DescribeVolumes", {}),
    ("ec2", "DescribeFlowLogs", {}),
    ("ec2", "DescribeNetworkAcls", {}),
    ("cloudwatch", "DescribeAlarms", {"AlarmTypes": ["CompositeAlarm"]}),
    ("backup", "ListBackupPlans", {}),
    ("backup", "ListRecoveryPointsByBackupVault", {"BackupVaultName": "types"}),
    ("iam", "ListRoles", {}),
    ("iam", "ListInstanceProfiles", {}),
    ("iam", "ListPolicies", {"Scope": "Local"}),
    ("autoscaling", "DescribeAutoScalingGroups", {}),
    ("autoscaling", "DescribePolicies", {}),
    ("autoscaling", "DescribeScheduledActions", {}),
    ("elbv2", "DescribeLoadBalancers", {}),
    ("elbv2", "DescribeTargetGroups", {}),
    ("acm", "ListCertificates", {}),
    ("ecs", "ListClusters", {}),
    ("efs", "DescribeFileSystems", {}),
    ("kms", "ListAliases", {}),
    ("logs", "DescribeLogGroups", {}),
    ("route53", "ListHostedZones", {}),
    ("servicediscovery", "ListNamespaces", {}),
    ("s3", "ListBuckets", {}),
    ("sns", "ListSubscriptions", {}),
)


def settled(call, stack):
    found = until(
        lambda: call("cloudformation", "DescribeStacks", StackName=stack)["Stacks"][0]["StackStatus"],
        lambda status: not status.endswith("IN_PROGRESS"),
    )
    return found


def stacks(call):
    """Returns the types of which a stack made one, changed it and deleted it."""
    name = "contract"
    call(
        "s3",
        "CreateBucket",
        Bucket="contract-templates",
        CreateBucketConfiguration={"LocationConstraint": "eu-central-1"},
    )
    nested = json.dumps({"Resources": {"Topic": of("SNS::Topic")}}).encode()
    call("s3", "PutObject", Bucket="contract-templates", Key="nested.json", Body=nested)
    resources = every_type()
    body = json.dumps({"Resources": resources})
    more = {"StackName": name, "Capabilities": ["CAPABILITY_NAMED_IAM"]}
    call("cloudformation", "CreateChangeSet", ChangeSetName="a", ChangeSetType="CREATE", TemplateBody=body, **more)
    until(
        lambda: call("cloudformation", "DescribeChangeSet", StackName=name, ChangeSetName="a"),
        lambda found: found["Status"] == "CREATE_COMPLETE",
    )
    call("cloudformation", "ListChangeSets", StackName=name)
    call("cloudformation", "ExecuteChangeSet", StackName=name, ChangeSetName="a")
    status = settled(call, name)
    events = call("cloudformation", "DescribeStackEvents", StackName=name)["StackEvents"]
    if status != "CREATE_COMPLETE":
        failed = [e for e in events if e["ResourceStatus"].endswith("FAILED")]
        raise ValueError(f"{status}: {[(e['LogicalResourceId'], e.get('ResourceStatusReason')) for e in failed]}")
    call("cloudformation", "DescribeStackResources", StackName=name)
    call("cloudformation", "GetTemplate", StackName=name)
    call("cloudformation", "DescribeEvents", StackName=name)
    policy = {"Statement": [{"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"}]}
    call("cloudformation", "SetStackPolicy", StackName=name, StackPolicyBody=json.dumps(policy))
    for service, operation, parameters in DESCRIPTIONS:
        call(service, operation, **parameters)
    changed = {**resources, "Logs": of("Logs::LogGroup", RetentionInDays=14)}
    call("cloudformation", "UpdateStack", TemplateBody=json.dumps({"Resources": changed}), **more)
    if (status := settled(call, name)) != "UPDATE_COMPLETE":
        raise ValueError(status)
    stack_id = call("cloudformation", "DescribeStacks", StackName=name)["Stacks"][0]["StackId"]
    call("cloudformation", "DeleteStack", StackName=name)
    if (status := settled(call, stack_id)) != "DELETE_COMPLETE":
        raise ValueError(status)
    return {resource["Type"] for resource in resources.values()}


def failing_stacks(call):
    bad = of("EC2::Subnet", VpcId="vpc-0", CidrBlock="10.0.0.0/24")
    template = json.dumps({"Resources": {"Topic": of("SNS::Topic"), "Bad": {**bad, "DependsOn": "Topic"}}})
    call("cloudformation", "CreateStack", StackName="failing", TemplateBody=template, OnFailure="DO_NOTHING")
    settled(call, "failing")
    call("cloudformation", "RollbackStack", StackName="failing")
    settled(call, "failing")

    def with_value(value, **resources):
        parameter = of("SSM::Parameter", Name="/contract", Type="String", Value=value)
        return json.dumps({"Resources": {"Parameter": parameter, **resources}})

    call("cloudformation", "CreateStack", StackName="stuck", TemplateBody=with_value("a"))
    settled(call, "stuck")
    rule = {"service": "ssm", "operation": "PutParameter", "rate": 1, "error": "AccessDenied", "during": "rollback"}
    own_path(call, "faults", "PUT", [rule])
    worse = with_value("b", Bad={**bad, "DependsOn": "Parameter"})
    call("cloudformation", "UpdateStack", StackName="stuck", TemplateBody=worse)
    if (status := settled(call, "stuck")) != "UPDATE_ROLLBACK_FAILED":
        raise ValueError(status)
    own_path(call, "faults", "DELETE")
    call("cloudformation", "ContinueUpdateRollback", StackName="stuck")
    settled(call, "stuck")


def own_path(call, name, method, value=None):
    body = None if value is None else json.dumps(value).encode()
    request = urllib.request.Request(f"{call.endpoint}/_jenkins-aws/{name}", data=body, method=method)
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - the emulator's own address
        return json.load(answer)


def play(call):
    made = network(call)
    balancing(call, made)
    containers(call)
    scaling(call, made)
    remove_network(call, made)
    types = stacks(call)
    failing_stacks(call)
    return types
