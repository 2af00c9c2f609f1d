export type { CheckSavedPlanOptions } from './operations/check-saved-plan.js';
export { checkSavedPlan } from './operations/check-saved-plan.js';
export type { SavedPlan, SavedReview, SavedStack, SaveOfflinePlanOptions, SavePlanOptions } from './plan/saved-plan.js';
export { parseSavedPlan, saveOfflinePlan, savePlan } from './plan/saved-plan.js';
