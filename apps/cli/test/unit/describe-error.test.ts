import { Writable } from 'node:stream';
import { DeploymentError } from '@jenkins-aws/deployment';
import { describe, expect, it } from 'vitest';
import { describeError } from '../../src/terminal/describe-error.js';
import { createTextOutput } from '../../src/terminal/text-output.js';

const problem = (message: string) => ({ code: 'DEPLOYMENT_PLAN_MOVED', message, path: [] });

function printed(error: unknown): string {
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  }) as unknown as NodeJS.WriteStream;
  createTextOutput({ stdout: stream, stderr: stream, interactive: false }).fail(error);
  return text;
}

describe('an error on the command line', () => {
  it("names the library's options as they are typed", () => {
    const error = new DeploymentError('DEPLOYMENT_STACK_STUCK', 'run again with continueRollback', {
      hint: 'or name it in skipResources',
    });
    expect(describeError(error)).toMatchObject({
      message: 'run again with --continue-rollback',
      hint: 'or name it in --skip-resource',
    });
  });

  it('shows several problems one a line, and a single one as it is', () => {
    const problems = [problem("stack 'a' exists now"), problem("stack 'b' is gone")];
    const message = `nothing was touched: ${problems.map((each) => each.message).join(' · ')}`;
    const lines = printed(new DeploymentError('DEPLOYMENT_PLAN_MOVED', message, { problems })).split('\n');
    expect(lines[0]).toMatch(/nothing was touched:$/);
    expect(lines.slice(1, 3)).toEqual(["  - stack 'a' exists now", "  - stack 'b' is gone"]);
    expect(
      printed(new DeploymentError('DEPLOYMENT_PLAN_MOVED', 'it moved', { problems: [problem('it moved')] })),
    ).toMatch(/it moved\n$/);
  });
});
