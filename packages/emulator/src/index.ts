export { emulatorEnvironment } from './emulator-environment.js';
export { EMULATOR_ERRORS, EmulatorError, type EmulatorErrorCode } from './errors.js';
export { emulatorEvents } from './events.js';
export type { EmulatorLocation } from './internal/directories.js';
export { clearCallRecord, getCallRecord, type RecordedCalls } from './operations/call-record.js';
export {
  DEFAULT_PORT,
  type EmulatorEndpoint,
  type EnsureEmulatorOptions,
  ensureEmulator,
} from './operations/ensure-emulator.js';
export { type ActiveFaultRule, clearFaults, type FaultRule, getFaults, setFaults } from './operations/faults.js';
export { type EmulatorStatus, getEmulatorStatus } from './operations/get-emulator-status.js';
export { resetEmulator } from './operations/reset-emulator.js';
export { stopEmulator } from './operations/stop-emulator.js';
export { getTargetHealth, setTargetHealth, type TargetHealth } from './operations/target-health.js';
