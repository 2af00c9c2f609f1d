import type { LeftBehindResource } from '@jenkins-aws/deployment';
import { programName } from '../terminal/program-name.js';

export interface LeftBehindOptions {
  readonly region: string;
  readonly emulator: boolean;
  /** The config file as it was named. Default: the one in the current folder. */
  readonly file: string | undefined;
}

/** What stacks could not delete and forgot, and what to type. Empty where there is nothing. */
export function renderLeftBehind(
  left: readonly ({ readonly stackName: string } & LeftBehindResource)[],
  { region, emulator, file }: LeftBehindOptions,
): string[] {
  if (left.length === 0) return [];
  const argument = file === undefined ? '' : ` -c ${file}`;
  const program = programName();
  const lines = [
    'WARNING: these could not be removed and belong to no stack any more; they stay in the account and on its bill:',
    ...left.map(
      ({ stackName, logicalId, type, physicalId, reason }) =>
        `  ${physicalId}  ${type.replace(/^AWS::/, '')}, was ${logicalId} of ${stackName}: ${reason}`,
    ),
  ];
  if (emulator) return [[...lines, `This is a rehearsal: ${program} emulator reset removes them.`].join('\n')];
  return [
    [
      ...lines,
      'Take away what the reason names, then:',
      ...left.map(
        ({ type, physicalId }) =>
          `  aws cloudcontrol delete-resource --region ${region} --type-name ${type} --identifier '${physicalId}'`,
      ),
      'And look whether anything is left:',
      `  ${program} leftovers${argument}`,
    ].join('\n'),
  ];
}
