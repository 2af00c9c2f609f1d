import { type StackRole, stackName } from '@jenkins-aws/core';
import type { PlatformConfig } from '../options/platform-config.js';

/** One of the platform's stacks. */
export interface PlatformStack {
  /** In CloudFormation, e.g. `jenkins-ci-main-controller`. */
  readonly name: string;
  readonly role: StackRole;
  /** Whose it is. `undefined` for what all masters share. */
  readonly master: string | undefined;
  /** Names of the stacks whose values it reads. */
  readonly dependsOn: readonly string[];
}

/** The platform's stacks in the order in which they are deployed; removal goes the other way round. */
export function platformStacks(config: Pick<PlatformConfig, 'name' | 'masters'>): readonly PlatformStack[] {
  const network = stackName(config.name, 'network');
  return [
    { name: network, role: 'network', master: undefined, dependsOn: [] },
    ...Object.keys(config.masters).flatMap((master): PlatformStack[] => {
      const data = stackName(config.name, 'data', master);
      return [
        { name: data, role: 'data', master, dependsOn: [network] },
        { name: stackName(config.name, 'controller', master), role: 'controller', master, dependsOn: [network, data] },
      ];
    }),
  ];
}
