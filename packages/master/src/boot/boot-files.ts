import { JENKINS_PORT } from '@jenkins-aws/core';

/**
 * Runs the boot at every start of the instance until it is complete, as cloud-init runs user data only once; and again a
 * minute after a failure, without end: outside of a deployment nobody else would try again.
 */
export const UNIT = `[Unit]
Description=First boot of the Jenkins controller
Wants=network-online.target
After=network-online.target remote-fs.target
ConditionPathExists=!/var/lib/jenkins-aws/boot.done
StartLimitIntervalSec=0

[Service]
Type=oneshot
ExecStart=/opt/jenkins-aws/boot/run.sh
Restart=on-failure
RestartSec=60
StandardOutput=append:/var/log/jenkins-aws/boot.log
StandardError=inherit

[Install]
WantedBy=multi-user.target
`;

export const REPOSITORY = `[jenkins]
name=Jenkins-stable
baseurl=https://pkg.jenkins.io/rpm-stable
gpgkey=https://pkg.jenkins.io/rpm-stable/repodata/repomd.xml.key
enabled=1
type=rpm-md
gpgcheck=1
repo_gpgcheck=1
`;

/**
 * The heap follows the instance type. What Jenkins unpacks, caches and writes for the moment stays on the
 * instance's own disk; XDG_CACHE_HOME is where its native access library unpacks itself.
 */
export const OVERRIDE = `[Unit]
RequiresMountsFor=/var/lib/jenkins
AssertPathIsMountPoint=/var/lib/jenkins
Wants=network-online.target
After=network-online.target

[Service]
Environment="JENKINS_HOME=/var/lib/jenkins"
WorkingDirectory=/var/lib/jenkins
Environment="JENKINS_PORT=${JENKINS_PORT}"
Environment="JENKINS_WEBROOT=/var/cache/jenkins/war"
Environment="XDG_CACHE_HOME=/var/cache/jenkins"
Environment="JAVA_OPTS=-Djava.awt.headless=true -XX:MaxRAMPercentage=@HEAP_PERCENT@ -Djava.io.tmpdir=/var/cache/jenkins/tmp -Djava.util.logging.config.file=/etc/jenkins-aws/logging.properties"
TimeoutStartSec=@START_TIMEOUT_SECONDS@
LimitNOFILE=65536
StandardOutput=append:/var/log/jenkins/jenkins.log
StandardError=inherit
`;

/**
 * With the setup wizard on, Jenkins prints the first administrator's password to its log: that one logger is
 * silenced where it writes. The password stays in secrets/initialAdminPassword of the home.
 */
export const LOGGING = `handlers=java.util.logging.ConsoleHandler
.level=INFO
java.util.logging.ConsoleHandler.level=INFO
java.util.logging.ConsoleHandler.formatter=java.util.logging.SimpleFormatter
java.util.logging.SimpleFormatter.format=%1$tF %1$tT.%1$tL%1$tz %4$s %3$s: %5$s%6$s%n
jenkins.install.SetupWizard.level=WARNING
`;

export const LOGROTATE = `/var/log/jenkins/jenkins.log /var/log/jenkins-aws/boot.log {
  daily
  maxsize 200M
  rotate 7
  compress
  missingok
  notifempty
  copytruncate
}
`;

/** A line that is nothing but 32 hexadecimal digits, as the first administrator's password is. */
const PASSWORD_LINE = '(^|\\n)\\s*[0-9a-f]{32}\\s*(\\n|$)';

/** The CloudWatch agent's configuration. The password filter stands behind the silenced logger, should that ever speak. */
export function cloudwatchConfiguration(): object {
  const file = (path: string, stream: string) => ({
    file_path: path,
    log_group_name: '@LOG_GROUP_NAME@',
    log_stream_name: `{instance_id}/${stream}`,
  });
  return {
    agent: { omit_hostname: true },
    logs: {
      logs_collected: {
        files: {
          collect_list: [
            {
              ...file('/var/log/jenkins/jenkins.log', 'jenkins'),
              multi_line_start_pattern: '^\\d{4}-\\d{2}-\\d{2} ',
              filters: [{ type: 'exclude', expression: PASSWORD_LINE }],
            },
            file('/var/log/jenkins-aws/boot.log', 'boot'),
            file('/var/log/cloud-init-output.log', 'cloud-init'),
            file('/var/log/amazon/efs/mount.log', 'efs'),
          ],
        },
      },
    },
  };
}
