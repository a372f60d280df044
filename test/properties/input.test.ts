// What must not matter about the input: the order of objects, and whether they were values or text.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadState, type ManifestObject, mapConnectivity } from '../../src/engine/index.ts';
import type { Behaviour } from '../../src/engine/model/behaviour.ts';
import { PROTOCOLS } from '../../src/engine/sets/traffic-set.ts';
import { printObjects, readText } from '../../src/manifests/index.ts';
import { behaviour } from '../support/arbitrary-behaviour.ts';
import { manifests } from '../support/arbitrary-manifests.ts';
import type { Manifest } from '../support/replay.ts';
import { runs } from '../support/runs.ts';

const CONTEXT = { defaultNamespace: 'default', protocols: PROTOCOLS };

function mapOf(objects: readonly ManifestObject[], chosen: Behaviour) {
  const state = loadState({ objects, behaviour: chosen, defaultNamespace: 'default' });
  return mapConnectivity(state, { protocols: PROTOCOLS }, CONTEXT);
}

function inFile(file: string, value: Manifest): ManifestObject {
  return { value, file, locate: () => ({ file, path: '' }) };
}

describe('the map', () => {
  it('does not depend on the order of objects', () => {
    const shuffled = manifests.chain((list) => {
      // Each object in a file of its own: places are the same in any order.
      const objects = list.map((value, index) => inFile(`${index}.yaml`, value));
      return fc.tuple(
        fc.constant(objects),
        fc.shuffledSubarray(objects, { minLength: objects.length, maxLength: objects.length }),
      );
    });
    fc.assert(
      fc.property(shuffled, behaviour, ([objects, others], chosen) => {
        expect(JSON.stringify(mapOf(others, chosen))).toBe(JSON.stringify(mapOf(objects, chosen)));
      }),
      runs(150),
    );
  });

  it('is the same for objects that were printed and read again', () => {
    fc.assert(
      fc.property(manifests, behaviour, (list, chosen) => {
        const read = readText(printObjects(list), 'all.yaml');
        expect({ findings: read.findings, gaps: read.gaps }).toEqual({ findings: [], gaps: [] });
        expect(read.objects.map(({ value }) => value)).toEqual(list);
        const [after, before] = [read.objects, list.map((value) => inFile('all.yaml', value))].map((objects) =>
          mapOf(objects, chosen),
        );
        const messages = after!.findings.map(({ check, message }) => `${check} ${message}`).sort();
        expect(messages).toEqual(before!.findings.map(({ check, message }) => `${check} ${message}`).sort());
        expect({ ...after, findings: [] }).toEqual({ ...before, findings: [] });
      }),
      runs(100),
    );
  });
});
