import { defineEvent } from '@jenkins-aws/core';

/** Every event that this package reports. */
export const operationsEvents = {
  homeDeleted: defineEvent<{ fileSystemId: string }, 'operations.home.deleted'>({
    code: 'operations.home.deleted',
    level: 'warning',
    description: 'a home and its access points were deleted; its backups stay until they expire',
    message: ({ fileSystemId }) => `${fileSystemId}: the home is deleted`,
  }),
  bucketDeleted: defineEvent<{ bucketName: string; versions: number }, 'operations.bucket.deleted'>({
    code: 'operations.bucket.deleted',
    level: 'warning',
    description: 'a bucket was deleted with every version of what was in it',
    message: ({ bucketName, versions }) => `${bucketName}: the bucket is deleted, with ${versions} versions of objects`,
  }),
} as const;
