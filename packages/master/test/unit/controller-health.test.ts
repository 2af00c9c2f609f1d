import { describe, expect, it } from 'vitest';
import { type ControllerInstance, controllerHealth } from '../../src/operations/describe-controller.js';

const at = new Date('2026-11-24T12:00:00Z');
const instance = (changes: Partial<ControllerInstance> = {}): ControllerInstance => ({
  instanceId: 'i-1',
  availabilityZone: 'eu-central-1a',
  launchedAt: '2026-11-24T10:00:00Z',
  instanceType: 'm7g.large',
  lifecycleState: 'InService',
  targetHealth: 'healthy',
  ...changes,
});

describe('controllerHealth', () => {
  it.each([
    ['gone', []],
    ['gone', [instance({ lifecycleState: 'Terminating:Wait' })]],
    ['healthy', [instance()]],
    ['starting', [instance({ targetHealth: 'unhealthy', launchedAt: '2026-11-24T11:50:00Z' })]],
    ['starting', [instance({ targetHealth: 'initial', launchedAt: undefined, lifecycleState: 'Pending' })]],
    ['unhealthy', [instance({ targetHealth: 'unhealthy' })]],
    ['healthy', [instance({ instanceId: 'i-0', lifecycleState: 'Terminating' }), instance()]],
    [
      'more-than-one',
      [instance(), instance({ instanceId: 'i-2', lifecycleState: 'Pending', targetHealth: 'initial' })],
    ],
  ] as const)('says %s', (health, instances) => {
    expect(controllerHealth(instances, at)).toBe(health);
  });
});
