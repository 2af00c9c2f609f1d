import { defineEvent } from '@jenkins-aws/core';
import { count } from './render/count.js';

/** What the commands end with; `data` is the result for programs. */
export const cliEvents = {
  targetFound: defineEvent<{ account: string; region: string; identity: string; emulator: boolean }>({
    code: 'cli.target.found',
    level: 'info',
    description: 'the account that a command works in is known',
    message: ({ account, region, identity, emulator }) =>
      emulator
        ? `working in the embedded AWS, region ${region}`
        : `working in account ${account}, ${region}, as ${identity}`,
  }),
  formerHome: defineEvent<{ master: string; fileSystemId: string }>({
    code: 'cli.home.former',
    level: 'warning',
    description:
      'a home that stayed from an earlier platform of this name is there, and the new controller gets an empty one',
    message: ({ master, fileSystemId }) =>
      `${master}: the home ${fileSystemId} of an earlier platform of this name stays as it is; the new controller starts with an empty one`,
  }),
  stopping: defineEvent<{ command: string }>({
    code: 'cli.command.stopping',
    level: 'warning',
    description: 'Ctrl-C or a signal came: the running step is followed to its end, and nothing new begins',
    message: ({ command }) =>
      `stopping after the running step; Ctrl-C again leaves now, and AWS finishes it alone. To go on later: ${command}`,
  }),
  left: defineEvent<{ command: string }>({
    code: 'cli.command.left',
    level: 'warning',
    description: 'Ctrl-C came twice: the command ends at once, and CloudFormation finishes what it began',
    message: ({ command }) => `left while AWS goes on. To follow it and go on: ${command}`,
  }),
  initFinished: defineEvent<{ file: string }>({
    code: 'cli.init.finished',
    level: 'info',
    description: 'result of init: the file that was written',
    message: ({ file }) => `wrote ${file}`,
  }),
  planFinished: defineEvent<object>({
    code: 'cli.plan.finished',
    level: 'info',
    description: 'result of plan: stacks, resources, cost and notes',
    message: () => 'planned',
  }),
  plannedOffline: defineEvent<{ reason: string }>({
    code: 'cli.plan.offline',
    level: 'warning',
    description: 'no account could be asked, so the saved plan says what shall be and not what would change',
    message: ({ reason }) => `planned without an account, so nobody knows what would change in it: ${reason}`,
  }),
  deployFinished: defineEvent<{ changed: boolean; leftBehind: readonly object[]; [detail: string]: unknown }>({
    code: 'cli.deploy.finished',
    level: 'info',
    description:
      'result of deploy: the outcome of each stack, what could not be removed and belongs to no stack any more, and the status and cost of the platform',
    message: ({ changed, leftBehind }) =>
      `${changed ? 'deployed' : 'no changes'}${leftBehind.length === 0 ? '' : `, ${count(leftBehind.length, 'resource')} could not be removed`}`,
  }),
  statusFinished: defineEvent<object>({
    code: 'cli.status.finished',
    level: 'info',
    description: 'result of status: stacks, and each master’s controller, home and alarms',
    message: () => 'looked',
  }),
  destroyPlanned: defineEvent<{
    stacks: readonly string[];
    logGroups: readonly string[];
    data: readonly object[];
  }>({
    code: 'cli.destroy.planned',
    level: 'debug',
    description:
      'what destroy will delete and nothing else: stacks, log groups, and with --delete-data homes and buckets',
    message: ({ stacks, data }) =>
      `will delete ${count(stacks.length, 'stack')} and data in ${count(data.length, 'place')}`,
  }),
  destroyFinished: defineEvent<{ deleted: readonly string[] }>({
    code: 'cli.destroy.finished',
    level: 'info',
    description: 'result of destroy: stacks that were deleted and resources that stay',
    message: ({ deleted }) => `deleted ${count(deleted.length, 'stack')}`,
  }),
  leftoversFinished: defineEvent<{ leftovers: readonly object[]; unchecked: readonly object[] }>({
    code: 'cli.leftovers.finished',
    level: 'info',
    description: 'result of leftovers: what no stack of the platform owns, its cost, and what could not be asked',
    message: ({ leftovers, unchecked }) =>
      `${count(leftovers.length, 'resource')} left, ${count(unchecked.length, 'kind')} not asked`,
  }),
  faultsFinished: defineEvent<{ faults: readonly object[] }>({
    code: 'cli.faults.finished',
    level: 'info',
    description: 'result of emulator fault: the rules that are set, each with how many calls it let fail',
    message: ({ faults }) => `${count(faults.length, 'fault rule')} set`,
  }),
  driftFinished: defineEvent<{ drifted: boolean; stacks: readonly object[]; byHand: object }>({
    code: 'cli.drift.finished',
    level: 'info',
    description:
      'result of drift: every resource with its differences, what was done by hand, and what was not looked at',
    message: ({ drifted }) => (drifted ? 'something is not as it was deployed' : 'no difference was found'),
  }),
  permissionsFinished: defineEvent<object>({
    code: 'cli.permissions.finished',
    level: 'info',
    description: 'result of permissions: policy documents, and the reason of each action',
    message: () => 'planned the permissions',
  }),
  artifactsListed: defineEvent<{ artifacts: readonly object[] }>({
    code: 'cli.artifacts.listed',
    level: 'info',
    description: 'result of artifacts list: the bucket, its artifacts and the last deployments',
    message: ({ artifacts }) => count(artifacts.length, 'artifact'),
  }),
  artifactsPruned: defineEvent<{ deleted: readonly object[] }>({
    code: 'cli.artifacts.pruned',
    level: 'info',
    description: 'result of artifacts prune: what was deleted and what is kept',
    message: ({ deleted }) => `deleted ${count(deleted.length, 'artifact')}`,
  }),
  emulatorFinished: defineEvent<object>({
    code: 'cli.emulator.finished',
    level: 'info',
    description: 'result of an emulator command: its state',
    message: () => 'done',
  }),
} as const;
