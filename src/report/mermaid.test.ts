import { describe, expect, it } from 'vitest';
import { type Flowchart, parseMermaid } from '../../test/support/mermaid.ts';
import { hostileDiff, reviewDiff } from '../../test/support/sample-diffs.ts';
import { bigMap, deployment, hostileMap, SAMPLES, shopMap, twelveMap } from '../../test/support/sample-documents.ts';
import type { ConnectivityMap } from '../engine/questions/documents.ts';
import { formatsOf, reporterFor } from './formats.ts';
import { pairsOf } from './pairs.ts';
import { PLAIN_STYLE } from './style.ts';

const print = (document: (typeof SAMPLES)[string]): string =>
  [...reporterFor('mermaid', document.kind)(document, { style: PLAIN_STYLE })].join('');
const draw = (document: (typeof SAMPLES)[string]): Flowchart => parseMermaid(print(document));

/** A map whose one workload has this name. */
const named = (name: string): ConnectivityMap => ({
  ...twelveMap,
  endpoints: [{ ...deployment(0, 'shop/x'), name } as ConnectivityMap['endpoints'][number]],
  connections: [],
});

describe('Mermaid', () => {
  it.each(Object.entries(SAMPLES).filter(([, { kind }]) => formatsOf(kind).includes('mermaid')))(
    'of %s is a flowchart',
    (_, document) => expect(() => draw(document)).not.toThrow(),
  );

  it('draws an edge for every pair, once, and boxes for namespaces', () => {
    const { edges, boxes, nodes } = draw(shopMap);
    const pairs = [...pairsOf(shopMap.connections)].map(({ from, to }) => `n${from} n${to}`);
    expect(edges.map(({ from, to }) => `${from} ${to}`).sort()).toEqual([...new Set(pairs)].sort());
    expect(boxes.map(({ label }) => label)).toEqual(['kube-system', 'ops', 'shop']);
    expect(nodes.get('n1')).toBe('db');
    expect(nodes.get('n5')).toBe('internet');
  });

  it('dots what is unknown or conditional, and nothing else', () => {
    const dotted = draw(shopMap).edges.filter(({ isDotted }) => isDotted);
    expect(dotted.length).toBeGreaterThan(0);
    for (const { label } of dotted) expect(label).toMatch(/pod-address|http method|domain-name/);
    expect(draw(twelveMap).edges.some(({ isDotted }) => isDotted)).toBe(false);
  });

  it('says and paints what was added, removed and changed', () => {
    const colours = draw(reviewDiff).edges.map(({ label, colour }) => [label.split(':')[0], colour]);
    expect(new Set(colours.map((each) => each.join()))).toEqual(
      new Set(['added,#1a7f37', 'removed,#cf222e', 'changed,#9a6700']),
    );
  });

  it('keeps hostile names as text', () => {
    expect(draw(hostileMap).edges).toHaveLength(4);
    expect(draw(hostileDiff).edges).toHaveLength(3);
  });

  it.each([
    'a"]; n1 --> n2',
    '1. x',
    '- x',
    '-',
    '*b* _i_ `c` ~s~',
    'end',
    '#35;',
    'fa:fa-ban',
    '$$x$$',
    '<b>',
    'a  b',
    '&lt;',
  ])('prints the name %s as it is', (name) => {
    const [label] = draw(named(name)).nodes.values();
    expect(label).toBe(/^[\w.:-]+$/.test(name) ? name : `"${name.replace(/"/g, '\\"')}"`);
    expect(print(named(name))).not.toMatch(/fa:|\["-|\["1\. /);
  });

  it('draws namespaces where there are too many nodes, edges or characters, and says so', () => {
    const { title, comments, nodes } = draw(bigMap(301, 1000));
    expect(title).toMatch(/^301 endpoints, \d+ pairs: drawn by namespace$/);
    expect(comments).toEqual([title]);
    expect(nodes.get('n0')).toBe('namespace team-0 (4)');
    expect(draw(bigMap(100, 600)).title).toContain('drawn by namespace');
    const long = bigMap(200, 200).endpoints.map((each) => ({ ...each, name: 'x'.repeat(300) }) as typeof each);
    expect(draw({ ...bigMap(200, 200), endpoints: long }).title).toContain('drawn by namespace');
    expect(draw(bigMap(100, 200)).title).toBeUndefined();
  });

  it.each([
    ['many namespaces', bigMap(2000, 30_000)],
    [
      'long names',
      {
        ...bigMap(2000, 30_000),
        endpoints: bigMap(2000, 1).endpoints.map((each, id) => ({
          ...each,
          namespace: `team-${id % 80}-${'x'.repeat(500)}`,
        })),
      } as ConnectivityMap,
    ],
  ])('keeps to the bounds of Mermaid with %s, and counts what is missing', (_, document) => {
    const text = print(document);
    const { edges, title = '' } = parseMermaid(text);
    expect(edges.length).toBeLessThanOrEqual(500);
    expect(text.length).toBeLessThanOrEqual(50_000);
    const left = Number(/; (\d+) arrows between namespaces with the fewest pairs are left out$/.exec(title)?.[1]);
    expect(left).toBeGreaterThan(0);
    const home = new Map(document.endpoints.map((each) => [each.id, each.type === 'workload' ? each.namespace : '']));
    const all = new Set([...pairsOf(document.connections)].map(({ from, to }) => `${home.get(from)} ${home.get(to)}`));
    expect(edges.length + left).toBe(all.size);
  });
});
