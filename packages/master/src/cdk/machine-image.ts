import {
  type IMachineImage,
  InstanceArchitecture,
  InstanceType,
  OperatingSystemType,
  UserData,
} from 'aws-cdk-lib/aws-ec2';
import { CfnDynamicReference, CfnDynamicReferenceService } from 'aws-cdk-lib/core';

const imageOf = (imageId: string): IMachineImage => ({
  getImage: () => ({ imageId, osType: OperatingSystemType.LINUX, userData: UserData.forLinux() }),
});

/**
 * The image to boot: the given AMI, or the newest Amazon Linux 2023 of the instance type's architecture, by the public
 * parameter that AWS keeps in every region.
 */
export function controllerImage(instanceType: string, machineImageId: string | undefined): IMachineImage {
  if (machineImageId !== undefined) {
    return imageOf(machineImageId);
  }
  // A dynamic reference and not a template parameter: CloudFormation looks it up when it changes the launch template, not
  // at each deploy, so an image that AWS publishes does not by itself replace a running controller.
  const arm = new InstanceType(instanceType).architecture === InstanceArchitecture.ARM_64;
  const parameter = `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${arm ? 'arm64' : 'x86_64'}`;
  return imageOf(new CfnDynamicReference(CfnDynamicReferenceService.SSM, parameter).toString());
}
