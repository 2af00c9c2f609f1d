import { CfnParameter, Fn, Lazy, Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { resolveKnownOptions } from '../../src/cdk/resolve-known-options.js';
import type { MasterOptions } from '../../src/options/master-options.js';

const stack = new Stack();
const text = (id: string) => new CfnParameter(stack, id).valueAsString;
const number = (id: string) => new CfnParameter(stack, id, { type: 'Number' }).valueAsNumber;

const allowedCidrs = ['10.0.0.0/16'];
const certificateArn = 'arn:aws-us-gov:acm:us-gov-west-1:123456789012:certificate/abc';

describe('resolveKnownOptions', () => {
  it('lets every unresolved token pass as it is', () => {
    const options: MasterOptions = {
      jenkinsVersion: text('JenkinsVersion'),
      instanceType: text('InstanceType'),
      machineImageId: text('MachineImageId'),
      rootVolumeGiB: number('RootVolumeGiB'),
      logRetentionDays: number('LogRetentionDays'),
      access: {
        scheme: 'internet-facing',
        allowedCidrs: [text('Range'), '10.0.0.0/16'],
        certificateArn: Fn.importValue('certificate'),
        domainName: text('DomainName'),
        hostedZone: { id: text('ZoneId'), name: text('ZoneName') },
      },
      alarms: { emails: [text('Mail'), 'ops@example.com'], cpuPercent: number('Cpu') },
    };
    expect(resolveKnownOptions(options)).toEqual({ ...options, home: { throughput: 'elastic' } });
  });

  it('fills in the defaults beside tokens', () => {
    const resolved = resolveKnownOptions({ instanceType: text('Type'), access: { allowedCidrs, certificateArn } });
    expect(resolved).toMatchObject({ rootVolumeGiB: 20, logRetentionDays: 90, alarms: { emails: [], cpuPercent: 90 } });
    expect(resolved.access).toMatchObject({ scheme: 'internal', certificateArn });
  });

  it.each<[string, MasterOptions['access']]>([
    ['the zone', { allowedCidrs, domainName: 'ci.example.org', hostedZone: { id: text('A'), name: text('B') } }],
    ['the name', { allowedCidrs, domainName: text('C'), hostedZone: { id: 'Z0123', name: 'example.com' } }],
    ['the reason', { allowedCidrs, plainHttp: { reason: text('D') } }],
    ['the certificate', { allowedCidrs, certificateArn: Lazy.string({ produce: () => 'later' }) }],
  ])('holds no rule between the keys against %s when it is known later only', (_, access) => {
    expect(resolveKnownOptions({ access }).access).toMatchObject(access);
  });

  it('fails for everything that is known and wrong, beside tokens', () => {
    const options: MasterOptions = {
      jenkinsVersion: text('Version'),
      instanceType: 'mac1.metal',
      alarms: { emails: [text('To'), 'nobody'] },
      access: { allowedCidrs, certificateArn: text('Arn'), plainHttp: { reason: 'reached over the VPN only' } },
    };
    const wrong = () => resolveKnownOptions(options);
    expect(wrong).toThrowError(/instanceType: must be an EC2 instance type.*plainHttp: cannot stand beside/);
    expect(wrong).toThrowError(/alarms\.emails\.1: must be an e-mail address/);
  });
});
