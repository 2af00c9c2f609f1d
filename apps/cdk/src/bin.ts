import { findConfigFile, loadConfigFile, platformConfigSchema } from '@jenkins-aws/platform';
import { JenkinsPlatform } from '@jenkins-aws/platform/cdk';
import { App, BootstraplessSynthesizer } from 'aws-cdk-lib/core';

const app = new App({ defaultStackSynthesizer: new BootstraplessSynthesizer() });
const path: string = app.node.tryGetContext('config') ?? (await findConfigFile('.')) ?? 'jenkins-aws.config.yaml';
try {
  const config = await loadConfigFile({ path, schema: platformConfigSchema });
  new JenkinsPlatform(app, 'Platform', { config });
  app.synth();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
