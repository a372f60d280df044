// Answers kept for as long as there is room: what is asked again soon is found, what was forgotten is found out again.

/** Answers that are remembered before all are forgotten. */
const MOST_REMEMBERED = 100_000;

/** Remembers answers to questions whose answer never changes. */
export interface BoundedMemory<Answer> {
  /** The answer to a question, by a text equal only for equal questions; `find` finds it out where it is not remembered. */
  of(question: string, find: () => Answer): Answer;
}

/** Nothing remembered yet. */
export function boundedMemory<Answer>(): BoundedMemory<Answer> {
  const answers = new Map<string, Answer>();
  return {
    of(question, find) {
      if (answers.has(question)) return answers.get(question)!;
      if (answers.size >= MOST_REMEMBERED) answers.clear();
      const answer = find();
      answers.set(question, answer);
      return answer;
    },
  };
}
