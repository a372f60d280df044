// Answers kept for as long as there is room: what is asked again soon is found, what was forgotten is found out again.

/**
 * Answers of one generation: all pods of the largest clusters. Two are remembered, so that what was asked for since the older one
 * began outlives it.
 */
const MOST_REMEMBERED = 160_000;

/** Remembers answers to questions whose answer never changes. */
export interface BoundedMemory<Answer> {
  /** The answer to a question, by a text equal only for equal questions; `find` finds it out where it is not remembered. */
  of(question: string, find: () => Answer): Answer;
}

/** Nothing remembered yet. */
export function boundedMemory<Answer>(): BoundedMemory<Answer> {
  let younger = new Map<string, Answer>();
  let older = younger;
  return {
    of(question, find) {
      if (younger.has(question)) return younger.get(question)!;
      const answer = older.has(question) ? older.get(question)! : find();
      if (younger.size >= MOST_REMEMBERED) {
        older = younger;
        younger = new Map();
      }
      younger.set(question, answer);
      return answer;
    },
  };
}
