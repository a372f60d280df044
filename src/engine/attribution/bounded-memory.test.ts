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

test('with more questions than are remembered every answer is right', () => {
  const memory = boundedMemory<number>();
  let found = 0;
  const questions = Array.from({ length: 250_000 }, (_, index) => index % 120_000);
  const answers = questions.map((question) =>
    memory.of(String(question), () => {
      found++;
      return question;
    }),
  );
  expect(answers).toEqual(questions);
  expect(found).toBeGreaterThan(120_000);
});
