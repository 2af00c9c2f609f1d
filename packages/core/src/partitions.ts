/** An AWS partition that jenkins-aws knows. */
export type Partition = 'aws' | 'aws-us-gov' | 'aws-cn';

/** The partition of a region by its prefix, e.g. `aws-cn` for `cn-north-1`. */
export function partitionOfRegion(region: string): Partition {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  return 'aws';
}

/** Whether `value` has the form of a region name, e.g. `eu-central-1`. It does not ask AWS whether it exists. */
export function isRegionName(value: string): boolean {
  return /^(af|ap|ca|cn|eu|il|me|mx|sa|us|us-gov)-(central|east|north|northeast|northwest|south|southeast|southwest|west)-\d$/.test(
    value,
  );
}
