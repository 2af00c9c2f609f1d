import type { PlatformConfig } from '@jenkins-aws/platform';
import type { PlatformStatus } from '../aws/platform-status.js';
import { programName } from '../terminal/program-name.js';

export interface NextStepsOptions {
  readonly config: PlatformConfig;
  readonly status: PlatformStatus;
  readonly emulator: boolean;
  /** The config file as it was named. Default: the one in the current folder. */
  readonly file: string | undefined;
}

/** What a person types next. */
export function renderNextSteps({ config, status, emulator, file }: NextStepsOptions): string {
  const argument = file === undefined ? '' : ` -c ${file}`;
  const program = programName();
  if (emulator) {
    return [
      `This is a rehearsal: the embedded AWS keeps it until ${program} emulator reset, and no Jenkins answers at the URL.`,
      `It goes on running on this machine: ${program} emulator stop ends it.`,
      'The same on a real account, with the credentials of your environment:',
      `  AWS_PROFILE=your-profile ${program} deploy${argument}`,
    ].join('\n');
  }
  const lines = status.masters.flatMap(({ name, controller }) => {
    const instanceId = controller?.instances.find(({ lifecycleState }) => lifecycleState === 'InService')?.instanceId;
    if (instanceId === undefined) return [];
    const session = `aws ssm start-session --region ${config.region} --target ${instanceId}`;
    return [
      `Open master ${name} from anywhere (http://localhost:8080):`,
      `  ${session} --document-name AWS-StartPortForwardingSession --parameters portNumber=8080,localPortNumber=8080`,
      'Its first password:',
      `  ${session}, then: sudo cat /var/lib/jenkins/secrets/initialAdminPassword`,
    ];
  });
  return lines.join('\n');
}
