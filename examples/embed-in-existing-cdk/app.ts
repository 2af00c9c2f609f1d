import { ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { App } from 'aws-cdk-lib/core';
import { CiStack } from './ci-stack.js';
import { TeamStack } from './team-stack.js';

/** The team's app. Its rules, such as a permissions boundary, hold for what it takes from us, too. */
export function createApp(): App {
  const app = new App();
  const env = { region: 'eu-central-1' };
  const { vpc, database, artifacts } = new TeamStack(app, 'Team', { env });
  const ci = new CiStack(app, 'Ci', {
    env,
    vpc,
    database,
    artifacts,
    inspectionRoleName: 'security-inspection',
    access: {
      allowedCidrs: ['10.40.0.0/16'],
      domainName: 'ci.example.com',
      hostedZone: { id: 'Z0123456789ABCDEFGHIJ', name: 'example.com' },
    },
  });
  PermissionsBoundary.of(ci).apply(ManagedPolicy.fromManagedPolicyName(ci, 'Boundary', 'team-boundary'));
  return app;
}
