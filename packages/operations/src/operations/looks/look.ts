import { MASTER_TAG, PLATFORM_TAG } from '@jenkins-aws/core';
import type { FoundResource } from '../../plan/leftover.js';
import type { LeftoverClients } from '../leftover-clients.js';

/** What every look knows, whichever services it asks. */
export interface LookSubject {
  readonly platform: string;
  /** Names of the platform's resources begin so, e.g. `jenkins-ci-`. */
  readonly namePrefix: string;
  readonly domains: readonly { readonly hostedZoneId: string; readonly name: string }[];
  readonly abort: { readonly abortSignal?: AbortSignal };
}

export interface LookContext extends LookSubject, LeftoverClients {}

/** One question to one service. */
export interface Look {
  /** What it looks for, e.g. `instances`. */
  readonly what: string;
  /** All that it needs, first what it asks first, e.g. `ec2:DescribeInstances`. */
  readonly permissions: readonly [string, ...string[]];
  readonly find: (context: LookContext) => Promise<readonly FoundResource[]>;
}

type Tags = Readonly<Record<string, string | undefined>>;
type TagList = readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined;

/** CloudFormation marks what it makes, and the mark stays when the resource is retained. */
export const STACK_ID_TAG = 'aws:cloudformation:stack-id';
export const STACK_NAME_TAG = 'aws:cloudformation:stack-name';

export const GIB = 2 ** 30;

export function tagsOf(list: TagList): Tags {
  return Object.fromEntries((list ?? []).map(({ Key = '', Value }) => [Key, Value]));
}

export function isOfPlatform(tags: Tags, { platform }: Pick<LookSubject, 'platform'>): boolean {
  return tags[PLATFORM_TAG] === platform;
}

/** The form in which EC2 and Auto Scaling filter by tag. */
export function tagFilter({ platform }: LookContext): { Filters: { Name: string; Values: string[] }[] } {
  return { Filters: [{ Name: `tag:${PLATFORM_TAG}`, Values: [platform] }] };
}

/** A found resource from what the answer of a service says about it. */
export function resource(
  type: string,
  id: string | undefined,
  tags: Tags,
  more: Partial<FoundResource> = {},
): FoundResource {
  return {
    type,
    id: id ?? 'unknown',
    master: tags[MASTER_TAG],
    stackName: tags[STACK_NAME_TAG],
    sizeGiB: undefined,
    createdAt: undefined,
    properties: {},
    holdsData: false,
    belongsTo: [],
    tags,
    ...more,
  };
}

/** What `more` has, without the undefined. */
export function present(names: readonly (string | undefined)[]): string[] {
  return names.filter((name): name is string => name !== undefined && name !== '');
}
