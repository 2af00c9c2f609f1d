import { createServer } from 'node:net';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from 'vitest';
import { getStackSummaries } from '../../src/index.js';
import { toDeploymentError } from '../../src/to-deployment-error.js';

const awsError = (name: string, message = 'text', httpStatusCode = 400) =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
const networkError = (code: string) => Object.assign(new Error(`connect ${code}`), { code });

describe('mapping what a call threw', () => {
  it.each([
    [awsError('ExpiredToken'), 'DEPLOYMENT_CREDENTIALS_EXPIRED'],
    [awsError('CredentialsProviderError', 'The SSO session has expired'), 'DEPLOYMENT_CREDENTIALS_EXPIRED'],
    [awsError('CredentialsProviderError', 'Could not load credentials'), 'DEPLOYMENT_CREDENTIALS_MISSING'],
    [awsError('InvalidClientTokenId', 'x', 403), 'DEPLOYMENT_CREDENTIALS_REFUSED'],
    [awsError('SignatureDoesNotMatch', 'x', 403), 'DEPLOYMENT_CREDENTIALS_REFUSED'],
    [awsError('RequestTimeTooSkewed', 'The difference is too large', 403), 'DEPLOYMENT_CLOCK_WRONG'],
    [awsError('RequestExpired', 'Request has expired.'), 'DEPLOYMENT_CLOCK_WRONG'],
    [awsError('RequestInTheFuture', 'x', 403), 'DEPLOYMENT_CLOCK_WRONG'],
    [
      awsError('SignatureDoesNotMatch', 'Signature expired: 20261124T1 is now earlier than 20261124T2', 403),
      'DEPLOYMENT_CLOCK_WRONG',
    ],
    [
      awsError('InvalidSignatureException', 'Signature not yet current: 20261124T2 is still later than', 403),
      'DEPLOYMENT_CLOCK_WRONG',
    ],
    [awsError('OptInRequired', 'x', 403), 'DEPLOYMENT_CREDENTIALS_REFUSED'],
    [new Error('Region is missing'), 'DEPLOYMENT_REGION_MISSING'],
    [networkError('ENOTFOUND'), 'DEPLOYMENT_REGION_UNKNOWN'],
    [networkError('ECONNREFUSED'), 'DEPLOYMENT_ENDPOINT_UNREACHABLE'],
    [awsError('TimeoutError'), 'DEPLOYMENT_ENDPOINT_UNREACHABLE'],
    [awsError('Throttling', 'Rate exceeded'), 'DEPLOYMENT_THROTTLED'],
    [awsError('SlowDown', 'Please reduce your request rate.'), 'DEPLOYMENT_THROTTLED'],
    [awsError('AlreadyExistsException'), 'DEPLOYMENT_REVIEW_STALE'],
    [awsError('InvalidChangeSetStatusException'), 'DEPLOYMENT_REVIEW_STALE'],
    [awsError('ChangeSetNotFoundException', 'x', 404), 'DEPLOYMENT_REVIEW_STALE'],
    [
      awsError('ValidationError', 'Stack:arn is in UPDATE_IN_PROGRESS state and can not be updated.'),
      'DEPLOYMENT_STACK_BUSY',
    ],
    [awsError('ValidationError', 'Template format error'), 'DEPLOYMENT_REQUEST_REFUSED'],
    [awsError('InternalFailure', 'x', 500), 'DEPLOYMENT_SERVICE_FAILED'],
    [Object.assign(new Error('aborted'), { name: 'AbortError' }), 'DEPLOYMENT_ABORTED'],
    ['a string', 'DEPLOYMENT_SERVICE_FAILED'],
  ])('takes %s for %s', (error, code) => {
    expect(toDeploymentError(error, { operation: 'CreateChangeSet', stackName: 'a' })).toMatchObject({
      name: 'DeploymentError',
      code,
      cause: error,
    });
  });

  it.each(['Stack with id a does not exist', 'Stack [a] does not exist'])(
    'takes a stack that is gone for moved: %s',
    (text) => {
      const gone = toDeploymentError(awsError('ValidationError', text, 400), {
        operation: 'GetStackPolicy',
        stackName: 'a',
      });
      expect([gone.code, gone.message]).toEqual(['DEPLOYMENT_REVIEW_STALE', expect.stringContaining('GetStackPolicy')]);
    },
  );

  it('names the missing permission', () => {
    const message = 'User: arn:aws:iam::1:user/x is not authorized to perform: ssm:GetParameters on resource: y';
    const denied = (text: string) =>
      toDeploymentError(awsError('AccessDenied', text, 403), { operation: 'CreateChangeSet', stackName: 'a' });
    expect(denied(message)).toMatchObject({
      code: 'DEPLOYMENT_ACCESS_DENIED',
      hint: expect.stringMatching(/^have ssm:GetParameters on y granted to the credentials/),
    });
    expect(denied('no').hint).toContain('permission for CreateChangeSet');
  });
});

describe('asking an account that does not answer', () => {
  const credentials = { accessKeyId: 'x', secretAccessKey: 'x' };
  const ask = (config: ConstructorParameters<typeof CloudFormationClient>[0]) =>
    getStackSummaries({ cloudFormation: new CloudFormationClient({ maxAttempts: 1, ...config }), names: ['a'] });

  it('fails with one message when nothing listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    for (const host of ['127.0.0.1', 'localhost']) {
      await expect(
        ask({ region: 'eu-central-1', endpoint: `http://${host}:${port}`, credentials }),
      ).rejects.toMatchObject({
        code: 'DEPLOYMENT_ENDPOINT_UNREACHABLE',
      });
    }
  });

  it('fails with one message for a region that has no address', async () => {
    const endpoint = 'https://cloudformation.mars-1.invalid';
    await expect(ask({ region: 'mars-1', endpoint, credentials })).rejects.toMatchObject({
      code: 'DEPLOYMENT_REGION_UNKNOWN',
    });
  });

  it('fails with one message without credentials and without a region', async () => {
    const provider = () => Promise.reject(awsError('CredentialsProviderError', 'none found'));
    await expect(ask({ region: 'eu-central-1', credentials: provider })).rejects.toMatchObject({
      code: 'DEPLOYMENT_CREDENTIALS_MISSING',
    });
    const region = () => Promise.reject(new Error('Region is missing'));
    await expect(ask({ region, credentials })).rejects.toMatchObject({ code: 'DEPLOYMENT_REGION_MISSING' });
  });
});
