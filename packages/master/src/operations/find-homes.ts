import type { EFSClient, FileSystemDescription } from '@aws-sdk/client-efs';

export interface FindHomesOptions {
  readonly efs: Pick<EFSClient, 'send'>;
  /** Tags that the homes carry, all of them. */
  readonly tags: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface FoundHome {
  readonly fileSystemId: string;
  readonly sizeBytes: number | undefined;
  readonly createdAt: Date | undefined;
}

/**
 * File systems that carry the tags, also those that no stack has any more: a home stays when its stack is deleted.
 *
 * Permissions: `elasticfilesystem:DescribeFileSystems`. Errors of the SDK pass through.
 */
export async function findHomes({ efs, tags, signal }: FindHomesOptions): Promise<readonly FoundHome[]> {
  const { DescribeFileSystemsCommand } = await import('@aws-sdk/client-efs');
  const wanted = Object.entries(tags);
  const matches = ({ Tags = [] }: FileSystemDescription) =>
    wanted.every(([key, value]) => Tags.some((tag) => tag.Key === key && tag.Value === value));
  const found: FoundHome[] = [];
  let marker: string | undefined;
  do {
    const page = await efs.send(new DescribeFileSystemsCommand({ Marker: marker }), { abortSignal: signal });
    for (const system of (page.FileSystems ?? []).filter(matches)) {
      found.push({
        fileSystemId: system.FileSystemId ?? 'unknown',
        sizeBytes: system.SizeInBytes?.Value,
        createdAt: system.CreationTime,
      });
    }
    marker = page.NextMarker;
  } while (marker !== undefined);
  return found;
}
