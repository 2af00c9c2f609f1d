import {
  type IMachineImage,
  InstanceArchitecture,
  InstanceType,
  OperatingSystemType,
  UserData,
} from 'aws-cdk-lib/aws-ec2';
import { CfnDynamicReference, CfnDynamicReferenceService, Token } from 'aws-cdk-lib/core';
import { MasterError } from '../errors.js';

/** AWS's public parameter of the newest Amazon Linux 2023, without the architecture at its end. */
export const AMAZON_LINUX_PARAMETER = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-';

const imageOf = (imageId: string): IMachineImage => ({
  getImage: () => ({ imageId, osType: OperatingSystemType.LINUX, userData: UserData.forLinux() }),
});

/**
 * The image to boot: the given AMI, or the newest Amazon Linux 2023 of the instance type's architecture, by the public
 * parameter that AWS keeps in every region.
 *
 * @throws MasterError `MASTER_OPTIONS_INVALID` where the architecture cannot be told
 */
export function controllerImage(instanceType: string, machineImageId: string | undefined): IMachineImage {
  if (machineImageId !== undefined) {
    return imageOf(machineImageId);
  }
  if (Token.isUnresolved(instanceType)) {
    const message =
      'machineImageId is needed where the instance type, and so its architecture, is known at the deploy only';
    throw new MasterError('MASTER_OPTIONS_INVALID', message);
  }
  // A dynamic reference and not a template parameter: CloudFormation looks it up when it changes the launch template, not
  // at each deploy, so an image that AWS publishes does not by itself replace a running controller.
  const arm = new InstanceType(instanceType).architecture === InstanceArchitecture.ARM_64;
  const parameter = `${AMAZON_LINUX_PARAMETER}${arm ? 'arm64' : 'x86_64'}`;
  return imageOf(new CfnDynamicReference(CfnDynamicReferenceService.SSM, parameter).toString());
}
