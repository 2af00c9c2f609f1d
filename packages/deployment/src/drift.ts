export type { DetectDriftOptions } from './operations/detect-drift.js';
export { detectDrift } from './operations/detect-drift.js';
export type { PropertyDrift, ResourceDrift, ResourceDriftStatus, StackDrift } from './plan/resource-drift.js';
