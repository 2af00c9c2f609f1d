import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findConfigFile } from '../../src/load/find-config-file.js';
import { loadConfigFile } from '../../src/load/load-config-file.js';
import { schema, valid } from './load-schema.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'platform-load-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('a configuration file', () => {
  it('is found by its name and read', async () => {
    expect(await findConfigFile(folder)).toBeUndefined();
    await writeFile(join(folder, 'jenkins-aws.config.yml'), valid);
    const path = await findConfigFile(folder);
    expect(path).toBe(join(folder, 'jenkins-aws.config.yml'));
    expect(await loadConfigFile({ path: path ?? '', schema })).toMatchObject({ name: 'ci' });
  });

  it('fails when there are two', async () => {
    await writeFile(join(folder, 'jenkins-aws.config.json'), '{}');
    await writeFile(join(folder, 'jenkins-aws.config.yaml'), '');
    await expect(findConfigFile(folder)).rejects.toMatchObject({
      code: 'PLATFORM_CONFIG_AMBIGUOUS',
      message: `${folder} must have one configuration file, got jenkins-aws.config.yaml and jenkins-aws.config.json; remove one, or name one with -c`,
    });
  });

  it('fails with the way out when it is missing', async () => {
    const path = join(folder, 'other.yaml');
    await expect(loadConfigFile({ path, schema })).rejects.toMatchObject({
      code: 'PLATFORM_CONFIG_MISSING',
      message: `there is no configuration file ${path}; write one with \`jenkins-aws init\`, or name another one with -c`,
    });
  });

  it('fails when it is a folder, no UTF-8, or too large', async () => {
    const path = join(folder, 'c.yaml');
    await mkdir(path);
    await expect(loadConfigFile({ path, schema })).rejects.toMatchObject({ code: 'PLATFORM_CONFIG_UNREADABLE' });
    const utf16 = join(folder, 'd.yaml');
    await writeFile(utf16, Buffer.from(`\uFEFF${valid}`, 'utf16le'));
    await expect(loadConfigFile({ path: utf16, schema })).rejects.toThrow('must be UTF-8 text; save it as UTF-8');
    const large = join(folder, 'e.yaml');
    await writeFile(large, `${valid}#${'x'.repeat(1024 * 1024)}`);
    await expect(loadConfigFile({ path: large, schema })).rejects.toThrow(
      'must be at most 256 KiB, got 1025 KiB; it was not parsed',
    );
  });
});
