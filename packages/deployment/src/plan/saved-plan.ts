import { createHash } from 'node:crypto';
import { DeploymentError } from '../errors.js';
import type { OwnershipTag, StackDefinition } from '../options/stack-definition.js';
import { findArtifactKeys } from './artifact-key.js';
import { checkStacks, type TemplateBucket } from './check-stacks.js';
import type { DeploymentReview, RemovalReview, StackReview } from './deployment-review.js';
import type { OrderedStack } from './order-stacks.js';
import { asRecord, parseTemplate, readTemplate } from './read-template.js';

/** The form of the files that this version writes and reads. */
const FORMAT_VERSION = 1;

/** A reviewed deployment as a file: plain JSON, no template text, no hidden value. */
export interface SavedPlan {
  readonly formatVersion: typeof FORMAT_VERSION;
  /** ISO 8601. */
  readonly createdAt: string;
  /** `offline` where no account was asked: nobody knows then what would change, and there is no change set. */
  readonly basis: 'account' | 'offline';
  /** Undefined offline. */
  readonly account?: string;
  readonly region: string;
  /** ARN of the role by which CloudFormation shall work. Undefined where none was named. */
  readonly roleArn?: string;
  /** What else must not have moved by the time of the deployment, e.g. the digest of a lock file, by name. */
  readonly facts: Readonly<Record<string, string>>;
  readonly ownershipTag?: OwnershipTag;
  readonly protectedTypes: readonly string[];
  readonly allowReplacement: readonly string[];
  /** In an order of deployment. */
  readonly stacks: readonly SavedStack[];
  /** Names of the stacks that shall go. */
  readonly remove: readonly string[];
  /** What goes with them. Empty offline. */
  readonly removals: readonly RemovalReview[];
  /** SHA-256 over everything else. It finds accidents and edits; it is no signature. */
  readonly digest: string;
}

export interface SavedStack {
  readonly name: string;
  readonly dependsOn: readonly string[];
  /** SHA-256 of the template's text. */
  readonly templateSha256: string;
  /** A digest of each part of a JSON template, e.g. of `Resources.Home`. Empty for YAML. */
  readonly templateParts: Readonly<Record<string, string>>;
  /** Without those that the template declares as `NoEcho`: their values are in the change set alone. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
  /** Of the artifacts that the definition names, e.g. `artifacts/sha256/<digest>.zip`. */
  readonly artifactKeys: readonly string[];
  readonly terminationProtection?: boolean;
  readonly stackPolicyBody?: string;
  /** Undefined offline. */
  readonly review?: SavedReview;
}

/** What was found out about the stack, without what is read anew. */
export type SavedReview = Omit<StackReview, 'definition' | 'outputs'>;

interface PlanSubject {
  readonly region: string;
  readonly createdAt: Date;
  /** The `roleArn` of the review's context. Default: none. */
  readonly roleArn?: string;
  /** What else must not move, by name. Default: nothing. */
  readonly facts?: Readonly<Record<string, string>>;
}

export interface SavePlanOptions extends PlanSubject {
  readonly review: DeploymentReview;
  /** The account's id. */
  readonly account: string;
}

export interface SaveOfflinePlanOptions extends PlanSubject {
  readonly stacks: readonly StackDefinition[];
  /** Default: none. */
  readonly remove?: readonly OrderedStack[];
  /** Where templates above 51,200 bytes will go. Default: none, such a template is refused. */
  readonly artifacts?: TemplateBucket;
  /** As for `reviewDeployment`. Default: none. */
  readonly ownershipTag?: OwnershipTag;
  /** As for `reviewDeployment`. Default: none. */
  readonly protectedTypes?: readonly string[];
  /** As for `reviewDeployment`. Default: none. */
  readonly allowReplacement?: readonly string[];
}

/** A review as a plan that may be kept as a file. The change sets of the review stay in the account for it. */
export function savePlan({ review, account, ...subject }: SavePlanOptions): SavedPlan {
  const { removals, ownershipTag, protectedTypes, allowReplacement } = review;
  return seal(subject, {
    basis: 'account',
    account,
    ownershipTag,
    protectedTypes,
    allowReplacement,
    stacks: review.stacks.map(({ definition, outputs: _, ...found }) => ({
      ...describeDefinition(definition),
      review: found,
    })),
    remove: removals.map(({ stack }) => stack.name),
    removals,
  });
}

/**
 * The wanted stacks as a plan that no account was asked for. It holds what shall be, not what would change.
 *
 * @throws DeploymentError about everything that is wrong with the stacks
 */
export function saveOfflinePlan(options: SaveOfflinePlanOptions): SavedPlan {
  const { stacks, remove, artifacts, ownershipTag, protectedTypes = [], allowReplacement = [], ...subject } = options;
  const { ordered, toRemove } = checkStacks(stacks, remove, artifacts);
  return seal(subject, {
    basis: 'offline',
    ownershipTag,
    protectedTypes,
    allowReplacement,
    stacks: ordered.map(describeDefinition),
    remove: toRemove.map(({ name }) => name),
    removals: [],
  });
}

/**
 * Reads a plan again.
 *
 * @throws DeploymentError DEPLOYMENT_PLAN_INVALID when the text is no plan, one of another version, or was changed
 */
export function parseSavedPlan(text: string): SavedPlan {
  const plan = parseObject(text);
  if (plan.formatVersion !== FORMAT_VERSION) {
    throw invalid(
      `the plan has format version ${String(plan.formatVersion)} and this version reads ${FORMAT_VERSION}: plan again`,
    );
  }
  const { digest, ...rest } = plan;
  const expected = digestOf(rest);
  if (digest !== expected) {
    throw invalid(`the plan was changed after it was saved: its digest is ${String(digest)}, expected ${expected}`);
  }
  return plan as unknown as SavedPlan;
}

function parseObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalid(`the plan is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
  if (typeof value === 'object' && value !== null && 'formatVersion' in value) return value as Record<string, unknown>;
  throw invalid('the file holds no plan, because it names no format version');
}

function invalid(message: string, cause?: unknown): DeploymentError {
  return new DeploymentError('DEPLOYMENT_PLAN_INVALID', message, { cause });
}

type Unsealed = Omit<
  SavedPlan,
  'formatVersion' | 'createdAt' | 'region' | 'roleArn' | 'facts' | 'digest' | 'ownershipTag'
> & {
  readonly ownershipTag: OwnershipTag | undefined;
};

function seal({ region, createdAt, roleArn, facts = {} }: PlanSubject, rest: Unsealed): SavedPlan {
  const plan = { formatVersion: FORMAT_VERSION, createdAt: createdAt.toISOString(), region, roleArn, facts, ...rest };
  // As it will be read: JSON leaves out what is undefined.
  const written = JSON.parse(JSON.stringify(plan)) as Omit<SavedPlan, 'digest'>;
  return { ...written, digest: digestOf(written) };
}

/** What of a definition a plan holds. */
export function describeDefinition(definition: StackDefinition): SavedStack {
  const {
    name,
    dependsOn = [],
    templateBody,
    parameters = {},
    tags,
    terminationProtection,
    stackPolicyBody,
  } = definition;
  const declared = readTemplate(templateBody)?.parameters ?? [];
  const hidden = new Set(declared.filter((parameter) => parameter.hidden).map((parameter) => parameter.name));
  return {
    name,
    dependsOn: [...dependsOn].sort(),
    templateSha256: sha256(templateBody),
    templateParts: partsOf(templateBody),
    parameters: Object.fromEntries(Object.entries(parameters).filter(([key]) => !hidden.has(key))),
    ...(tags && { tags }),
    artifactKeys: findArtifactKeys(JSON.stringify(definition)),
    ...(terminationProtection !== undefined && { terminationProtection }),
    ...(stackPolicyBody !== undefined && { stackPolicyBody }),
  };
}

/** A digest of each part of a JSON template. Empty for YAML. */
export function partsOf(templateBody: string): Record<string, string> {
  const template = parseTemplate(templateBody) ?? {};
  const parts = Object.entries(template).flatMap(([section, value]) =>
    typeof value === 'object' && value !== null
      ? Object.entries(asRecord(value)).map(([name, part]) => [`${section}.${name}`, digestOf(part).slice(0, 16)])
      : [[section, digestOf(value).slice(0, 16)]],
  );
  return Object.fromEntries(parts);
}

/** Of a JSON value, whatever the order of its keys. */
function digestOf(value: unknown): string {
  const sorted = (_: string, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner;
  return sha256(JSON.stringify(value, sorted) ?? '');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
