export type { OperationsErrorCode } from './errors.js';
export { OPERATIONS_ERRORS, OperationsError } from './errors.js';
export { operationsEvents } from './events.js';
export type { AuditLeftoversOptions, LeftoverAudit, UncheckedLook } from './operations/audit-leftovers.js';
export { AUDIT_PERMISSIONS, auditLeftovers } from './operations/audit-leftovers.js';
export type { DeleteBucketOptions } from './operations/delete-bucket.js';
export { deleteBucket } from './operations/delete-bucket.js';
export type { DeleteDataOptions, DeletedData } from './operations/delete-data.js';
export { deleteData } from './operations/delete-data.js';
export type { DeleteHomeOptions } from './operations/delete-home.js';
export { deleteHome } from './operations/delete-home.js';
export type { FindDataOptions } from './operations/find-data.js';
export { findData } from './operations/find-data.js';
export type {
  FindHandMadeChangesOptions,
  HandMadeChange,
  HandMadeChanges,
} from './operations/find-hand-made-changes.js';
export { findHandMadeChanges } from './operations/find-hand-made-changes.js';
export type { LeftoverClients } from './operations/leftover-clients.js';
export type { Leftover } from './plan/leftover.js';
