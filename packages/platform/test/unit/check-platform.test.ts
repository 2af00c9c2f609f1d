import { describe, expect, it } from 'vitest';
import type { PlatformError } from '../../src/errors.js';
import { formatProblem } from '../../src/load/located-problem.js';
import { parseConfig } from '../../src/load/parse-config.js';
import { platformConfigSchema } from '../../src/options/platform-config.js';

const access = `{ allowedCidrs: [203.0.113.0/24], certificateArn: 'arn:aws:acm:eu-central-1:123456789012:certificate/0a1b' }`;

function problemsOf(text: string): string[] {
  try {
    parseConfig({ text, fileName: 'c.yaml', schema: platformConfigSchema });
  } catch (error) {
    return (error as PlatformError).problems.map(formatProblem);
  }
  return [];
}

describe('the rules between the parts of a config', () => {
  it('accept two masters with a certificate of the region', () => {
    expect(
      problemsOf(`name: ci\nregion: eu-central-1\nmasters:\n  one: {access: ${access}}\n  two: {access: ${access}}`),
    ).toEqual([]);
  });

  it('fail for a certificate of another region', () => {
    const [problem] = problemsOf(`name: ci\nregion: eu-west-1\nmasters:\n  main: {access: ${access}}`);
    expect(problem).toMatch(/^c\.yaml:4:68 masters\.main\.access\.certificateArn: is in eu-central-1/);
  });

  it('fail for a domain name that another master has', () => {
    const domain = `{ allowedCidrs: [203.0.113.0/24], domainName: ci.example.com, hostedZone: {id: Z0123456789, name: example.com} }`;
    expect(
      problemsOf(`name: ci\nregion: eu-central-1\nmasters:\n  one: {access: ${domain}}\n  two: {access: ${domain}}`),
    ).toEqual([expect.stringMatching(/^c\.yaml:5:.* masters\.two\.access\.domainName: .*master 'one'/)]);
  });

  it('fail for a wrong name of a master, and for what is wrong inside it', () => {
    const problems = problemsOf(
      `name: ci\nregion: eu-central-1\nmasters:\n  My_Master: {instanceType: 5, access: ${access}}`,
    );
    expect(problems).toEqual([
      expect.stringMatching(/^c\.yaml:4:.*the name of a master/),
      expect.stringMatching(/^c\.yaml:4:.*instanceType/),
    ]);
  });

  it('fail for no master, and for no way out of the private subnets', () => {
    expect(problemsOf('name: ci\nregion: eu-central-1\nnetwork: {nat: none}\nmasters: {}')).toEqual([
      expect.stringMatching(/^c\.yaml:3:16 network\.nat/),
      expect.stringMatching(/^c\.yaml:4:10 masters: must have at least one master/),
    ]);
  });

  it('fail for a permissions boundary of another partition, and for a path that IAM does not take', () => {
    const boundary = "'arn:aws-cn:iam::111122223333:policy/boundary'";
    const problems = problemsOf(
      `name: ci\nregion: eu-central-1\niam: {permissionsBoundary: ${boundary}, rolePath: ci}\nmasters:\n  main: {access: ${access}}`,
    );
    expect(problems).toEqual([
      expect.stringMatching(/^c\.yaml:3:.* iam\.permissionsBoundary: is a policy of the partition aws-cn/),
      expect.stringMatching(/^c\.yaml:3:.* iam\.rolePath: must begin and end with a slash/),
    ]);
  });
});
