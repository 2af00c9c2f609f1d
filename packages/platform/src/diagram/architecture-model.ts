/** A platform as a picture shows it: plain values, complete, nothing left to decide. */
export interface ArchitectureModel {
  /** The platform's name. */
  readonly platform: string;
  /** E.g. `eu-central-1`. */
  readonly region: string;
  readonly network: ArchitectureNetwork;
  /** At least one. Four are drawn, more are named. */
  readonly masters: readonly ArchitectureMaster[];
  /** In US dollars. Left out: no cost is shown. */
  readonly monthlyCostUsd?: number;
  /** What the cost holds and what it does not, in one line. Default: none. */
  readonly costNote?: string;
}

export interface ArchitectureNetwork {
  /** E.g. `10.0.0.0/16`. */
  readonly cidr: string;
  /** Two to six. */
  readonly zones: readonly ArchitectureZone[];
  /** Whether there is a gateway endpoint for S3. */
  readonly s3Endpoint: boolean;
}

export interface ArchitectureZone {
  /** E.g. `eu-central-1a`. */
  readonly name: string;
  readonly publicCidr: string;
  readonly privateCidr: string;
  readonly hasNatGateway: boolean;
}

export interface ArchitectureMaster {
  readonly name: string;
  readonly url: string;
  readonly scheme: 'internal' | 'internet-facing';
  /** `https` listens on 443, `http` on 80. */
  readonly listener: 'https' | 'http';
  /** Who may reach the load balancer. */
  readonly allowedCidrs: readonly string[];
  readonly instanceType: string;
  readonly jenkinsVersion: string;
  /** Throughput mode of the home's file system, e.g. `elastic`. */
  readonly homeThroughput: string;
  /** When the platform makes the record and the certificate. Left out: it makes none. */
  readonly domainName?: string;
  readonly alarmCount: number;
  /** The e-mail address that alarms go to. Left out: nobody is subscribed. */
  readonly notify?: string;
}
