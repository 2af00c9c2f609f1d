export { BOOT_TIMEOUT_SECONDS, JENKINS_UID } from '../boot/boot-options.js';
export type { JenkinsAlarmsProps } from './jenkins-alarms.js';
export { JenkinsAlarms } from './jenkins-alarms.js';
export type { JenkinsControllerProps } from './jenkins-controller.js';
export { JenkinsController } from './jenkins-controller.js';
export type { JenkinsHomeProps } from './jenkins-home.js';
export { JenkinsHome } from './jenkins-home.js';
export type { JenkinsLoadBalancerProps } from './jenkins-load-balancer.js';
export { JenkinsLoadBalancer } from './jenkins-load-balancer.js';
