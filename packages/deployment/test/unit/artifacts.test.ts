import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { artifactKey, digestOfKey, findDigests } from '../../src/plan/artifact-key.js';
import { parseRecord, recordKey, renderRecord } from '../../src/plan/deployment-record.js';
import { describeHolder, parseLock, renderLock } from '../../src/plan/lock-holder.js';
import { planParts } from '../../src/plan/plan-parts.js';
import { planPrune } from '../../src/plan/plan-prune.js';
import { templateUrl } from '../../src/plan/template-url.js';

const digestOf = (text: string) => createHash('sha256').update(text).digest('hex');

describe('the name of an artifact', () => {
  it('is told from its key, whatever its extension', () => {
    const sha256 = digestOf('a');
    for (const extension of ['', '.zip', '.tar.gz', '-x']) {
      expect(digestOfKey(artifactKey(sha256, extension))).toBe(sha256);
    }
  });

  it.each([`artifacts/sha256/${'a'.repeat(65)}`, 'artifacts/sha256/abc', `other/sha256/${'a'.repeat(64)}`])(
    'fails to be told from %s',
    (key) => expect(digestOfKey(key)).toBeUndefined(),
  );

  it('is found in any text that holds it, and not in a longer number', () => {
    const sha256 = digestOf('a');
    expect(findDigests(`{"S3Key":"artifacts/sha256/${sha256}.zip","x":"${sha256}"}`)).toEqual([sha256, sha256]);
    expect(findDigests(`${sha256}0`)).toEqual([]);
  });
});

describe('an upload', () => {
  it('in parts has every byte once, in order, each part with its digest', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 1, max: 50 }), (body, partBytes) => {
        const { parts, sha256 } = planParts(body, partBytes);
        expect(Buffer.concat(parts.map((part) => part.body)).equals(Buffer.from(body))).toBe(true);
        expect(parts.map(({ partNumber }) => partNumber)).toEqual(parts.map((_, index) => index + 1));
        expect(parts.length).toBe(Math.max(1, Math.ceil(body.length / partBytes)));
        expect(sha256).toBe(createHash('sha256').update(body).digest('hex'));
        for (const part of parts) {
          expect(part.checksum).toBe(createHash('sha256').update(part.body).digest('base64'));
        }
      }),
    );
  });

  it('is known to S3 by its digest when it is one part, and by that of its parts when it is more', () => {
    const base64 = (data: Buffer | string) => createHash('sha256').update(data).digest();
    expect(planParts(Buffer.from('ab'), 2).checksum).toBe(base64('ab').toString('base64'));
    const composite = base64(Buffer.concat([base64('ab'), base64('c')])).toString('base64');
    expect(planParts(Buffer.from('abc'), 2).checksum).toBe(`${composite}-2`);
  });
});

describe('a prune', () => {
  const artifact = (text: string, uploadedAt = new Date(0)) => ({
    key: artifactKey(digestOf(text)),
    sha256: digestOf(text),
    bytes: 1,
    uploadedAt,
  });

  it('removes exactly what no text names and what is old enough', () => {
    const words = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 12 });
    fc.assert(
      fc.property(words, fc.func(fc.boolean()), fc.func(fc.boolean()), (all, named, fresh) => {
        const keepUploadedSince = new Date(1_000);
        const artifacts = all.map((word) => artifact(word, new Date(fresh(word) ? 1_000 : 999)));
        const texts = all.filter((word) => named(word)).map((word) => `x/${digestOf(word)}.zip y`);
        const { keep, remove } = planPrune({ artifacts, texts, keepUploadedSince });
        expect(remove.map(({ sha256 }) => sha256)).toEqual(
          all.filter((word) => !named(word) && !fresh(word)).map(digestOf),
        );
        expect([...keep, ...remove]).toHaveLength(all.length);
      }),
    );
  });
});

describe('the address of a template', () => {
  it.each([
    ['eu-central-1', 'https://s3.eu-central-1.amazonaws.com/bucket/key'],
    ['us-gov-west-1', 'https://s3.us-gov-west-1.amazonaws.com/bucket/key'],
    ['cn-north-1', 'https://s3.cn-north-1.amazonaws.com.cn/bucket/key'],
  ])('is of the partition of %s', (region, url) => expect(templateUrl(region, 'bucket', 'key')).toBe(url));
});

describe('a lock', () => {
  const holder = {
    identity: 'arn:aws:iam::123456789012:user/ana',
    host: 'build-7',
    processId: 4121,
    since: '2026-11-24T14:03:41Z',
    what: 'deploy ci',
  };

  it('is read as it was written', () => {
    const document = { id: 'x', renewals: 3, holder };
    expect(parseLock(renderLock(document))).toEqual(document);
  });

  it('differs with each sign of life, or its ETag would not', () => {
    const at = (renewals: number) => renderLock({ id: 'x', renewals, holder });
    expect(at(1)).not.toBe(at(2));
  });

  it('holds what is named and nothing else, so that no secret gets in', () => {
    const more = { ...holder, secretAccessKey: 'secret' };
    expect(renderLock({ id: 'x', renewals: 0, holder: more })).not.toContain('secret');
  });

  it.each(['', 'not json', '[]', '{"id":7}', 'null'])("is a lock of somebody unknown when it reads '%s'", (text) => {
    const { holder: unknown } = parseLock(text);
    expect(describeHolder(unknown)).toBe('unknown on unknown (process 0), since unknown, doing: unknown');
  });

  it('tells who holds it, where, since when and for what', () => {
    expect(describeHolder(holder)).toBe(
      'arn:aws:iam::123456789012:user/ana on build-7 (process 4121), since 2026-11-24T14:03:41Z, doing: deploy ci',
    );
  });
});

describe('a record', () => {
  const record = { id: 'x', at: '2026-11-24T14:03:41.000Z', identity: 'user/ana', stacks: [], artifactKeys: ['k'] };

  it('is read as it was written', () => {
    expect(parseRecord(renderRecord(record))).toEqual(record);
  });

  it('sorts by time and has no colon in its name', () => {
    const later = { ...record, at: '2026-11-24T14:03:41.001Z' };
    expect(recordKey(record)).toBe('deployments/20261124T140341.000Z-x.json');
    expect([recordKey(later), recordKey(record)].sort()).toEqual([recordKey(record), recordKey(later)]);
  });

  it.each(['', '{}', '{"formatVersion":2,"stacks":[],"artifactKeys":[]}'])("is none when it reads '%s'", (text) =>
    expect(parseRecord(text)).toBeUndefined(),
  );
});
