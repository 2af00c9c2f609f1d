import { Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { makeHome } from './home-of-parameters.js';
import { TemplateParameters } from './template-parameters.js';
import { vpcOfParameters } from './vpc-of-parameters.js';

/** A home alone, in a team's own VPC: what outlives every controller. */
export class HomeTemplateStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps = {}) {
    super(scope, id, props);
    const parameters = new TemplateParameters(this);
    makeHome(this, parameters, vpcOfParameters(this, parameters));
  }
}
