import { isRegionName, MASTER_NAME_PATTERN, type Problem, partitionOfRegion } from '@jenkins-aws/core';
import { checkAllowedCidrs } from '@jenkins-aws/network';

type Unchecked = Readonly<Record<string, unknown>>;

function keysOf(value: unknown): Unchecked {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Unchecked) : {};
}

function wrong(message: string, ...path: string[]): Problem {
  return { code: 'PLATFORM_CONFIG_WRONG_VALUE', message, path };
}

/**
 * What is wrong between the parts of a config: rules that no room can know alone. It bears malformed values, so that
 * it can run beside the checks of the parts.
 */
export function checkPlatform(config: unknown): Problem[] {
  const { region, iam, network, masters } = keysOf(config);
  const names = Object.keys(keysOf(masters));
  const problems: Problem[] = [];
  if (masters !== undefined && names.length === 0) {
    problems.push(wrong('must have at least one master', 'masters'));
  }
  if (keysOf(network).nat === 'none') {
    const message =
      "'none' leaves the controllers no way to the package repositories that they boot from; use 'one' or 'per-zone'";
    problems.push(wrong(message, 'network', 'nat'));
  }
  const { permissionsBoundary } = keysOf(iam);
  const partition = typeof permissionsBoundary === 'string' ? permissionsBoundary.split(':')[1] : undefined;
  if (partition !== undefined && typeof region === 'string' && isRegionName(region)) {
    const wanted = partitionOfRegion(region);
    const message = `is a policy of the partition ${partition}, but ${region} is in ${wanted}; use one of that partition`;
    if (partition !== wanted) problems.push(wrong(message, 'iam', 'permissionsBoundary'));
  }
  const { availabilityZones } = keysOf(network);
  if (Array.isArray(availabilityZones) && typeof region === 'string') {
    for (const [index, zone] of availabilityZones.entries()) {
      if (typeof zone !== 'string' || zone.slice(0, -1) === region) continue;
      problems.push({
        ...wrong(`'${zone}' is no zone of ${region}`, 'network', 'availabilityZones'),
        path: ['network', 'availabilityZones', index],
      });
    }
  }
  const ownerByDomain = new Map<unknown, string>();
  for (const name of names) {
    const access = keysOf(keysOf(keysOf(masters)[name]).access);
    if (!MASTER_NAME_PATTERN.test(name)) {
      const message = `the name of a master must be 2 to 20 lower-case letters, digits and inner hyphens, first a letter, got '${name}'`;
      problems.push(wrong(message, 'masters', name));
    }
    const path = ['masters', name, 'access'];
    if (Array.isArray(access.allowedCidrs)) {
      const ranges = access.allowedCidrs.map((range) => (typeof range === 'string' ? range : ''));
      const isText = (problem: Problem) =>
        typeof access.allowedCidrs === 'object' && ranges[Number(problem.path.at(-1))] !== '';
      problems.push(...checkAllowedCidrs(ranges, [...path, 'allowedCidrs']).filter(isText));
    }
    const certificateRegion =
      typeof access.certificateArn === 'string' ? access.certificateArn.split(':')[3] : undefined;
    if (certificateRegion !== undefined && typeof region === 'string' && certificateRegion !== region) {
      const message = `is in ${certificateRegion}, but the load balancer is in ${region}; use a certificate of that region`;
      problems.push(wrong(message, ...path, 'certificateArn'));
    }
    if (access.domainName === undefined) continue;
    const owner = ownerByDomain.get(access.domainName);
    if (owner === undefined) ownerByDomain.set(access.domainName, name);
    else problems.push(wrong(`is the domain name of master '${owner}' already`, ...path, 'domainName'));
  }
  return problems;
}
