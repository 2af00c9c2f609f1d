import {
  type IMachineImage,
  InstanceArchitecture,
  InstanceType,
  MachineImage,
  OperatingSystemType,
  UserData,
} from 'aws-cdk-lib/aws-ec2';

/**
 * The image to boot: the given AMI, or the newest Amazon Linux 2023 of the instance type's architecture, by the public
 * parameter that AWS keeps in every region.
 */
export function controllerImage(instanceType: string, machineImageId: string | undefined): IMachineImage {
  if (machineImageId !== undefined) {
    const imageId = machineImageId;
    return { getImage: () => ({ imageId, osType: OperatingSystemType.LINUX, userData: UserData.forLinux() }) };
  }
  const arm = new InstanceType(instanceType).architecture === InstanceArchitecture.ARM_64;
  return MachineImage.fromSsmParameter(
    `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${arm ? 'arm64' : 'x86_64'}`,
  );
}
