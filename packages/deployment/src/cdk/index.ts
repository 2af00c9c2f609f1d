export type { ArtifactBucketProps } from './artifact-bucket.js';
export { ArtifactBucket } from './artifact-bucket.js';
