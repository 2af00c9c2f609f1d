import type { ReasonExplanation } from '../../src/internal/explain-reason.js';

/**
 * AWS's own words about failures, as people met them and reported them in public, with accounts and ids replaced.
 * `where` tells the report or the page of the documentation.
 */
export interface AwsReason {
  readonly where: string;
  readonly reason: string;
  readonly expected: Partial<ReasonExplanation>;
  /** What the hint says; undefined where there is none. */
  readonly hint: RegExp | undefined;
}

const ENCODED = 'RWnQGdGn90iWVb2rt6oa2XOEFEzq1J9HWAPTG0TD1W5gj6sf-imL9idHugVqMi7WoJl96CZqaaMEZKGyCsKRUj9c';

export const AWS_REASONS: readonly AwsReason[] = [
  {
    where: 'aws-samples/amazon-mwaa-examples#63',
    reason:
      'Resource handler returned message: "User: arn:aws:sts::111122223333:assumed-role/deploy/session is not authorized to perform: lambda:TagResource on resource: arn:aws:lambda:us-east-1:111122223333:function:parse because no identity-based policy allows the lambda:TagResource action (Service: Lambda, Status Code: 403, Request ID: 6422bc20)" (RequestToken: 97cd1be4, HandlerErrorCode: AccessDenied)',
    expected: {
      operation: 'lambda:TagResource',
      missingPermission: 'lambda:TagResource',
      deniedResource: 'arn:aws:lambda:us-east-1:111122223333:function:parse',
      deniedBy: 'identity-based policy',
      code: 'AccessDenied',
      isDenial: true,
      text: 'User: arn:aws:sts::111122223333:assumed-role/deploy/session is not authorized to perform: lambda:TagResource on resource: arn:aws:lambda:us-east-1:111122223333:function:parse because no identity-based policy allows the lambda:TagResource action',
    },
    hint: /^have lambda:TagResource on arn:aws:lambda:\S+ granted/,
  },
  {
    where: 'aws/aws-cdk#27067',
    reason:
      'Resource handler returned message: "User: arn:aws:iam::111122223333:user/ci is not authorized to perform: iam:GetRole on resource: role cdk-image-publishing because no identity-based policy allows the iam:GetRole action (Service: Iam, Status Code: 403, Request ID: 2014b22d)" (RequestToken: 97cd1be4, HandlerErrorCode: AccessDenied)',
    expected: { missingPermission: 'iam:GetRole', deniedResource: 'role cdk-image-publishing' },
    hint: /iam:GetRole on role cdk-image-publishing/,
  },
  {
    where: 'aws-amplify/amplify-backend#2258',
    reason:
      'User: arn:aws:sts::111122223333:assumed-role/deploy/session is not authorized to perform: ssm:GetParameters on resource: arn:aws:ssm:eu-west-1:111122223333:parameter/x because no identity-based policy allows the ssm:GetParameters action',
    expected: {
      operation: 'ssm:GetParameters',
      missingPermission: 'ssm:GetParameters',
      deniedResource: 'arn:aws:ssm:eu-west-1:111122223333:parameter/x',
    },
    hint: /ssm:GetParameters/,
  },
  {
    where: 'data-dot-all/dataall#1233',
    reason:
      'Resource handler returned message: "Encountered a permissions error performing a tagging operation, please add required tag permissions. See https://repost.aws/knowledge-center/cloudformation-tagging-permission-error for how to resolve. Resource handler returned message: "User: arn:aws:sts::111122223333:assumed-role/cfn-exec/AWSCloudFormation is not authorized to perform: iam:CreateRole on resource: arn:aws:iam::111122223333:role/env-x because no permissions boundary allows the iam:CreateRole action (Service: Iam, Status Code: 403, Request ID: 777a2667)"" (RequestToken: 78573905, HandlerErrorCode: UnauthorizedTaggingOperation)',
    expected: {
      missingPermission: 'iam:CreateRole',
      deniedResource: 'arn:aws:iam::111122223333:role/env-x',
      deniedBy: 'permissions boundary',
      code: 'UnauthorizedTaggingOperation',
    },
    hint: /permissions boundary of the credentials .* iam:CreateRole .*widened/,
  },
  {
    where: 'aws-samples/aws-eda-slurm-cluster#340',
    reason:
      'Encountered a permissions error performing a tagging operation, please add required tag permissions. Retrying request without including tags. See https://repost.aws/knowledge-center/cloudformation-tagging-permission-error for how to resolve. Resource handler returned message: "Unauthorized tagging operation"',
    expected: { isDenial: true, text: 'Unauthorized tagging operation' },
    hint: /a permission is missing, one of x:Create: AWS does not say which/,
  },
  {
    where: 'ministryofjustice/aws-root-account#1494',
    reason:
      'User: arn:aws:sts::111122223333:assumed-role/Admin/me is not authorized to perform: rds:CreateDBInstance on resource: arn:aws:rds:eu-west-2:111122223333:db:test with an explicit deny in a service control policy: arn:aws:organizations::111122223333:policy/o-b2fpbzyd95/service_control_policy/p-v4qqk7we',
    expected: {
      missingPermission: 'rds:CreateDBInstance',
      deniedResource: 'arn:aws:rds:eu-west-2:111122223333:db:test',
      deniedBy: 'service control policy',
      deniedExplicitly: true,
      policyArn: 'arn:aws:organizations::111122223333:policy/o-b2fpbzyd95/service_control_policy/p-v4qqk7we',
    },
    hint: /^a service control policy of the organization \(arn:aws:organizations::\S+\) forbids rds:CreateDBInstance/,
  },
  {
    where: 'openshift/ci-chat-bot#494',
    reason:
      'You are not authorized to perform this operation. User: arn:aws:sts::111122223333:assumed-role/Installer/OCM is not authorized to perform: ec2:CreateSecurityGroup on resource: arn:aws:ec2:us-east-1:111122223333:security-group/* with an explicit deny in a service control policy.',
    expected: {
      operation: 'ec2:CreateSecurityGroup',
      deniedResource: 'arn:aws:ec2:us-east-1:111122223333:security-group/*',
      deniedBy: 'service control policy',
      deniedExplicitly: true,
    },
    hint: /only who manages the organization/,
  },
  {
    where: 'hashicorp/terraform-provider-aws#35639',
    reason: `You are not authorized to perform this operation. User: arn:aws:sts::111122223333:assumed-role/Admin/me is not authorized to perform: ec2:RunInstances on resource: arn:aws:ec2:eu-central-1:111122223333:volume/* with an explicit deny in a service control policy. Encoded authorization failure message: ${ENCODED}`,
    expected: {
      missingPermission: 'ec2:RunInstances',
      deniedResource: 'arn:aws:ec2:eu-central-1:111122223333:volume/*',
      deniedBy: 'service control policy',
      isEncoded: true,
    },
    hint: /forbids ec2:RunInstances on arn:aws:ec2:eu-central-1:111122223333:volume/,
  },
  {
    where: 'trailofbits/algo#14369',
    reason: `Resource handler returned message: "You are not authorized to perform this operation. Encoded authorization failure message: ${ENCODED} (Service: Ec2, Status Code: 403, Request ID: 4dba7dde, Extended Request ID: null)" (RequestToken: 6c43fb9d, HandlerErrorCode: GeneralServiceException)`,
    expected: {
      isDenial: true,
      isEncoded: true,
      code: 'GeneralServiceException',
      text: 'You are not authorized to perform this operation. (details encoded)',
    },
    hint: /one of x:Create\. AWS encoded which: aws sts decode-authorization-message/,
  },
  {
    where: 'aws-samples/aws-secure-environment-accelerator#761',
    reason:
      'Resource handler returned message: "You are not authorized to perform this operation. (Service: Ec2, Status Code: 403, Request ID: bd20cdf1, Extended Request ID: null)" (RequestToken: 161572df, HandlerErrorCode: GeneralServiceException)',
    expected: { isDenial: true, isEncoded: false, text: 'You are not authorized to perform this operation.' },
    hint: /one of x:Create: AWS does not say which/,
  },
  {
    where: 'aws-amplify/amplify-cli#10116',
    reason:
      'Resource handler returned message: "You are not authorized to perform this operation. (Service: Ec2, Status Code: 403, Request ID: 739745f0, Extended Request ID: null)" (RequestToken: e26ed59d, HandlerErrorCode: AccessDenied)',
    expected: { isDenial: true, code: 'AccessDenied' },
    hint: /a permission is missing/,
  },
  {
    where: 'aws-samples/unishop-monolith-to-microservices#47',
    reason:
      'Resource handler returned message: "Access Denied (Service: S3, Status Code: 403, Request ID: XXX, Extended Request ID: XXX)" (RequestToken: XXXX, HandlerErrorCode: AccessDenied)',
    expected: { isDenial: true, text: 'Access Denied', code: 'AccessDenied' },
    hint: /one of x:Create/,
  },
  {
    where: 'service-cloud-voice/examples-from-doc#51',
    reason: 'API: s3:PutBucketPolicy Access Denied',
    expected: { operation: 's3:PutBucketPolicy', missingPermission: 's3:PutBucketPolicy', isDenial: true },
    hint: /^have s3:PutBucketPolicy granted/,
  },
  {
    where: 'duo-labs/cloudmapper#592',
    reason:
      'API: iam:CreateRole User: arn:aws:sts::111122223333:assumed-role/Engineer/me is not authorized to perform: iam:CreateRole on resource: arn:aws:iam::111122223333:role/task-1D0MLVPEPD877 with an explicit deny',
    expected: {
      operation: 'iam:CreateRole',
      missingPermission: 'iam:CreateRole',
      deniedResource: 'arn:aws:iam::111122223333:role/task-1D0MLVPEPD877',
      deniedExplicitly: true,
    },
    hint: /^a policy denies iam:CreateRole on \S+ in so many words/,
  },
  {
    where: 'eksctl-io/eksctl#339',
    reason:
      'API: autoscaling:CreateLaunchConfiguration User: arn:aws:iam::111122223333:user/myuser is not authorized to perform: autoscaling:CreateLaunchConfiguration on resource: arn:aws:autoscaling:us-east-1:111122223333:launchConfiguration:*:launchConfigurationName/x',
    expected: {
      operation: 'autoscaling:CreateLaunchConfiguration',
      deniedResource: 'arn:aws:autoscaling:us-east-1:111122223333:launchConfiguration:*:launchConfigurationName/x',
    },
    hint: /autoscaling:CreateLaunchConfiguration/,
  },
  {
    where: 'eksctl-io/eksctl#834',
    reason:
      'API: autoscaling:CreateAutoScalingGroup You are not authorized to use launch template: eksctl-kube-test-2-nodegroup',
    expected: {
      operation: 'autoscaling:CreateAutoScalingGroup',
      missingPermission: 'ec2:RunInstances',
      isDenial: true,
    },
    hint: /^have ec2:RunInstances granted/,
  },
  {
    where: 'ansible-collections/community.aws#831',
    reason: 'You are not authorized to use launch template: lt-0b27953098b749950',
    expected: { missingPermission: 'ec2:RunInstances', isDenial: true },
    hint: /ec2:RunInstances/,
  },
  {
    where: 'DataDog/cloudformation-template#61',
    reason:
      'Resource handler returned message: "User with accountId: 111122223333 is not authorized to perform CreateLogGroup with Tags. An additional permission "logs:TagResource" is required. (Service: CloudWatchLogs, Status Code: 400, Request ID: fc9bb4e4)" (RequestToken: 62e9f7dd, HandlerErrorCode: GeneralServiceException)',
    expected: { operation: 'logs:CreateLogGroup', missingPermission: 'logs:TagResource' },
    hint: /^have logs:TagResource granted/,
  },
  {
    where: 'awslabs/aws-well-architected-labs#747',
    reason:
      'Resource handler returned message: "User with accountId: 111122223333 is not authorized to perform CreateLogGroup with Tags (Service: CloudWatchLogs, Status Code: 400, Request ID: 72c1fa9c)" (RequestToken: 62e9f7dd, HandlerErrorCode: GeneralServiceException)',
    expected: { operation: 'logs:CreateLogGroup', missingPermission: 'logs:TagResource' },
    hint: /logs:TagResource/,
  },
  {
    where: 'awslabs/aws-saas-boost#513',
    reason:
      'Resource handler returned message: "User: arn:aws:sts::111122223333:assumed-role/svc/events is not authorized to perform: elasticfilesystem:TagResource on the specified resource (Service: Efs, Status Code: 403, Request ID: c4120ca5)" (RequestToken: cb6d5312, HandlerErrorCode: GeneralServiceException)',
    expected: { missingPermission: 'elasticfilesystem:TagResource' },
    hint: /^have elasticfilesystem:TagResource granted/,
  },
  {
    where: 'hashicorp/terraform-provider-aws#1727',
    reason: 'User is not authorized to perform that action on the specified resource',
    expected: { isDenial: true },
    hint: /one of x:Create/,
  },
  {
    where: 'aws-cloudformation/aws-cloudformation-resource-providers-rds#461',
    reason: 'Role not authorized to execute rds:AddTagsToResource',
    expected: { missingPermission: 'rds:AddTagsToResource' },
    hint: /rds:AddTagsToResource/,
  },
  {
    where: 'aws-ia/terraform-aws-control_tower_account_factory#569',
    reason:
      'AccessDeniedException: User: arn:aws:sts::111122223333:assumed-role/AWSAFTAdmin/AWSAFT-Session is not authorized to perform: kms:CreateKey on resource: * because no identity-based policy allows the kms:CreateKey action',
    expected: { missingPermission: 'kms:CreateKey', deniedResource: '*' },
    hint: /^have kms:CreateKey granted/,
  },
  {
    where: 'aws-solutions-library-samples/data-lakes-on-aws#275',
    reason:
      'User: arn:aws:sts::111122223333:assumed-role/cicd/AWSCloudFormation is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111122223333:role/sdlf-cicd because no identity-based policy allows the iam:PassRole action',
    expected: { missingPermission: 'iam:PassRole', deniedResource: 'arn:aws:iam::111122223333:role/sdlf-cicd' },
    hint: /^have iam:PassRole on arn:aws:iam::111122223333:role\/sdlf-cicd granted .*PassedToService/,
  },
  {
    where: 'lambci/lambci#103',
    reason:
      'Failed to create resource. User: arn:aws:sts::111122223333:assumed-role/lambci/lambci-build is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111122223333:role/lambci-SnsFailures-12A7PH6XYO1HO',
    expected: {
      missingPermission: 'iam:PassRole',
      deniedResource: 'arn:aws:iam::111122223333:role/lambci-SnsFailures-12A7PH6XYO1HO',
    },
    hint: /iam:PassRole/,
  },
  {
    where: 'nccgroup/Scout2#261',
    reason:
      'User: arn:aws:iam::111122223333:user/me is not authorized to perform: SNS:ListSubscriptions on resource: arn:aws:sns:ap-south-1:111122223333:*',
    expected: { missingPermission: 'sns:ListSubscriptions', deniedResource: 'arn:aws:sns:ap-south-1:111122223333:*' },
    hint: /sns:ListSubscriptions/,
  },
  {
    where: 'aws/aws-cli#6274',
    reason: 'User: arn:aws:iam::111122223333:user/Administrator is not authorized to perform: null',
    expected: { isDenial: true },
    hint: /AWS does not say which/,
  },
  {
    where: 'aws-samples/aws-application-auto-scaling-kinesis#1',
    reason:
      'Account is not authorized (Service: AWSApplicationAutoScaling; Status Code: 400; Error Code: AccessDeniedException; Request ID: 33186854)',
    expected: { isDenial: true, code: 'AccessDeniedException', text: 'Account is not authorized' },
    hint: /a permission is missing/,
  },
  {
    where: 'lucpod/aws-lambda-workshop#2',
    reason:
      'User: arn:aws:iam::111122223333:user/me is not authorized to perform: cloudformation:CreateChangeSet on resource: arn:aws:cloudformation:us-east-1:111122223333:stack/simple-hello-world/*',
    expected: {
      missingPermission: 'cloudformation:CreateChangeSet',
      deniedResource: 'arn:aws:cloudformation:us-east-1:111122223333:stack/simple-hello-world/*',
    },
    hint: /cloudformation:CreateChangeSet/,
  },
  {
    where: 'IAM user guide, troubleshooting access denied messages: session policy',
    reason:
      'User: arn:aws:sts::111122223333:assumed-role/deploy/me is not authorized to perform: ec2:CreateVpc on resource: arn:aws:ec2:us-east-1:111122223333:vpc/* because no session policy allows the ec2:CreateVpc action',
    expected: { deniedBy: 'session policy', missingPermission: 'ec2:CreateVpc' },
    hint: /^the session was opened with a policy that does not allow ec2:CreateVpc/,
  },
  {
    where: 'IAM user guide, troubleshooting access denied messages: VPC endpoint policy',
    reason:
      'User: arn:aws:iam::111122223333:user/me is not authorized to perform: codecommit:ListRepositories on resource: arn:aws:codecommit:us-east-1:111122223333:* with an explicit deny in a VPC endpoint policy',
    expected: { deniedBy: 'VPC endpoint policy', deniedExplicitly: true },
    hint: /policy of the VPC endpoint/,
  },
  {
    where: 'IAM user guide, troubleshooting access denied messages: identity-based policy',
    reason:
      'User: arn:aws:iam::111122223333:user/me is not authorized to perform: iam:CreateRole on resource: arn:aws:iam::111122223333:role/x with an explicit deny in an identity-based policy: arn:aws:iam::111122223333:policy/no-roles',
    expected: {
      deniedBy: 'identity-based policy',
      deniedExplicitly: true,
      policyArn: 'arn:aws:iam::111122223333:policy/no-roles',
    },
    hint: /^an identity-based policy \(arn:aws:iam::111122223333:policy\/no-roles\) denies/,
  },
  {
    where: 'yugabyte/yugabyte-db#4336: before anything is made',
    reason: "AccessDenied. User doesn't have permission to call ssm:GetParameters",
    expected: { operation: 'ssm:GetParameters', missingPermission: 'ssm:GetParameters', isDenial: true },
    hint: /^have ssm:GetParameters granted/,
  },
  {
    where: 'yugabyte/yugabyte-db#4336: a parameter that is looked up',
    reason: "AccessDenied. User doesn't have permission to call ec2:DescribeKeyPairs. Rollback requested by user.",
    expected: { operation: 'ec2:DescribeKeyPairs', missingPermission: 'ec2:DescribeKeyPairs', isDenial: true },
    hint: /^have ec2:DescribeKeyPairs granted/,
  },
  {
    where: 'eksctl-io/eksctl#365',
    reason: 'API: ec2:describeAddresses You are not authorized to perform this operation.',
    expected: { operation: 'ec2:DescribeAddresses', missingPermission: 'ec2:DescribeAddresses', isDenial: true },
    hint: /^have ec2:DescribeAddresses granted/,
  },
  {
    where: 'amazon-archives/aws-vpc-flow-log-appender#3',
    reason:
      'User: arn:aws:iam::111122223333:user/me is not authorized to perform: cloudformation:CreateChangeSet on resource: arn:aws:cloudformation:eu-west-1:aws:transform/Serverless-2016-10-31',
    expected: {
      missingPermission: 'cloudformation:CreateChangeSet',
      deniedResource: 'arn:aws:cloudformation:eu-west-1:aws:transform/Serverless-2016-10-31',
    },
    hint: /cloudformation:CreateChangeSet on \S+transform/,
  },
  {
    where: 'aws-cloudformation/cloudformation-coverage-roadmap#1711',
    reason: 'Resource handler returned message: "null" (RequestToken: c6817ee0, HandlerErrorCode: InvalidRequest)',
    expected: { isDenial: false, code: 'InvalidRequest', text: 'null' },
    hint: undefined,
  },
  {
    where: 'iotFab/iota-aws-full-node#6',
    reason:
      'Template validation error: S3 error: Access Denied For more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html',
    expected: { isDenial: true },
    hint: /s3:GetObject on it/,
  },
  {
    where: 'cloudfoundry/bosh-aws-cpi-release#61',
    reason:
      'Request limit exceeded. (Service: AmazonEC2; Status Code: 503; Error Code: RequestLimitExceeded; Request ID: 7fd6cf20)',
    expected: { isDenial: false, code: 'RequestLimitExceeded', text: 'Request limit exceeded.' },
    hint: /rate of calls/,
  },
  {
    where: 'aws-cloudformation/rain#186',
    reason:
      'Resource handler returned message: "The maximum number of addresses has been reached. (Service: Ec2, Status Code: 400, Request ID: d888d37e)" (RequestToken: 97cd1be4, HandlerErrorCode: ServiceLimitExceeded)',
    expected: { isDenial: false, text: 'The maximum number of addresses has been reached.' },
    hint: /quota/,
  },
  {
    where: 'aws/aws-cdk#14456',
    reason:
      "The subnet 'subnet-00974e267b4554553' has dependencies and cannot be deleted. (Service: AmazonEC2; Status Code: 400; Error Code: DependencyViolation; Request ID: 6422bc20; Proxy: null)",
    expected: {
      code: 'DependencyViolation',
      text: "The subnet 'subnet-00974e267b4554553' has dependencies and cannot be deleted.",
    },
    hint: /still uses it/,
  },
  {
    where: 'aws/copilot-cli#5481',
    reason:
      'Resource handler returned message: "The subnet \'subnet-018a56d9f6694def5\' has dependencies and cannot be deleted. (Service: Ec2, Status Code: 400, Request ID: 39bc4d02)" (RequestToken: 5b984c69, HandlerErrorCode: InvalidRequest)',
    expected: {
      code: 'InvalidRequest',
      text: "The subnet 'subnet-018a56d9f6694def5' has dependencies and cannot be deleted.",
    },
    hint: /still uses it/,
  },
  {
    where: 'aws-solutions/innovation-sandbox-on-aws#31',
    reason:
      'Resource handler returned message: "The new key policy will not allow you to update the key policy in the future. (Service: Kms, Status Code: 400, Request ID: b652e882) (SDK Attempt Count: 1)" (RequestToken: 97cd1be4, HandlerErrorCode: InvalidRequest)',
    expected: { text: 'The new key policy will not allow you to update the key policy in the future.' },
    hint: /key policy/,
  },
  {
    where: 'aws-samples/generative-ai-sagemaker-cdk-demo#14',
    reason:
      'Resource handler returned message: "The Launch Configuration creation operation is not available in your account. Use launch templates to create configuration templates for your Auto Scaling groups. (Service: AutoScaling, Status Code: 400, Request ID: 21f04575) (SDK Attempt Count: 1)" (RequestToken: 612f3bd4, HandlerErrorCode: GeneralServiceException)',
    expected: {
      isDenial: false,
      text: 'The Launch Configuration creation operation is not available in your account. Use launch templates to create configuration templates for your Auto Scaling groups.',
    },
    hint: undefined,
  },
  {
    where: 'aws-samples/aws-secure-environment-accelerator#1111',
    reason:
      'Resource handler returned message: "DeliverLogsPermissionArn is not applicable for s3 delivery (Service: Ec2, Status Code: 400, Request ID: 8a653b0b)" (RequestToken: 6f4dad51, HandlerErrorCode: InvalidRequest)',
    expected: { isDenial: false, text: 'DeliverLogsPermissionArn is not applicable for s3 delivery' },
    hint: undefined,
  },
];
