import { JenkinsAwsError, type Problem } from '@jenkins-aws/core';

/** Every error code of this package: meaning · way out. */
export const PRICING_ERRORS = {
  PRICING_INPUT_INVALID: 'an estimate was asked for with a wrong input · correct each of the listed problems',
  PRICING_REGION_INVALID: 'the region has not the form of a region name · give a name such as us-east-1',
  PRICING_TEMPLATE_INVALID:
    'a template is not a CloudFormation template as data · pass JSON.parse of the synthesized file',
  PRICING_USAGE_INVALID: 'a usage assumption is unknown or out of range · see USAGE_ASSUMPTIONS for names and units',
} as const;

export type PricingErrorCode = keyof typeof PRICING_ERRORS;

/** What {@link estimateMonthlyCost} throws: code `PRICING_INPUT_INVALID`, with all problems of the input. */
export class PricingError extends JenkinsAwsError<PricingErrorCode> {
  override readonly name = 'PricingError';
}

export function inputError(problems: readonly Problem[]): PricingError {
  const text = problems.map((problem) => problem.message).join('; ');
  return new PricingError('PRICING_INPUT_INVALID', text, { problems });
}
