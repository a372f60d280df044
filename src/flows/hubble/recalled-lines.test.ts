// Recalling lines and parsing each of them must give the same: on lines as Hubble writes them, and on hostile ones.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRecorder, summarise } from '../flow-recorder.ts';
import { openHubble } from './hubble-reader.ts';
import { interpretFlow } from './interpret-flow.ts';
import { createRecalledFlows } from './recalled-flows.ts';

/** What a reading of the bytes, in pieces of some size, gives. */
function read(bytes: Buffer, recall: boolean, piece = bytes.length): string {
  const recorder = createRecorder();
  recorder.file = 'f';
  const reader = openHubble(recorder, { recall });
  for (let at = 0; at < bytes.length; at += piece) reader.read(bytes.subarray(at, at + piece));
  reader.end(false);
  return JSON.stringify([recorder.aggregate.take(), summarise(recorder)]);
}

function expectSame(lines: readonly (string | Buffer)[], end = '\n'): void {
  const parts = lines.flatMap((line) => [typeof line === 'string' ? Buffer.from(line) : line, Buffer.from(end)]);
  const bytes = Buffer.concat(parts);
  expect(read(bytes, true)).toBe(read(bytes, false));
}

const POD = (name: string) =>
  `{"ID":7,"identity":4${name.length},"namespace":"shop","labels":["k8s:app=${name}","k8s:io.kubernetes.pod.namespace=shop"],"pod_name":"${name}-1","workloads":[{"name":"${name}","kind":"Deployment"}]}`;
const WORLD = '{"identity":2,"labels":["reserved:world"]}';
const NODE = '{"identity":1,"labels":["reserved:host","reserved:kube-apiserver"]}';

/** A line as Hubble writes it, of drawn parts. */
const LINE = fc
  .record({
    second: fc.integer({ min: 0, max: 59 }),
    uuid: fc.constantFrom('3eecdf1a-f8b0', 'ad4c4571-05be', ''),
    verdict: fc.constantFrom(
      '"verdict":"FORWARDED"',
      '"verdict":"DROPPED","drop_reason_desc":"POLICY_DENIED"',
      '"verdict":"DROPPED","drop_reason":139',
      '"verdict":"AUDIT"',
      '"verdict":99',
    ),
    source: fc.constantFrom('10.0.0.1', '10.0.0.2', '192.0.2.7', 'fd00::1', '010.0.0.1', 'no address', ''),
    destination: fc.constantFrom('10.0.0.1', '10.0.0.3', '203.0.113.9', 'fd00::2'),
    protocol: fc.constantFrom('TCP', 'UDP', 'SCTP', 'ICMPv4'),
    sourcePort: fc.constantFrom('80', '443', '41000', '53', '0', '00', '70000', '"80"', '8e1', '1.5'),
    destinationPort: fc.constantFrom('8080', '53', '50051', '52722', '65535', '65536'),
    flags: fc.constantFrom('', ',"flags":{"SYN":true}', ',"flags":{"SYN":true,"ACK":true}', ',"flags":{"ACK":true}'),
    from: fc.constantFrom(POD('web'), POD('cart'), WORLD, NODE, 'null'),
    to: fc.constantFrom(POD('web'), POD('cart'), WORLD, NODE, '{}'),
    place: fc.constantFrom(
      '"event_type":{"type":4},"traffic_direction":"INGRESS","trace_observation_point":"TO_ENDPOINT","is_reply":false',
      '"event_type":{"type":4,"sub_type":3},"traffic_direction":"INGRESS","trace_observation_point":"TO_STACK","is_reply":true',
      '"event_type":{"type":4,"sub_type":5},"trace_observation_point":"FROM_ENDPOINT"',
      '"event_type":{"type":5},"traffic_direction":"EGRESS"',
      '"event_type":{"type":4}',
      '"is_reply":null',
    ),
    device: fc.constantFrom('', ',"interface":{"index":254,"name":"lxc5e"}', ',"interface":{"index":2}'),
    node: fc.constantFrom('c/n1', 'c/n2', 'n3'),
  })
  .map((d) => {
    const time = `2026-11-21T03:25:${String(d.second).padStart(2, '0')}.5Z`;
    const ports = `"source_port":${d.sourcePort},"destination_port":${d.destinationPort}${d.flags}`;
    const l4 = d.protocol === 'ICMPv4' ? '"type":8' : ports;
    const mac = '"ethernet":{"source":"f2:82:cb","destination":"5a:d2:72"}';
    const ip = `"IP":{"source":"${d.source}","destination":"${d.destination}","ipVersion":"IPv4"}`;
    const ends = `"source":${d.from},"destination":${d.to},"Type":"L3_L4","node_name":"${d.node}"`;
    return `{"flow":{"time":"${time}","uuid":"${d.uuid}",${d.verdict},${mac},${ip},"l4":{"${d.protocol}":{${l4}}},${ends},${d.place}${d.device},"Summary":"x"},"node_name":"${d.node}","time":"${time}"}`;
  });

/** A request, as Hubble writes it. */
function lineOf(uuid: string, source: string, port: number, end: string, place: string): string {
  const ip = `"IP":{"source":"${source}","destination":"10.0.0.9","ipVersion":"IPv4"}`;
  const l4 = `"l4":{"TCP":{"source_port":${port},"destination_port":8080}}`;
  return `{"flow":{"time":"2026-11-21T03:25:01Z","uuid":"${uuid}","verdict":"FORWARDED",${ip},${l4},"source":${end},"destination":${WORLD},${place}}}`;
}

/** What a writer, a copier or an enemy may make of a line. */
const HOSTILE: readonly ((line: string) => string | Buffer)[] = [
  (line) => line.replace('"uuid":"', '"uuid":"a\\"b'),
  (line) => line.replace('"uuid":"', '"uuid":"a"b'),
  (line) => line.replace('"uuid":"', '"uuid":"a\\xb'),
  (line) => line.replace(/"uuid":"[^"]*"/, '"uuid":"a\\"'),
  (line) => line.replace('"source_port":', '"source_port":0'),
  (line) => line.replace(/"source_port":\d+/, '"source_port":00'),
  (line) => line.replace(/"destination_port":\d+/, '"destination_port":0'),
  (line) => line.replace('"uuid":"', '"uuid":"\u00e9\u4e2d'),
  (line) => line.replace('"uuid":"', '"uuid":"\u0001'),
  (line) => Buffer.from(line.replace('"uuid":"', '"uuid":"\u00ff'), 'latin1'),
  (line) => line.replace('"uuid"', '"time":"2026-11-21T05:00:00Z","uuid"'),
  (line) => line.replace('"source_port"', '"source_port":1,"source_port"'),
  (line) => line.replace('"destination_port"', '"destination_p\\u006frt"'),
  (line) => line.replace('"l4":{', '"l4":{"UDP":{"source_port":5,"destination_port":6},'),
  (line) => line.replace(/("IP":\{[^}]*\}),(.*"source":\{)/, '$2'),
  (line) => line.replace(/("flow":)(\{.*\})(,"node_name".*)\}$/, '"node_name":"w","flow":$2}'),
  (line) => line.replace(/^\{"flow":(\{.*\}),"node_name".*$/, '$1'),
  (line) => line.replace(/"time":"[^"]*",/, ''),
  (line) => line.replace(/"time":"[^"]*"/, '"time":"2026-02-30T03:25:01Z"'),
  (line) => line.replace(/"time":"[^"]*"/, '"time":"2026-11-21T04:25:01+01:00"'),
  (line) => line.replaceAll(/"time":"[^"]*"/g, '"time":""'),
  (line) => line.replaceAll(':', ' : ').replaceAll(',', ' ,\t'),
  (line) => line.replace('"labels":[', '"labels":["k8s:x={\\"a\\":1}",'),
  (line) => line.replace('"labels":[', '"labels":["k8s:x=}],{[","k8s:y=\u00fc",'),
  (line) => line.replace('"Summary":"x"', '"Summary":"}}"'),
  (line) => line.replace('"Summary":"x"', '"Summary":5'),
  (line) => line.replace('"Summary":"x"', '"aggregate":{"ingress_flow_count":4}'),
  (line) => `${line}x`,
  (line) => `${line} `,
  (line) => ` ${line}`,
  (line) => line.slice(0, -1),
  (line) => `${line}${line}`,
  (line) => line.replace('"flow":{', '"flow":[{'),
  (line) => line.replace('"source":{"ID"', '"source":{"ID":1},"source":{"ID"'),
  (line) => line.replace('"node_name":"', '"node_name":"\u4e2d/'),
  (line) => line.replace('"interface":{"index":254', '"interface":{"index":99999999999'),
  (line) => line.replace('"ethernet":{"source":"f2:82:cb"', '"ethernet":{"source":"f2","source":"f3"'),
];

it('recalls a line that differs in nothing that matters, and no other', () => {
  const recorder = createRecorder();
  const recalled = createRecalledFlows(recorder);
  const line = lineOf('3eec', '10.0.0.1', 41000, POD('web'), '"is_reply":false');
  const count = (text: string) => recalled.count(Buffer.from(text), 0, Buffer.byteLength(text), 1);
  const flow = (JSON.parse(line) as { readonly flow: Record<string, unknown> }).flow;
  recalled.teach(Buffer.from(line), 0, line.length, true, flow, interpretFlow(flow));
  expect(count(line)).toBe(true);
  expect(count(lineOf('ad4c', '10.0.0.1', 52001, POD('web'), '"is_reply":false'))).toBe(true);
  expect(count(lineOf('3eec', '10.0.0.2', 41000, POD('web'), '"is_reply":false'))).toBe(false);
  expect(count(lineOf('3eec', '10.0.0.1', 41000, POD('cart'), '"is_reply":false'))).toBe(false);
  expect(count(lineOf('3eec', '10.0.0.1', 41000, POD('web'), '"is_reply":true'))).toBe(false);
  expect(count(lineOf('3e"c', '10.0.0.1', 41000, POD('web'), '"is_reply":false'))).toBe(false);
  expect(count(lineOf('3eec', '10.0.0.1', 410000, POD('web'), '"is_reply":false'))).toBe(false);
  expect(count(`${line} `)).toBe(false);
  expect(recorder.flows).toBe(2);
});

describe('a recalled line', () => {
  const flow = (source: string, destination: string, end: string, more: string) =>
    `{"flow":{"time":"2026-11-21T03:25:01Z","verdict":"FORWARDED","IP":{"source":"${source}","destination":"${destination}"},"l4":{"UDP":{"source_port":53,"destination_port":52722}},"source":${end},"destination":${end},${more}}}`;
  const aside = '"node_name":"c/n1","trace_observation_point":"FROM_STACK"';

  it('is broken where its addresses are of two families, even if it would be left aside', () => {
    const lines = [
      flow('10.0.0.1', '10.0.0.2', WORLD, aside),
      flow('fd00::1', 'fd00::2', WORLD, aside),
      flow('10.0.0.1', 'fd00::2', WORLD, aside),
    ];
    expectSame(lines);
    expect(read(Buffer.from(lines.join('\n')), true)).toContain('the two addresses are of different families');
  });

  it('teaches addresses of nodes that are new, even if it is left aside', () => {
    const lines = Array.from({ length: 6 }, (_, index) => flow(`10.0.0.${index}`, `10.0.1.${index}`, NODE, aside));
    expectSame(lines);
    expect(read(Buffer.from(`${lines.join('\n')}\n`), true)).toContain('"10.0.1.5"');
  });

  it('keeps both ports where nobody knows which way it goes', () => {
    const lines = [53, 54, 53, 0, 52722].map((port) =>
      flow('10.0.0.1', '10.0.0.2', POD('web'), '"Type":"L3_L4"').replace('_port":53', `_port":${port}`),
    );
    expectSame([...lines, ...lines]);
  });

  it('has the node of its own record', () => {
    const lines = ['c/n1', 'c/n2', 'd/n1', 'n1', 'c/n2'].map((node) =>
      flow('10.0.0.1', '10.0.0.2', NODE, `"node_name":"${node}","is_reply":false`),
    );
    expectSame([...lines, ...lines]);
    const pods = lines.map((line) => line.replaceAll(NODE, POD('web').replace('"ID"', '"cluster_name":"c","ID"')));
    expectSame([...pods, ...pods]);
  });

  it('has the ends of its own record, though others of that address have equal lengths', () => {
    expectSame(['web', 'wed', 'web', 'wed'].map((name) => flow('10.0.0.1', '10.0.0.2', POD(name), '"is_reply":false')));
  });
});

it('says the same as parsing each line, on lines as Hubble writes them', () => {
  fc.assert(
    fc.property(fc.array(LINE, { minLength: 1, maxLength: 60 }), (lines) => expectSame([...lines, ...lines])),
    { numRuns: 150 },
  );
});

it('says the same on hostile lines among good ones', () => {
  const hostile = fc
    .tuple(LINE, fc.array(fc.constantFrom(...HOSTILE), { minLength: 1, maxLength: 2 }))
    .map(([line, [first, second]]) => {
      const once = first!(line);
      return second === undefined || typeof once !== 'string' ? once : second(once);
    });
  fc.assert(
    fc.property(fc.array(fc.oneof(LINE, hostile), { minLength: 1, maxLength: 40 }), (lines) => {
      // Good lines before and after teach what hostile ones might then be taken for.
      expectSame([...lines, ...lines].flatMap((line) => [line, line]));
    }),
    { numRuns: 400 },
  );
});

it('says the same of each hostile form of a line whose good form is known', () => {
  for (const line of fc.sample(LINE, { numRuns: 60, seed: 11 }))
    expectSame(HOSTILE.flatMap((spoil) => [line, line, spoil(line), line, spoil(line)]));
});

it('says the same of a line that ends at any byte', () => {
  for (const line of fc.sample(LINE, { numRuns: 20, seed: 3 })) {
    const bytes = Buffer.from(line);
    expectSame([...bytes.keys()].flatMap((end) => [line, bytes.subarray(0, end)]));
  }
});

it('says the same of a line with any byte replaced', () => {
  const change = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(LINE, fc.array(change, { minLength: 100, maxLength: 200 }), (line, changes) => {
      const variants = changes.map(([at, byte]) => {
        const bytes = Buffer.from(line);
        bytes[at % bytes.length] = byte;
        return bytes;
      });
      expectSame(variants.flatMap((bytes) => [line, bytes, bytes]));
    }),
    { numRuns: 100 },
  );
});

it('says the same however the bytes are cut, with both ends of lines', () => {
  const lines = fc.sample(LINE, { numRuns: 30, seed: 8 });
  const bytes = Buffer.from([...lines, '', ...lines].join('\r\n'));
  const whole = read(bytes, false);
  for (const piece of [1, 7, 100, 1000, 5000]) expect(read(bytes, true, piece)).toBe(whole);
});
