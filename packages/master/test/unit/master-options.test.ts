import { describe, expect, it } from 'vitest';
import type { MasterError } from '../../src/errors.js';
import type { MasterOptions } from '../../src/options/master-options.js';
import { resolveMasterOptions } from '../../src/options/resolve-master-options.js';
import { listenerOf, urlOf } from '../../src/plan/access.js';

const certificateArn = 'arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d';
const hostedZone = { id: 'Z0123456789ABCDEFGHIJ', name: 'example.com' };
const allowedCidrs = ['203.0.113.0/24'];

function problemsOf(options: MasterOptions): string[] {
  try {
    resolveMasterOptions(options);
  } catch (error) {
    return (error as MasterError).problems.map(({ path, message }) => `${path.join('.')}: ${message}`);
  }
  return [];
}

describe('resolveMasterOptions', () => {
  it('fills in the defaults', () => {
    expect(resolveMasterOptions({ access: { allowedCidrs, certificateArn } })).toEqual({
      jenkinsVersion: '2.568.2',
      instanceType: 'm7g.large',
      rootVolumeGiB: 20,
      home: { throughput: 'elastic' },
      access: { scheme: 'internal', allowedCidrs, certificateArn },
      alarms: { emails: [], cpuPercent: 90 },
      logRetentionDays: 90,
    });
  });

  it.each([
    [{ certificateArn }],
    [{ domainName: 'ci.example.com', hostedZone }],
    [{ domainName: 'example.com', hostedZone }],
    [{ domainName: 'ci.example.com', certificateArn }],
    [{ plainHttp: { reason: 'reached over the VPN only' } }],
  ])('accepts the way in %j', (access) => {
    expect(problemsOf({ access: { allowedCidrs, ...access } })).toEqual([]);
  });

  it.each([
    [{}, 'access: needs certificateArn'],
    [{ domainName: 'ci.example.com' }, 'access.domainName: needs hostedZone'],
    [{ hostedZone, certificateArn }, 'access.hostedZone: needs domainName'],
    [{ domainName: 'ci.other.com', hostedZone }, "access.domainName: 'ci.other.com' is not in the zone"],
    [{ domainName: 'ci.myexample.com', hostedZone }, "access.domainName: 'ci.myexample.com' is not in the zone"],
    [{ plainHttp: { reason: 'reached over the VPN only' }, certificateArn }, 'access.plainHttp: cannot stand beside'],
    [{ plainHttp: { reason: 'because' } }, 'access.plainHttp.reason: must say'],
    [
      { plainHttp: { reason: 'reached over the VPN only' }, scheme: 'internet-facing' as const },
      'access.plainHttp: is allowed on',
    ],
  ])('fails for the way in %j', (access, message) => {
    expect(problemsOf({ access: { allowedCidrs, ...access } }).join('\n')).toContain(message);
  });

  it('fails with everything that is wrong, also what only the whole shows', () => {
    const problems = problemsOf({
      instanceType: 'large',
      jenkinsVersion: 'lts',
      logRetentionDays: 91,
      access: { allowedCidrs: [], domainName: 'ci.example.com' },
    });
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'jenkinsVersion',
      'instanceType',
      'access.allowedCidrs',
      'access.domainName',
      'logRetentionDays',
    ]);
  });
});

describe('the way in', () => {
  const resolve = (access: MasterOptions['access']) => resolveMasterOptions({ access }).access;

  it('is HTTPS under the domain name', () => {
    const access = resolve({ allowedCidrs, domainName: 'ci.example.com', hostedZone });
    expect([listenerOf(access), urlOf(access, 'lb.internal')]).toEqual(['https', 'https://ci.example.com/']);
  });

  it('is HTTP under the load balancer’s name where a reason allows it', () => {
    const access = resolve({ allowedCidrs, plainHttp: { reason: 'reached over the VPN only' } });
    expect([listenerOf(access), urlOf(access, 'lb.internal')]).toEqual(['http', 'http://lb.internal/']);
  });
});
