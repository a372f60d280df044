// Where pods could be made and what tells them apart there. That cells are judged rightly is test/properties' matter.

import { describe, expect, it } from 'vitest';
import { namespaceManifest, stateOf } from '../../../test/support/replay.ts';
import { worldOf } from '../endpoints/world.ts';
import { labelOf, type Selector } from '../model/selector.ts';
import { labelSetOf } from '../sets/label-set.ts';
import { ALL_ROLES, type LabelQuestion, labelQuestions } from './label-questions.ts';
import { type Place, podCells } from './pod-cells.ts';

const STATE = stateOf([
  namespaceManifest('shop', { team: 'a' }),
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { namespace: 'dev', name: 'p' },
    spec: { podSelector: { matchLabels: { app: 'web' } } },
  },
]);
const { context } = worldOf(STATE);
const is = (key: string, ...values: string[]): Selector => ({ op: 'in', key, values });

/** Labels of the namespace and of the pod that stands for each cell. */
function cells(place: Place, questions: readonly LabelQuestion[], limit?: number): unknown {
  const found = podCells(context, place, questions, limit);
  if ('undecided' in found) return found.undecided;
  return found.cells.map(({ endpoint: { pod } }) => [pod?.namespace, pod?.namespaceLabels['team'], pod?.labels]);
}

const anyTeamA: LabelQuestion = { namespaces: { selector: is('team', 'a') }, pods: is('app', 'web') };
const inShop: LabelQuestion = { namespaces: { name: 'shop' }, pods: is('app', 'db') };
const shop = STATE.cluster.namespaces.get('shop')!;
const dev = STATE.cluster.namespaces.get('dev')!;

describe('podCells', () => {
  it('splits a namespace of the snapshot by what is asked about its pods', () => {
    expect(cells({ namespace: shop }, [anyTeamA, inShop])).toEqual([
      ['shop', 'a', { app: 'web' }],
      ['shop', 'a', { app: 'db' }],
      ['shop', 'a', {}],
    ]);
    expect(cells({ namespace: shop }, [{ ...anyTeamA, namespaces: { selector: is('team', 'b') } }])).toHaveLength(1);
  });

  it('labels of a namespace that no object declares may be any', () => {
    expect(cells({ namespace: dev }, [anyTeamA, inShop])).toEqual([
      ['dev', undefined, { app: 'web' }],
      ['dev', undefined, {}],
    ]);
  });

  it('a new namespace has no name of the snapshot, and is looked into only where it is asked about', () => {
    expect(cells({ namespace: 'new' }, [anyTeamA, inShop])).toEqual([
      ['new', 'a', { app: 'web' }],
      ['new', 'a', {}],
      ['new', undefined, {}],
    ]);
  });

  it('a name that policies wait for is a namespace of its own, one that no namespace can have is none', () => {
    const names = { selector: is('kubernetes.io/metadata.name', 'soon', 'shop', 'Not A Name', '') };
    const found = podCells(context, { namespace: 'new' }, [{ namespaces: names, pods: is('app', 'web') }]);
    if ('undecided' in found) throw new Error(found.undecided);
    expect(found.cells.map(({ home }) => labelOf(home.labels, 'kubernetes.io/metadata.name'))).toEqual([
      'soon',
      'soon',
      'new',
    ]);
  });

  it('the label sets of a place narrow it', () => {
    const podLabels = labelSetOf(is('app', 'db', 'cache'))!;
    expect(cells({ namespace: shop, podLabels }, [anyTeamA, inShop])).toEqual([
      ['shop', 'a', { app: 'db' }],
      ['shop', 'a', { app: 'cache' }],
    ]);
    const namespaceLabels = labelSetOf({ op: 'not-exists', key: 'team' })!;
    expect(cells({ namespace: 'new', namespaceLabels }, [anyTeamA])).toEqual([['new', undefined, {}]]);
  });

  it('a pod on the host network that speaks as its node has no labels', () => {
    expect(cells({ namespace: shop, hostNetwork: true }, [anyTeamA, inShop])).toEqual([
      [undefined, undefined, undefined],
    ]);
  });

  it('says why it gives up', () => {
    expect(cells({ namespace: shop }, [anyTeamA, inShop], 2)).toBe('too-many-cells');
    expect(cells({ namespace: 'new' }, [anyTeamA, inShop], 1)).toBe('too-many-cells');
    const text: Selector = { op: 'contains', key: 'app', text: 'w' };
    expect(cells({ namespace: shop }, [{ ...inShop, pods: text }])).toBe('looks-into-values');
    expect(cells({ namespace: shop }, [{ ...anyTeamA, namespaces: { selector: text } }])).toBe('looks-into-values');
  });
});

describe('labelQuestions', () => {
  const roles = (parts: Partial<typeof ALL_ROLES>) => ({ ...ALL_ROLES, ...parts });
  const asked = (parts: Partial<typeof ALL_ROLES>) => labelQuestions(STATE.placement, roles(parts)).length;

  it('asks for the subject in the direction that it stands in', () => {
    expect([asked({}), asked({ subject: ['egress'] }), asked({ subject: ['ingress'] })]).toEqual([1, 0, 1]);
  });
});
