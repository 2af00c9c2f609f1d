import { CfnInstanceProfile, CfnRole, ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { Aspects, type Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { ResolvedIamOptions } from '../options/iam-options.js';

/** Gives every role of the stack the boundary, and every role and instance profile the path, whoever made them. */
export function applyIamOptions(stack: Stack, { permissionsBoundary, rolePath }: ResolvedIamOptions): void {
  if (permissionsBoundary !== undefined) {
    PermissionsBoundary.of(stack).apply(
      ManagedPolicy.fromManagedPolicyArn(stack, 'PermissionsBoundary', permissionsBoundary),
    );
  }
  if (rolePath === '/') return;
  const visit = (node: IConstruct) => {
    if (node instanceof CfnRole || node instanceof CfnInstanceProfile) node.path = rolePath;
  };
  Aspects.of(stack).add({ visit });
}
