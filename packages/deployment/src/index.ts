export type { DeploymentErrorCode, StackFailure } from './errors.js';
export { DEPLOYMENT_ERRORS, DeploymentError } from './errors.js';
export { deploymentEvents } from './events.js';
export type { ArtifactStore, BucketContext, FindArtifactBucketOptions } from './operations/artifact-store.js';
export { findArtifactBucket } from './operations/artifact-store.js';
export type { CheckSavedPlanOptions } from './operations/check-saved-plan.js';
export { checkSavedPlan } from './operations/check-saved-plan.js';
export { CHANGE_SET_PREFIX } from './operations/create-change-set.js';
export type { DeployStackOptions } from './operations/deploy-stack.js';
export { deployStack } from './operations/deploy-stack.js';
export type { DeploymentContext } from './operations/deployment-context.js';
export type { DestroyResult, DestroyStacksOptions } from './operations/destroy-stacks.js';
export { destroyStacks } from './operations/destroy-stacks.js';
export type { DetectDriftOptions } from './operations/detect-drift.js';
export { detectDrift } from './operations/detect-drift.js';
export type { DiscardReviewOptions } from './operations/discard-review.js';
export { discardReview } from './operations/discard-review.js';
export type { DeploymentResult, ExecuteDeploymentOptions } from './operations/execute-deployment.js';
export { executeDeployment } from './operations/execute-deployment.js';
export type { StackResult } from './operations/execute-stack.js';
export type { RetainedResource } from './operations/find-retained-resources.js';
export type { FindStacksByTagOptions } from './operations/find-stacks-by-tag.js';
export { findStacksByTag } from './operations/find-stacks-by-tag.js';
export type { GetStackSummariesOptions, StackParameter, StackSummary } from './operations/get-stack-summaries.js';
export { getStackSummaries } from './operations/get-stack-summaries.js';
export type { HeldLock, HoldLockOptions } from './operations/hold-lock.js';
export { holdLock } from './operations/hold-lock.js';
export type { Artifact } from './operations/list-artifacts.js';
export { listArtifacts } from './operations/list-artifacts.js';
export type { PruneArtifactsOptions, PruneResult } from './operations/prune-artifacts.js';
export { pruneArtifacts } from './operations/prune-artifacts.js';
export type { ReadDeploymentsOptions } from './operations/read-deployments.js';
export { readDeployments } from './operations/read-deployments.js';
export { readLock } from './operations/read-lock.js';
export type { RecordDeploymentOptions } from './operations/record-deployment.js';
export { recordDeployment } from './operations/record-deployment.js';
export type { ReviewDeploymentOptions } from './operations/review-deployment.js';
export { reviewDeployment } from './operations/review-deployment.js';
export type { UploadArtifactOptions, UploadedArtifact } from './operations/upload-artifact.js';
export { uploadArtifact } from './operations/upload-artifact.js';
export type { UploadedTemplate, UploadTemplateOptions } from './operations/upload-template.js';
export { uploadTemplate } from './operations/upload-template.js';
export type { LockClaim, WatchLockOptions } from './operations/watch-lock.js';
export { ensureUnlocked } from './operations/watch-lock.js';
export type { OwnershipTag, StackDefinition } from './options/stack-definition.js';
export type { Bundle, BundleFile } from './plan/bundle-files.js';
export { bundleFiles } from './plan/bundle-files.js';
export type { DeployedStack, DeploymentRecord } from './plan/deployment-record.js';
export type {
  DeploymentReview,
  ExistingResource,
  RemovalReview,
  StackReview,
  StackState,
} from './plan/deployment-review.js';
export type { LockHolder } from './plan/lock-holder.js';
export type { OrderedStack } from './plan/order-stacks.js';
export { orderStacks } from './plan/order-stacks.js';
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
export type { ChangeEffect, ResourceChange } from './plan/resource-change.js';
export type { PropertyDrift, ResourceDrift, ResourceDriftStatus, StackDrift } from './plan/resource-drift.js';
export { countDrift } from './plan/resource-drift.js';
export type {
  SavedPlan,
  SavedReview,
  SavedStack,
  SaveOfflinePlanOptions,
  SavePlanOptions,
} from './plan/saved-plan.js';
export { parseSavedPlan, saveOfflinePlan, savePlan } from './plan/saved-plan.js';
export type { CallSubject } from './to-deployment-error.js';
export { toDeploymentError } from './to-deployment-error.js';
