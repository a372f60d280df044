import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { printObjects } from './print-yaml.ts';
import { readManifests } from './read-manifests.ts';
import { readText } from './read-text.ts';

const CORPUS = fileURLToPath(new URL('../../../shared/corpus', import.meta.url));
const isAbsent = !existsSync(CORPUS);
const REASON = 'the corpus of real manifests (../shared/corpus) is not here';

describe('the corpus of real manifests', () => {
  it('reads without findings, and prints as it was read', async ({ skip }) => {
    skip(isAbsent, REASON);
    const { objects, findings, gaps } = await readManifests([CORPUS]);
    expect({ findings, gaps }).toEqual({ findings: [], gaps: [] });
    expect(objects.length).toBeGreaterThan(300);
    const values = objects.map(({ value }) => value);
    expect(readText(printObjects(values), 'a.yaml').objects.map(({ value }) => value)).toEqual(values);
  });

  it('every object and every policy rule has a place', async ({ skip }) => {
    skip(isAbsent, REASON);
    const { objects } = await readManifests([CORPUS]);
    for (const object of objects) {
      expect(object.locate([]).line).toBeGreaterThan(0);
      const kind = object.locate(['kind'], { key: true });
      expect(kind.file).toBe(object.file);
      expect(kind.end).toBeDefined();
    }
  });
});
