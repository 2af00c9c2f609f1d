/** Where the boot's files lie on the instance. The scripts name the same paths in their text. */
export const BOOT_FOLDER = '/opt/jenkins-aws/boot';
export const ENVIRONMENT_FILE = '/etc/jenkins-aws/boot.env';
export const BOOT_UNIT = 'jenkins-aws-boot.service';
