export type { AuditLeftoversOptions, LeftoverAudit, UncheckedLook } from './operations/audit-leftovers.js';
export { AUDIT_PERMISSIONS, auditLeftovers } from './operations/audit-leftovers.js';
export type { LeftoverClients } from './operations/leftover-clients.js';
export type { Leftover } from './plan/leftover.js';
