import { expect, it } from 'vitest';
import { generated } from '../../test/support/generating.ts';
import { adminPolicy, namespace, pod } from '../../test/support/scenario.ts';
import { reporterFor } from './formats.ts';
import { PLAIN_STYLE } from './style.ts';

const SHOP = [
  namespace('shop'),
  pod('shop/web', { labels: 'app=web', ip: '10.0.0.1' }),
  pod('shop/db', { labels: 'app=db', ip: '10.0.0.2', ports: '5432' }),
];
const CLOSED = adminPolicy('AdminNetworkPolicy', 'ingress: [{name: closed, action: Deny, from: [{namespaces: {}}]}]');

/** The rows of the plan that name a verdict. */
function rows(texts: readonly string[]): string[] {
  const { document } = generated(texts, { allow: ['shop/web -> shop/db:5432'], assume: ['podCIDRs=10.0.0.0/8'] });
  const text = [...reporterFor('table', document.kind)(document, { style: PLAIN_STYLE })].join('');
  return text.split('\n').filter((line) => /^ {4}(?:from|to) .*(?:denied|unknown)/.test(line));
}

it('what is allowed has no verdict', () => {
  expect(rows(SHOP)).toEqual([]);
});

it('what stays denied says where and by whom, once', () => {
  const found = rows([...SHOP, CLOSED]);
  const why = 'denied at shop/db (ingress) by AdminNetworkPolicy default; allowed by hand: shop/web -> shop/db:5432';
  expect(found.filter((row) => row.endsWith(`certain   ${why}`))).toHaveLength(2);
  for (const row of found) expect(row).toMatch(/ (?:certain|likely) +denied at \S/);
});
