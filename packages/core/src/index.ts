export type { JenkinsAwsErrorOptions, Problem } from './errors.js';
export { isJenkinsAwsError, JenkinsAwsError } from './errors.js';
export type { EventDeclaration, EventDefinition, EventLevel, JenkinsAwsEvent, Reporter } from './events.js';
export { defineEvent, silentReporter } from './events.js';
export { MANAGED_POLICY_ARN_PATTERN, ROLE_PATH_PATTERN } from './iam.js';
export type { JenkinsFragment } from './jenkins-fragment.js';
export type { StackRole } from './names.js';
export {
  JENKINS_PORT,
  KEPT_OF_STACK_NAME,
  logGroupName,
  MASTER_NAME_PATTERN,
  MASTER_TAG,
  ownershipTag,
  PLATFORM_NAME_PATTERN,
  PLATFORM_TAG,
  parameterName,
  stackName,
  stackNamePrefix,
} from './names.js';
export type { Partition } from './partitions.js';
export { isRegionName, partitionOfRegion } from './partitions.js';
export type { SchemaIssue } from './problems.js';
export { listProblems, problemsOfIssues } from './problems.js';
