import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stepTable } from './step-table.ts';

it('has the value of the last step that starts at the point or before it', () => {
  const drawn = fc.array(
    fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 12 }).map((starts) => [0, ...starts]),
    { minLength: 1, maxLength: 300 },
  );
  fc.assert(
    fc.property(drawn, (functions) => {
      const table = stepTable();
      const numbers = functions.map((starts, i) =>
        table.add(starts.toSorted((a, b) => a - b).flatMap((start) => [start, start * 1000 + i])),
      );
      functions.forEach((starts, i) => {
        for (const point of [0, 1, 17, 59, 60, 65535]) {
          const start = Math.max(...starts.filter((one) => one <= point));
          expect(table.at(numbers[i]!, point)).toBe(start * 1000 + i);
        }
      });
    }),
    { numRuns: 50 },
  );
});
