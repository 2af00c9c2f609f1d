import { MASTER_NAME_PATTERN, type StackRole, stackName, stackNamePrefix } from '@jenkins-aws/core';
import type { OrderedStack } from '@jenkins-aws/deployment';
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

type Named = Pick<PlatformConfig, 'name' | 'masters'>;

/** The platform's stacks in the order in which they are deployed; removal goes the other way round. */
export function platformStacks({ name, masters }: Named): readonly PlatformStack[] {
  const network = stackName(name, 'network');
  return [
    { name: stackName(name, 'artifacts'), role: 'artifacts', master: undefined, dependsOn: [] },
    { name: network, role: 'network', master: undefined, dependsOn: [] },
    ...Object.keys(masters).flatMap((master) => masterStacks(name, master)),
  ];
}

function masterStacks(platform: string, master: string): readonly PlatformStack[] {
  const network = stackName(platform, 'network');
  const data = stackName(platform, 'data', master);
  const controller = stackName(platform, 'controller', master);
  return [
    { name: data, role: 'data', master, dependsOn: [network] },
    { name: controller, role: 'controller', master, dependsOn: [network, data] },
  ];
}

/**
 * Among stacks found in the account those of masters that the config does not name any more, with what they depend on, so
 * that they can be removed in order. A stack that has the platform's tag and another name is nobody's to remove.
 */
export function formerMasterStacks(config: Named, foundNames: readonly string[]): readonly PlatformStack[] {
  const masters = new Set(
    foundNames.flatMap((found) => {
      const [, master = ''] = new RegExp(`^${stackNamePrefix(config.name)}(.+)-(?:data|controller)$`).exec(found) ?? [];
      return MASTER_NAME_PATTERN.test(master) && !(master in config.masters) ? [master] : [];
    }),
  );
  return [...masters]
    .flatMap((master) => masterStacks(config.name, master))
    .filter(({ name }) => foundNames.includes(name))
    .map((stack) => ({
      ...stack,
      dependsOn: stack.dependsOn.filter(
        (name) => name === stackName(config.name, 'network') || foundNames.includes(name),
      ),
    }));
}

/**
 * Every stack of the platform with what it depends on when all of them go: those of the config, those of former masters,
 * and whatever else was found, which goes first because nobody knows what it uses. The artifacts go last: the lock of the
 * removal lies there.
 */
export function stacksToDestroy(config: Named, foundNames: readonly string[]): readonly OrderedStack[] {
  const known = [...platformStacks(config), ...formerMasterStacks(config, foundNames)];
  const names = known.map(({ name }) => name);
  const artifacts = stackName(config.name, 'artifacts');
  return [
    ...known.map(({ name, dependsOn }) => ({ name, dependsOn: name === artifacts ? [] : [artifacts, ...dependsOn] })),
    ...foundNames.filter((name) => !names.includes(name)).map((name) => ({ name, dependsOn: names })),
  ];
}
