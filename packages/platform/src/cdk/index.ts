export type { JenkinsPlatformProps } from './jenkins-platform.js';
export { JenkinsPlatform } from './jenkins-platform.js';
