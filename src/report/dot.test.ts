import { describe, expect, it } from 'vitest';
import { bigMap, diff, hostileMap, shopMap, twelveMap } from '../../test/support/sample-documents.ts';
import type { ConnectivityMap } from '../engine/questions/documents.ts';
import { connectionsDot, diffDot } from './dot.ts';
import { pairsOf } from './pairs.ts';

const draw = (map: ConnectivityMap): string => [...connectionsDot(map)].join('');

/** What the grammar of DOT allows of the statements we write; strings hold no bare quote and no bare backslash. */
const ID = String.raw`(?:\w+|"(?:[^"\\\n]|\\["\\])*")`;
const ATTRIBUTES = String.raw`(?: \[${ID}=${ID}(?:, ${ID}=${ID})*\])?`;
const LINE = new RegExp(
  `^(?:digraph \\w+ \\{|\\}|subgraph cluster_\\d+ \\{|//[^\\n]*|\\w+(?: -> \\w+)?${ATTRIBUTES};|\\w+=${ID};)$`,
);

describe('DOT', () => {
  it.each([
    ['a map', draw(shopMap)],
    ['hostile names', draw(hostileMap)],
    ['a diff', [...diffDot(diff)].join('')],
    ['a big map', draw(bigMap(400, 1000))],
  ])('of %s has only lines of the grammar and closes its braces', (_, text) => {
    for (const line of text.trimEnd().split('\n')) expect(line.trim()).toMatch(LINE);
    const outside = text.replace(/"(?:[^"\\]|\\.)*"/g, '');
    expect(outside.split('{')).toHaveLength(outside.split('}').length);
  });

  it('draws an edge for every pair, once', () => {
    const edges = [...draw(shopMap).matchAll(/n(\d+) -> n(\d+)/g)].map(([, from, to]) => `${from} ${to}`);
    const pairs = new Set([...pairsOf(shopMap.connections)].map(({ from, to }) => `${from} ${to}`));
    expect(edges).toHaveLength(pairs.size);
    expect(new Set(edges)).toEqual(pairs);
  });

  it('dashes what is unknown or conditional, and nothing else', () => {
    const dashed = draw(shopMap)
      .split('\n')
      .filter((line) => line.includes('dashed'));
    expect(dashed.length).toBeGreaterThan(0);
    for (const line of dashed) expect(line).toMatch(/pod-address|http method|domain-name/);
    expect(draw(twelveMap)).not.toContain('dashed');
  });

  it('lets no name end its string or begin an edge', () => {
    const edges = draw(hostileMap)
      .split('\n')
      .filter((line) => /^\s*n\d+ -> /.test(line));
    expect(edges).toHaveLength(4);
  });

  it('draws namespaces where there are more than 300 nodes', () => {
    const text = draw(bigMap(301, 1000));
    expect(text).toMatch(/^ {2}\/\/ 301 endpoints, \d+ pairs: drawn by namespace$/m);
    expect(text).toContain('label="namespace team-0 (4)"');
    expect(text).not.toContain('app-');
    expect(draw(bigMap(300, 100))).not.toContain('//');
  });

  it('counts the pairs of the namespaces', () => {
    const map = bigMap(400, 1000);
    const sum = [...draw(map).matchAll(/label="(\d+) pairs?:/g)].reduce((all, [, count]) => all + Number(count), 0);
    expect(sum).toBe(new Set([...pairsOf(map.connections)].map(({ from, to }) => `${from} ${to}`)).size);
  });
});
