import * as z from 'zod';
import { checkVpcCidr } from '../plan/check-cidrs.js';
import { checkZoneCount } from '../plan/plan-subnets.js';

const zoneName = z
  .string()
  .regex(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, 'must be a zone name such as eu-central-1a')
  .describe('Name of an availability zone of the region.');

const plainOptions = z.strictObject({
  cidr: z
    .string()
    .default('10.0.0.0/16')
    .describe(
      'IPv4 range of the VPC, private, /16 to /24. It cannot be changed once it is deployed, so choose one that no network you will ever peer with uses.',
    ),
  availabilityZones: z
    .union([
      z.int().min(2, 'must be 2 to 6 availability zones').max(6, 'must be 2 to 6 availability zones'),
      z
        .array(zoneName)
        .min(2, 'must name 2 to 6 availability zones')
        .max(6, 'must name 2 to 6 availability zones')
        .refine((names) => new Set(names).size === names.length, 'must name each availability zone once'),
    ])
    .default(2)
    .describe(
      'How many availability zones (2–6, the first ones that the region lists), or their names. The controller can restart in each of them. More can be added later at the end, which restarts the controllers; none can be taken away or reordered. Zones cost nothing by themselves; NAT gateways per zone do.',
    ),
  nat: z
    .enum(['none', 'one', 'per-zone'])
    .default('one')
    .describe(
      'NAT gateways for outgoing traffic of the private subnets: `one` is the cheapest and lives in one zone; `per-zone` survives the loss of any zone; `none` means no way out, which a platform refuses: its controllers boot from package repositories.',
    ),
  reservedCidrs: z
    .array(z.string())
    .default([])
    .describe('Ranges in use elsewhere (offices, peered VPCs) that the VPC must not overlap.'),
});

/** The whole is checked as soon as its own parts can be read, even where other keys are wrong. */
const whenReadable = {
  when: ({ value }: { value: unknown }) => z.object(plainOptions.shape).safeParse(value).success,
};

/** The network's options: one definition for type, defaults, descriptions and JSON schema. */
export const networkOptionsSchema = plainOptions.superRefine((options, context) => {
  const { cidr, availabilityZones, reservedCidrs } = options;
  const zoneCount = typeof availabilityZones === 'number' ? availabilityZones : availabilityZones.length;
  const problems = [...checkVpcCidr(cidr, reservedCidrs), ...checkZoneCount(cidr, zoneCount, ['availabilityZones'])];
  for (const { message, path, code } of problems) {
    context.addIssue({ code: 'custom', message, path: [...path], params: { code } });
  }
}, whenReadable);

/** What a person writes. */
export type NetworkOptions = z.input<typeof networkOptionsSchema>;
/** Complete: every default filled in. */
export type ResolvedNetworkOptions = z.output<typeof networkOptionsSchema>;
