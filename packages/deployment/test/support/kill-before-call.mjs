// Deploys in a process of its own, which kills itself just before its nth API call.
import { hostname } from 'node:os';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { S3Client } from '@aws-sdk/client-s3';

const { library, clientConfig, stacks, options, bucket, killBefore } = JSON.parse(process.argv[2]);
const { executeDeployment, reviewDeployment } = await import(library);
let calls = 0;
const counted = (client) => {
  client.middlewareStack.add(
    (next) => (args) => {
      calls += 1;
      if (calls === killBefore) process.kill(process.pid, 'SIGKILL');
      return next(args);
    },
    { step: 'initialize' },
  );
  return client;
};
const here = { host: hostname(), processId: process.pid, processSpace: 'this one' };
const holder = { identity: 'user/child', ...here, since: '', what: 'deploy' };
const context = {
  ...options,
  cloudFormation: counted(new CloudFormationClient(clientConfig)),
  pollIntervalMilliseconds: 100,
  ...(bucket && {
    artifacts: { s3: counted(new S3Client({ ...clientConfig, forcePathStyle: true })), bucket },
    claim: { holder, now: Date.now },
  }),
};
const review = await reviewDeployment({ ...context, stacks });
await executeDeployment({ ...context, review });
process.stdout.write(String(calls));
