import { BackupClient, ListRecoveryPointsByBackupVaultCommand, ListTagsCommand } from '@aws-sdk/client-backup';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DATA_LOOKS } from '../../src/operations/looks/data.js';
import { type LookContext, resource } from '../../src/operations/looks/look.js';
import { withoutOwned } from '../../src/plan/leftover.js';

const found = (id: string, ...belongsTo: string[]) => resource('AWS::EC2::Volume', id, {}, { belongsTo });
const idsLeft = (resources: ReturnType<typeof found>[], owned: string[]) =>
  withoutOwned(resources, owned).map(({ id }) => id);

describe('withoutOwned', () => {
  it('hands ownership on: a volume of an instance of a group of a stack is owned', () => {
    const resources = [found('vol-1', 'i-1'), found('i-1', 'group'), found('vol-2', 'i-2'), found('vol-3')];
    expect(idsLeft(resources, ['group'])).toEqual(['vol-2', 'vol-3']);
  });

  it('depends neither on the order nor on a circle', () => {
    const names = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    const resources = fc.array(fc.tuple(names, fc.array(names, { maxLength: 2 })), { maxLength: 8 });
    fc.assert(
      fc.property(resources, fc.array(names, { maxLength: 2 }), (pairs, owned) => {
        const list = pairs.map(([id, owners]) => found(id, ...owners));
        const left = idsLeft(list, owned);
        expect(idsLeft(list.toReversed(), owned).sort()).toEqual(left.sort());
        for (const id of left) expect(owned).not.toContain(id);
      }),
    );
  });
});

describe('the look at the backups of file systems', () => {
  const look = DATA_LOOKS.find(({ what }) => what === 'backups of file systems');
  const points = [1, 2].map((number) => ({
    RecoveryPointArn: `arn:aws:backup:eu-central-1:111122223333:recovery-point:${number}`,
    ResourceArn: `arn:aws:elasticfilesystem:eu-central-1:111122223333:file-system/fs-${number}`,
    BackupSizeInBytes: 3 * 2 ** 30,
  }));

  it('finds those of the platform with their size, as part of their file system', async () => {
    const backup = mockClient(BackupClient);
    backup.on(ListRecoveryPointsByBackupVaultCommand).resolves({ RecoveryPoints: points });
    backup.on(ListTagsCommand).resolves({ Tags: { 'jenkins-aws:platform': 'other' } });
    backup
      .on(ListTagsCommand, { ResourceArn: points[0]?.RecoveryPointArn })
      .resolves({ Tags: { 'jenkins-aws:platform': 'ci', 'jenkins-aws:master': 'main' } });
    const context = { backup: new BackupClient({}), platform: 'ci', abort: {} } as unknown as LookContext;
    expect(await look?.find(context)).toEqual([
      expect.objectContaining({ master: 'main', sizeGiB: 3, holdsData: true, belongsTo: [points[0]?.ResourceArn] }),
    ]);
  });

  it('finds none where there was never a backup, and fails for any other refusal', async () => {
    const backup = mockClient(BackupClient);
    const context = { backup: new BackupClient({}), platform: 'ci', abort: {} } as unknown as LookContext;
    const named = (name: string) => Object.assign(new Error(name), { name });
    backup.on(ListRecoveryPointsByBackupVaultCommand).rejects(named('ResourceNotFoundException'));
    expect(await look?.find(context)).toEqual([]);
    backup.on(ListRecoveryPointsByBackupVaultCommand).rejects(named('AccessDeniedException'));
    await expect(look?.find(context)).rejects.toThrow('AccessDenied');
  });
});
