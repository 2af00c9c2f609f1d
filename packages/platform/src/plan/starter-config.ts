import { DEFAULT_JENKINS_VERSION } from '@jenkins-aws/master';

/** How people will reach Jenkins, as a person chooses it at the start. */
export type StarterAccess =
  | { readonly kind: 'plain-http'; readonly reason: string }
  | { readonly kind: 'certificate'; readonly certificateArn: string }
  | { readonly kind: 'domain'; readonly domainName: string; readonly zoneId: string; readonly zoneName: string };

export interface StarterConfigOptions {
  readonly name: string;
  readonly region: string;
  readonly master: string;
  readonly allowedCidrs: readonly string[];
  readonly access: StarterAccess;
  /** Default: none. */
  readonly email?: string;
  /** Address of the JSON schema, for editors. */
  readonly schemaUrl: string;
}

function accessLines(access: StarterAccess): string[] {
  switch (access.kind) {
    case 'plain-http':
      return [
        '# HTTP without TLS, on an internal load balancer only. For HTTPS, put one of these in its place:',
        '#   certificateArn: …                       the ARN of a certificate that you have',
        '#   domainName: jenkins.example.com         certificate and DNS record are made, with',
        '#   hostedZone: { id: Z…, name: example.com }',
        'plainHttp:',
        `  reason: ${JSON.stringify(access.reason)}`,
      ];
    case 'certificate':
      return [`certificateArn: ${access.certificateArn}`];
    case 'domain':
      return [
        '# Its certificate and DNS record are made.',
        `domainName: ${access.domainName}`,
        'hostedZone:',
        `  id: ${access.zoneId}`,
        `  name: ${access.zoneName}`,
      ];
  }
}

/** A commented config file that a person starts from. Every line that is a default says so and can go. */
export function renderStarterConfig(options: StarterConfigOptions): string {
  const { name, region, master, allowedCidrs, access, email, schemaUrl } = options;
  return `# yaml-language-server: $schema=${schemaUrl}

# Part of every stack's name. Another name is another platform.
name: ${name}
region: ${region}

network:
  # Cannot be changed once it is deployed: choose a range that no network you may peer with uses.
  cidr: 10.0.0.0/16
  # Zones that the controller can restart in; 2 to 6. More can be added later, none taken away.
  availabilityZones: 2
  # one: cheapest. per-zone: outgoing traffic survives the loss of any zone.
  nat: one

masters:
  ${master}:
    # Exact; a deploy never moves it by itself.
    jenkinsVersion: ${DEFAULT_JENKINS_VERSION}
    # Graviton, 2 vCPU, 8 GiB.
    instanceType: m7g.large
    access:
      # internal, or internet-facing with HTTPS.
      scheme: internal
      # Who may reach the dashboard. 0.0.0.0/0 is refused.
      allowedCidrs: [${allowedCidrs.join(', ')}]
${accessLines(access)
  .map((line) => `      ${line}`)
  .join('\n')}
    alarms:
      # Each address must confirm the mail that AWS sends.
      emails: [${email ?? ''}]
`;
}
