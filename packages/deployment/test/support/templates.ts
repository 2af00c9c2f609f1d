type Resource = Record<string, unknown>;

/** A JSON template of these resources. */
export function templateOf(resources: Record<string, Resource>, more: Record<string, unknown> = {}): string {
  return JSON.stringify({ Resources: resources, ...more });
}

/** A stack that hands a value on by an SSM parameter. */
export function givingTemplate(parameterName: string, value: string): string {
  return templateOf(
    { Given: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Name: parameterName, Value: value } } },
    { Outputs: { Name: { Value: { Ref: 'Given' } } } },
  );
}

/** A stack that reads that value, and has a second resource that does not. */
export function takingTemplate(parameterName: string, displayName = 'as it was'): string {
  return templateOf(
    {
      Taking: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: { Ref: 'Taken' } } },
      Other: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: displayName } },
    },
    {
      Parameters: { Taken: { Type: 'AWS::SSM::Parameter::Value<String>', Default: parameterName } },
      Outputs: { Taken: { Value: { Ref: 'Taken' } }, Topic: { Value: { Ref: 'Taking' } } },
    },
  );
}

/** Fails in every account: there is no such file system. */
export const FAILING_RESOURCE: Resource = {
  Type: 'AWS::EFS::MountTarget',
  Properties: { FileSystemId: 'fs-00000000000000000', SubnetId: 'subnet-00000000', SecurityGroups: [] },
};
