import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readManifests } from './read-manifests.ts';
import { readText } from './read-text.ts';

const GAP = { reason: 'not-listable', message: 'no policies', namespaces: ['bank'], lost: 'policies' };
const NOTE = { purpose: 'answers', message: 'no nodes' };
const SNAPSHOT = {
  apiVersion: 'netweir.dev/v1alpha1',
  kind: 'Snapshot',
  taken: '2026-06-01T09:30:00.000Z',
  context: 'prod',
  server: { gitVersion: 'v1.36.3', groups: ['', 'apps'], unlisted: ['nodes'] },
  incomplete: [GAP],
  notes: [NOTE],
  items: [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' } }],
};
const read = (value: object) => readText(JSON.stringify(value, undefined, 1), 'prod.json');
const stream = async function* (bytes: Uint8Array) {
  yield bytes;
};

describe('a saved snapshot', () => {
  it('gives its objects, with their places, and what is missing', () => {
    const { objects, gaps, findings, snapshots } = read(SNAPSHOT);
    expect(objects.map(({ value }) => value)).toEqual(SNAPSHOT.items);
    expect(objects[0]?.locate(['metadata', 'name'])).toMatchObject({ file: 'prod.json', path: 'metadata.name' });
    expect(gaps).toEqual([{ ...GAP, file: 'prod.json' }]);
    expect(findings).toEqual([]);
    expect(snapshots).toEqual([
      {
        file: 'prod.json',
        taken: SNAPSHOT.taken,
        context: 'prod',
        server: { ...SNAPSHOT.server, isLive: false },
        gaps: [{ ...GAP, file: 'prod.json' }],
        limits: [NOTE],
      },
    ]);
  });

  it('that does not say what is missing has a gap', () => {
    const { incomplete: _, ...silent } = SNAPSHOT;
    expect(read(silent).gaps).toMatchObject([
      { message: expect.stringContaining('this one does not'), namespaces: 'all' },
    ]);
    const { items: __, ...empty } = SNAPSHOT;
    expect(read(empty).gaps).toMatchObject([
      { message: 'no policies' },
      { message: expect.stringContaining('its objects are missing') },
    ]);
  });

  it('of a later version keeps what it cannot tell as a gap about everything', () => {
    const later = { ...SNAPSHOT, incomplete: [{ reason: 'new-reason', message: 'm', namespaces: { some: 'shape' } }] };
    expect(read(later).gaps).toEqual([
      { reason: 'not-understood', message: 'm', namespaces: 'all', file: 'prod.json' },
    ]);
  });

  it('of another version is incomplete, whatever it says', () => {
    const { gaps, objects } = read({ ...SNAPSHOT, apiVersion: 'netweir.dev/v1', incomplete: [5] });
    expect(gaps.map(({ message, namespaces }) => [message, namespaces])).toEqual([
      ['something is missing', 'all'],
      [
        'a snapshot of version netweir.dev/v1, and this program knows netweir.dev/v1alpha1: a newer program reads it',
        'all',
      ],
    ]);
    expect(objects).toHaveLength(1);
  });

  it('of another API is an object like any other', () => {
    const other = { ...SNAPSHOT, apiVersion: 'snapshot.example.com/v1' };
    expect(read(other).objects).toHaveLength(1);
    expect(read(other).snapshots).toEqual([]);
  });
});

describe('gzip', () => {
  const packed = gzipSync(JSON.stringify(SNAPSHOT));

  it('is unpacked', async () => {
    const { objects } = await readManifests(['-'], { stdin: stream(packed) });
    expect(objects).toHaveLength(1);
  });

  it('that is cut off is a gap', async () => {
    const { gaps } = await readManifests(['-'], { stdin: stream(packed.subarray(0, packed.length - 20)) });
    expect(gaps).toMatchObject([
      { reason: 'unreadable', message: 'cannot be read: a gzip file that is damaged or cut off' },
    ]);
  });
});
