// A long list that is read in two parts at a time is the list that is read in one: wherever the second part is guessed to
// begin, whatever is wrong in it, and in the threads of the built program.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { POD_FIELDS } from '../../src/engine/snapshot/pod-fields.ts';
import { createAbridger } from '../../src/manifests/listed-json/abridge.ts';
import { BriefPod } from '../../src/manifests/listed-json/brief-pod.ts';
import { type ByteSource, fileSource, memorySource } from '../../src/manifests/listed-json/byte-source.ts';
import { addBatch, type PodBatch, readPart } from '../../src/manifests/listed-json/list-part.ts';
import { type PartAnswer, partHelper, type RunOrder, threadOf } from '../../src/manifests/listed-json/part-thread.ts';
import {
  type ListedReading,
  type PartEnd,
  type PartHelper,
  readLists,
} from '../../src/manifests/listed-json/read-lists.ts';
import { runs } from '../support/runs.ts';

const { numRuns } = runs(100);
const abridger = createAbridger(POD_FIELDS);

/** What was read, with whole values. */
async function read(source: ByteSource, piece: number, helper?: PartHelper): Promise<unknown> {
  const steps = readLists(source, { abridges: true, piece, helper });
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) await step.value.wait;
  const { roots, textStart, invalidAt, broken }: ListedReading = step.value;
  const plain = roots.map(({ items, ...root }) => ({
    ...root,
    items: items && {
      ...items,
      values: items.values.map((one) => (one instanceof BriefPod ? one.kept(abridger) : one)),
    },
  }));
  return { plain, textStart, invalidAt, broken };
}

/** Runs orders at once, and hands the answers over as threads do. */
function atOnce(source: ByteSource, seen: { parts: number }): RunOrder {
  return ({ request, piece }, onAnswer) => {
    const say = (answer: PartAnswer): void => onAnswer(structuredClone(answer));
    const steps = readPart(source, structuredClone(request), piece);
    let step = steps.next();
    for (; step.done !== true; step = steps.next()) say({ batch: step.value });
    say({ end: step.value });
    if (step.value !== undefined) seen.parts++;
    return { stop: () => {} };
  };
}

function sourceOf(bytes: Uint8Array): ByteSource {
  return { ...memorySource([bytes]), state: { path: '', size: bytes.length, mtimeMs: 0, ino: 0 } };
}

const word = fc.constantFrom('a', 'b', 'é', 'a"},{"metadata":{"name":"', '},{"metadata":{', '\\', '\n');
const pod = fc
  .record({
    name: fc.oneof(word, fc.constant(5), fc.constant(null)),
    namespace: fc.constantFrom('x', 'y'),
    labels: fc.dictionary(word, word, { maxKeys: 2 }),
    node: fc.option(fc.constantFrom<unknown>('n1', 'n2', 7, ['n']), { nil: undefined }),
    ip: fc.option(fc.constantFrom<unknown>('10.0.0.1', '10.0.0.2', null), { nil: undefined }),
    ips: fc.option(
      fc.constantFrom<unknown>([{ ip: '10.0.0.1' }], [], [{ ip: '10.0.0.1' }, { ip: 'fd00::1' }], true, [
        { ip: '10.0.0.1', a: 1 },
      ]),
      { nil: undefined },
    ),
    more: fc.array(fc.constantFrom({ metadata: { name: 'a' } }, { a: '},{"metadata":{"name":"x"' }), { maxLength: 3 }),
    kind: fc.oneof(
      { weight: 9, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.constantFrom('Pod', 'Node') },
    ),
  })
  .map(({ name, namespace, labels, node, ip, ips, more, kind }) => ({
    metadata: { name, namespace, labels, more },
    spec: { containers: [{ ports: [{ containerPort: 80 }] }], nodeName: node },
    status: { phase: 'Running', podIP: ip, podIPs: ips },
    ...(kind === undefined ? {} : { kind, apiVersion: 'v1' }),
  }));
const lists = fc
  .record({
    items: fc.array(pod, { minLength: 2, maxLength: 12 }),
    indent: fc.constantFrom(0, 4),
    kindFirst: fc.boolean(),
    second: fc.boolean(),
  })
  .map(({ items, indent, kindFirst, second }) => {
    const type = { kind: 'PodList', apiVersion: 'v1' };
    const list = JSON.stringify(kindFirst ? { ...type, items, metadata: {} } : { items, ...type }, null, indent);
    return second ? `${list}\n${list.replace('PodList', 'ServiceList')}` : list;
  });
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('a list that is read in two parts', () => {
  it('is the list that is read in one', async () => {
    const seen = { parts: 0 };
    await fc.assert(
      fc.asyncProperty(lists, fc.integer({ min: 16, max: 400 }), async (text, piece) => {
        const source = sourceOf(encode(text));
        const helper = partHelper(source, piece, atOnce(source, seen), 1);
        expect(await read(source, piece, helper)).toEqual(await read(source, piece));
      }),
      { numRuns },
    );
    expect(seen.parts).toBeGreaterThan(numRuns / 3);
  });

  it('is so wherever the second part is said to begin, and whatever it brings', async () => {
    await fc.assert(
      fc.asyncProperty(lists, fc.nat(2000), fc.boolean(), async (text, at, isSound) => {
        const source = sourceOf(encode(text));
        const batches: PodBatch[] = [];
        let end: PartEnd | undefined;
        const helper: PartHelper = {
          begin: (_, first, members) => {
            const from = first + (at % (source.size - first));
            const steps = readPart(source, { from, members }, 64);
            let step = steps.next();
            for (; step.done !== true; step = steps.next()) batches.push(step.value);
            end = step.value;
            return from;
          },
          finish: async (items) => {
            if (!isSound || end === undefined) return undefined;
            for (const batch of batches) addBatch(items, batch, new Map());
            return end;
          },
          progress: () => ({ bytes: 0, items: 0 }),
          cancel: () => {},
        };
        expect(await read(source, 64, helper)).toEqual(await read(source, 64));
      }),
      { numRuns },
    );
  });

  it('is so where it is spoilt or cut off anywhere', async () => {
    const item = (index: number): unknown => ({
      metadata: { name: `p${index}`, labels: { a: 'é' } },
      status: { podIP: `10.0.0.${index}` },
    });
    const text = JSON.stringify({
      kind: 'PodList',
      apiVersion: 'v1',
      items: Array.from({ length: 6 }, (_, i) => item(i)),
    });
    const whole = encode(text);
    for (let at = 0; at < whole.length; at++) {
      const spoilt = Uint8Array.from(whole);
      spoilt[at] = at % 2 === 0 ? 0xff : 0x5d;
      for (const bytes of [whole.subarray(0, at), spoilt]) {
        const source = sourceOf(bytes);
        const helper = partHelper(source, 64, atOnce(source, { parts: 0 }), 1);
        expect(await read(source, 64, helper), String(at)).toEqual(await read(source, 64));
      }
    }
  });
});

describe('threads of the built program', () => {
  const script = new URL('../../dist/bin/read-part.js', import.meta.url);
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'netweir-part-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ['read a part', script, true],
    ['that do not start leave all to the one that is there', new URL('nothing.js', script), false],
  ])('%s', async (_, path, isHelp) => {
    const file = join(folder, `${isHelp}.json`);
    const items = Array.from({ length: 20_000 }, (_one, index) => ({
      metadata: { name: `p-${index}`, namespace: 'x', labels: { app: `a${index >> 3}` } },
      spec: { nodeName: `n${index % 7}` },
      status: { podIP: `10.0.${index >> 8}.${index & 255}`, podIPs: [{ ip: `10.0.${index >> 8}.${index & 255}` }] },
    }));
    writeFileSync(file, JSON.stringify({ kind: 'PodList', apiVersion: 'v1', items }));
    const source = fileSource(file, file);
    const made = partHelper(source, 4096, threadOf(path), 1)!;
    let isBrought = false;
    const helper: PartHelper = {
      ...made,
      finish: async (into) => {
        const end = await made.finish(into);
        isBrought = end !== undefined;
        return end;
      },
    };
    expect(await read(source, 4096, helper)).toEqual(await read(source, 4096));
    expect(isBrought).toBe(isHelp);
    source.close();
  });
});
