// The defects of other generators, D1 to D31, as the four files beside this one test them: none is forgotten, none is there twice.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../support/shared.ts';

const FOLDER = join(ROOT, 'test/semantics');

it('each of the 31 defects has its tests', () => {
  const texts = readdirSync(FOLDER)
    .filter((file) => /^generator-defects-.*\.test\.ts$/.test(file))
    .map((file) => readFileSync(join(FOLDER, file), 'utf8'));
  const numbers = texts.flatMap((text) =>
    [...text.matchAll(/^describe\('D(\d+) /gm)].map(([, number]) => Number(number)),
  );
  expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 31 }, (_, id) => id + 1));
});
