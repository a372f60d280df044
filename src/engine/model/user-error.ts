// What a person did that cannot be answered: a bad flag, a name that does not exist, text that is no endpoint.
// Problems inside manifests are findings instead. Knows no input and no output.

/** What kind of mistake it was, for programs and tests. Each word is stable. */
export type UserErrorCode =
  | 'usage'
  | 'invalid-endpoint'
  | 'invalid-port'
  | 'invalid-test'
  | 'invalid-behaviour'
  | 'unknown-name'
  | 'ambiguous-name'
  | 'not-available'
  | 'no-input'
  | 'not-found'
  | 'unreadable'
  | 'changed'
  | 'aborted';

/** Where in the text the mistake is: `end` is one past its last character. */
export interface TextSpan {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** An expected failure. Printed as a message and a hint without a stack; exit code 2. */
export class UserError extends Error {
  readonly code: UserErrorCode;
  /** What to do or write instead; absent where the message says it all. */
  readonly hint: string | undefined;
  /** Absent where no single text is at fault. */
  readonly span: TextSpan | undefined;

  /** `message`: lower-case start, no full stop, what the person typed in double quotes. */
  constructor(code: UserErrorCode, message: string, more: { hint?: string; span?: TextSpan; cause?: unknown } = {}) {
    super(message, more.cause === undefined ? {} : { cause: more.cause });
    this.name = 'UserError';
    this.code = code;
    this.hint = more.hint;
    this.span = more.span;
  }
}
