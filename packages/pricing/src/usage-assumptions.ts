import type { Problem } from '@jenkins-aws/core';
import type { PricingErrorCode } from './errors.js';

interface Assumption {
  readonly default: number;
  readonly unit: string;
  readonly description: string;
}

/**
 * What a template cannot say and a bill depends on: the default of each assumption, its unit and its meaning.
 * The defaults describe one small controller; they are assumptions, not measurements.
 */
export const USAGE_ASSUMPTIONS = {
  hoursPerMonth: { default: 730, unit: 'hour', description: 'hours that everything runs in a month' },
  homeStorageGiB: { default: 20, unit: 'GiB', description: 'data in each EFS file system' },
  homeReadGiB: { default: 50, unit: 'GiB', description: 'read from each elastic EFS file system in a month' },
  homeWrittenGiB: { default: 20, unit: 'GiB', description: 'written to each elastic EFS file system in a month' },
  backupStorageGiB: { default: 20, unit: 'GiB', description: 'backups kept of each EFS file system that has them on' },
  natProcessedGiB: { default: 20, unit: 'GiB', description: 'through each NAT gateway in a month' },
  lcuAverage: { default: 0.1, unit: 'LCU', description: 'average capacity units of each load balancer' },
  endpointProcessedGiB: { default: 10, unit: 'GiB', description: 'through each interface endpoint in a month' },
  logsIngestedGiB: { default: 1, unit: 'GiB', description: 'written to each log group in a month' },
  logsStoredGiB: { default: 3, unit: 'GiB', description: 'kept in each log group' },
  notificationEmails: {
    default: 100,
    unit: 'notification',
    description: 'sent to each e-mail subscription in a month',
  },
  kmsRequests: { default: 10_000, unit: 'request', description: 'to each KMS key in a month' },
  secretRequests: { default: 1_000, unit: 'request', description: 'to each secret in a month' },
  bucketStorageGiB: { default: 5, unit: 'GiB', description: 'data in each S3 bucket' },
  bucketWriteRequests: { default: 1_000, unit: 'request', description: 'PUT and LIST to each S3 bucket in a month' },
  bucketReadRequests: { default: 10_000, unit: 'request', description: 'GET from each S3 bucket in a month' },
  imageStorageGiB: { default: 5, unit: 'GiB', description: 'images in each ECR repository' },
} as const satisfies Readonly<Record<string, Assumption>>;

export type UsageAssumptionName = keyof typeof USAGE_ASSUMPTIONS;

/** A value for every assumption, in the unit that {@link USAGE_ASSUMPTIONS} states. */
export type UsageAssumptions = Readonly<Record<UsageAssumptionName, number>>;

// Far above any bill, far below where the arithmetic would lose a cent.
const LARGEST = 1_000_000_000;
const HOURS_OF_LONGEST_MONTH = 744;

export function usageProblems(usage: Readonly<Record<string, unknown>>): readonly Problem[] {
  const code: PricingErrorCode = 'PRICING_USAGE_INVALID';
  return Object.entries(usage).flatMap(([name, value]): Problem[] => {
    if (value === undefined) return [];
    const path = ['usage', name];
    if (!Object.hasOwn(USAGE_ASSUMPTIONS, name)) {
      const known = Object.keys(USAGE_ASSUMPTIONS).join(', ');
      return [{ code, path, message: `usage has no assumption '${name}', it has ${known}` }];
    }
    const largest = name === 'hoursPerMonth' ? HOURS_OF_LONGEST_MONTH : LARGEST;
    if (typeof value === 'number' && value >= 0 && value <= largest) return [];
    return [{ code, path, message: `usage.${name} must be a number from 0 to ${largest}, got '${String(value)}'` }];
  });
}

/** Every assumption, from `usage` where it has a value, else the default. */
export function resolveUsage(usage: Partial<UsageAssumptions>): UsageAssumptions {
  const entries = Object.entries(USAGE_ASSUMPTIONS).map(([name, assumption]) => [
    name,
    usage[name as UsageAssumptionName] ?? assumption.default,
  ]);
  return Object.fromEntries(entries) as UsageAssumptions;
}
