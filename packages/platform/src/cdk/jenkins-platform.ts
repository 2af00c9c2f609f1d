import { MASTER_TAG, PLATFORM_TAG } from '@jenkins-aws/core';
import { type Stack, Tags } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { PlatformConfig } from '../options/platform-config.js';
import { type PlatformStack, platformStacks } from '../plan/platform-stacks.js';
import { stackProtection } from '../plan/stack-protection.js';
import { applyIamOptions } from './apply-iam-options.js';
import { ArtifactsStack } from './artifacts-stack.js';
import { ControllerStack } from './controller-stack.js';
import { DataStack } from './data-stack.js';
import { NetworkStack } from './network-stack.js';

export interface JenkinsPlatformProps {
  readonly config: PlatformConfig;
}

/** The whole platform: several stacks, by how long things live, in the order of `platformStacks`. */
export class JenkinsPlatform extends Construct {
  readonly stacks: readonly Stack[];

  constructor(scope: Construct, id: string, { config }: JenkinsPlatformProps) {
    super(scope, id);
    const made = new Map<string, Stack>();
    for (const planned of platformStacks(config)) {
      const stack = this.createStack(planned, config);
      for (const name of planned.dependsOn) {
        const earlier = made.get(name);
        if (earlier !== undefined) stack.addStackDependency(earlier);
      }
      applyIamOptions(stack, config.iam);
      for (const [key, value] of Object.entries(config.tags)) Tags.of(stack).add(key, value);
      Tags.of(stack).add(PLATFORM_TAG, config.name);
      if (planned.master !== undefined) Tags.of(stack).add(MASTER_TAG, planned.master);
      made.set(planned.name, stack);
    }
    this.stacks = [...made.values()];
  }

  private createStack({ name, role, master }: PlatformStack, config: PlatformConfig): Stack {
    const { terminationProtection = false } = stackProtection(role);
    const common = { config, stackName: name, env: { region: config.region }, terminationProtection };
    const options = master === undefined ? undefined : config.masters[master];
    if (role === 'artifacts') return new ArtifactsStack(this, name, common);
    if (master === undefined || options === undefined) return new NetworkStack(this, name, common);
    const StackOfRole = role === 'data' ? DataStack : ControllerStack;
    return new StackOfRole(this, name, { ...common, master, options });
  }
}
