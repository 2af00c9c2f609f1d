/** Sourced by the runner and by every step: the environment, and what several of them do. */
export const LIBRARY = `#!/bin/bash
set -euo pipefail
set -a
# shellcheck source=/dev/null
. /etc/jenkins-aws/boot.env
set +a
BOOT=/opt/jenkins-aws/boot
export JENKINS_HOME=/var/lib/jenkins
METADATA=http://169.254.169.254/latest

say() { printf '%s %s\\n' "$(date -u +%FT%TZ)" "$*" >&2; }
fail() {
  say "$*"
  exit 1
}

# retry ATTEMPTS COMMAND...: waits 5 s, then twice as long each time
retry() {
  local left=$1 pause=5
  shift
  until "$@"; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || return 1
    say "failed, again in $pause s: $*"
    sleep "$pause"
    pause=$((pause * 2))
  done
}

# place FILE: standard input becomes FILE, whole or not at all, also when the power goes
place() {
  mkdir -p "$(dirname "$1")"
  cat >"$1.new"
  sync "$1.new"
  mv -f "$1.new" "$1"
}

# fill FILE NAME...: a file of the bundle with each @NAME@ replaced by that variable
fill() {
  local text name
  text=$(<"$BOOT/files/$1")
  shift
  for name; do text=\${text//"@$name@"/"\${!name}"}; done
  printf '%s\\n' "$text"
}

install_missing() {
  local package missing=()
  for package; do rpm -q --quiet "$package" || missing+=("$package"); done
  [ \${#missing[@]} -eq 0 ] || retry 6 dnf -y install "\${missing[@]}"
}

instance_id() {
  local token
  token=$(curl -sf -m 5 -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' "$METADATA/api/token") &&
    curl -sf -m 5 -H "X-aws-ec2-metadata-token: $token" "$METADATA/meta-data/instance-id"
}
`;

/**
 * `signal.sh EXIT_CODE` tells CloudFormation, which wants the instance id and no IAM permission. It takes no reason: that
 * would not reach the stack's events.
 */
export const SIGNAL = `#!/bin/bash
# shellcheck source=/dev/null
. /opt/jenkins-aws/boot/lib.sh

send_signal() {
  local answer not_waiting='is in [A-Z_]+ state and can ?not be signaled'
  answer=$(/opt/aws/bin/cfn-signal --stack "$STACK_NAME" --resource "$SIGNAL_LOGICAL_ID" --region "$REGION" "$@" 2>&1) &&
    return
  say "$answer"
  # This instance replaces one outside of a deployment, or has signalled before.
  [[ $answer =~ $not_waiting ]]
}

id=$(retry 4 instance_id)
retry 4 send_signal --id "$id" --exit-code "$1"
`;

/**
 * Runs the steps in order, each within what is left of the boot's time. The last 90 s are kept for a failure: 30 s for
 * the step to end, as a package manager should not be killed at work, and 60 s for the signal. Which one failed and why stands in the boot log and on the serial console; CloudFormation
 * learns only that the boot failed.
 */
export const RUNNER = `#!/bin/bash
# shellcheck source=/dev/null
. /opt/jenkins-aws/boot/lib.sh
log=/var/log/jenkins-aws/boot.log
exec >>"$log" 2>&1

for step in "$BOOT"/steps/*.sh; do
  name=$(basename "$step" .sh)
  before=$(stat -c %s "$log")
  say "$name"
  code=0
  left=$((BOOT_TIMEOUT_SECONDS - 90 - SECONDS))
  if [ "$left" -gt 0 ]; then timeout -k 30 "$left" bash "$step" </dev/null || code=$?; else code=124; fi
  [ "$code" -ne 0 ] || continue
  case $code in 124 | 137) say "the time for the whole boot, $BOOT_TIMEOUT_SECONDS s, is over" ;; esac
  tail=$(tail -c "+$((before + 1))" "$log" | tail -n 5 | tr '\\n' ' ' | LC_ALL=C tr -cd ' -~' | tail -c 900)
  reason="step $name failed with exit code $code: $tail"
  say "$reason"
  [ ! -w /dev/console ] || printf 'jenkins-aws: %s\\n' "$reason" >/dev/console || true
  timeout -k 5 55 bash "$BOOT/signal.sh" 1 </dev/null || say 'could not signal'
  exit 1
done

date -u +%FT%TZ | place /var/lib/jenkins-aws/boot.done
say 'boot complete'
`;
