/** The Java versions that current Jenkins runs on. */
export type JavaMajor = 21 | 25;

/**
 * The user and group id of `jenkins` on the instance, and of the access point that it mounts the home through.
 * Not 1000: that is `ec2-user` on Amazon Linux 2023.
 */
export const JENKINS_UID = 1500;

/**
 * How long one try of the boot may take by default, its signal included. The stack has to wait longer than that: the
 * instance takes about a minute to its first step.
 */
export const BOOT_TIMEOUT_SECONDS = 1080;

/**
 * What the first boot of a controller has to know. Nothing here is secret.
 *
 * Every string may be an unresolved token of CDK.
 */
export interface BootOptions {
  /** The LTS version of the package, e.g. `2.568.2`. */
  readonly jenkinsVersion: string;
  /** Default: 21. */
  readonly javaMajor?: JavaMajor;
  readonly region: string;
  /** The stack that waits for the signal. */
  readonly stackName: string;
  /** The logical id, in that stack, of the resource that waits for the signal. */
  readonly signalLogicalId: string;
  readonly fileSystemId: string;
  readonly accessPointId: string;
  /** An existing log group: the instance needs no right to make one. */
  readonly logGroupName: string;
  /** Must be the access point's uid and gid. Default: {@link JENKINS_UID}. */
  readonly jenkinsUid?: number;
  /**
   * After so long a try of the boot is complete or has signalled its failure. At least 180 more than
   * `startTimeoutSeconds`; at most 3480, as an update of a stack waits an hour. Default: {@link BOOT_TIMEOUT_SECONDS}.
   */
  readonly bootTimeoutSeconds?: number;
  /** How long Jenkins may take from its start to its first 200 on `/login`. Grows with the home. Default: 600. */
  readonly startTimeoutSeconds?: number;
  /** How much of the instance's memory is Java's heap; the rest is for its other memory and the file cache. Default: 60. */
  readonly heapPercent?: number;
}

export type ResolvedBootOptions = Required<BootOptions>;

export function resolveBootOptions(options: BootOptions): ResolvedBootOptions {
  return {
    ...options,
    javaMajor: options.javaMajor ?? 21,
    jenkinsUid: options.jenkinsUid ?? JENKINS_UID,
    bootTimeoutSeconds: options.bootTimeoutSeconds ?? BOOT_TIMEOUT_SECONDS,
    startTimeoutSeconds: options.startTimeoutSeconds ?? 600,
    heapPercent: options.heapPercent ?? 60,
  };
}
