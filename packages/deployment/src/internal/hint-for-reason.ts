import { explainReason, type ReasonExplanation } from './explain-reason.js';

const TEMPLATE_UNREADABLE = /S3 error: Access Denied/i;

const HINTS: readonly (readonly [pattern: RegExp, hint: string])[] = [
  [/already exists/i, 'something of this name is in the account already: rename one of the two or remove it'],
  [
    /Request limit exceeded|Rate exceeded|Throttling|RequestLimitExceeded/i,
    'AWS limits the rate of calls in the account: run again when less is going on',
  ],
  [/limit ?exceeded|quota|maximum number of/i, 'an AWS quota is reached: have it raised in Service Quotas'],
  [
    /failure signal|signals? .*(not received|timed? ?out)|received 0 .*signal|failed to receive \d+ .*signal/i,
    "the instance never reported success: read its boot log (EC2 'get system log', or its log group)",
  ],
  [/dependent object|DependencyViolation|has dependencies/i, 'something else still uses it: remove that first'],
  [/insufficient.*capacity/i, 'the zone has no such instance now: allow another instance type or zone, or try later'],
  [
    /key policy will not allow you to update the key policy/i,
    'who makes the key must stay able to change its policy: name the deploying role, or the account, in the key policy',
  ],
  [
    /ciphertext refers to|KMS key.*(incorrect state|not accessible|does not exist)|InvalidKMSKey/i,
    'the key policy of the KMS key has to let this role, or the service’s own role, use the key, and the key has to be enabled',
  ],
];

/**
 * What a person may do about AWS's reason. Undefined when the reason has to speak for itself. `candidates` are the
 * permissions among which a missing one may be, where AWS names none.
 */
export function hintForReason(reason: string, candidates: readonly string[] = []): string | undefined {
  if (TEMPLATE_UNREADABLE.test(reason)) {
    return 'CloudFormation reads the template as you: have s3:GetObject on it granted, and see that it lies in the stack’s region';
  }
  const explained = explainReason(reason);
  if (explained.isDenial) return hintForDenial(explained, candidates);
  return HINTS.find(([pattern]) => pattern.test(`${reason} ${explained.code ?? ''}`))?.[1];
}

function hintForDenial(explained: ReasonExplanation, candidates: readonly string[]): string {
  const { missingPermission, deniedResource, deniedBy = '', deniedExplicitly, policyArn, isEncoded } = explained;
  const decode =
    'AWS encoded which: aws sts decode-authorization-message --encoded-message TEXT shows it to whoever may call that, the text is in the reason';
  if (missingPermission === undefined) {
    const among = candidates.length === 0 ? '' : `, one of ${candidates.join(', ')}`;
    return isEncoded
      ? `a permission is missing${among}. ${decode}`
      : `a permission is missing${among}: AWS does not say which`;
  }
  const what = `${missingPermission}${deniedResource === undefined || deniedResource === '*' ? '' : ` on ${deniedResource}`}`;
  const where = policyArn === undefined ? '' : ` (${policyArn})`;
  if (/service control policy|resource control policy/i.test(deniedBy)) {
    return `a ${deniedBy} of the organization${where} forbids ${what}: only who manages the organization can change that`;
  }
  if (/permissions boundary/i.test(deniedBy)) {
    return `the permissions boundary${where} of the credentials or role that deploys does not let it do ${what}: have the boundary widened`;
  }
  if (/session policy/i.test(deniedBy)) {
    return `the session was opened with a policy that does not allow ${what}: open one without it, or with a wider one`;
  }
  if (/endpoint policy/i.test(deniedBy)) {
    return `the policy of the VPC endpoint${where} by which AWS was called does not allow ${what}: have it widened`;
  }
  if (deniedExplicitly) {
    const who = deniedBy === '' ? 'a policy' : `${/^[aeiou]/i.test(deniedBy) ? 'an' : 'a'} ${deniedBy}`;
    return `${who}${where} denies ${what} in so many words: granting it elsewhere does not help, that denial has to go or its condition be met`;
  }
  if (missingPermission === 'iam:PassRole') {
    return `have iam:PassRole${deniedResource === undefined ? '' : ` on ${deniedResource}`} granted to the credentials or role that deploys, for the service that gets the role (iam:PassedToService)`;
  }
  return `have ${what} granted to the credentials or role that deploys${isEncoded ? `. ${decode}` : ''}`;
}
