import { Token } from 'aws-cdk-lib/core';
import type { AccessOptions } from '../options/access-options.js';
import type { MasterOptions, ResolvedMasterOptions } from '../options/master-options.js';
import { resolveMasterOptions } from '../options/resolve-master-options.js';

const CERTIFICATE_STAND_IN = 'arn:partition:acm:region:000000000000:certificate/given-at-deploy';
const ZONE_STAND_IN = 'example.com';

/** The value, or nothing where it is a parameter or an attribute whose value only CloudFormation knows. */
function known<T>(value: T | undefined): T | undefined {
  return Token.isUnresolved(value) ? undefined : value;
}

/**
 * Fills in the defaults and checks all that is known at synthesis. What is an unresolved token, such as a parameter of
 * the template, is CloudFormation's to check: it passes as it is.
 *
 * @throws MasterError `MASTER_OPTIONS_INVALID` with every problem
 */
export function resolveKnownOptions(options: MasterOptions): ResolvedMasterOptions {
  const { alarms = {} } = options;
  const resolved = resolveMasterOptions({
    jenkinsVersion: known(options.jenkinsVersion),
    instanceType: known(options.instanceType),
    machineImageId: known(options.machineImageId),
    rootVolumeGiB: known(options.rootVolumeGiB),
    logRetentionDays: known(options.logRetentionDays),
    home: options.home,
    access: withStandIns(options.access),
    alarms: {
      emails: alarms.emails?.map((email, index) => known(email) ?? `given-at-deploy-${index}@example.com`),
      cpuPercent: known(alarms.cpuPercent),
    },
  });
  return {
    ...resolved,
    jenkinsVersion: options.jenkinsVersion ?? resolved.jenkinsVersion,
    instanceType: options.instanceType ?? resolved.instanceType,
    machineImageId: options.machineImageId,
    rootVolumeGiB: options.rootVolumeGiB ?? resolved.rootVolumeGiB,
    logRetentionDays: options.logRetentionDays ?? resolved.logRetentionDays,
    access: {
      ...resolved.access,
      allowedCidrs: options.access.allowedCidrs,
      certificateArn: options.access.certificateArn,
      domainName: options.access.domainName,
      hostedZone: options.access.hostedZone,
      plainHttp: options.access.plainHttp,
    },
    alarms: {
      emails: alarms.emails ?? resolved.alarms.emails,
      cpuPercent: alarms.cpuPercent ?? resolved.alarms.cpuPercent,
    },
  };
}

/** Lawful values in the place of tokens, so that the rules between the keys still hold what is known. */
function withStandIns(access: AccessOptions): AccessOptions {
  const { certificateArn, domainName, hostedZone, plainHttp } = access;
  const zoneName = known(hostedZone?.name) ?? known(domainName) ?? ZONE_STAND_IN;
  return {
    ...access,
    certificateArn: Token.isUnresolved(certificateArn) ? CERTIFICATE_STAND_IN : certificateArn,
    domainName: Token.isUnresolved(domainName) ? `jenkins.${zoneName}` : domainName,
    hostedZone: hostedZone && { id: known(hostedZone.id) ?? 'Z0000', name: zoneName },
    plainHttp: plainHttp && { reason: known(plainHttp.reason) ?? 'a reason that is given at the deploy' },
  };
}
