import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, BootstraplessSynthesizer } from 'aws-cdk-lib/core';

/** One stack's template as plain data. */
export interface SynthesizedStack {
  readonly name: string;
  readonly template: Readonly<Record<string, unknown>>;
  /** Names of the stacks that must be there before this one. */
  readonly dependsOn: readonly string[];
}

export interface SynthesizeStacksOptions {
  /**
   * Run CDK's own CloudFormation validation, which costs seconds. Its findings are printed by CDK.
   * Default: `false`; the tests switch it on.
   */
  readonly validate?: boolean;
}

/**
 * Runs constructs in an app of their own and returns the templates as data, in an order in which they can be deployed.
 * Nothing stays on disk, no bootstrap stack is needed, no credentials are read.
 */
export function synthesizeStacks(
  build: (app: App) => void,
  options: SynthesizeStacksOptions = {},
): readonly SynthesizedStack[] {
  const outdir = mkdtempSync(join(tmpdir(), 'jenkins-aws-'));
  try {
    const app = new App({
      outdir,
      analyticsReporting: false,
      treeMetadata: false,
      stackTraces: false,
      builtinCloudFormationValidation: options.validate ?? false,
      defaultStackSynthesizer: new BootstraplessSynthesizer(),
      context: { 'aws:cdk:disable-asset-staging': true, 'aws:cdk:disable-metadata-stack-trace': true },
    });
    build(app);
    return app.synth().stacks.map((stack) => ({
      name: stack.stackName,
      template: stack.template,
      dependsOn: stack.dependencies.map((dependency) => dependency.id).filter((id) => !id.endsWith('.assets')),
    }));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
