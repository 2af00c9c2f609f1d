import type { JenkinsAwsEvent, Reporter } from '@jenkins-aws/core';

/** Where a command tells what it does and finds. */
export interface Output extends Reporter {
  /** Text for people; programs get the result instead. */
  print(text: string): void;
  /** The last word of a command. */
  result(event: JenkinsAwsEvent, text: string): void;
  /** The error that ended the command. */
  fail(error: unknown): void;
  /** @throws CliError when nobody can be asked, or the answer is no */
  confirm(question: string): Promise<void>;
  /** Leaves the terminal as it was. */
  close(): void;
}
