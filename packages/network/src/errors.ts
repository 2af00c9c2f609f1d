import { JenkinsAwsError } from '@jenkins-aws/core';

/** Every code that this package throws or reports as a problem, with the way out. */
export const NETWORK_ERRORS = {
  NETWORK_CIDR_INVALID: 'the range is not an IPv4 network in CIDR notation · write it such as 10.0.0.0/16',
  NETWORK_CIDR_SIZE: 'the VPC range is too large for AWS or too small for its subnets · use a size between /16 and /24',
  NETWORK_CIDR_PUBLIC:
    'the VPC range is routed on the internet · use 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10',
  NETWORK_CIDR_OVERLAP: 'two ranges overlap · change one of them',
  NETWORK_CIDR_WORLD: 'the range lets the internet or a large part of it in · name the ranges of your offices or VPN',
  NETWORK_ZONES_INVALID:
    'the number of availability zones does not fit · use 2 to 6, fewer in a range smaller than /22',
  NETWORK_ZONES_UNAVAILABLE: 'the account does not have the availability zones · use those that the message names',
  NETWORK_OPTIONS_INVALID: 'the options of the network are wrong · see the listed problems',
} as const;

export type NetworkErrorCode = keyof typeof NETWORK_ERRORS;

/** Thrown by every function of this package that refuses its input. */
export class NetworkError extends JenkinsAwsError<NetworkErrorCode> {
  override readonly name = 'NetworkError';
}
