import type { Snapshot } from './take-snapshot.js';

/** When and how often something was made, and what an emulator draws by chance. */
const VOLATILE =
  /(time|date|timestamp|createdat|requestid|creationtoken|reservationid|createdby|clienttoken|changesetid)$|^(Version|VersionNumber|DefaultVersion|LatestVersionNumber|DefaultVersionNumber|VersionDescription|AvailableIpAddressCount|\$metadata|StateReason|StateReasonData|StateValue|SizeInBytes|storedBytes|IpAddress|PrivateIpAddress|PrivateDnsName|MacAddress|PublicIp|DNSName|Serial|InstanceId|NumberOfMountTargets)$/i;

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<uuid>'],
  [/\b([a-z]{1,12})-(?=[0-9a-f]*\d)[0-9a-f]{8,17}\b/g, '$1-<id>'],
  [/\b[0-9a-f]{16,}\b/g, '<hex>'],
  // What CloudFormation puts at the end of a name that it makes.
  [/-[0-9a-f]{13}\b/gi, '-<suffix>'],
  [/\b(AIPA|AROA)[A-Z0-9]{12,}\b/g, '$1<id>'],
  [/-[0-9a-z]{8,}(?=\.[a-z0-9-]+\.elb\.)/g, '-<id>'],
];

/**
 * The same for every run: ids become the names that their stacks gave them, others their kind; lists get an order.
 *
 * @param names of physical ids
 */
export function normalize(raw: Record<string, readonly unknown[]>, names: ReadonlyMap<string, string>): Snapshot {
  // An ARN has the ids of other resources in it: the longest first. Dimensions of alarms are the end of an ARN.
  const ends = [...names].map(([id, name]) => [/:(?:loadbalancer|targetgroup)\/(.*)$/.exec(id)?.[1], name] as const);
  const known = [...names, ...ends]
    .filter((entry): entry is readonly [string, string] => (entry[0] ?? '').length > 3)
    .sort(([a], [b]) => b.length - a.length);
  const text = (value: string) => {
    let named = value;
    for (const [id, name] of known) if (named.includes(id)) named = named.replaceAll(id, name);
    for (const [pattern, name] of PATTERNS) named = named.replace(pattern, name);
    return named;
  };
  const value = (given: unknown): unknown => {
    if (typeof given === 'string') return text(given);
    if (given instanceof Date || given === null || given === undefined) return undefined;
    if (Array.isArray(given)) return sorted(given.map(value));
    if (typeof given !== 'object') return given;
    return Object.fromEntries(
      Object.entries(given)
        .filter(([key]) => !VOLATILE.test(key))
        .map(([key, child]) => [text(key), value(key === 'UserData' ? decoded(child) : child)] as const)
        .filter(([, child]) => child !== undefined)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  };
  return Object.fromEntries(Object.entries(raw).map(([kind, all]) => [kind, sorted(all.map(value))]));
}

function decoded(userData: unknown): string {
  return Buffer.from(String(userData), 'base64').toString();
}

function sorted(all: readonly unknown[]): unknown[] {
  return all
    .map((each) => [JSON.stringify(each) ?? '', each] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, each]) => each);
}
