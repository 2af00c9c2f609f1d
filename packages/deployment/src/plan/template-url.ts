import { partitionOfRegion } from '@jenkins-aws/core';

/** The address by which CloudFormation reads an object, in a form that suits bucket names with dots too. */
export function templateUrl(region: string, bucketName: string, key: string): string {
  const domain = partitionOfRegion(region) === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  return `https://s3.${region}.${domain}/${bucketName}/${key}`;
}
