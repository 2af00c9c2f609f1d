import { JENKINS_PORT } from '@jenkins-aws/core';

/** One step of the boot. It may be killed anywhere and run again: each looks at what is, not at what it did. */
interface BootStep {
  /** Two digits give the order, e.g. `10-user`. */
  readonly name: string;
  readonly script: string;
}

const step = (name: string, body: string): BootStep => ({
  name,
  script: `#!/bin/bash\n# shellcheck source=/dev/null\n. /opt/jenkins-aws/boot/lib.sh\n${body}`,
});

/**
 * The order is a decision: logs before all that may fail for a reason of the platform, so that it is read in
 * CloudWatch; the service's settings before its package, so that Jenkins cannot start on an unmounted home.
 */
export const BOOT_STEPS: readonly BootStep[] = [
  step(
    '10-user',
    `# Before the package, which would take any free id: the files of the home outlive this instance.
getent group jenkins >/dev/null || groupadd --gid "$JENKINS_UID" jenkins
getent passwd jenkins >/dev/null ||
  useradd --uid "$JENKINS_UID" --gid "$JENKINS_UID" --home-dir "$JENKINS_HOME" --no-create-home \\
    --shell /usr/sbin/nologin jenkins
ids=$(id -u jenkins):$(id -g jenkins)
[ "$ids" = "$JENKINS_UID:$JENKINS_UID" ] || fail "user jenkins is $ids and not $JENKINS_UID:$JENKINS_UID"
`,
  ),
  step(
    '20-tools',
    `install_missing "java-$JAVA_MAJOR-amazon-corretto" fontconfig amazon-efs-utils amazon-cloudwatch-agent \\
  awscli-2 aws-cfn-bootstrap logrotate
`,
  ),
  step(
    '30-logs',
    `agent=/opt/aws/amazon-cloudwatch-agent
config=/etc/jenkins-aws/cloudwatch.json
fill cloudwatch.json LOG_GROUP_NAME | place "$config"
fill logrotate.conf | place /etc/logrotate.d/jenkins-aws
systemctl enable --quiet --now logrotate.timer

used=$(cat "$agent/etc/amazon-cloudwatch-agent.d/file_cloudwatch.json" 2>/dev/null || true)
if [ "$used" != "$(<"$config")" ] || ! systemctl is-active --quiet amazon-cloudwatch-agent; then
  "$agent/bin/amazon-cloudwatch-agent-ctl" -a fetch-config -m ec2 -s -c "file:$config"
fi
`,
  ),
  step(
    '40-service',
    `install -d -m 0750 -o root -g jenkins /var/log/jenkins
install -d -m 0750 -o jenkins -g jenkins /var/cache/jenkins /var/cache/jenkins/tmp
fill logging.properties | place /etc/jenkins-aws/logging.properties
fill override.conf START_TIMEOUT_SECONDS HEAP_PERCENT |
  place /etc/systemd/system/jenkins.service.d/10-jenkins-aws.conf
systemctl daemon-reload
`,
  ),
  step(
    '50-repository',
    `fill jenkins.repo | place /etc/yum.repos.d/jenkins.repo
`,
  ),
  step(
    '60-jenkins',
    `install_missing "jenkins-$JENKINS_VERSION"
`,
  ),
  step(
    '65-alone',
    `# An Auto Scaling group starts the next instance while the last one still stops and writes. This waits until EC2 knows
# of no other. It is no fence: it stops nobody, and does not see who comes later or is cut off and writes on.
id=$(retry 4 instance_id) || fail 'the metadata service does not tell the instance id'
ask() {
  local answer
  answer=$(aws ec2 describe-instances --region "$REGION" --output text --cli-connect-timeout 5 --cli-read-timeout 10 "$@") &&
    # EC2 may answer from before this instance: then it does not know the others either.
    [[ $answer == *"$id"* ]] && printf '%s\\n' "$answer"
}
no_answer='EC2 does not tell which instances the group has'
own=$(retry 4 ask --instance-ids "$id" \\
  --query "Reservations[].Instances[].[InstanceId,Tags[?Key=='aws:autoscaling:groupName']|[0].Value]") || fail "$no_answer"
read -r _ group <<<"$own"
if [ "$group" = None ]; then
  say 'this instance is in no Auto Scaling group: it waits for no other'
  exit 0
fi
deadline=$((SECONDS + 600))
said=
while :; do
  known=$(retry 4 ask --filters "Name=tag:aws:autoscaling:groupName,Values=$group" \\
    Name=instance-state-name,Values=running,shutting-down,stopping --query 'Reservations[].Instances[].InstanceId') ||
    fail "$no_answer"
  others=$(tr -s '\\t' '\\n' <<<"$known" | grep -vxF "$id" | sort | tr '\\n' ' ' || true)
  [ -n "$others" ] || exit 0
  [ "$SECONDS" -lt "$deadline" ] || fail "still there after 600 s: \${others}of $group"
  [ "$others" = "$said" ] || say "waiting until these have gone: \${others}of $group"
  said=$others
  sleep 5
done
`,
  ),
  step(
    '70-mount',
    `unit=var-lib-jenkins.mount
line="$FILE_SYSTEM_ID $JENKINS_HOME efs _netdev,hard,noatime,tls,iam,accesspoint=$ACCESS_POINT_ID 0 0"
ours="[[:space:]]\${JENKINS_HOME}[[:space:]]"
if [ "$(grep "$ours" /etc/fstab)" != "$line" ]; then
  { sed "\\\\|$ours|d" /etc/fstab; printf '%s\\n' "$line"; } | place /etc/fstab
fi

if ! mountpoint -q "$JENKINS_HOME"; then
  # What Jenkins cannot write, it cannot take for its home.
  install -d -m 0555 -o root -g root "$JENKINS_HOME"
  systemctl daemon-reload
  # By its unit, not by mount(8): the TLS proxy would be a child of this service and end with it.
  retry 5 systemctl start "$unit" || {
    journalctl --unit "$unit" --lines 5 --output cat --no-pager || true
    fail "could not mount $FILE_SYSTEM_ID through $ACCESS_POINT_ID"
  }
fi
type=$(findmnt --noheadings --first-only --output FSTYPE --mountpoint "$JENKINS_HOME") ||
  fail "$JENKINS_HOME is not a mount"
[ "$type" = nfs4 ] || fail "$JENKINS_HOME is a mount of type $type and not nfs4"
owner=$(stat -c %u:%g "$JENKINS_HOME")
[ "$owner" = "$JENKINS_UID:$JENKINS_UID" ] || fail "$ACCESS_POINT_ID belongs to $owner and not $JENKINS_UID:$JENKINS_UID"
# shellcheck disable=SC2016
runuser -u jenkins -- sh -c 'touch "$1" && rm "$1"' sh "$JENKINS_HOME/.jenkins-aws-probe" ||
  fail "jenkins cannot write to $JENKINS_HOME"
`,
  ),
  step(
    '80-start',
    `mountpoint -q "$JENKINS_HOME" || fail "$JENKINS_HOME is not mounted"
systemctl enable --quiet jenkins
systemctl is-active --quiet jenkins || {
  # After a try that saw it fail: the next step must not see that failure again.
  systemctl reset-failed jenkins
  systemctl start --no-block jenkins
}
`,
  ),
  step(
    '90-health',
    `deadline=$((SECONDS + START_TIMEOUT_SECONDS))
while :; do
  status=$(curl -s -m 5 -o /dev/null -w '%{http_code}' http://127.0.0.1:${JENKINS_PORT}/login || true)
  [ "$status" != 200 ] || exit 0
  ! systemctl is-failed --quiet jenkins || fail 'jenkins.service failed, see the jenkins log'
  [ "$SECONDS" -lt "$deadline" ] ||
    fail "no 200 from /login within $START_TIMEOUT_SECONDS s, the last answer was $status"
  sleep 3
done
`,
  ),
  step(
    '95-signal',
    `bash "$BOOT/signal.sh" 0
`,
  ),
];
