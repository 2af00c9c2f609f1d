import type { Leftover } from '../internal/judge-status.js';
import type { OwnershipTag, StackDefinition } from '../options/stack-definition.js';
import type { OrderedStack } from './order-stacks.js';
import type { ResourceChange } from './resource-change.js';

/** What a deployment would do, as plain data: it may be written down and read again between review and execution. */
export interface DeploymentReview {
  /** In an order of deployment. */
  readonly stacks: readonly StackReview[];
  /** Stacks that go after all others are as they shall be. In the order of removal. */
  readonly removals: readonly RemovalReview[];
  readonly ownershipTag: OwnershipTag | undefined;
  /** Held to also when a stack is compared again during the execution. */
  readonly protectedTypes: readonly string[];
  /** Resources of protected types that may be replaced or removed all the same. */
  readonly allowReplacement: readonly string[];
  /**
   * Whether it comes from a saved plan: a change set that is gone is then never replaced by a new one. Default: no, a new
   * one is made and held to the reviewed changes.
   */
  readonly saved?: boolean;
}

export interface StackReview {
  readonly definition: StackDefinition;
  readonly action: 'create' | 'update' | 'none';
  /**
   * What the changes were read from. A `change-set` holds exactly them. A `template` tells them for a new stack, and for
   * an existing one that reads an SSM parameter which an earlier stack has yet to make, so that CloudFormation cannot
   * compute them now: its deployed template is compared with the wanted one. `same` is a stack that has this very
   * template, these parameters and tags, so that it needed no change set.
   */
  readonly basis: 'change-set' | 'template' | 'same';
  /**
   * What happens to each resource. Read from a template, a resource whose condition is false counts too. Read from two,
   * a resource whose properties differ, or refer to something that changes, is `maybe-replaced`, and which of its
   * properties would replace it is not known. Undefined for a new stack whose template is YAML.
   */
  readonly changes: readonly ResourceChange[] | undefined;
  /** The change set that holds exactly these changes. Undefined unless `basis` is `change-set` and `action` `update`. */
  readonly changeSetId: string | undefined;
  /**
   * The state of what an earlier, failed creation left, where nobody was there to delete it. It holds no resources and
   * is deleted before the stack is made; what its template retained stays in the account. Undefined otherwise.
   */
  readonly leftover: Leftover | undefined;
  /** Undefined for a stack that does not exist. That of the leftover, where there is one. */
  readonly stackId: string | undefined;
  /** How the stack was when it was reviewed. Undefined for a stack that does not exist. */
  readonly state: StackState | undefined;
  /**
   * The values of all SSM parameters that the stack reads, as they were. As long as they are the same, no other stack
   * changes what this review says. Undefined where that is not known: a new stack, no `ssm` client, or other ways to read.
   */
  readonly inputs?: Readonly<Record<string, string>>;
  /** The outputs that the stack has now. */
  readonly outputs: Readonly<Record<string, string>>;
  /** What termination protection will be switched to. Undefined when it stays as it is. */
  readonly terminationProtection: boolean | undefined;
  /** The stack policy that will be set. Undefined when it stays as it is. */
  readonly stackPolicyBody: string | undefined;
  /** The stack policy that was found, empty for none. Undefined for a new stack, and where the definition names none. */
  readonly foundPolicyBody?: string;
}

/** By this one sees whether somebody else was at a stack meanwhile. */
export interface StackState {
  /** AWS's status, e.g. `UPDATE_COMPLETE`. */
  readonly status: string;
  /** ISO 8601. Undefined for a stack that was never updated. */
  readonly updatedAt: string | undefined;
  readonly terminationProtection: boolean;
  /** ARN of the role by which CloudFormation works on the stack. Undefined where it has none. */
  readonly roleArn: string | undefined;
}

/** An existing stack that shall go, with everything that goes and stays with it. */
export interface RemovalReview {
  /** `dependsOn` has what has to be gone before it. */
  readonly stack: OrderedStack;
  readonly stackId: string;
  readonly state: StackState;
  /** Resources that are deleted, in AWS's order. With a YAML template also those that it retains. */
  readonly deleted: readonly ExistingResource[];
  /** Resources that stay in the account because the template says so, and go on costing. */
  readonly retained: readonly ExistingResource[];
  /** Whether termination protection is on and will be switched off. */
  readonly releasesProtection: boolean;
}

export interface ExistingResource {
  readonly logicalId: string;
  /** E.g. `AWS::EFS::FileSystem`. */
  readonly type: string;
  readonly physicalId: string;
}
