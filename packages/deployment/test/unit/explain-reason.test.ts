import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainReason } from '../../src/internal/explain-reason.js';
import { hintForReason } from '../../src/internal/hint-for-reason.js';
import { AWS_REASONS } from '../support/aws-reasons.js';

describe('explaining what AWS said', () => {
  it.each(AWS_REASONS)('reads the words of $where', ({ reason, expected, hint }) => {
    expect(explainReason(reason)).toMatchObject(expected);
    const said = hintForReason(reason, ['x:Create']);
    if (hint === undefined) expect(said).toBeUndefined();
    else expect(said).toMatch(hint);
  });

  it('knows no permission where none is told', () => {
    for (const { reason, expected } of AWS_REASONS) {
      if (expected.missingPermission !== undefined || expected.operation !== undefined || expected.deniedBy) continue;
      expect(explainReason(reason).missingPermission, reason).toBeUndefined();
    }
  });

  it('is the same with and without the frame of a resource handler', () => {
    for (const { reason } of AWS_REASONS.filter(({ reason }) => !reason.startsWith('Resource handler'))) {
      const { code: _, ...plain } = explainReason(reason);
      const framed = `Resource handler returned message: "${reason}" (RequestToken: 97cd1be4, HandlerErrorCode: X)`;
      const { code: __, ...read } = explainReason(framed);
      expect(read).toEqual(plain);
    }
  });

  it('lets words that it does not know pass as they are', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zA-Z0-9 .,'[\]{}#-]{1,120}$/), (words) => {
        fc.pre(!/denied|authori|permission|allow|arn|handler/i.test(words));
        expect(explainReason(words)).toEqual({
          text: words.replace(/\s+/g, ' ').trim(),
          isDenial: false,
          isEncoded: false,
        });
      }),
    );
  });

  it('answers in no time whatever it is given', () => {
    const long = `Resource handler returned message: "${'a "(Service: '.repeat(5000)}`;
    const start = performance.now();
    explainReason(long);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
