import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_KEPT_BYTES } from './limits.ts';
import { readManifests } from './read-manifests.ts';

const NOTE = 'é'.repeat(20_000);
const NAMES = Array.from({ length: Math.ceil(MAX_KEPT_BYTES / 40_000) }, (_, index) => `pod-${index}`);

/** A list that is too long to be kept in memory, a pod on each line. */
function longList(): string {
  const pods = NAMES.map((name) => ({
    metadata: { name, namespace: 'shop', annotations: { note: NOTE } },
    spec: { containers: [{ name, image: 'i' }] },
    status: { phase: 'Running', podIP: '10.0.0.1' },
  }));
  return `{"kind":"PodList","apiVersion":"v1","items":[\n${pods.map((pod) => JSON.stringify(pod)).join(',\n')}]}`;
}

describe('a file that is too long to be kept', () => {
  let folder: string;
  let file: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'netweir-long-'));
    file = join(folder, 'pods.json');
    writeFileSync(file, longList());
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is read as a list, and its objects are what they are, brief or not', async () => {
    const told: [string, number, number][] = [];
    const brief = await readManifests(['pods.json'], {
      cwd: folder,
      abridges: true,
      onBytes: (...args) => told.push(args),
    });
    const whole = await readManifests(['pods.json'], { cwd: folder });
    expect(brief.findings).toEqual([]);
    expect(brief.objects.map((object) => object.brief?.['metadata'])).toEqual(
      NAMES.map((name) => ({ name, namespace: 'shop' })),
    );
    expect(whole.objects.every((object) => object.brief === undefined)).toBe(true);
    for (const index of [0, 1, 700, NAMES.length - 1]) {
      const [object, other] = [brief.objects[index]!, whole.objects[index]!];
      expect(object.value).toEqual(other.value);
      expect(object.locate(['status', 'podIP'])).toEqual(other.locate(['status', 'podIP']));
      expect(object.locate([]).line).toBe(index + 2);
      expect(object.written!(['metadata', 'name'])).toBe(`"${NAMES[index]}"`);
    }
    expect(told.length).toBeGreaterThan(10);
    expect(told.every(([name, done, total]) => name === 'pods.json' && done <= total)).toBe(true);
    expect(told.at(-1)![1]).toBe(told.at(-1)![2]);
  });

  it('can be stopped', async () => {
    const stop = new AbortController();
    const reading = readManifests(['pods.json'], { cwd: folder, signal: stop.signal, onBytes: () => stop.abort() });
    await expect(reading).rejects.toMatchObject({ code: 'aborted' });
  });

  it('must not change before all of it was read', async () => {
    const { objects } = await readManifests(['pods.json'], { cwd: folder, abridges: true });
    utimesSync(file, 1, 1);
    expect(() => objects[0]!.value).toThrow('"pods.json" was changed while it was being read');
  });
});
