import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_KEPT_BYTES } from './limits.ts';
import { type ReadingProgress, readManifests } from './read-manifests.ts';

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
    const told: ReadingProgress[] = [];
    const brief = await readManifests(['pods.json'], {
      cwd: folder,
      abridges: true,
      onProgress: (progress) => told.push(progress),
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
    const [first, ...large] = told;
    expect(first).toEqual({ files: 0, objects: 0, pods: 0, policies: 0 });
    expect(large.length).toBeGreaterThan(10);
    expect(large.every((one) => one.large?.file === 'pods.json' && one.large.done <= one.large.total)).toBe(true);
    expect(large.at(-1)!.large!.done).toBe(large.at(-1)!.large!.total);
    const items = large.map(({ objects }) => objects);
    expect(items).toEqual([...items].sort((a, b) => a - b));
    expect(items.at(-1)).toBeGreaterThan(NAMES.length / 2);
  });

  it('can be stopped', async () => {
    const stop = new AbortController();
    const reading = readManifests(['pods.json'], {
      cwd: folder,
      signal: stop.signal,
      onProgress: ({ large }) => large && stop.abort(),
    });
    await expect(reading).rejects.toMatchObject({ code: 'aborted' });
  });

  it('must not change before all of it was read', async () => {
    const { objects } = await readManifests(['pods.json'], { cwd: folder, abridges: true });
    utimesSync(file, 1, 1);
    expect(() => objects[0]!.value).toThrow('"pods.json" was changed while it was being read');
  });
});
