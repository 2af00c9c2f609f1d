// Deploys in a process of its own, which kills itself just before its nth API call.
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';

const { library, clientConfig, stacks, killBefore } = JSON.parse(process.argv[2]);
const { executeDeployment, reviewDeployment } = await import(library);
const cloudFormation = new CloudFormationClient(clientConfig);
let calls = 0;
cloudFormation.middlewareStack.add(
  (next) => (args) => {
    calls += 1;
    if (calls === killBefore) process.kill(process.pid, 'SIGKILL');
    return next(args);
  },
  { step: 'initialize' },
);
const context = { cloudFormation, pollIntervalMilliseconds: 100 };
const review = await reviewDeployment({ ...context, stacks });
await executeDeployment({ ...context, review });
process.stdout.write(String(calls));
