/** What shows the interfaces in, or of, what cannot be deleted because of them, by the name of the filter. */
const INTERFACE_FILTERS: Readonly<Record<string, string>> = {
  'AWS::EC2::SecurityGroup': 'group-id',
  'AWS::EC2::Subnet': 'subnet-id',
  'AWS::EC2::VPC': 'vpc-id',
};

/** The command that shows what holds a resource that cannot be deleted, where one command does. */
export function findHolders(type: string | undefined, physicalId: string | undefined): string | undefined {
  const filter = INTERFACE_FILTERS[type ?? ''];
  if (physicalId === undefined) return undefined;
  if (filter !== undefined) return `aws ec2 describe-network-interfaces --filters Name=${filter},Values=${physicalId}`;
  return type === 'AWS::S3::Bucket' ? `aws s3api list-object-versions --bucket ${physicalId}` : undefined;
}
