import type { Problem } from '@jenkins-aws/core';
import type { NetworkErrorCode } from '../errors.js';
import { cidrsOverlap, containsCidr, isPrivateCidr, parseCidr } from './cidr.js';

type Path = Problem['path'];

function problem(code: NetworkErrorCode, message: string, path: Path): Problem {
  return { code, message, path };
}

function notACidr(value: string, path: Path): Problem {
  return problem(
    'NETWORK_CIDR_INVALID',
    `must be an IPv4 network in CIDR notation such as 10.0.0.0/16, without host bits, got '${value}'`,
    path,
  );
}

/** The smallest VPC that the allocator can cut: two zones with a load balancer's /27 each. */
export const SMALLEST_VPC_PREFIX = 24;
/** The largest VPC that AWS allows. */
const LARGEST_VPC_PREFIX = 16;

/**
 * What is wrong with a VPC's range: not a network, outside /16–/24, public, or overlapping a range in use elsewhere.
 *
 * @param reservedCidrs ranges that the VPC must not overlap: offices, peered VPCs; malformed ones are reported too
 */
export function checkVpcCidr(
  cidr: string,
  reservedCidrs: readonly string[] = [],
  paths: { readonly cidr: Path; readonly reservedCidrs: Path } = { cidr: ['cidr'], reservedCidrs: ['reservedCidrs'] },
): Problem[] {
  const reserved = reservedCidrs.map((text, index) => ({ text, index, range: parseCidr(text) }));
  const problems = reserved
    .filter(({ range }) => range === undefined)
    .map(({ text, index }) => notACidr(text, [...paths.reservedCidrs, index]));
  const vpc = parseCidr(cidr);
  if (vpc === undefined) return [notACidr(cidr, paths.cidr), ...problems];
  if (vpc.prefixLength < LARGEST_VPC_PREFIX || vpc.prefixLength > SMALLEST_VPC_PREFIX) {
    const message = `must be between /${LARGEST_VPC_PREFIX} and /${SMALLEST_VPC_PREFIX}, got '${cidr}'`;
    problems.push(problem('NETWORK_CIDR_SIZE', message, paths.cidr));
  }
  if (!isPrivateCidr(vpc)) {
    const message = `must be a private range (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10), got '${cidr}'`;
    problems.push(problem('NETWORK_CIDR_PUBLIC', message, paths.cidr));
  }
  for (const { text, range } of reserved) {
    if (range !== undefined && cidrsOverlap(vpc, range)) {
      const message = `'${cidr}' overlaps the reserved range '${text}'; choose another range for the VPC`;
      problems.push(problem('NETWORK_CIDR_OVERLAP', message, paths.cidr));
    }
  }
  return problems;
}

/** 10.0.0.0/8 is the widest private range; what is wider lets the internet in by halves and quarters. */
const WIDEST_ALLOWED_PREFIX = 8;

/** What is wrong with a list of ranges that may come in: not networks, too wide, or one inside another. */
export function checkAllowedCidrs(allowedCidrs: readonly string[], path: Path = ['allowedCidrs']): Problem[] {
  const problems: Problem[] = [];
  const seen: { text: string; range: NonNullable<ReturnType<typeof parseCidr>> }[] = [];
  for (const [index, text] of allowedCidrs.entries()) {
    const range = parseCidr(text);
    if (range === undefined) {
      problems.push(notACidr(text, [...path, index]));
      continue;
    }
    if (range.prefixLength < WIDEST_ALLOWED_PREFIX) {
      const what = range.prefixLength === 0 ? 'the whole internet' : 'a large part of the internet';
      const message = `'${text}' lets ${what} in; name the ranges of your offices or VPN, /${WIDEST_ALLOWED_PREFIX} at the widest`;
      problems.push(problem('NETWORK_CIDR_WORLD', message, [...path, index]));
    }
    const other = seen.find((earlier) => cidrsOverlap(earlier.range, range));
    if (other !== undefined) {
      const [outer, inner] = containsCidr(other.range, range) ? [other.text, text] : [text, other.text];
      const message = `'${inner}' is already part of '${outer}'; remove one of them`;
      problems.push(problem('NETWORK_CIDR_OVERLAP', message, [...path, index]));
    }
    seen.push({ text, range });
  }
  return problems;
}
