import { expect, it } from 'vitest';
import { renderLeftBehind } from '../../src/render/render-left-behind.js';

const left = {
  stackName: 'jenkins-ci-network',
  logicalId: 'Zone3',
  type: 'AWS::EC2::Subnet',
  physicalId: 'subnet-1',
  reason: 'it has dependencies and cannot be deleted.',
};
const options = { region: 'eu-central-1', emulator: false, file: undefined };

it('says loudly what no stack knows any more, why, and what to type', () => {
  const [text = ''] = renderLeftBehind([left], { ...options, file: 'a.yaml' });
  expect(text).toMatch(/^WARNING: these could not be removed and belong to no stack/);
  expect(text).toContain('subnet-1  EC2::Subnet, was Zone3 of jenkins-ci-network: it has dependencies');
  expect(text).toContain(
    "aws cloudcontrol delete-resource --region eu-central-1 --type-name AWS::EC2::Subnet --identifier 'subnet-1'",
  );
  expect(text).toContain('leftovers -c a.yaml');
});

it('tells no command that the embedded AWS does not answer', () => {
  const [text = ''] = renderLeftBehind([left], { ...options, emulator: true });
  expect(text).not.toContain('aws cloudcontrol');
  expect(text).toContain('emulator reset');
});

it('says nothing where nothing is left', () => {
  expect(renderLeftBehind([], options)).toEqual([]);
});
