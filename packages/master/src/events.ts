import { defineEvent } from '@jenkins-aws/core';

/** Every event that this package reports. */
export const masterEvents = {
  controllerWaiting: defineEvent<{ master: string; health: string; detail: string }, 'master.controller.waiting'>({
    code: 'master.controller.waiting',
    level: 'info',
    description: 'the controller is not healthy yet and is looked at again',
    message: ({ master, detail }) => `${master}: waiting for the controller, ${detail}`,
  }),
  controllerHealthy: defineEvent<{ master: string; instanceId: string }, 'master.controller.healthy'>({
    code: 'master.controller.healthy',
    level: 'info',
    description: 'the controller answers 200 on /login behind its load balancer',
    message: ({ master, instanceId }) => `${master}: controller ${instanceId} is healthy`,
  }),
} as const;
