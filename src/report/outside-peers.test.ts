import { expect, it } from 'vitest';
import { generated } from '../../test/support/generating.ts';
import { observed } from '../../test/support/observed.ts';
import { namespace, pod } from '../../test/support/scenario.ts';
import type { ObservedFlow } from '../engine/model/flow.ts';
import { reporterFor } from './formats.ts';
import { outsideKey } from './outside-peers.ts';
import { PLAIN_STYLE } from './style.ts';

const SHOP = [namespace('shop'), pod('shop/web', { labels: 'app=web', ip: '10.0.0.1', ports: '8080' })];
const called = (from: number, to: number, port = 8080) =>
  Array.from({ length: to - from }, (_, index) => observed(`198.51.100.${from + index} -> 10.0.0.1:${port}`));

/** The rows of `shop/web` about who calls it. */
function rows(
  format: string,
  flows: readonly ObservedFlow[],
  { wide = false, allow = [] }: { readonly wide?: boolean; readonly allow?: readonly string[] } = {},
): string[] {
  const { document } = generated(SHOP, { flows, allow, assume: ['podCIDRs=10.0.0.0/8'] });
  const text = [...reporterFor(format, document.kind)(document, { style: PLAIN_STYLE, wide })].join('');
  return text.split('\n').filter((line) => /^( +|\| )from /.test(line));
}

it('a few addresses are named one by one', () => {
  expect(rows('table', called(1, 5))).toHaveLength(4);
});

it('many are one row, with all that was seen of them', () => {
  expect(rows('table', [...called(1, 6), ...called(1, 3)])).toEqual([
    '    from   5 addresses outside           8080/TCP         certain   seen 7 times; -o wide lists them',
  ]);
});

it('each port has its own', () => {
  const found = rows('table', [...called(1, 6), ...called(1, 8, 9090)]).map((row) =>
    row.trim().split(/ {3,}/).slice(1, 3),
  );
  expect(found).toEqual([
    ['5 addresses outside', '8080/TCP'],
    ['7 addresses outside', '9090/TCP'],
  ]);
});

it('what somebody has named as well is named', () => {
  const found = rows('table', called(1, 8), { allow: ['198.51.100.3 -> shop/web:8080'] });
  expect(found.map((row) => row.trim().split(/ {3,}/).slice(1, 2))).toEqual([
    ['6 addresses outside'],
    ['198.51.100.3'],
  ]);
});

it('what is not surely allowed is named', () => {
  const { document } = generated(SHOP, { flows: called(1, 8), assume: ['podCIDRs=10.0.0.0/8'] });
  const needs = document.needs.filter(({ from }) => from.type === 'addresses');
  expect(needs).toHaveLength(7);
  expect(needs.map((need) => outsideKey(need, 'from') !== undefined)).toEqual(needs.map(() => true));
  for (const verdict of ['denied', 'unknown', 'unproved'] as const) {
    expect(outsideKey({ ...needs[0]!, verdict }, 'from')).toBeUndefined();
  }
});

it('wide lists them', () => {
  expect(rows('wide', called(1, 6), { wide: true })).toHaveLength(5);
});

it('a README names the first of them', () => {
  expect(rows('md', called(1, 6))).toEqual([
    '| from | 5 addresses outside: `198.51.100.1`, `198.51.100.2`, `198.51.100.3` … | 8080/TCP | certain | seen 5 times |',
  ]);
});
