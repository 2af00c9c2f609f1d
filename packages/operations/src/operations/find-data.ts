import { stackNamePrefix } from '@jenkins-aws/core';
import { toDeploymentError } from '@jenkins-aws/deployment';
import { type Leftover, toLeftover } from '../plan/leftover.js';
import type { LeftoverClients } from './leftover-clients.js';
import { BUCKETS, FILE_SYSTEMS } from './looks/data.js';

export interface FindDataOptions extends Pick<LeftoverClients, 'efs' | 's3'> {
  /** Name of the platform, the value of its tag. */
  readonly platform: string;
  readonly signal?: AbortSignal;
}

/**
 * Every home and every bucket of a platform, those of its live stacks as well as those that earlier ones left: what
 * {@link deleteData} deletes. Backups are not among it.
 *
 * Permissions: `elasticfilesystem:DescribeFileSystems`, `s3:ListAllMyBuckets`, `GetBucketTagging`, `ListBucketVersions`.
 * Costs one request a thousand versions of objects.
 *
 * @throws DeploymentError when one of the services cannot be asked: half a list is none
 */
export async function findData({ signal, ...options }: FindDataOptions): Promise<readonly Leftover[]> {
  const context = {
    ...options,
    domains: [],
    namePrefix: stackNamePrefix(options.platform),
    abort: signal === undefined ? {} : { abortSignal: signal },
  };
  const ask = async (look: typeof FILE_SYSTEMS | typeof BUCKETS) => {
    try {
      return await look.find(context);
    } catch (error) {
      throw toDeploymentError(error, { operation: `the look for ${look.what} (${look.permissions.join(', ')})` });
    }
  };
  const found = [...(await ask(FILE_SYSTEMS)), ...(await ask(BUCKETS))];
  return found.map(toLeftover);
}
