import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idSet, membersOf } from '../../sets/id-set.ts';
import { allTraffic, type TrafficSet, traffic, union } from '../../sets/traffic-set.ts';
import type { UnitRectangle } from '../map.ts';
import { type Area, mergeAreas } from './area.ts';
import { makeColumn, widen } from './column.ts';
import { compareMaps } from './compare.ts';
import { partsOf, verdictKey } from './outcome.ts';

const TCP = allTraffic(['TCP']);
const WEB = traffic('TCP', 80);
const TLS = traffic('TCP', 443);

const open = (allowed: TrafficSet) => ({ allowed, unknown: [], conditional: [] });
const rectangle = (from: number[], to: number[], allowed: TrafficSet): UnitRectangle => ({
  from,
  to,
  decisions: { IPv4: open(allowed) },
});
const area = (from: number[], to: number[], set: TrafficSet): Area => ({
  from: idSet(from),
  to: idSet(to),
  family: 'IPv4',
  traffic: set,
});
const text = ({ from, to, family, traffic: set }: Area) => [membersOf(from), membersOf(to), family, set] as const;

describe('partsOf', () => {
  it('tells traffic apart by what becomes of it, each part once', () => {
    const decision = {
      allowed: WEB,
      unknown: [
        { traffic: TLS, reason: 'icmp' as const, policies: [] },
        { traffic: traffic('TCP', 444), reason: 'icmp' as const, policies: [] },
      ],
      conditional: [{ traffic: traffic('TCP', 8080), conditions: [{ http: {} }] }],
    };
    const asked = union(traffic('TCP', 80, 81), union(traffic('TCP', 443, 444), traffic('TCP', 8080)));
    expect(partsOf(decision, asked).map(({ traffic: set, outcome }) => [set, outcome.verdict, outcome.reason])).toEqual(
      [
        [WEB, 'allowed', undefined],
        [traffic('TCP', 443, 444), 'unknown', 'icmp'],
        [traffic('TCP', 8080), 'conditional', undefined],
        [traffic('TCP', 81), 'denied', undefined],
      ],
    );
    expect(partsOf(undefined, WEB)).toEqual([{ traffic: WEB, outcome: { verdict: 'denied', conditions: [] } }]);
    expect(partsOf(decision, traffic('UDP', 1)).map(({ outcome }) => verdictKey(outcome))).toEqual(['denied']);
  });
});

describe('a column', () => {
  it('says whether all outcomes of an area are such ones as its parts do', () => {
    const ids = fc.subarray([0, 1, 2, 3, 4, 5], { minLength: 1 });
    const ports = fc.constantFrom(WEB, TLS, TCP);
    const owners = fc.array(fc.array(fc.integer({ min: -1, max: 2 }), { minLength: 6, maxLength: 6 }), {
      minLength: 6,
      maxLength: 6,
    });
    fc.assert(
      fc.property(owners, ids, ids, ports, (owner, from, to, set) => {
        // Each pair in one rectangle at most.
        const rectangles = [0, 1, 2].flatMap((one) =>
          owner.map((row, source) =>
            rectangle(
              [source],
              [...row.keys()].filter((id) => row[id] === one),
              [WEB, TLS, TCP][one]!,
            ),
          ),
        );
        const column = makeColumn(
          6,
          rectangles.filter((one) => one.to.length > 0),
        );
        const parts = column.split(area(from, to, set));
        const pairs = parts.flatMap((part) =>
          membersOf(part.from).flatMap((a) => membersOf(part.to).map((b) => `${a} ${b}`)),
        );
        expect(new Set(pairs).size).toBe(from.length * to.length);
        for (const verdict of ['allowed', 'denied'] as const) {
          const isSo = parts.every(({ outcome }) => outcome.verdict === verdict);
          expect(column.every(area(from, to, set), (outcome) => outcome.verdict === verdict)).toBe(isSo);
        }
        for (const part of parts) {
          for (const [a, b] of membersOf(part.from).flatMap((a) => membersOf(part.to).map((b) => [a, b] as const))) {
            const met = owner[a]![b]!;
            const decision = met < 0 ? undefined : open([WEB, TLS, TCP][met]!);
            expect(partsOf(decision, part.traffic).map(({ outcome }) => outcome)).toEqual([part.outcome]);
          }
        }
      }),
    );
  });

  it('denies what positions that are added later meet', () => {
    const column = widen(makeColumn(2, [rectangle([0], [1], TCP)]), 4);
    expect(
      column.split(area([0, 3], [1, 2], WEB)).map(({ outcome, ...part }) => [...text(part), outcome.verdict]),
    ).toEqual([
      [[0], [1], 'IPv4', WEB, 'allowed'],
      [[0], [2], 'IPv4', WEB, 'denied'],
      [[3], [1, 2], 'IPv4', WEB, 'denied'],
    ]);
    expect(compareMaps([column, widen(makeColumn(2, []), 4)], TCP).map(text)).toEqual([[[0], [1], 'IPv4', TCP]]);
  });

  it('splits an area by source, destination and port, and leaves nothing out', () => {
    const column = makeColumn(4, [rectangle([0, 1], [2, 3], WEB), rectangle([1], [0], TCP)]);
    const parts = column.split(area([0, 1, 2], [0, 3], union(WEB, TLS)));
    expect(parts.map((part) => [...text(part), part.outcome.verdict])).toEqual([
      [[0], [3], 'IPv4', WEB, 'allowed'],
      [[0], [3], 'IPv4', TLS, 'denied'],
      [[0], [0], 'IPv4', union(WEB, TLS), 'denied'],
      [[1], [3], 'IPv4', WEB, 'allowed'],
      [[1], [3], 'IPv4', TLS, 'denied'],
      [[1], [0], 'IPv4', union(WEB, TLS), 'allowed'],
      [[2], [0, 3], 'IPv4', union(WEB, TLS), 'denied'],
    ]);
    expect(column.split({ ...area([0], [3], WEB), family: 'IPv6' }).map(({ outcome }) => outcome.verdict)).toEqual([
      'denied',
    ]);
  });
});

describe('mergeAreas', () => {
  it('joins sources, then destinations, of equal keys and traffic only', () => {
    const parts = [area([0], [2], WEB), area([1], [2], WEB), area([0, 1], [3], WEB), area([2], [2], TLS)];
    expect(mergeAreas(parts, () => '').map(text)).toEqual([
      [[0, 1], [2, 3], 'IPv4', WEB],
      [[2], [2], 'IPv4', TLS],
    ]);
    expect(mergeAreas(parts, ({ from }) => from.join())).toHaveLength(4);
  });
});

describe('compareMaps', () => {
  const one = makeColumn(3, [rectangle([0, 1], [2], union(WEB, TLS)), rectangle([2], [0, 1], TCP)]);
  const two = makeColumn(3, [
    rectangle([0], [2], WEB),
    rectangle([1], [2], union(WEB, TLS)),
    rectangle([2], [0], TCP),
    rectangle([2], [1], TCP),
  ]);

  it('lists what not all judge alike, with every outcome', () => {
    const found = compareMaps([one, two, one], TCP);
    expect(found.map((each) => [...text(each), each.outcomes.map(({ verdict }) => verdict)])).toEqual([
      [[0], [2], 'IPv4', TLS, ['allowed', 'denied', 'allowed']],
    ]);
    expect(compareMaps([one, one], TCP)).toEqual([]);
    expect(compareMaps([one, two], allTraffic(['UDP']))).toEqual([]);
  });

  it('takes no other reason of what is unknown for a difference', () => {
    const unknown = (reason: 'icmp' | 'sctp') => [
      {
        from: [0],
        to: [1],
        decisions: { IPv4: { allowed: {}, unknown: [{ traffic: WEB, reason, policies: [] }], conditional: [] } },
      },
    ];
    const [a, b] = [makeColumn(2, unknown('icmp')), makeColumn(2, unknown('sctp'))];
    expect(compareMaps([a, b], TCP)).toEqual([]);
    const [found] = compareMaps([a, b, makeColumn(2, [])], TCP);
    expect(found!.outcomes.map(({ verdict, reason }) => [verdict, reason])).toEqual([
      ['unknown', 'icmp'],
      ['unknown', 'sctp'],
      ['denied', undefined],
    ]);
  });
});
