import { MasterError } from '../errors.js';
import { cloudwatchConfiguration, LOGGING, LOGROTATE, OVERRIDE, REPOSITORY, UNIT } from './boot-files.js';
import { type BootOptions, resolveBootOptions } from './boot-options.js';
import { BOOT_FOLDER, BOOT_UNIT, ENVIRONMENT_FILE } from './boot-paths.js';
import { bootProblems } from './boot-problems.js';
import { LIBRARY, RUNNER, SIGNAL } from './boot-scripts.js';
import { BOOT_STEPS } from './boot-steps.js';
import { renderUserData } from './render-user-data.js';

/** A file of the boot, as it lies on the instance. */
export interface BootFile {
  readonly path: string;
  /** Octal, e.g. `0755`. */
  readonly mode: string;
  readonly content: string;
}

export interface BootBundle {
  readonly files: readonly BootFile[];
  /**
   * One bash script as plain text, below 14.5 KB of the 16 KB that EC2 allows. It writes the files and starts the boot
   * without waiting for it. It holds `${…}` of bash: not to be put through `Fn::Sub`.
   */
  readonly userData: string;
}

/**
 * The first boot of a controller on Amazon Linux 2023: user, tools, logs, service, repository, package, alone, mount,
 * start, health, signal. All values lie in one environment file; the scripts are the same for every controller.
 *
 * Once its files are written, the boot goes on after a power failure at any point. Not so in the second before, in which
 * cloud-init runs the user data: it does not run them again, and the health check of the group has to replace the instance.
 *
 * The boot signals its outcome to CloudFormation. After a failure it is tried again every minute: a deployment has failed
 * with the first, any other instance comes up once it can. Which step failed, and why, is not in the stack's events: it is
 * in `/var/log/jenkins-aws/boot.log`, which is shipped to the log group from the logs step on, and on the serial console.
 * The first administrator's password is read on the instance, from `/var/lib/jenkins/secrets/initialAdminPassword`: it is
 * in no log.
 *
 * The instance needs `elasticfilesystem:ClientMount` and `ClientWrite` on the file system, `logs:CreateLogStream`,
 * `logs:DescribeLogStreams` and `logs:PutLogEvents` on the log group, and `ec2:DescribeInstances`, which knows no
 * resources: the home is not mounted before EC2 knows of no other instance of the same Auto Scaling group. The signal
 * needs none. It must reach Amazon Linux's repositories, pkg.jenkins.io and the APIs of CloudFormation, CloudWatch Logs
 * and EC2.
 *
 * @throws MasterError `MASTER_OPTIONS_INVALID` with every problem; what is an unresolved token is not judged
 */
export function renderBoot(options: BootOptions): BootBundle {
  const problems = bootProblems(options);
  if (problems.length > 0) {
    throw new MasterError('MASTER_OPTIONS_INVALID', problems.map(({ message }) => message).join('; '), { problems });
  }
  const data = (name: string, content: string): BootFile => ({
    path: `${BOOT_FOLDER}/files/${name}`,
    mode: '0644',
    content,
  });
  const files: BootFile[] = [
    { path: `${BOOT_FOLDER}/lib.sh`, mode: '0644', content: LIBRARY },
    { path: `${BOOT_FOLDER}/run.sh`, mode: '0755', content: RUNNER },
    { path: `${BOOT_FOLDER}/signal.sh`, mode: '0755', content: SIGNAL },
    ...BOOT_STEPS.map(({ name, script }) => ({
      path: `${BOOT_FOLDER}/steps/${name}.sh`,
      mode: '0755',
      content: script,
    })),
    data('cloudwatch.json', `${JSON.stringify(cloudwatchConfiguration())}\n`),
    data('jenkins.repo', REPOSITORY),
    data('logging.properties', LOGGING),
    data('logrotate.conf', LOGROTATE),
    data('override.conf', OVERRIDE),
    { path: ENVIRONMENT_FILE, mode: '0644', content: renderEnvironment(options) },
    { path: `/etc/systemd/system/${BOOT_UNIT}`, mode: '0644', content: UNIT },
  ];
  return { files, userData: renderUserData(files) };
}

function renderEnvironment(options: BootOptions): string {
  const resolved = resolveBootOptions(options);
  const variables: Record<string, string | number> = {
    JENKINS_VERSION: resolved.jenkinsVersion,
    JAVA_MAJOR: resolved.javaMajor,
    REGION: resolved.region,
    STACK_NAME: resolved.stackName,
    SIGNAL_LOGICAL_ID: resolved.signalLogicalId,
    FILE_SYSTEM_ID: resolved.fileSystemId,
    ACCESS_POINT_ID: resolved.accessPointId,
    LOG_GROUP_NAME: resolved.logGroupName,
    JENKINS_UID: resolved.jenkinsUid,
    BOOT_TIMEOUT_SECONDS: resolved.bootTimeoutSeconds,
    START_TIMEOUT_SECONDS: resolved.startTimeoutSeconds,
    HEAP_PERCENT: resolved.heapPercent,
  };
  return Object.entries(variables)
    .map(([name, value]) => `${name}='${String(value).replaceAll("'", "'\\''")}'\n`)
    .join('');
}
