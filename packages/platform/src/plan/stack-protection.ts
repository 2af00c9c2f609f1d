import type { StackRole } from '@jenkins-aws/core';
import type { StackDefinition } from '@jenkins-aws/deployment';

/**
 * Resources that hold data, or that AWS cannot replace or take away while others use them: the network's addresses, the
 * home, and the bucket of what was deployed. A deploy that would replace or remove one is refused.
 */
export const PROTECTED_RESOURCE_TYPES: readonly string[] = [
  'AWS::EC2::VPC',
  'AWS::EC2::Subnet',
  'AWS::EFS::FileSystem',
  'AWS::EFS::AccessPoint',
  'AWS::EFS::MountTarget',
  'AWS::S3::Bucket',
];

/** What can be made anew at any time needs no protection. */
const UNPROTECTED_ROLES: readonly StackRole[] = ['controller'];

/** Held by CloudFormation itself, so also against whoever updates the stack without this program. */
const STACK_POLICY = JSON.stringify({
  Statement: [
    { Effect: 'Allow', Principal: '*', Action: 'Update:*', Resource: '*' },
    {
      Effect: 'Deny',
      Principal: '*',
      Action: ['Update:Replace', 'Update:Delete'],
      Resource: '*',
      Condition: { StringEquals: { ResourceType: PROTECTED_RESOURCE_TYPES } },
    },
  ],
});

/** Termination protection and stack policy of a stack. Empty for one that has neither. */
export function stackProtection(
  role: StackRole,
): Partial<Pick<StackDefinition, 'terminationProtection' | 'stackPolicyBody'>> {
  if (UNPROTECTED_ROLES.includes(role)) return {};
  return { terminationProtection: true, stackPolicyBody: STACK_POLICY };
}
