/**
 * The environment that points any AWS SDK, CLI or tool at the emulator. The keys are fixed texts that mean nothing
 * outside it.
 */
export function emulatorEnvironment(
  emulator: { readonly endpoint: string },
  region: string,
): {
  AWS_ENDPOINT_URL: string;
  AWS_ACCESS_KEY_ID: string;
  AWS_SECRET_ACCESS_KEY: string;
  AWS_REGION: string;
} {
  return {
    AWS_ENDPOINT_URL: emulator.endpoint,
    AWS_ACCESS_KEY_ID: 'emulator',
    AWS_SECRET_ACCESS_KEY: 'emulator',
    AWS_REGION: region,
  };
}
