const COUNT_DOWN = `# count_down NAME: true while the number in /sim/NAME is above 0, and takes one off
count_down() {
  local left
  left=$(cat "/sim/$1" 2>/dev/null || echo 0)
  [ "$left" -gt 0 ] || return 1
  echo $((left - 1)) >"/sim/$1"
}
`;

/**
 * What takes the place of AWS, of the package manager and of systemd in the Debian root. Each writes its call to
 * /sim/calls and can cut the power before or after it acts: /sim/kill holds `<number of the call> before|after`.
 * /sim/active and the mounts are lost with the power; the rest is the disk.
 */
const PRELUDE = `#!/bin/bash
me=$(basename "$0")
cut_power() { kill -9 -1; kill -9 $$; }
printf '%s\\n' "$me $*" >>/sim/calls
mapfile -t calls </sim/calls
read -r kill_at kill_when 2>/dev/null </sim/kill
[ "\${#calls[@]}" != "$kill_at" ] || [ "$kill_when" != before ] || cut_power
finish() {
  code=$?
  [ "\${#calls[@]}" != "$kill_at" ] || [ "$kill_when" != after ] || cut_power
  exit "$code"
}
trap finish EXIT
${COUNT_DOWN}`;

const pass = (command: string) => `${command} "$@"`;

const BODIES: Record<string, string> = {
  // Real, but seen and counted.
  timeout: pass('/usr/bin/timeout'),
  useradd: pass('/usr/sbin/useradd'),
  groupadd: pass('/usr/sbin/groupadd'),
  sync: '',
  sleep: '/bin/sleep 0.01',
  journalctl: 'echo "mount.nfs4: access denied by server"',

  rpm: 'grep -qxF "${@: -1}" /sim/packages',

  dnf: `
if count_down dnf-hangs; then exec /bin/sleep 1000; fi
if count_down dnf-fails; then echo 'Error: cannot reach the repository'; exit 1; fi
shift 2
for package; do
  case $package in
    jenkins-*)
      grep -q 'baseurl=https://pkg.jenkins.io/rpm-stable$' /etc/yum.repos.d/jenkins.repo || exit 1
      getent passwd jenkins >/dev/null || /usr/sbin/useradd -r jenkins
      install -d -m 0755 -o jenkins -g jenkins /var/lib/jenkins
      install -d -m 0750 -o jenkins -g jenkins /var/cache/jenkins
      [ ! -e /sim/package-starts-jenkins ] || systemctl start jenkins || true ;;
    amazon-cloudwatch-agent)
      mkdir -p /opt/aws/amazon-cloudwatch-agent/{bin,etc/amazon-cloudwatch-agent.d}
      ln -sf /sim/bin/amazon-cloudwatch-agent-ctl /opt/aws/amazon-cloudwatch-agent/bin/ ;;
  esac
  echo "$package" >>/sim/packages
done`,

  systemctl: `
now=
args=()
for word; do
  case $word in --now) now=yes ;; --*) ;; *) args+=("$word") ;; esac
done
verb=\${args[0]} unit=\${args[1]:-}
start() {
  case $unit in
    var-lib-jenkins.mount)
      mountpoint -q /var/lib/jenkins && return
      [ "$(cat /sim/other-instance 2>/dev/null || echo 0)" = 0 ] || echo mounted beside another >>/sim/jenkins-starts
      count_down mount-fails && return 1
      grep -qx amazon-efs-utils /sim/packages || return 1
      [ "$(grep -c '^fs-[0-9a-f]* /var/lib/jenkins efs ' /etc/fstab)" = 1 ] || return 1
      mount --bind /sim/efs /var/lib/jenkins ;;
    jenkins)
      grep -q '^jenkins-' /sim/packages || [ -e /sim/package-starts-jenkins ] || return 1
      override=/etc/systemd/system/jenkins.service.d/10-jenkins-aws.conf
      assert=$(sed -n 's/^AssertPathIsMountPoint=//p' "$override" 2>/dev/null)
      [ -z "$assert" ] || mountpoint -q "$assert" || { echo refused >>/sim/jenkins-starts; return 1; }
      if mountpoint -q /var/lib/jenkins; then echo on the home >>/sim/jenkins-starts; else echo on an empty home >>/sim/jenkins-starts; fi
      echo '<hudson/>' >/var/lib/jenkins/config.xml
      if count_down jenkins-dies; then : >/sim/failed/jenkins; else : >/sim/active/jenkins; fi ;;
    jenkins-aws-boot.service) [[ $* == *--no-block* ]] && : >/sim/queued ;;
    *) : >"/sim/active/$unit" ;;
  esac
}
case $verb in
  start) start "$@" ;;
  enable) : >"/sim/enabled/$unit"; [ -z "$now" ] || start ;;
  is-active) [ -e "/sim/active/$unit" ] ;;
  is-failed) [ -e "/sim/failed/$unit" ] ;;
  reset-failed) rm -f "/sim/failed/$unit" ;;
  daemon-reload) ;;
  *) exit 64 ;;
esac`,

  // The CLI's text: columns by tabs, None for what is not there.
  aws: `
grep -qx awscli-2 /sim/packages || exit 127
if count_down api-fails; then echo 'An error occurred (RequestLimitExceeded)' >&2; exit 254; fi
[ "$(grep -c '^aws ' /sim/calls)" -lt "$(cat /sim/api-dies-at 2>/dev/null || echo 9999)" ] || exit 255
if count_down api-stale; then exit 0; fi
group=$(cat /sim/group 2>/dev/null || echo a-group)
case "$*" in
  'ec2 describe-instances --region eu-central-1 --output text '*' --instance-ids i-0123456789abcdef0 '*"[?Key=='aws:autoscaling:groupName']"*)
    printf 'i-0123456789abcdef0\\t%s\\n' "$group" ;;
  'ec2 describe-instances --region eu-central-1 --output text '*" --filters Name=tag:aws:autoscaling:groupName,Values=$group Name=instance-state-name,Values=running,shutting-down,stopping "*)
    if count_down other-instance; then printf 'i-0fedcba9876543210\\t'; fi
    echo i-0123456789abcdef0 ;;
  *) exit 252 ;;
esac`,

  findmnt: `
mountpoint -q "\${@: -1}" || exit 1
cat /sim/mount-type 2>/dev/null || echo nfs4`,

  curl: `
case "$*" in
  *'-X PUT'*'ttl-seconds'*/latest/api/token) echo a-token ;;
  *'X-aws-ec2-metadata-token: a-token'*/latest/meta-data/instance-id) echo i-0123456789abcdef0 ;;
  *http://127.0.0.1:8080/login)
    [ -e /sim/active/jenkins ] || { echo 000; exit 7; }
    [ ! -e /sim/never-healthy ] || { echo 503; exit 0; }
    if count_down unhealthy-answers; then echo 503; else echo 200; fi ;;
  *) exit 22 ;;
esac`,

  'cfn-signal': `
if count_down signal-fails; then echo 'ConnectionError: cannot connect'; exit 1; fi
[ ! -e /sim/signal-hangs ] || exec /bin/sleep 1000
if [ -e /sim/signal-refused ]; then cat /sim/signal-refused; exit 1; fi
if [ -e /sim/stack-does-not-wait ] || grep -qF -- "--id i-0123456789abcdef0" /sim/signals 2>/dev/null; then
  echo 'ValidationError: Stack arn:aws:cloudformation:x is in CREATE_COMPLETE state and cannot be signaled'
  exit 1
fi
echo "$*" >>/sim/signals`,

  'amazon-cloudwatch-agent-ctl': `
file=\${*: -1}
file=\${file#file:}
cp "$file" "/opt/aws/amazon-cloudwatch-agent/etc/amazon-cloudwatch-agent.d/file_$(basename "$file")"
: >/sim/enabled/amazon-cloudwatch-agent
: >/sim/active/amazon-cloudwatch-agent`,
};

/**
 * What systemd does when the power comes: mounts, enabled services, then the boot's unit if its condition holds, and that
 * unit again after a failure as often as /sim/restarts says.
 */
export const POWER_ON = `#!/bin/bash
${COUNT_DOWN}start_jenkins() {
  : >/sim/active/jenkins
  echo on the home >>/sim/jenkins-starts
  echo '<hudson/>' >/var/lib/jenkins/config.xml
}
rm -f /sim/active/* /sim/failed/*
unit=/etc/systemd/system/jenkins-aws-boot.service
if grep -q ' /var/lib/jenkins efs ' /etc/fstab && grep -qx amazon-efs-utils /sim/packages ; then
  mount --bind /sim/efs /var/lib/jenkins
fi
for name in /sim/enabled/*; do
  case \${name##*/} in
    jenkins-aws-boot.service | '*') ;;
    jenkins) ! mountpoint -q /var/lib/jenkins || start_jenkins ;;
    *) : >"/sim/active/\${name##*/}" ;;
  esac
done
if [ -e /sim/first-power-on ]; then
  rm /sim/first-power-on
  bash /sim/user-data || exit 70
  [ -e /sim/queued ] || exit 71
  : >/sim/calls
  [ ! -e /sim/stop-after-user-data ] || exit 0
fi
[ -e /sim/enabled/jenkins-aws-boot.service ] || exit 72
[ ! -e "$(sed -n 's/^ConditionPathExists=!//p' $unit)" ] || exit 0
until "$(sed -n 's/^ExecStart=//p' $unit)"; do
  code=$?
  grep -qx Restart=on-failure $unit && count_down restarts || exit "$code"
done
`;

export const STAND_INS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(BODIES).map(([name, body]) => [name, `${PRELUDE}${body}\n`]),
);
