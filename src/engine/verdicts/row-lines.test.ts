import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decisionOn, type PeerGroup, type Row } from '../compile/row.ts';
import type { RowSource } from '../compile/rows.ts';
import { idSet } from '../sets/id-set.ts';
import { rowLines } from './row-lines.ts';

const SIZE = 300;

/** Rows with disjoint groups: `density` of all peers are in one of a few. */
const row: fc.Arbitrary<Row> = fc
  .record({
    groups: fc.integer({ min: 0, max: 4 }),
    density: fc.constantFrom(3, 30, 100),
    seed: fc.array(fc.tuple(fc.nat(99), fc.nat(99)), { minLength: SIZE, maxLength: SIZE }),
  })
  .map(({ groups, density, seed }) => {
    const members = Array.from({ length: groups }, (): number[] => []);
    seed.forEach(([chance, group], peer) => {
      if (groups > 0 && chance < density) members[group % groups]!.push(peer);
    });
    const all = members.filter((own) => own.length > 0);
    return { rest: 7, groups: all.map((own, i): PeerGroup => ({ peers: idSet(own), decision: i + 1 })) };
  });

/** Rows with one large group that differ in few peers: some are in no group, some in one of their own. */
const alike: fc.Arbitrary<Row[]> = fc
  .array(fc.array(fc.tuple(fc.nat(SIZE - 1), fc.nat(2)), { maxLength: 6 }), { minLength: 6, maxLength: 6 })
  .map((changes) =>
    changes.map((changed): Row => {
      const decisions = Array.from({ length: SIZE }, (_, peer): number => (peer % 2 === 0 ? 1 : 0));
      for (const [peer, decision] of changed) decisions[peer] = decision;
      const groups = [1, 2].map((decision): PeerGroup => {
        return { peers: idSet(decisions.flatMap((one, peer) => (one === decision ? [peer] : []))), decision };
      });
      return { rest: 0, groups: groups.filter(({ peers }) => peers.length > 0) };
    }),
  );

it('says of every subject and peer what the row says', () => {
  fc.assert(
    fc.property(fc.oneof(fc.array(row, { minLength: 1, maxLength: 6 }), alike), (rows) => {
      const at = (subject: number, direction: string) => rows[(subject + direction.length) % rows.length]!;
      let made = 0;
      const source: RowSource = {
        row(subject, direction) {
          made++;
          return at(subject, direction);
        },
      };
      const lines = rowLines(source, SIZE);
      const wrong: unknown[] = [];
      for (let subject = 0; subject < 8; subject++) {
        for (let peer = 0; peer < SIZE; peer++) {
          if (lines.egress.decision(subject, peer) !== decisionOn(at(subject, 'egress'), peer))
            wrong.push(['egress', subject, peer]);
          if (lines.ingress.decision(subject, peer) !== decisionOn(at(subject, 'ingress'), peer))
            wrong.push(['ingress', subject, peer]);
        }
      }
      expect(wrong).toEqual([]);
      // Each row once, and none for subjects that nobody names.
      expect(made).toBe(16);
    }),
    { numRuns: 80 },
  );
});
