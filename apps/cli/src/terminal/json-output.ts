import type { JenkinsAwsEvent } from '@jenkins-aws/core';
import { CliError } from '../errors.js';
import { describeError } from './describe-error.js';
import type { Output } from './output.js';

/** One JSON object a line: the events as they come, the result or the error last. */
export function createJsonOutput(write: (text: string) => void): Output {
  const line = (event: JenkinsAwsEvent) => write(`${JSON.stringify(event)}\n`);
  return {
    report: line,
    print() {},
    result: line,
    fail(error) {
      const { code, message, hint, problems } = describeError(error);
      line({ code, level: 'error', message, data: { hint, problems } });
    },
    async confirm(question) {
      throw new CliError('CLI_CONFIRMATION_NEEDED', `'${question}' cannot be asked with --json; add --yes`);
    },
    close() {},
  };
}
