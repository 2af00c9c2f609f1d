import { JenkinsAwsError, type JenkinsAwsErrorOptions } from '@jenkins-aws/core';

/** Every code that this package throws or reports as a problem, with the way out. */
export const DEPLOYMENT_ERRORS = {
  DEPLOYMENT_STACKS_INVALID: 'several things are wrong with the stacks · see the listed problems',
  DEPLOYMENT_STACK_NAME_INVALID: 'CloudFormation does not take this stack name · use letters, digits and hyphens',
  DEPLOYMENT_STACK_DUPLICATE: 'two stacks have the same name · rename or remove one',
  DEPLOYMENT_DEPENDENCY_UNKNOWN:
    'a stack depends on one that is not in this deployment · add it or drop the dependency',
  DEPLOYMENT_DEPENDENCY_CYCLE: 'stacks depend on each other in a circle · drop one of the dependencies',
  DEPLOYMENT_TEMPLATE_INVALID: 'the text is not a CloudFormation template · correct it at the named place',
  DEPLOYMENT_TEMPLATE_TOO_LARGE: 'the template is over a limit of CloudFormation · minify or split it',
  DEPLOYMENT_POLICY_INVALID: 'the stack policy is not a JSON object · correct it',
  DEPLOYMENT_PARAMETER_UNKNOWN: 'the template has no such parameter · correct its name or declare it',
  DEPLOYMENT_PARAMETER_MISSING: 'a parameter has no value and no default · give it a value',
  DEPLOYMENT_PERMISSIONS_UNKNOWN:
    'it is not known which permissions a resource type needs · write a policy for it by hand, or leave it out',
  DEPLOYMENT_RESOURCE_UNKNOWN: 'a resource was named that is not there, or not in that state · name one that is',
  DEPLOYMENT_STACK_FOREIGN: 'a stack of this name belongs to somebody else · choose another name',
  DEPLOYMENT_STACK_BUSY: 'CloudFormation is at work on the stack · run again when it has finished',
  DEPLOYMENT_STACK_STUCK: 'the stack is in a state that takes no update · follow the named way out, then run again',
  DEPLOYMENT_STACK_PROTECTED: 'termination protection is on · switch it off first if the stack shall really go',
  DEPLOYMENT_CHANGE_SET_FAILED: 'CloudFormation could not compute the changes · correct what the reason names',
  DEPLOYMENT_REVIEW_STALE: 'what would happen now is not what was reviewed · review again',
  DEPLOYMENT_PLAN_INVALID: 'the file is not a plan that this version reads, or was changed · plan again',
  DEPLOYMENT_PLAN_MOVED: 'things are not as they were when the plan was saved · plan again and look at it',
  DEPLOYMENT_REPLACEMENT_REFUSED:
    'the change would replace or remove a resource that has to stay · change the configuration back, or allow it for the named resource',
  DEPLOYMENT_STACK_FAILED: 'a resource failed and the stack went back to what it was · correct the named cause',
  DEPLOYMENT_STACK_SILENT:
    'CloudFormation took a request and shows nothing of it · look at the stack in the console, then run again',
  DEPLOYMENT_DELETE_FAILED: 'a resource could not be deleted · remove what holds it, then run again',
  DEPLOYMENT_ABORTED: 'nobody watches any more, the stack goes on in AWS · run again when it has finished',
  DEPLOYMENT_LOCKED: 'somebody else is at work on this deployment · run again when that has finished',
  DEPLOYMENT_LOCK_LOST:
    'the lock was taken over or could not be renewed, so the work was stopped · see who holds it now, then run again',
  DEPLOYMENT_BUCKET_MISSING: 'the artifacts bucket does not exist · deploy the stack that makes it or correct its name',
  DEPLOYMENT_ARTIFACT_CORRUPT: 'what S3 stored is not what was sent · upload again',
  DEPLOYMENT_BUNDLE_INVALID: 'a path of the bundle cannot be in an archive · correct the named paths',
  DEPLOYMENT_CREDENTIALS_MISSING: 'no AWS credentials were found · log in or name a profile',
  DEPLOYMENT_CREDENTIALS_EXPIRED: 'the AWS credentials have expired · log in again',
  DEPLOYMENT_CREDENTIALS_REFUSED: 'AWS does not know these credentials here · check the keys, region and partition',
  DEPLOYMENT_CLOCK_WRONG: 'AWS does not take the time of this machine · set its clock',
  DEPLOYMENT_ACCESS_DENIED: 'the credentials lack a permission · have it granted',
  DEPLOYMENT_REGION_MISSING: 'no AWS region was given · name one',
  DEPLOYMENT_REGION_UNKNOWN: 'the endpoint of this region has no address · check the region and the network',
  DEPLOYMENT_ENDPOINT_UNREACHABLE: 'nothing answered at the endpoint · check that it runs, the network and the proxy',
  DEPLOYMENT_THROTTLED: 'AWS limits the rate of calls · run again in a minute or give the client more attempts',
  DEPLOYMENT_REQUEST_REFUSED: 'AWS refused the request · correct what its message names',
  DEPLOYMENT_SERVICE_FAILED: 'AWS failed to answer · run again later',
} as const;

export type DeploymentErrorCode = keyof typeof DEPLOYMENT_ERRORS;

/** The first real cause of a failed stack operation. */
export interface StackFailure {
  readonly stackName: string;
  readonly stackId: string;
  /** The status in which the stack ended, e.g. `UPDATE_ROLLBACK_COMPLETE`. */
  readonly status: string;
  /** Logical id of the resource that failed first. Undefined when CloudFormation blames the stack as a whole. */
  readonly logicalId: string | undefined;
  /** Its type, e.g. `AWS::EFS::MountTarget`. */
  readonly type: string | undefined;
  /** AWS's own words. */
  readonly reason: string;
  /**
   * The EC2 instance that made the resource fail, e.g. `i-0123456789abcdef0`: its console output tells more. Absent when
   * AWS names none, as where an instance never sent a signal.
   */
  readonly instanceId?: string;
  /** The API operation that said no, e.g. `ec2:RunInstances`. Absent when AWS's words do not tell. */
  readonly operation?: string;
  /** The permission that is missing or denied, e.g. `ec2:RunInstances`. Absent when it is not about one, or AWS hides it. */
  readonly missingPermission?: string;
  /** On what it is missing: an ARN, or what AWS gives instead. */
  readonly deniedResource?: string;
  /** The kind of policy that does not allow it or denies it, e.g. `service control policy`. */
  readonly deniedBy?: string;
  /** ARN of that policy, where AWS names it. */
  readonly policyArn?: string;
  /** Name of the nested stack that `logicalId`, `type` and the place in the template are of. Absent for the stack itself. */
  readonly nestedStackName?: string;
  /** JSON pointer into the template, e.g. `/Resources/Home/Properties/Encrypted`. */
  readonly templatePointer?: string;
  /** From 1. In a JSON template the line that it has when written with two spaces, in a YAML template that of its text. */
  readonly templateLine?: number;
}

export interface DeploymentErrorOptions extends JenkinsAwsErrorOptions {
  /** Default: none; set on `DEPLOYMENT_STACK_FAILED` and `DEPLOYMENT_DELETE_FAILED`. */
  readonly failure?: StackFailure;
  /** Default: none. */
  readonly others?: readonly DeploymentError[];
}

/** Thrown by every function of this package. `failure` says what failed in AWS, where something did. */
export class DeploymentError extends JenkinsAwsError<DeploymentErrorCode> {
  override readonly name = 'DeploymentError';
  readonly failure: StackFailure | undefined;
  /** What else went wrong in stacks that were at work at the same time. `message` and `problems` hold it too. */
  readonly others: readonly DeploymentError[];

  constructor(code: DeploymentErrorCode, message: string, options: DeploymentErrorOptions = {}) {
    super(code, message, options);
    this.failure = options.failure;
    this.others = options.others ?? [];
  }
}
