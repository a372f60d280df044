// What the program's exit code says, in one place. Knows no verb.

/** Exit codes as scripts see them. */
export const EXIT = {
  /** The answer is yes, or nothing was found. */
  yes: 0,
  /** The answer is no, or something was found. */
  no: 1,
  /** No answer: usage, unknown names, incomplete input, unknown where yes or no was asked, our own failure. */
  cannotAnswer: 2,
  /** Ctrl-C. */
  interrupted: 130,
  /** Whoever read the output stopped before its end (`| head`): what a program shows that SIGPIPE ends. */
  brokenPipe: 141,
} as const;

/** One of {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What a verb found out, and how far its input could be trusted. */
export interface Outcome {
  readonly answer: 'yes' | 'no' | 'unknown';
  /** Something was not read or not understood. */
  readonly incomplete: boolean;
  /** A policy counts as absent because the API server would refuse it; only where the verb must not overlook that. */
  readonly rejected?: boolean;
  readonly allowIncomplete: boolean;
}

/** Incomplete input outweighs the answer unless it was allowed; an unknown answer is none either way. */
export function exitCodeOf({ answer, incomplete, rejected = false, allowIncomplete }: Outcome): ExitCode {
  if ((incomplete || rejected) && !allowIncomplete) return EXIT.cannotAnswer;
  return answer === 'unknown' ? EXIT.cannotAnswer : EXIT[answer];
}
