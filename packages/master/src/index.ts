export type { BootOptions } from './boot/boot-options.js';
export type { BootBundle, BootFile } from './boot/render-boot.js';
export { renderBoot } from './boot/render-boot.js';
export type { MasterErrorCode } from './errors.js';
export { MASTER_ERRORS, MasterError } from './errors.js';
export { masterEvents } from './events.js';
export type {
  ControllerAlarm,
  ControllerClients,
  ControllerHealth,
  ControllerInstance,
  ControllerStatus,
  DescribeControllerOptions,
} from './operations/describe-controller.js';
export { controllerHealth, describeController } from './operations/describe-controller.js';
export type { FindHomesOptions, FoundHome } from './operations/find-homes.js';
export { findHomes } from './operations/find-homes.js';
export type { WaitForControllerOptions } from './operations/wait-for-controller.js';
export { waitForController } from './operations/wait-for-controller.js';
export type { AccessOptions, ResolvedAccessOptions } from './options/access-options.js';
export { accessOptionsSchema } from './options/access-options.js';
export type { MasterOptions, ResolvedMasterOptions } from './options/master-options.js';
export { DEFAULT_JENKINS_VERSION, masterOptionsSchema } from './options/master-options.js';
export { resolveMasterOptions } from './options/resolve-master-options.js';
export { listenerOf, urlOf } from './plan/access.js';
export type { AlarmRow, AlarmSubject } from './plan/alarms.js';
export { ALARM_TABLE, renderAlarmTable } from './plan/alarms.js';
