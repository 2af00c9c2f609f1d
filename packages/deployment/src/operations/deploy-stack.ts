import type { OwnershipTag, StackDefinition } from '../options/stack-definition.js';
import type { DeploymentContext } from './deployment-context.js';
import { executeDeployment } from './execute-deployment.js';
import type { StackResult } from './execute-stack.js';
import { reviewDeployment } from './review-deployment.js';

export interface DeployStackOptions extends DeploymentContext {
  readonly stack: Omit<StackDefinition, 'dependsOn'>;
  /** As for `reviewDeployment`. Default: none. */
  readonly ownershipTag?: OwnershipTag;
}

/**
 * Creates or updates one stack without asking anybody: `reviewDeployment` and `executeDeployment` in one go.
 *
 * Permissions and errors: those of the two.
 */
export async function deployStack({ stack, ...options }: DeployStackOptions): Promise<StackResult> {
  const review = await reviewDeployment({ ...options, stacks: [stack] });
  const { stacks } = await executeDeployment({ ...options, review });
  return stacks[0] as StackResult;
}
