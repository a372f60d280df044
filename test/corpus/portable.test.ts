// The question that started it: what of the production corpus works only where an ipBlock covers pods.

import { expect, it } from 'vitest';
import { comparedBehaviours } from '../../src/engine/behaviours/index.ts';
import { loadState, mapPortable } from '../../src/engine/index.ts';
import { parseEndpoint } from '../../src/engine/questions/parse-endpoint.ts';
import { readManifests } from '../../src/manifests/index.ts';
import { describeWithShared, sharedPath } from '../support/shared.ts';

describeWithShared('the production corpus', () => {
  it('lets the frontend call the backend only where ipBlock matches pods', async () => {
    const behaviours = comparedBehaviours();
    const read = await readManifests([sharedPath('corpus', 'production')]);
    const state = loadState({ ...read, behaviour: behaviours[0]!, defaultNamespace: 'default' });
    const protocols = ['TCP', 'UDP'] as const;
    const filter = { from: [parseEndpoint('production/frontend')], to: [parseEndpoint('production/backend')] };
    const context = { defaultNamespace: 'default', protocols };
    const { differences } = mapPortable(state, behaviours, { ...filter, protocols }, context);
    expect(differences).toHaveLength(1);
    const [{ ports, groups }] = differences as [(typeof differences)[number]];
    expect(ports).toEqual({ TCP: [[8080, 8080]] });
    const [allowed, denied, ...others] = groups;
    expect(others).toEqual([]);
    expect(allowed).toMatchObject({ verdict: 'allowed' });
    expect(denied).toMatchObject({
      cnis: ['cilium@1.20', 'gke-dataplane-v2'],
      verdict: 'denied',
      because: [
        {
          knobs: [{ knob: 'ipBlockMatchesPods', value: 'false', says: 'ipBlock does not match pods' }],
          rules: [
            { policy: { namespace: 'production', name: 'block-metadata' }, direction: 'egress', rule: { index: 0 } },
          ],
        },
      ],
    });
    const file = denied!.because![0]!.rules[0]!.source!;
    expect([file.file!.replace(/^.*\//, ''), file.line]).toEqual(['block-metadata.yaml', 11]);
  });
});
