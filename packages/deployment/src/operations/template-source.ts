import { DeploymentError } from '../errors.js';
import type { StackDefinition } from '../options/stack-definition.js';
import { isLargeTemplate } from '../plan/check-stacks.js';
import { explainLostBucket, findArtifactBucket } from './artifact-store.js';
import type { DeploymentContext } from './deployment-context.js';
import { uploadTemplate } from './upload-template.js';

/**
 * The template in the form that CloudFormation takes: as text, or as the address of an object in the artifacts bucket,
 * where it is uploaded unless it lies there.
 *
 * @throws DeploymentError DEPLOYMENT_BUCKET_MISSING while the stack that makes the bucket has not made it
 */
export async function templateSource(
  context: DeploymentContext,
  { name, templateBody }: StackDefinition,
): Promise<{ readonly TemplateBody: string } | { readonly TemplateURL: string }> {
  const { artifacts: store } = context;
  if (store === undefined || !isLargeTemplate(templateBody)) return { TemplateBody: templateBody };
  const bucketName = await findArtifactBucket({ ...context, store });
  if (bucketName === undefined) {
    throw new DeploymentError(
      'DEPLOYMENT_BUCKET_MISSING',
      `the template of stack '${name}' is too large to be sent as text, and the bucket for it does not exist yet: deploy the stack that makes it first`,
    );
  }
  const upload = uploadTemplate({ ...context, ...store, bucketName, templateBody });
  const { templateUrl } = await upload.catch((error) => {
    throw explainLostBucket(store, bucketName, error);
  });
  return { TemplateURL: templateUrl };
}
