// Laws of findings over drawn clusters: flows that they name are decided, fixes do what they announce, order says nothing.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { behaviourOf } from '../../src/engine/behaviours/index.ts';
import { can, findProblems, loadState, type ManifestObject, parsePair, type State } from '../../src/engine/index.ts';
import { PORT_PROTOCOLS } from '../../src/engine/sets/traffic-set.ts';
import { behaviour } from '../support/arbitrary-behaviour.ts';
import { manifests } from '../support/arbitrary-manifests.ts';
import { manifestObject } from '../support/manifest-object.ts';
import { proveEdits } from '../support/prove-fix.ts';
import { stateOf } from '../support/replay.ts';
import { runs } from '../support/runs.ts';

const CONTEXT = { defaultNamespace: 'default', protocols: PORT_PROTOCOLS };

const load = (objects: readonly ManifestObject[]): State =>
  loadState({ objects, behaviour: behaviourOf('default'), defaultNamespace: 'default' });

describe('findings', () => {
  it('name flows that are surely allowed or surely denied', () => {
    fc.assert(
      fc.property(manifests, behaviour, (list, chosen) => {
        const state = stateOf(list, chosen);
        for (const { check, example } of findProblems(state)) {
          if (example === undefined) continue;
          const { verdict } = can(state, parsePair([example]), CONTEXT);
          expect(['allowed', 'denied'], `${check}: ${example}`).toContain(verdict);
        }
      }),
      runs(60),
    );
  });

  it('have fixes that make them go away and change the map as announced', () => {
    fc.assert(
      fc.property(manifests, (list) => {
        const objects = list.map(manifestObject);
        const before = { objects, state: load(objects) };
        for (const finding of findProblems(before.state)) {
          const { fix, alternatives = [] } = finding;
          for (const one of fix === undefined ? alternatives : [fix, ...alternatives]) {
            proveEdits(before, load, finding, one);
          }
        }
      }),
      runs(15),
    );
  });

  it('are the same whatever the order of the input', () => {
    fc.assert(
      fc.property(manifests, (list) => {
        const prints = (all: typeof list) => findProblems(stateOf(all)).map(({ fingerprint }) => fingerprint);
        expect(prints([...list].reverse()).sort()).toEqual(prints(list).sort());
      }),
      runs(30),
    );
  });
});
