export type {
  ActionReason,
  CallerAction,
  PermissionsPlan,
  PlanPermissionsOptions,
  PolicySet,
  TrustPolicy,
} from './plan/permissions/plan-permissions.js';
export { planPermissions } from './plan/permissions/plan-permissions.js';
export type { PolicyDocument, PolicyStatement } from './plan/permissions/policy-document.js';
export { policySize } from './plan/permissions/policy-document.js';
export type { NamedTemplate } from './plan/permissions/template-names.js';
