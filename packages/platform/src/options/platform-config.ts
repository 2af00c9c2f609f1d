import { isRegionName, PLATFORM_NAME_PATTERN } from '@jenkins-aws/core';
import { masterOptionsSchema } from '@jenkins-aws/master';
import { networkOptionsSchema } from '@jenkins-aws/network';
import * as z from 'zod';
import { checkPlatform } from './check-platform.js';
import { iamOptionsSchema } from './iam-options.js';

const plainConfig = z.strictObject({
  name: z
    .string()
    .regex(PLATFORM_NAME_PATTERN, 'must be 2 to 20 lower-case letters and digits, first a letter')
    .describe('Name of the platform, part of every stack’s name. Changing it makes another platform.'),
  region: z
    .string()
    .refine(isRegionName, 'must be a region name such as eu-central-1')
    .describe('AWS region of everything.'),
  tags: z
    .record(
      z
        .string()
        .regex(
          /^(?!aws:|jenkins-aws:)[\w .:/=+@-]{1,128}$/i,
          'must be 1 to 128 letters, digits and _.:/=+-@, not aws: or jenkins-aws:',
        ),
      z.string().regex(/^[\w .:/=+@-]{0,256}$/, 'must be at most 256 letters, digits and _.:/=+-@'),
    )
    .default({})
    .describe(
      'Tags on every resource, e.g. for cost allocation. They are on instances and volumes, too, so a change restarts every controller.',
    ),
  iam: iamOptionsSchema.prefault({}).describe('What an organisation asks of every IAM role that is made.'),
  network: networkOptionsSchema.prefault({}).describe('The VPC that all masters share.'),
  masters: z
    // The names are checked by `checkPlatform`: a record with checked keys drops what stands below a wrong one.
    .record(z.string(), masterOptionsSchema)
    .describe(
      'One Jenkins controller a name (2 to 20 lower-case letters, digits and inner hyphens), each with its own home, load balancer, roles and alarms.',
    ),
});

/** The whole config file: one definition for type, defaults, descriptions and JSON schema. */
export const platformConfigSchema = plainConfig.superRefine(
  (config, context) => {
    for (const { message, path, code } of checkPlatform(config)) {
      context.addIssue({ code: 'custom', message, path: [...path], params: { code } });
    }
  },
  // Always: `checkPlatform` bears what is malformed, and everything wrong is reported together.
  { when: () => true },
);

/** What a person writes. */
export type PlatformConfigInput = z.input<typeof platformConfigSchema>;
/** Complete: every default filled in. */
export type PlatformConfig = z.output<typeof platformConfigSchema>;
