import { BOOT_UNIT } from './boot-paths.js';
import type { BootFile } from './render-boot.js';

/**
 * The script that writes each file whole or not at all, flushes them to the disk and starts the boot without waiting for
 * it. Flushed before and after the unit is enabled: no power failure leaves it enabled without its files.
 */
export function renderUserData(files: readonly BootFile[]): string {
  return `#!/bin/bash
set -euo pipefail
umask 022
put() {
  mkdir -p "$(dirname "$2")"
  cat >"$2.new"
  chmod "$1" "$2.new"
  mv -f "$2.new" "$2"
}
${files.map(put).join('')}mkdir -p /var/log/jenkins-aws
sync
systemctl daemon-reload
systemctl enable --quiet ${BOOT_UNIT}
sync
systemctl start --no-block ${BOOT_UNIT}
`;
}

function put({ path, mode, content }: BootFile): string {
  let end = 'EOF';
  while (content.includes(end)) end += '_';
  return `put ${mode} ${path} <<'${end}'\n${content}${end}\n`;
}
