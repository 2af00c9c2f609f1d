import { MANAGED_POLICY_ARN_PATTERN, ROLE_PATH_PATTERN } from '@jenkins-aws/core';
import * as z from 'zod';

/** What reaches every IAM role of every stack. */
export const iamOptionsSchema = z.strictObject({
  permissionsBoundary: z
    .string()
    .regex(
      MANAGED_POLICY_ARN_PATTERN,
      'must be the ARN of a managed policy such as arn:<partition>:iam::111122223333:policy/boundary',
    )
    .optional()
    .describe(
      'ARN of the managed policy that bounds what the roles may do, whatever their own policies say. It must allow what a controller needs, or the boot fails. Changed in place. Default: none.',
    ),
  rolePath: z
    .string()
    .regex(
      ROLE_PATH_PATTERN,
      'must begin and end with a slash and have at most eight parts, such as /ci/ or /teams/build/',
    )
    .max(512, 'must have at most 512 characters')
    .default('/')
    .describe(
      'Path of the roles and instance profiles, e.g. `/ci/`, for organisations whose policies go by path. A change makes the roles anew and restarts every controller.',
    ),
});

/** Complete: every default filled in. */
export type ResolvedIamOptions = z.output<typeof iamOptionsSchema>;
