// A load balancer's rule is for every address outside. Where nobody knows which addresses are pods', it holds them too: the
// policies were called tight all the same.

import { expect, it } from 'vitest';
import { behaviourOf, loadState } from '../../src/engine/index.ts';
import { readText } from '../../src/manifests/index.ts';
import { deployment, service } from '../support/scenario.ts';
import { generateFrom } from '../support/simulation/generate-from.ts';

function proofOf(assume: readonly string[]) {
  const texts = [
    deployment('shop/web', 'app=web', 'http=8080'),
    deployment('kube-system/backup', 'app=backup'),
    service('shop/web', '{type: LoadBalancer, selector: {app: web}, ports: [{port: 80, targetPort: http}]}'),
  ];
  const read = readText(texts.join('\n---\n'), 'shop.yaml');
  const state = loadState({ ...read, behaviour: behaviourOf('default', assume), defaultNamespace: 'default' });
  const given = { flows: [], broken: 0, lost: 0, within: {} };
  return generateFrom(state, given, 'manifests').document.proof;
}

it('a rule for everybody outside is not tight where nobody knows which addresses are pods', () => {
  const { sound, tight, unjustified } = proofOf([]);
  expect({ sound, tight }).toEqual({ sound: true, tight: false });
  const reason =
    'a rule for everybody outside holds addresses of pods, since nobody knows which they are (--assume podCIDRs=CIDR)';
  expect(unjustified.map(({ from, to, reason: why }) => [from, to, why])).toContainEqual([
    ['kube-system/backup'],
    ['shop/web'],
    reason,
  ]);
});

it('it is where the range of pods is given', () => {
  const { sound, tight, unjustified } = proofOf(['podCIDRs=10.244.0.0/16']);
  expect({ sound, tight, unjustified }).toEqual({ sound: true, tight: true, unjustified: [] });
});
