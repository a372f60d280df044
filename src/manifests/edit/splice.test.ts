import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applySplices, draftOf, type Splice } from './splice.ts';

describe('applySplices', () => {
  it('takes splices in any order; those at one place stay in the order given', () => {
    const splices = [
      { start: 3, end: 5, text: 'x' },
      { start: 0, end: 0, text: '1' },
      { start: 0, end: 0, text: '2' },
      { start: 3, end: 3, text: '3' },
    ];
    expect(applySplices('abcdef', splices)).toBe('12abc3xf');
  });
});

describe('draftOf', () => {
  const round = fc.array(fc.record({ at: fc.nat(99), length: fc.nat(3), text: fc.constantFrom('', 'x', 'yz') }), {
    minLength: 1,
    maxLength: 3,
  });

  it('remembers what is still the original through any number of rounds', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), fc.array(round, { maxLength: 5 }), (original, rounds) => {
        const draft = draftOf(original.length);
        let text = original;
        for (const [edit, wishes] of rounds.entries()) {
          const splices: Splice[] = [];
          let from = 0;
          for (const { at, length, text: added } of wishes) {
            const start = Math.min(text.length, from + (at % (text.length + 1)));
            const end = Math.min(text.length, start + length);
            splices.push({ start, end, text: added });
            from = end;
          }
          draft.splice(splices, edit);
          text = applySplices(text, splices);
        }
        const changes = draft.changes();
        expect(applySplices(original, changes)).toBe(text);
        for (const [index, { start, end }] of changes.entries()) {
          expect(start).toBeGreaterThanOrEqual(changes[index - 1]?.end ?? 0);
          expect(end).toBeGreaterThanOrEqual(start);
        }
      }),
    );
  });

  it('names the first edit that had a part in a change', () => {
    const draft = draftOf(6);
    draft.splice([{ start: 1, end: 3, text: 'xy' }], 2);
    draft.splice([{ start: 2, end: 4, text: '' }], 1);
    draft.splice([{ start: 4, end: 4, text: 'z' }], 3);
    expect(draft.changes()).toEqual([
      { start: 1, end: 4, text: 'x', edit: 1 },
      { start: 6, end: 6, text: 'z', edit: 3 },
    ]);
  });
});
