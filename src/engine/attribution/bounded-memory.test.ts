// Answers are the same whether they are remembered or found out again.

import { expect, test } from 'vitest';
import { boundedMemory } from './bounded-memory.ts';

test('an answer is found out once while it is remembered, also where it is that there is none', () => {
  const memory = boundedMemory<string | undefined>();
  const asked: string[] = [];
  const answer = (question: string): string | undefined =>
    memory.of(question, () => {
      asked.push(question);
      return question === '' ? undefined : question.toUpperCase();
    });
  expect(['a', '', 'a', ''].map(answer)).toEqual(['A', undefined, 'A', undefined]);
  expect(asked).toEqual(['a', '']);
});

/** How often an answer had to be found for these questions; each must be right. */
function found(questions: readonly number[]): number {
  const memory = boundedMemory<number>();
  let times = 0;
  const answers = questions.map((question) =>
    memory.of(String(question), () => {
      times++;
      return question;
    }),
  );
  expect(answers).toEqual(questions);
  return times;
}

test('with more questions than are remembered every answer is right', () => {
  const questions = Array.from({ length: 900_000 }, (_, index) => index % 330_000);
  expect(found(questions)).toBeGreaterThan(330_000);
});

test('what is asked again soon is never forgotten, whatever else is asked', () => {
  // One question between others that never come again.
  const questions = Array.from({ length: 500_000 }, (_, index) => (index % 1000 === 0 ? 0 : index));
  expect(found(questions)).toBe(499_500 + 1);
});

test('all the pods of a large cluster are remembered', () => {
  const questions = Array.from({ length: 450_000 }, (_, index) => index % 150_000);
  expect(found(questions)).toBe(150_000);
});
