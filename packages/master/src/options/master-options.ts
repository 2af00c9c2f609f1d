import * as z from 'zod';
import { accessOptionsSchema } from './access-options.js';

/** The long-term support release that a config without a version gets (2026-08-03). */
export const DEFAULT_JENKINS_VERSION = '2.568.2';

/** What CloudWatch Logs accepts as retention, in days (PutRetentionPolicy). */
export const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** One master's options: one definition for type, defaults, descriptions and JSON schema. */
export const masterOptionsSchema = z.strictObject({
  jenkinsVersion: z
    .string()
    .regex(/^2\.\d{3,4}\.\d+$/, 'must be a long-term support release such as 2.568.2')
    .default(DEFAULT_JENKINS_VERSION)
    .describe('Jenkins long-term support release, exact. A deploy never moves it by itself.'),
  instanceType: z
    .string()
    .regex(
      /^(?!mac)[a-z]+\d{1,2}[a-z-]*\.[a-z0-9-]+$/,
      'must be an EC2 instance type that runs Linux, such as m7g.large',
    )
    .default('m7g.large')
    .describe(
      'EC2 instance type of the controller; Graviton types run on arm64. The default has 2 vCPU and 8 GiB, as the whitepaper measured best, in the family of today. Changing it replaces the instance: minutes of downtime, no data lost.',
    ),
  machineImageId: z
    .string()
    .regex(/^ami-[0-9a-f]{8,17}$/, 'must be an AMI id such as ami-0123456789abcdef0')
    .optional()
    .describe(
      'Amazon Linux 2023 image to boot, of the architecture of the instance type. Default: the newest that AWS has published when the controller’s launch template is made or changed; it stays until the next such change.',
    ),
  rootVolumeGiB: z
    .int()
    .min(8)
    .max(16_384)
    .default(20)
    .describe('Size of the encrypted gp3 root volume in GiB. The home is not on it.'),
  home: z
    .strictObject({
      throughput: z
        .enum(['elastic', 'bursting'])
        .default('elastic')
        .describe(
          '`elastic` pays per GB read and written and has no credits that run out; `bursting` is included in the storage price and slows down when a small home has used its credits.',
        ),
    })
    .prefault({})
    .describe('The Jenkins home on EFS: encrypted, in every zone, kept when the platform is destroyed.'),
  access: accessOptionsSchema.describe('How people reach the dashboard.'),
  alarms: z
    .strictObject({
      emails: z
        .array(z.email('must be an e-mail address'))
        .refine((emails) => new Set(emails).size === emails.length, 'must name each address once')
        .default([])
        .describe('Who gets the alarms; each address must confirm the mail that AWS sends.'),
      cpuPercent: z
        .int()
        .min(1)
        .max(100)
        .default(90)
        .describe('Average CPU of a quarter of an hour, in percent, from which the alarm `cpu` rings.'),
    })
    .prefault({})
    .describe('Where the alarms go: an SNS topic of the master, with these subscriptions.'),
  logRetentionDays: z
    .int()
    .refine((days) => LOG_RETENTION_DAYS.includes(days), `must be one of ${LOG_RETENTION_DAYS.join(', ')}`)
    .default(90)
    .describe('How long CloudWatch keeps the logs of the controller, in days.'),
});

/** What a person writes for one master. */
export type MasterOptions = z.input<typeof masterOptionsSchema>;
/** Complete: every default filled in. */
export type ResolvedMasterOptions = z.output<typeof masterOptionsSchema>;
