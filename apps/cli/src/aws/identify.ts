import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { toDeploymentError } from '@jenkins-aws/deployment';
import { cliEvents } from '../events.js';
import type { Output } from '../terminal/output.js';
import type { AwsTarget } from './target.js';

/** Who the command is for AWS. */
export interface Caller {
  readonly account: string;
  /** ARN. */
  readonly identity: string;
}

/**
 * Finds out who and where the command is, before it does anything, so that missing credentials are the first thing
 * that is said. Permission: `sts:GetCallerIdentity`, which everybody has.
 */
export async function identify(target: AwsTarget, output: Output, signal: AbortSignal): Promise<Caller> {
  const client = new STSClient(target.clientConfig);
  try {
    const { Account: account = 'unknown', Arn: identity = 'unknown' } = await client.send(
      new GetCallerIdentityCommand({}),
      { abortSignal: signal },
    );
    const { region, emulator } = target;
    output.report(cliEvents.targetFound({ account, region, identity, emulator }));
    return { account, identity };
  } catch (error) {
    throw toDeploymentError(error, { operation: 'GetCallerIdentity' });
  } finally {
    client.destroy();
  }
}
