export type { JenkinsNetworkProps } from './jenkins-network.js';
export { JenkinsNetwork } from './jenkins-network.js';
export type { JenkinsSecurityGroupsProps } from './jenkins-security-groups.js';
export { JenkinsSecurityGroups } from './jenkins-security-groups.js';
