/** How much an event matters to a person who watches. */
export type EventLevel = 'debug' | 'info' | 'warning' | 'error';

/** Something that happened, for a person (`message`) and for a program (`code` and `data`). */
export interface JenkinsAwsEvent<Code extends string = string, Data extends object = object> {
  /** Stable code, `room.subject.verb`, e.g. `deployment.stack.started`. */
  readonly code: Code;
  readonly level: EventLevel;
  /** One line, no line break, no trailing full stop. */
  readonly message: string;
  readonly data: Readonly<Data>;
}

/** Where a package's operations tell what they do. Libraries never print. */
export interface Reporter {
  report(event: JenkinsAwsEvent): void;
}

/** The one declaration of an event code: call it with the data to make the event. */
export interface EventDefinition<Code extends string, Data extends object> {
  (data: Data): JenkinsAwsEvent<Code, Data>;
  readonly code: Code;
  readonly level: EventLevel;
  /** When it is reported, for the generated reference. */
  readonly description: string;
}

export interface EventDeclaration<Code extends string, Data extends object> {
  readonly code: Code;
  readonly level: EventLevel;
  readonly description: string;
  readonly message: (data: Data) => string;
}

/** Declares an event code once: its level, its meaning and its line for a person. */
export function defineEvent<Data extends object, Code extends string = string>(
  declaration: EventDeclaration<Code, Data>,
): EventDefinition<Code, Data> {
  const { code, level, description, message } = declaration;
  const make = (data: Data): JenkinsAwsEvent<Code, Data> => ({ code, level, message: message(data), data });
  return Object.assign(make, { code, level, description });
}

/** Takes every event and does nothing: the default where no reporter is given. */
export const silentReporter: Reporter = { report() {} };
