/** The tag that every resource of one platform carries: the platform's name. */
export const PLATFORM_TAG = 'jenkins-aws:platform';
/** The tag that every resource of one master carries beside {@link PLATFORM_TAG}: the master's name. */
export const MASTER_TAG = 'jenkins-aws:master';

/** The tag by which the stacks and resources of one platform are known as its own. */
export function ownershipTag(platform: string): { readonly key: string; readonly value: string } {
  return { key: PLATFORM_TAG, value: platform };
}

/**
 * What a platform may be called: 2–20 lower-case letters and digits, first a letter. No hyphen, so that no two
 * pairs of platform and master make the same stack name. Up to 15 characters, policies can tell by name what CloudFormation
 * makes for it: of longer names it drops the end.
 */
export const PLATFORM_NAME_PATTERN = /^[a-z][a-z0-9]{1,19}$/;
/** What a master may be called: 2–20 lower-case letters, digits and inner hyphens, first a letter. */
export const MASTER_NAME_PATTERN = /^[a-z][a-z0-9-]{0,18}[a-z0-9]$/;

/** The TCP port on which Jenkins itself listens. People reach it through the load balancer. */
export const JENKINS_PORT = 8080;

/** One platform is several stacks, by how long things live. */
export type StackRole = 'artifacts' | 'network' | 'data' | 'controller';

/** The CloudFormation stack's name, e.g. `jenkins-ci-network` or `jenkins-ci-main-controller`. */
export function stackName(platform: string, role: StackRole, master?: string): string {
  return stackNamePrefix(platform) + [...(master === undefined ? [] : [master]), role].join('-');
}

/** How the name of every stack of a platform begins, and so of what CloudFormation names by it, e.g. `jenkins-ci-`. */
export function stackNamePrefix(platform: string): string {
  return `jenkins-${platform}-`;
}

/**
 * CloudFormation shortens a stack's name where the name that it makes from it would be too long. In public reports of
 * role names at least this many characters of it are left.
 */
export const KEPT_OF_STACK_NAME = 24;

/** The log group of one master's boot and Jenkins logs, e.g. `/jenkins-aws/ci/main`. */
export function logGroupName(platform: string, master: string): string {
  return `/jenkins-aws/${platform}/${master}`;
}

/**
 * The SSM parameter by which one stack hands a value to a later one, e.g. `/jenkins-aws/ci/network/vpc-id`.
 * Deterministic names instead of exports: an export blocks the removal of what it names.
 */
export function parameterName(platform: string, ...segments: readonly string[]): string {
  return ['', 'jenkins-aws', platform, ...segments].join('/');
}
