/** One CloudFormation stack as its owner wants it. */
export interface StackDefinition {
  /** 1–128 letters, digits and hyphens, first a letter. */
  readonly name: string;
  /** The template as text, JSON or YAML, at most 51,200 bytes, with an artifacts bucket 1,000,000, and 500 resources. */
  readonly templateBody: string;
  /** Values by parameter name. Default: none, every parameter takes its own default. */
  readonly parameters?: Readonly<Record<string, string>>;
  /**
   * All tags of the stack beside the ownership tag; CloudFormation hands them on to its resources, and takes away those
   * that are not named. Default: the stack keeps the tags that it has.
   */
  readonly tags?: Readonly<Record<string, string>>;
  /**
   * Names of stacks in the same call that must be there before this one, because it reads what they make. When one
   * of them changes in a run, and with it what this one reads, this one is looked at again before it is touched. Default:
   * none.
   */
  readonly dependsOn?: readonly string[];
  /** Whether CloudFormation shall refuse to delete the stack. Default: left as it is, which for a new stack is off. */
  readonly terminationProtection?: boolean;
  /**
   * The stack policy as JSON: which resources an update may touch, and how. Default: left as it is, which for a new
   * stack is none, so that an update may do everything.
   */
  readonly stackPolicyBody?: string;
}

/** A tag by which the caller knows its own stacks. */
export interface OwnershipTag {
  readonly key: string;
  readonly value: string;
}
