// Maps of real applications: the output as files, and every edge and every denied dependency against REASONS.md, which is
// written by hand from the manifests. A golden that is regenerated without its reasons in step fails here.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ConnectivityMap, Explanation } from '../../src/engine/index.ts';
import { printTraffic } from '../../src/engine/questions/claims.ts';
import * as traffic from '../../src/engine/sets/traffic-set.ts';
import { APPLICATIONS, type Application, corpusFolder, loadApplication } from '../support/corpus.ts';
import { parseReasons, type Side } from '../support/reasons.ts';
import { runCli } from '../support/run-cli.ts';
import { describeWithShared, ROOT, sharedPath } from '../support/shared.ts';

type EndpointDocument = ConnectivityMap['endpoints'][number];
type Direction = Explanation['cases'][number]['egress'];

/** A pair of the map with what it may use. */
interface Edge {
  readonly from: EndpointDocument;
  readonly to: EndpointDocument;
  readonly allowed: traffic.TrafficSet;
  readonly unknown: traffic.TrafficSet;
}

describeWithShared('maps of real applications', () => {
  describe.each(APPLICATIONS)('%s', (name) => {
    const reasons = parseReasons(readFileSync(join(ROOT, 'test/golden', name, 'REASONS.md'), 'utf8'));
    let app: Application;
    let edges: ReadonlyMap<string, Edge>;
    beforeAll(async () => {
      app = await loadApplication(name);
      edges = edgesOf(app.map());
    });

    it('prints the map as before', async () => {
      for (const format of ['table', 'json']) {
        const { stdout, stderr, code } = await runCli(['map', '-f', corpusFolder(name), '-o', format]);
        await expect(stdout).toMatchFileSnapshot(`${name}/map.${format}.txt`);
        if (format === 'table') await expect(stderr).toMatchFileSnapshot(`${name}/map.remarks.txt`);
        expect(code).toBe(0);
      }
    });

    it('has exactly the edges that REASONS.md gives reasons for', () => {
      const given = new Map<string, traffic.TrafficSet>();
      for (const row of reasons.allowed) {
        for (const pair of pairsOf(row)) given.set(pair, traffic.union(given.get(pair) ?? {}, row.ports));
      }
      const shown = [...edges].filter(([, edge]) => !traffic.isEmpty(edge.allowed));
      expect([...given].map(([pair, ports]) => `${pair}: ${printTraffic(ports)}`).sort()).toEqual(
        shown.map(([pair, edge]) => `${pair}: ${printTraffic(edge.allowed)}`).sort(),
      );
      const open = [...edges].filter(([, edge]) => !traffic.isEmpty(edge.unknown));
      expect(
        reasons.unknown.flatMap((row) => pairsOf(row).map((pair) => `${pair}: ${printTraffic(row.ports)}`)).sort(),
      ).toEqual(open.map(([pair, edge]) => `${pair}: ${printTraffic(edge.unknown)}`).sort());
    });

    it('cites for each edge the rules that allow it on either side, all of them and no others', () => {
      const cited = new Map<string, traffic.TrafficSet>();
      for (const row of reasons.allowed) {
        for (const pair of pairsOf(row)) {
          const edge = edges.get(pair)!;
          for (const side of ['egress', 'ingress'] as const) {
            for (const one of casesOf(app, edge, row.ports)) {
              expect(one.verdict, pair).toBe('allowed');
              const end = side === 'egress' ? edge.from : edge.to;
              expect(says(row[side], one[side], end, name), `${pair}: ${side} ${String(row[side])}`).toBe(true);
            }
            if (typeof row[side] === 'string') continue;
            for (const place of row[side]) {
              const of = `${pair} ${side} ${place}`;
              cited.set(of, traffic.union(cited.get(of) ?? {}, row.ports));
            }
          }
        }
      }
      for (const [pair, edge] of edges) {
        if (traffic.isEmpty(edge.allowed)) continue;
        for (const one of casesOf(app, edge, edge.allowed)) {
          for (const side of ['egress', 'ingress'] as const) {
            for (const place of rulesOf(one[side], name)) {
              const of = `${pair} ${side} ${place}`;
              expect(printTraffic(traffic.subtract(portsOf(one), cited.get(of) ?? {})), `not cited: ${of}`).toBe('');
            }
          }
        }
      }
    });

    it('says why what is unknown is unknown', () => {
      for (const row of reasons.unknown) {
        for (const pair of pairsOf(row)) {
          for (const one of casesOf(app, edges.get(pair)!, row.ports)) {
            expect([pair, one.verdict, one.reason]).toEqual([pair, 'unknown', row.reason]);
          }
        }
      }
    });

    it('cites places that show what is needed', () => {
      for (const { named } of [...reasons.neededAllowed, ...reasons.neededDenied, ...reasons.neededAbsent]) {
        const [file, line] = named.place.split(':');
        const text = readFileSync(sharedPath('corpus', name, file!), 'utf8').split('\n')[Number(line) - 1] ?? '';
        expect(text, named.place).toContain(named.word);
        expect(named.word).not.toBe('');
      }
    });

    it('allows the dependencies that REASONS.md says it allows', () => {
      for (const { client, needs } of reasons.neededAllowed) {
        expect(`${client} -> ${needs}: ${app.can(client, needs).verdict}`).toBe(`${client} -> ${needs}: allowed`);
      }
    });

    it('denies the others, isolated by the policies and nearest to the rule that REASONS.md cites', async () => {
      for (const { client, needs, cni, sides, isolatedBy, nearest } of reasons.neededDenied) {
        const there = cni === undefined ? app : await loadApplication(name, cni);
        expect(there.can(client, needs).verdict, `${client} -> ${needs}`).toBe('denied');
        const { verdict, cases } = there.explain(client, needs);
        expect(verdict).toBe('denied');
        expect(cases.length).toBeGreaterThan(0);
        for (const one of cases) {
          const denying = (['egress', 'ingress'] as const).filter((side) => one[side].verdict === 'denied');
          expect(denying).toEqual(sides);
          for (const side of denying) {
            const isolating = one[side].isolatedBy.map((policy) => placeOf(policy.source, name));
            expect(isolating.sort()).toEqual([...isolatedBy].sort());
            expect(`${client} -> ${needs}: ${placeOf(one[side].nearest?.source, name)}`).toBe(
              `${client} -> ${needs}: ${nearest}`,
            );
          }
        }
      }
    });

    it('has an error, not an answer, for what the input does not hold', () => {
      for (const { client, needs, message } of reasons.neededAbsent) {
        expect(() => app.can(client, needs)).toThrow(message);
      }
    });
  });
});

/** All pairs of a map by `from -> to`, in the shortest names that tell its endpoints apart. */
function edgesOf(map: ConnectivityMap): Map<string, Edge> {
  const names = map.endpoints.map((one) => shortName(one));
  const nameOf = (id: number): string => {
    const index = map.endpoints.findIndex((one) => one.id === id);
    const one = map.endpoints[index]!;
    const isClear = names.filter((name) => name === names[index]).length === 1;
    return one.type !== 'workload' || isClear
      ? names[index]!
      : `${one.namespace}/${one.kind.toLowerCase()}/${one.name}`;
  };
  const byId = new Map(map.endpoints.map((one) => [one.id, one]));
  const edges = new Map<string, Edge>();
  for (const { from, to, family, allowed, unknown, conditional } of map.connections) {
    expect([family, conditional]).toEqual([undefined, undefined]);
    for (const f of from) {
      for (const t of to) {
        const pair = `${nameOf(f)} -> ${nameOf(t)}`;
        expect(edges.has(pair)).toBe(false);
        edges.set(pair, {
          from: byId.get(f)!,
          to: byId.get(t)!,
          allowed: trafficOf(allowed ?? {}),
          unknown: (unknown ?? []).reduce<traffic.TrafficSet>(
            (sum, one) => traffic.union(sum, trafficOf(one.ports)),
            {},
          ),
        });
      }
    }
  }
  return edges;
}

function shortName(one: EndpointDocument): string {
  if (one.type === 'workload') return `${one.namespace}/${one.name}`;
  if (one.type === 'entry') return `${one.namespace}/${one.kind.toLowerCase()}/${one.name}`;
  if (one.type === 'addresses') return one.name ?? one.ranges.map((range) => range.join('-')).join(',');
  return one.name;
}

function trafficOf(ports: NonNullable<ConnectivityMap['connections'][number]['allowed']>): traffic.TrafficSet {
  if (ports === 'all') return traffic.allTraffic(traffic.PORT_PROTOCOLS);
  return Object.entries(ports).reduce<traffic.TrafficSet>(
    (sum, [protocol, ranges]) =>
      ranges.reduce(
        (all, [first, last]) => traffic.union(all, traffic.traffic(protocol as traffic.Protocol, first, last)),
        sum,
      ),
    {},
  );
}

/** The cases of `explain` about an edge that concern these ports. Every address of a class stands for all of it. */
function casesOf(app: Application, { from, to }: Edge, ports: traffic.TrafficSet): Explanation['cases'] {
  const { cases } =
    from.type === 'entry'
      ? app.explain('internet', `${from.namespace}/service/${from.name}`)
      : app.explain(expressionOf(from), expressionOf(to));
  const concerned = cases.filter((one) => !traffic.isEmpty(traffic.intersect(portsOf(one), ports)));
  expect(concerned.length).toBeGreaterThan(0);
  return concerned;
}

function portsOf({ protocol, ports }: Explanation['cases'][number]): traffic.TrafficSet {
  return ports.reduce<traffic.TrafficSet>(
    (sum, [first, last]) => traffic.union(sum, traffic.traffic(protocol, first, last)),
    {},
  );
}

function expressionOf(one: EndpointDocument): string {
  if (one.type === 'workload') return `${one.namespace}/${one.kind.toLowerCase()}/${one.name}`;
  if (one.type === 'addresses') return one.ranges[0]![1];
  throw new Error(`no expression for ${one.key}`);
}

/** Whether a side of a case is as a row says. */
function says(side: Side, one: Direction, end: EndpointDocument, name: string): boolean {
  const isHost = end.type === 'workload' && end.hostNetwork === true;
  const isOutside = end.type === 'addresses' || end.type === 'entry';
  if (typeof side === 'string') {
    if (one.isolatedBy.length > 0) return false;
    return side === (isOutside ? 'outside' : isHost ? 'host' : 'not isolated');
  }
  const rules = rulesOf(one, name);
  return side.length > 0 && side.every((place) => rules.includes(place));
}

function rulesOf(one: Direction, name: string): string[] {
  return one.steps
    .filter(({ action, source }) => action === 'Accept' && source !== undefined)
    .map(({ source }) => placeOf(source, name));
}

/** `file:line`, relative to the corpus. */
function placeOf(source: { readonly file?: string; readonly line?: number } | undefined, name: string): string {
  if (source === undefined) return 'nowhere';
  return `${source.file?.replace(`${corpusFolder(name)}/`, '')}:${source.line}`;
}

function pairsOf({ from, to }: { readonly from: readonly string[]; readonly to: readonly string[] }): string[] {
  return from.flatMap((f) => to.map((t) => `${f} -> ${t}`));
}
