/** What a program needs to find its way on this machine. */
const BASE = [
  'PATH',
  'HOME',
  'TMPDIR',
  'TEMP',
  'TMP',
  'LANG',
  'TZ',
  // Where some Pythons keep the library of their own interpreter.
  'LD_LIBRARY_PATH',
  'DYLD_LIBRARY_PATH',
];

/** How this machine reaches a Python package index. */
const INSTALL = [
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'ALL_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'all_proxy',
  'no_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
  'XDG_CONFIG_HOME',
  'XDG_CACHE_HOME',
  'PIP_CONFIG_FILE',
  'PIP_INDEX_URL',
  'PIP_EXTRA_INDEX_URL',
  'PIP_NO_INDEX',
  'PIP_FIND_LINKS',
  'PIP_TRUSTED_HOST',
  'PIP_CERT',
  'PIP_CLIENT_CERT',
  'PIP_PROXY',
  'PIP_DEFAULT_TIMEOUT',
  'PIP_CACHE_DIR',
  'PIP_NO_CACHE_DIR',
];

/**
 * The part of the caller's environment that a child gets. The rest stays here: the caller may hold the credentials of a
 * real AWS account, and the emulator serves everybody on the machine for longer than the caller lives.
 */
export function childEnvironment(
  purpose: 'run' | 'install',
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string> {
  const names = new Set(purpose === 'install' ? [...BASE, ...INSTALL] : BASE);
  const handed: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && (names.has(name) || name.startsWith('LC_'))) handed[name] = value;
  }
  return handed;
}
