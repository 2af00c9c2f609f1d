import { isJenkinsAwsError } from '@jenkins-aws/core';
import { DeploymentError, type DeploymentErrorCode } from './errors.js';
import { explainReason } from './internal/explain-reason.js';
import { hintForReason } from './internal/hint-for-reason.js';

/** What was being done when something went wrong. */
export interface CallSubject {
  /** The API operation, e.g. `CreateChangeSet`, of CloudFormation or any other service. */
  readonly operation: string;
  readonly stackName?: string;
}

interface Finding {
  readonly code: DeploymentErrorCode;
  readonly message: string;
  readonly hint?: string;
}

const EXPIRED = /^(ExpiredToken|ExpiredTokenException|TokenRefreshRequired)$/;
/** By the time in the signature, or by SignatureDoesNotMatch where only the text tells it. */
const SKEWED = /^(RequestTimeTooSkewed|RequestInTheFuture)$/;
const SKEWED_TEXT = /signature (?:expired|not yet current)|request time is too skewed|request time too skewed/i;
const UNKNOWN_CREDENTIALS =
  /^(InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|IncompleteSignature|InvalidAccessKeyId|MissingAuthenticationToken|AuthFailure|OptInRequired)/;
const THROTTLED = /^(Throttling|ThrottlingException|RequestLimitExceeded|TooManyRequestsException|SlowDown)$/;
const UNREACHABLE =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/;

/** Whatever a call threw, as an error with a stable code and the way out. AWS's own error stays as the cause. */
export function toDeploymentError(error: unknown, subject: CallSubject): DeploymentError {
  if (isJenkinsAwsError(error)) return error as DeploymentError;
  const { code, message, hint } = find(error, subject);
  return new DeploymentError(code, message, { cause: error, ...(hint === undefined ? {} : { hint }) });
}

function find(error: unknown, { operation, stackName }: CallSubject): Finding {
  const { name, text, code, status } = read(error);
  const what = stackName === undefined ? operation : `${operation} of stack '${stackName}'`;
  if (name === 'AbortError') return { code: 'DEPLOYMENT_ABORTED', message: `stopped on request during ${what}` };
  if (SKEWED.test(name) || name === 'RequestExpired' || SKEWED_TEXT.test(text)) {
    return {
      code: 'DEPLOYMENT_CLOCK_WRONG',
      message: `the clock of this machine is wrong, so aws refused ${what} (${text || name}): set it by ntp (e.g. timedatectl set-ntp true, or sntp -sS time.apple.com on a mac), then run again`,
    };
  }
  if (EXPIRED.test(name) || (/^(CredentialsProviderError|TokenProviderError)$/.test(name) && /expired/i.test(text))) {
    return {
      code: 'DEPLOYMENT_CREDENTIALS_EXPIRED',
      message: `the aws credentials have expired: log in again (aws sso login, or new keys) and run again`,
    };
  }
  if (name === 'CredentialsProviderError' || name === 'TokenProviderError') {
    return {
      code: 'DEPLOYMENT_CREDENTIALS_MISSING',
      message: `no usable aws credentials: ${text}. log in (aws sso login, aws configure) or name a profile`,
    };
  }
  if (UNKNOWN_CREDENTIALS.test(name)) {
    return {
      code: 'DEPLOYMENT_CREDENTIALS_REFUSED',
      message: `aws refused the credentials (${name}): check the keys, and that the region is enabled and in the account's partition`,
    };
  }
  if (/^(AccessDenied|AccessDeniedException|UnauthorizedOperation)$/.test(name) || status === 403) {
    const named = explainReason(text).missingPermission !== undefined;
    return {
      code: 'DEPLOYMENT_ACCESS_DENIED',
      message: `access denied during ${what}: ${text}`,
      hint:
        (named ? hintForReason(text) : undefined) ??
        `have the permission for ${operation} granted to these credentials`,
    };
  }
  if (/region is missing/i.test(text)) {
    return {
      code: 'DEPLOYMENT_REGION_MISSING',
      message: 'no aws region was given: set it on the client, in AWS_REGION or in the profile',
    };
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return {
      code: 'DEPLOYMENT_REGION_UNKNOWN',
      message: `no address for the endpoint during ${what} (${text}): check the region's name, the network and its DNS`,
    };
  }
  if (UNREACHABLE.test(code) || name === 'TimeoutError') {
    return {
      code: 'DEPLOYMENT_ENDPOINT_UNREACHABLE',
      message: `the endpoint did not answer during ${what} (${text || code}): check that it runs, the network and the proxy`,
    };
  }
  if (THROTTLED.test(name) || status === 429) {
    return {
      code: 'DEPLOYMENT_THROTTLED',
      message: `aws limited the rate of calls during ${what}: run again in a minute, or give the client more maxAttempts`,
    };
  }
  const busy = /\bin (?:the )?(\w+_IN_PROGRESS) state/.exec(text)?.[1];
  if (busy !== undefined) {
    return {
      code: 'DEPLOYMENT_STACK_BUSY',
      message: `stack '${stackName}' is in ${busy}: somebody else deploys it now, run again when that has finished`,
    };
  }
  if (/^(InvalidChangeSetStatus|ChangeSetNotFound)/.test(name)) {
    return {
      code: 'DEPLOYMENT_REVIEW_STALE',
      message: `the reviewed change set of stack '${stackName}' is gone or outdated: review again`,
    };
  }
  if (name === 'AlreadyExistsException' || /already exists and cannot be created again/.test(text)) {
    return {
      code: 'DEPLOYMENT_REVIEW_STALE',
      message: `stack '${stackName}' was reviewed as new and exists by now: review again`,
    };
  }
  if (stackName !== undefined && name === 'ValidationError' && /^stack\b.*does not exist/i.test(text)) {
    return {
      code: 'DEPLOYMENT_REVIEW_STALE',
      message: `stack '${stackName}' was deleted by somebody else meanwhile (${operation}: ${text}): review again`,
    };
  }
  if (name === 'ValidationError' || (status !== undefined && status >= 400 && status < 500)) {
    return { code: 'DEPLOYMENT_REQUEST_REFUSED', message: `aws refused ${what}: ${text}` };
  }
  return {
    code: 'DEPLOYMENT_SERVICE_FAILED',
    message: `aws failed during ${what} (${name}: ${text}): run again later`,
  };
}

function read(error: unknown): { name: string; text: string; code: string; status: number | undefined } {
  const { name, message, code, $metadata } = (
    typeof error === 'object' && error !== null ? error : { message: error }
  ) as { name?: unknown; message?: unknown; code?: unknown; $metadata?: { httpStatusCode?: number } };
  return {
    name: String(name ?? 'Error'),
    text: String(message ?? '')
      .replace(/\s+/g, ' ')
      .trim(),
    code: String(code ?? ''),
    status: $metadata?.httpStatusCode,
  };
}
