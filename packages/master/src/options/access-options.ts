import * as z from 'zod';

const reason = z.string().trim().min(10, 'must say in at least 10 characters why this is acceptable');

const domainName = z
  .string()
  .regex(
    /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
    'must be a lower-case domain name such as jenkins.example.com',
  );

const plainAccess = z.strictObject({
  scheme: z
    .enum(['internal', 'internet-facing'])
    .default('internal')
    .describe(
      '`internal` is reachable from the VPC and what is connected to it; `internet-facing` has public addresses.',
    ),
  allowedCidrs: z
    .array(z.string())
    .min(1, 'must name at least one range, such as 203.0.113.0/24')
    // A security group takes 60 rules by default, and HTTPS needs two for each range.
    .max(30, 'must name at most 30 ranges, as many as a security group has room for')
    .describe('IPv4 ranges that may reach the load balancer, e.g. of your offices or VPN. 0.0.0.0/0 is refused.'),
  certificateArn: z
    .string()
    .regex(/^arn:[a-z-]+:acm:[a-z0-9-]+:\d{12}:certificate\/.+$/, 'must be the ARN of an ACM certificate')
    .optional()
    .describe('HTTPS with an ACM certificate that you have, in the region of the platform. Default: none.'),
  domainName: domainName
    .optional()
    .describe(
      'Name under which people reach Jenkins. With `hostedZone`, its DNS record and certificate are made. Default: none.',
    ),
  hostedZone: z
    .strictObject({
      id: z
        .string()
        .regex(/^Z[A-Z0-9]{3,31}$/, 'must be a hosted zone id such as Z0123456789ABCDEFGHIJ')
        .describe('Id of the zone.'),
      name: domainName.describe('Name of the zone, e.g. example.com.'),
    })
    .optional()
    .describe('Route 53 zone for the DNS record and the validation of the certificate. Default: none.'),
  plainHttp: z
    .strictObject({
      reason: reason.describe('Why traffic without TLS is acceptable here. It stands in the review of the config.'),
    })
    .optional()
    .describe('HTTP without TLS, on an internal load balancer only. Default: none, HTTPS is required.'),
});

type PlainAccess = z.output<typeof plainAccess>;

/** What one choice of reaching Jenkins lacks or has too much, as messages by key. */
function checkAccess(access: PlainAccess): { message: string; path: string[] }[] {
  const { scheme, certificateArn, domainName: name, hostedZone, plainHttp } = access;
  const found: { message: string; path: string[] }[] = [];
  if (plainHttp === undefined && certificateArn === undefined && name === undefined) {
    const message = 'needs certificateArn, or domainName with hostedZone, or plainHttp with a reason';
    found.push({ message, path: [] });
  }
  if (plainHttp !== undefined && (certificateArn !== undefined || name !== undefined || hostedZone !== undefined)) {
    found.push({
      message: 'cannot stand beside certificateArn, domainName or hostedZone; remove it',
      path: ['plainHttp'],
    });
  }
  if (plainHttp !== undefined && scheme !== 'internal') {
    found.push({ message: 'is allowed on an internal load balancer only; use a certificate', path: ['plainHttp'] });
  }
  if (name !== undefined && hostedZone === undefined && certificateArn === undefined) {
    const message = 'needs hostedZone, so that a certificate can be made, or certificateArn';
    found.push({ message, path: ['domainName'] });
  }
  if (hostedZone !== undefined && name === undefined) {
    found.push({ message: 'needs domainName, the record to make in the zone', path: ['hostedZone'] });
  }
  if (hostedZone !== undefined && name !== undefined && !`.${name}`.endsWith(`.${hostedZone.name}`)) {
    found.push({ message: `'${name}' is not in the zone '${hostedZone.name}'`, path: ['domainName'] });
  }
  return found;
}

/** How people reach one master's dashboard. */
export const accessOptionsSchema = plainAccess.superRefine(
  (access, context) => {
    for (const { message, path } of checkAccess(access)) context.addIssue({ code: 'custom', message, path });
  },
  // Also where the ranges or an unknown key are wrong already: everything wrong is reported together.
  { when: ({ value }) => z.object(plainAccess.shape).omit({ allowedCidrs: true }).safeParse(value).success },
);

export type AccessOptions = z.input<typeof accessOptionsSchema>;
export type ResolvedAccessOptions = z.output<typeof accessOptionsSchema>;
