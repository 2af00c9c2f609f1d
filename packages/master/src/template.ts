import { type SynthesizedStack, synthesizeStacks } from '@jenkins-aws/core/cdk';
import type { App } from 'aws-cdk-lib/core';
import { type ControllerTemplateOptions, ControllerTemplateStack } from './cdk/templates/controller-template-stack.js';
import { HomeTemplateStack } from './cdk/templates/home-template-stack.js';

export type { ControllerTemplateOptions } from './cdk/templates/controller-template-stack.js';

type Template = SynthesizedStack['template'];

function templateOf(build: (app: App) => void): Template {
  const [stack] = synthesizeStacks(build);
  return stack?.template ?? {};
}

/**
 * One controller as a self-contained CloudFormation template: group of one, load balancer, alarms, logs, and its home
 * unless one is taken. All that is foreign (VPC, subnets, ranges, certificate …) and all that a team chooses is a
 * parameter; what others want (address, security groups, role, topic …) is an output with a description.
 */
export function controllerTemplate(options: ControllerTemplateOptions = {}): Template {
  const { home = 'make', listener = 'https' } = options;
  const description = [
    'Jenkins controller on EC2, self-healing,',
    home === 'make' ? 'with its home on EFS, which stays when the stack goes,' : 'on a home that exists,',
    listener === 'https' ? 'behind a load balancer with TLS' : 'behind an internal load balancer without TLS',
  ].join(' ');
  return templateOf((app) => new ControllerTemplateStack(app, 'JenkinsController', { ...options, description }));
}

/**
 * The home alone as a self-contained CloudFormation template: file system, access point, mount targets, and the log group,
 * which tells why a controller's first boot failed when its stack is gone again. It outlives every controller; a controller
 * template with `home: 'take'` takes its outputs as parameters of the same names.
 */
export function homeTemplate(): Template {
  const description = 'Jenkins home on EFS: encrypted, in every zone, kept when the stack goes';
  return templateOf((app) => new HomeTemplateStack(app, 'JenkinsHome', { description }));
}

/** The files that the package ships in `templates/`. */
export function shippedTemplates(): { fileName: string; template: Template }[] {
  return [
    { fileName: 'home-efs.json', template: homeTemplate() },
    { fileName: 'controller-ec2.json', template: controllerTemplate({ home: 'take' }) },
    { fileName: 'controller-ec2-efs.json', template: controllerTemplate() },
    { fileName: 'controller-ec2-efs-internal-http.json', template: controllerTemplate({ listener: 'http' }) },
  ];
}
