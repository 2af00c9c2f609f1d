import { stackName } from '@jenkins-aws/core';
import { renderBoot } from '@jenkins-aws/master';
import type { PlatformConfig } from '../options/platform-config.js';

export interface RenderedFile {
  /** Relative, e.g. `main/opt/jenkins-aws/boot/run.sh`. */
  readonly path: string;
  readonly content: string;
  /** Octal, e.g. `0755`. */
  readonly mode: string;
}

/**
 * Every file that a controller gets at its first boot, as it lies on the instance. What only a deploy knows, such as
 * the id of the file system, stands as `<…>`.
 */
export function renderedFiles(config: PlatformConfig): readonly RenderedFile[] {
  return Object.entries(config.masters).flatMap(([master, { jenkinsVersion }]) => {
    const { files, userData } = renderBoot({
      jenkinsVersion,
      region: config.region,
      stackName: stackName(config.name, 'controller', master),
      signalLogicalId: '<auto scaling group>',
      fileSystemId: '<file system>',
      accessPointId: '<access point>',
      logGroupName: '<log group>',
    });
    return [
      { path: `${master}/user-data.sh`, content: userData, mode: '0755' },
      ...files.map(({ path, content, mode }) => ({ path: `${master}${path}`, content, mode })),
    ];
  });
}
