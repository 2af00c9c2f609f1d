import { orderStacks } from '@jenkins-aws/deployment';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlatformConfig } from '../../src/options/platform-config.js';
import { formerMasterStacks, platformStacks, stacksToDestroy } from '../../src/plan/platform-stacks.js';

const configOf = (...masters: string[]) =>
  ({ name: 'ci', masters: Object.fromEntries(masters.map((name) => [name, {}])) }) as unknown as PlatformConfig;
const namesOf = (...masters: string[]) => platformStacks(configOf(...masters)).map(({ name }) => name);

describe('formerMasterStacks', () => {
  it('finds the stacks of a master that left the config, with what each depends on', () => {
    const found = namesOf('main', 'old-one');
    expect(formerMasterStacks(configOf('main'), found)).toEqual([
      expect.objectContaining({ name: 'jenkins-ci-old-one-data', dependsOn: ['jenkins-ci-network'] }),
      expect.objectContaining({
        name: 'jenkins-ci-old-one-controller',
        dependsOn: ['jenkins-ci-network', 'jenkins-ci-old-one-data'],
      }),
    ]);
  });

  it('bears that only a part of them is there, and leaves what has another name alone', () => {
    const found = [
      'jenkins-ci-old-controller',
      'jenkins-ci-network',
      'jenkins-ci-data',
      'jenkins-ci2-old-data',
      'my-controller',
    ];
    expect(formerMasterStacks(configOf('main'), found)).toEqual([
      expect.objectContaining({ name: 'jenkins-ci-old-controller', dependsOn: ['jenkins-ci-network'] }),
    ]);
  });
});

describe('stacksToDestroy', () => {
  it('puts for any platform and any find each user before what it uses, what is unknown first, the artifacts last', () => {
    const masters = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9]{1,5}$/), { maxLength: 4 });
    fc.assert(
      fc.property(masters, masters, (kept, former) => {
        const found = [...namesOf(...kept, ...former), 'unknown'];
        const order = orderStacks(stacksToDestroy(configOf(...kept), found))
          .map(({ name }) => name)
          .reverse();
        expect([...order].sort()).toEqual([...new Set(found)].sort());
        expect([order[0], order.at(-1)]).toEqual(['unknown', 'jenkins-ci-artifacts']);
        for (const master of [...kept, ...former]) {
          const place = (name: string) => order.indexOf(name);
          expect(place(`jenkins-ci-${master}-controller`)).toBeLessThan(place(`jenkins-ci-${master}-data`));
          expect(place(`jenkins-ci-${master}-data`)).toBeLessThan(place('jenkins-ci-network'));
        }
      }),
    );
  });
});
