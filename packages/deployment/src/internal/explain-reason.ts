import { defined } from './defined.js';

/** What AWS's words about a failure tell beside themselves. What they do not tell is undefined. */
export interface ReasonExplanation {
  /** The words without the frame of the resource handler, request ids and encoded texts. */
  readonly text: string;
  /** The API operation that said no, as IAM calls it, e.g. `ec2:RunInstances`. */
  readonly operation?: string;
  /** The permission that was missing or denied, e.g. `ec2:RunInstances`. */
  readonly missingPermission?: string;
  /** The ARN, or what AWS gives instead, on which it was missing. */
  readonly deniedResource?: string;
  /** The kind of policy that does not allow or that denies it, e.g. `service control policy`. */
  readonly deniedBy?: string;
  /** Whether a policy says no in so many words, which no other policy can outweigh. */
  readonly deniedExplicitly?: boolean;
  /** ARN of that policy. */
  readonly policyArn?: string;
  /** Whether AWS refused for want of a permission, also where it does not name one. */
  readonly isDenial: boolean;
  /** Whether AWS wrote the details into a text that only an authorized caller can decode. */
  readonly isEncoded: boolean;
  /** AWS's code, e.g. `DependencyViolation` or `AccessDenied`. */
  readonly code?: string;
}

const HANDLER =
  /^\s*Resource handler returned message:\s*"([\s\S]*)"\s*\(RequestToken:[^)]*?(?:HandlerErrorCode:\s*(\w+))?\)\s*$/i;
const HANDLER_WITHOUT_TOKEN = /^\s*Resource handler returned message:\s*"([\s\S]*?)"?\s*$/i;
const TAGGING_FRAME =
  /^Encountered a permissions error performing a tagging operation[\s\S]*?(?=Resource handler returned message:)/i;
const REQUEST = /\s*\((?:Service:|Status Code:)[^()]*\)(?:\s*\(SDK Attempt Count: \d+\))?/g;
const ENCODED = /\s*Encoded authorization failure message:\s*[\w+/=\-\s]{40,}?(?=\s*\(Service:|"|\s*$|;)/gi;

const ACTION = String.raw`([A-Za-z][\w-]*:[A-Za-z]\w*)`;
const NOT_AUTHORIZED = new RegExp(
  String.raw`(?:not authorized to (?:perform|execute):?|permissions? to call)\s+${ACTION}`,
  'i',
);
const OLD_API = new RegExp(String.raw`^API:\s*${ACTION}\s+([\s\S]*)$`);
const ADDITIONAL = new RegExp(String.raw`additional permission\s+"?${ACTION}"?\s+is required`, 'i');
const WITH_TAGS = /not authorized to perform (\w+) with Tags/i;
const ALLOWS_ACTION = new RegExp(`allows? the ${ACTION} action`, 'i');
const ON_RESOURCE =
  /on resource:?\s+"?(.+?)"?(?=\s+because no|\s+with an explicit deny|\s*\((?:Service|Status)|\s*Encoded|[";,]|\.?\s*$|\.\s)/i;
const NO_POLICY = /because no ([\w -]+?) allows? the/i;
const EXPLICIT = /with an explicit deny(?: in an? ([\w -]+?))?(?=:|\s+policy arn|[\s.]*$|[.,;("]|\s+Encoded)/i;
const POLICY_ARN = /explicit deny in an? [\w -]+?:\s*(arn:[^\s"),]+)/i;
const DENIALS =
  /not authorized|not authorised|have (?:the )?permissions? to call|access denied|accessdenied|unauthorized|not have (?:the )?(?:iam )?permissions?|permissions error|not allowed to access|Account is not authorized/i;

/** How AWS's error texts call a service, where its prefix in IAM is another word. */
const PREFIXES: Readonly<Record<string, string>> = {
  amazonautoscaling: 'autoscaling',
  amazoncloudwatch: 'cloudwatch',
  amazonec2: 'ec2',
  amazonelasticfilesystem: 'elasticfilesystem',
  amazonelasticloadbalancing: 'elasticloadbalancing',
  amazonidentitymanagement: 'iam',
  amazons3: 's3',
  amazonsns: 'sns',
  awskms: 'kms',
  cloudwatchlogs: 'logs',
  efs: 'elasticfilesystem',
  elasticloadbalancingv2: 'elasticloadbalancing',
};

/**
 * Reads AWS's words about a failed resource or a refused call. Words that it does not know come back as they are, apart
 * from the frame around them.
 */
export function explainReason(reason: string): ReasonExplanation {
  const { inner, handlerCode } = unframe(reason);
  const [, oldApi, rest] = OLD_API.exec(inner) ?? [];
  const service = /\(Service:\s*([\w ]+?)[;,)]/.exec(inner)?.[1];
  const code = /Error Code:\s*([\w.]+)/.exec(inner)?.[1] ?? handlerCode;
  const isEncoded = /Encoded authorization failure message:/i.test(inner);
  const isDenial = DENIALS.test(rest ?? inner) || /^(AccessDenied|UnauthorizedTaggingOperation)/.test(code ?? '');
  const launchTemplate = /not authorized to use launch template/i.test(inner) ? 'ec2:RunInstances' : undefined;
  const withTags = WITH_TAGS.exec(inner)?.[1];
  const inTexts = NOT_AUTHORIZED.exec(inner)?.[1] ?? ALLOWS_ACTION.exec(inner)?.[1];
  const tagging = withTags === undefined ? undefined : actionOf(service, 'TagResource');
  const missing =
    ADDITIONAL.exec(inner)?.[1] ?? inTexts ?? launchTemplate ?? tagging ?? (isDenial ? oldApi : undefined);
  const operation = oldApi ?? (withTags === undefined ? inTexts : actionOf(service, withTags));
  const noPolicy = NO_POLICY.exec(inner)?.[1];
  const explicit = EXPLICIT.exec(inner);
  return {
    ...defined({
      operation: operation && normalize(operation),
      missingPermission: missing && normalize(missing),
      deniedResource: missing === undefined ? undefined : ON_RESOURCE.exec(inner)?.[1]?.trim(),
      deniedBy: noPolicy ?? explicit?.[1],
      deniedExplicitly: noPolicy === undefined && explicit !== null ? true : undefined,
      policyArn: POLICY_ARN.exec(inner)?.[1]?.replace(/[.]$/, ''),
      code,
    }),
    text: inner.replace(ENCODED, ' (details encoded)').replace(REQUEST, '').replace(/\s+/g, ' ').trim(),
    isDenial,
    isEncoded,
  };
}

/** Takes off what CloudFormation puts around the words of a service, more than once where they were put around twice. */
function unframe(reason: string): { inner: string; handlerCode: string | undefined } {
  let inner = reason.trim();
  let handlerCode: string | undefined;
  for (;;) {
    const framed = HANDLER.exec(inner);
    const found = framed?.[1] ?? HANDLER_WITHOUT_TOKEN.exec(inner)?.[1] ?? inner.replace(TAGGING_FRAME, '');
    handlerCode ??= framed?.[2];
    if (found.trim() === inner) return { inner, handlerCode };
    inner = found.trim();
  }
}

function actionOf(service: string | undefined, operation: string): string | undefined {
  if (service === undefined) return undefined;
  const word = service.replace(/\s/g, '').toLowerCase();
  return `${PREFIXES[word] ?? word}:${operation}`;
}

/** IAM does not mind the case of an action, people who search for it do. */
function normalize(action: string): string {
  const [service = '', operation = ''] = action.split(':');
  return `${service.toLowerCase()}:${operation.charAt(0).toUpperCase()}${operation.slice(1)}`;
}
