import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runPython } from '../support/call-aws.js';
import { startTestEmulator, type TestEmulator } from '../support/start-test-emulator.js';

interface Report {
  readonly problems: readonly string[];
  readonly operations: number;
  readonly types: number;
  readonly missing: readonly string[];
}

const OVERLAY = resolve(import.meta.dirname, '../../overlay');
let emulator: TestEmulator;

beforeAll(async () => {
  emulator = await startTestEmulator();
});
afterAll(() => emulator.stop());

test('answers every operation and every type of the overlay as the service models say', {
  timeout: 180_000,
}, async () => {
  const report = await runPython<Report>('check_contract.py', { endpoint: emulator.endpoint, overlay: OVERLAY });
  expect(report.problems).toEqual([]);
  // An operation or a type that the overlay begins to handle belongs into the scenario.
  expect(report.missing).toEqual([]);
  expect(report.operations).toBeGreaterThan(70);
  expect(report.types).toBeGreaterThan(35);
});

const answer = (inner: string) =>
  `<DescribeSubnetsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><subnetSet><item>${inner}</item></subnetSet></DescribeSubnetsResponse>`;

test.each([
  ['what fits', 'ec2', 'DescribeSubnets', answer('<state>available</state>'), []],
  [
    'a word outside of its enumeration',
    'ec2',
    'DescribeSubnets',
    answer('<state>ready</state>'),
    [expect.stringContaining('Subnets[0].State is none of pending, available')],
  ],
  [
    'an element that no model has',
    'ec2',
    'DescribeSubnets',
    answer('<subnetIdentifier>a</subnetIdentifier>'),
    ['DescribeSubnets.subnetSet[].subnetIdentifier is not in the model'],
  ],
  [
    'a list whose items have another name',
    'ec2',
    'DescribeSubnets',
    answer('').replaceAll('item', 'member'),
    ['DescribeSubnets.subnetSet has an item member, not item'],
  ],
  [
    'a member that is missing',
    'autoscaling',
    'DescribeAutoScalingGroups',
    '<DescribeAutoScalingGroupsResponse><DescribeAutoScalingGroupsResult/></DescribeAutoScalingGroupsResponse>',
    ['DescribeAutoScalingGroups.AutoScalingGroups is missing'],
  ],
  [
    'another type',
    'ecs',
    'CreateService',
    JSON.stringify({ service: { desiredCount: 'two', colour: 'red' } }),
    [
      "CreateService.service.desiredCount is no whole number: 'two'",
      'CreateService.service.colour is not in the model',
    ],
  ],
])('finds %s in an answer', async (_what, service, operation, body, problems) => {
  const found = await runPython<string[][]>('check_contract.py', { samples: [{ service, operation, body }] });
  expect(found).toEqual([problems]);
});
