export type { DeploymentErrorCode, StackFailure } from './errors.js';
export { DEPLOYMENT_ERRORS, DeploymentError } from './errors.js';
export { deploymentEvents } from './events.js';
export { CHANGE_SET_PREFIX } from './operations/create-change-set.js';
export type { DeployStackOptions } from './operations/deploy-stack.js';
export { deployStack } from './operations/deploy-stack.js';
export type { DeploymentContext } from './operations/deployment-context.js';
export type { DestroyResult, DestroyStacksOptions } from './operations/destroy-stacks.js';
export { destroyStacks } from './operations/destroy-stacks.js';
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
export type { ReviewDeploymentOptions } from './operations/review-deployment.js';
export { reviewDeployment } from './operations/review-deployment.js';
export type { OwnershipTag, StackDefinition } from './options/stack-definition.js';
export type {
  DeploymentReview,
  ExistingResource,
  RemovalReview,
  StackReview,
  StackState,
} from './plan/deployment-review.js';
export type { OrderedStack } from './plan/order-stacks.js';
export { orderStacks } from './plan/order-stacks.js';
export type { ChangeEffect, ResourceChange } from './plan/resource-change.js';
export type { CallSubject } from './to-deployment-error.js';
export { toDeploymentError } from './to-deployment-error.js';
