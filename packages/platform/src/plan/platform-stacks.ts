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

/**
 * Resources that hold data, or that AWS cannot replace or take away while others use them: the network's addresses, and
 * the home. A deploy that would replace or remove one is refused.
 */
export const PROTECTED_RESOURCE_TYPES: readonly string[] = [
  'AWS::EC2::VPC',
  'AWS::EC2::Subnet',
  'AWS::EFS::FileSystem',
  'AWS::EFS::AccessPoint',
  'AWS::EFS::MountTarget',
];

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

/**
 * Every stack of the platform in the order of deployment: those of the config, and among them others that were found in
 * the account, such as those of a master that was removed from the config.
 */
export function stacksInOrder(
  config: Pick<PlatformConfig, 'name' | 'masters'>,
  foundNames: readonly string[],
): readonly string[] {
  const planned = platformStacks(config).map(({ name }) => name);
  const others = foundNames.filter((name) => !planned.includes(name));
  const isRole = (role: StackRole) => (name: string) => name.endsWith(`-${role}`);
  // Of what is not known, a controller goes first and a network last, as with what is known.
  const ranked = (['network', 'data', 'controller'] as const).flatMap((role) => [
    ...planned.filter(isRole(role)),
    ...others.filter(isRole(role)),
  ]);
  return [...ranked, ...others.filter((name) => !ranked.includes(name))];
}
