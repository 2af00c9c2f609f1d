import { shippedTemplates } from '../lib/templates.mjs';
import { cell, GENERATED } from './built.mjs';

const code = (text) => `\`${cell(text)}\``;

/** What may be given: the default, the choices, the bounds; a pattern is told by its constraint. */
function valuesOf({ Default, AllowedValues, MinValue, MaxValue, ConstraintDescription }) {
  return [
    Default === undefined ? '**required**' : Default === '' ? 'optional' : `default ${code(Default)}`,
    ...(AllowedValues === undefined ? [] : [`one of ${AllowedValues.map(code).join(', ')}`]),
    ...(MinValue === undefined ? [] : [`${MinValue} to ${MaxValue}`]),
    ...(ConstraintDescription === undefined ? [] : [cell(ConstraintDescription)]),
  ].join('; ');
}

function parameters(template) {
  const declared = Object.entries(template.Parameters ?? {});
  if (declared.length === 0) return 'No parameters.';
  const groups = template.Metadata?.['AWS::CloudFormation::Interface']?.ParameterGroups ?? [];
  const order = groups.flatMap(({ Parameters }) => Parameters);
  const rows = declared
    .sort(([a], [b]) => order.indexOf(a) - order.indexOf(b))
    .map(([name, parameter]) => `| ${code(name)} | ${cell(parameter.Description ?? '')} | ${valuesOf(parameter)} |`);
  return ['| parameter | what it is | values |', '| --- | --- | --- |', ...rows].join('\n');
}

function outputs(template) {
  const rows = Object.entries(template.Outputs ?? {}).map(
    ([name, { Description = '' }]) => `| ${code(name)} | ${cell(Description)} |`,
  );
  return ['| output | what it is |', '| --- | --- |', ...rows].join('\n');
}

/** Every ready file of every package: what it takes and what it gives. */
export function renderTemplates() {
  const sections = shippedTemplates().map(({ folder, fileName, text, template }) =>
    [
      `## ${fileName}`,
      `${template.Description}. It lies in ${code(`node_modules/${folder.replace('packages', '@jenkins-aws')}/templates/${fileName}`)} and has ${Buffer.byteLength(text)} bytes.`,
      parameters(template),
      outputs(template),
    ].join('\n\n'),
  );
  const introduction =
    'Each is a CloudFormation template as it is, for `aws cloudformation deploy`, a nested stack, Terraform’s `aws_cloudformation_stack` or a call of the API. None has a custom resource, an asset or an export; those that make a role want `CAPABILITY_IAM`.';
  return {
    'docs/reference/templates.md': `${[GENERATED, '# Ready CloudFormation files', introduction, ...sections].join('\n\n')}\n`,
  };
}
