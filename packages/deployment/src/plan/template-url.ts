import { type Partition, partitionOfRegion } from '@jenkins-aws/core';

const DOMAINS: Readonly<Record<Partition, string>> = {
  aws: 'amazonaws.com',
  'aws-us-gov': 'amazonaws.com',
  'aws-cn': 'amazonaws.com.cn',
};

/** The address by which CloudFormation reads an object, in a form that suits bucket names with dots too. */
export function templateUrl(region: string, bucketName: string, key: string): string {
  return `https://s3.${region}.${DOMAINS[partitionOfRegion(region)]}/${bucketName}/${key}`;
}
