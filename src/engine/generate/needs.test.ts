import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../model/evidence.ts';
import { CONFIDENCES, needKey, needsOf } from './needs.ts';

const BASE: Evidence = {
  from: { type: 'workload', key: 'shop/Deployment.apps/web' },
  to: { type: 'workload', key: 'shop/Deployment.apps/cart' },
  protocol: 'TCP',
  ports: [7070, 7070],
  kind: 'environment',
  confidence: 'likely',
  says: 'CART_ADDR of shop/web names Service shop/cart, port 80',
  source: { file: 'a.yaml', line: 3, column: 1, path: 'spec' },
};

describe('needs', () => {
  it('are none without evidence', () => {
    expect(needsOf([])).toEqual([]);
  });

  it('put evidence of one connection together, the strongest first, which is how sure the need is', () => {
    const observed: Evidence = { ...BASE, kind: 'observed', confidence: 'certain', says: 'seen in 3 records' };
    const guess: Evidence = { ...BASE, kind: 'configuration', confidence: 'possible', says: 'a text names it' };
    const [need, ...rest] = needsOf([guess, BASE, observed]);
    expect(rest).toEqual([]);
    expect(need?.confidence).toBe('certain');
    expect(need?.evidence).toEqual([observed, BASE, guess]);
  });

  it.each<[string, Partial<Evidence>]>([
    ['another port', { ports: [7071, 7071] }],
    ['a range that holds the port', { ports: [7070, 7079] }],
    ['another protocol', { protocol: 'UDP' }],
    ['another client', { from: { type: 'outside' } }],
    ['another server', { to: { type: 'addresses', cidrs: ['203.0.113.7/32'] } }],
  ])('are two for %s', (_, other) => {
    expect(needsOf([BASE, { ...BASE, ...other }])).toHaveLength(2);
  });

  it('say the same reason once: a ConfigMap that two containers mount', () => {
    expect(needsOf([BASE, { ...BASE }])[0]?.evidence).toHaveLength(1);
    const elsewhere = { ...BASE, source: { ...BASE.source!, line: 9 } };
    expect(needsOf([elsewhere, BASE])[0]?.evidence.map(({ source }) => source?.line)).toEqual([3, 9]);
  });

  it('keep what two records of a log say apart', () => {
    const seen = (line: number): Evidence => ({
      ...BASE,
      kind: 'observed',
      says: 'seen in 1 record of the log',
      seen: { count: 1, place: { file: 'log', line } },
    });
    expect(needsOf([seen(9), seen(2)])[0]?.evidence.map((one) => one.seen?.place.line)).toEqual([2, 9]);
  });

  it('come in an order of their own, ports as numbers', () => {
    const ports = needsOf([9, 443, 80, 8080].map((port) => ({ ...BASE, ports: [port, port] })));
    expect(ports.map((need) => need.ports[0])).toEqual([9, 80, 443, 8080]);
  });

  it('do not show in which order the evidence came', () => {
    const all: Evidence[] = [
      BASE,
      { ...BASE, kind: 'argument' },
      { ...BASE, confidence: 'possible', says: 'perhaps' },
      { ...BASE, ports: [1, 1] },
      { ...BASE, protocol: 'UDP', source: { file: 'b.yaml', line: 1, column: 1, path: '' } },
      { ...BASE, says: 'another sentence' },
      { ...BASE, source: { file: 'b.yaml', line: 1, column: 1, path: '' } },
    ];
    const expected = needsOf(all);
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (shuffled) => {
        expect(needsOf(shuffled)).toEqual(expected);
      }),
    );
  });
});

it('keys tell connections apart, whatever their reasons', () => {
  expect(needKey(BASE)).toBe(needKey({ ...BASE, ports: [7070, 7070] }));
  expect(needKey(BASE)).not.toBe(needKey({ ...BASE, ports: [7070, 7071] }));
});

it('levels go from sure to unsure', () => {
  expect(CONFIDENCES).toEqual(['certain', 'likely', 'possible']);
});
