// Recalling lines and parsing each of them must give the same: on lines as Hubble writes them, and on hostile ones.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOSTILE, LINE, NODE, POD, WORLD } from '../../../test/support/hubble-lines.ts';
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

/** A request, as Hubble writes it. */
function lineOf(uuid: string, source: string, port: number, end: string, place: string): string {
  const ip = `"IP":{"source":"${source}","destination":"10.0.0.9","ipVersion":"IPv4"}`;
  const l4 = `"l4":{"TCP":{"source_port":${port},"destination_port":8080}}`;
  return `{"flow":{"time":"2026-11-21T03:25:01Z","uuid":"${uuid}","verdict":"FORWARDED",${ip},${l4},"source":${end},"destination":${WORLD},${place}}}`;
}

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
