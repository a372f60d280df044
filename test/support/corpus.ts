// The corpora of ../shared as loaded states, and questions about them in the words of the command line.

import {
  type Answer,
  behaviourOf,
  type ConnectivityMap,
  can,
  type Explanation,
  explain,
  loadState,
  mapConnectivity,
  parsePair,
  type QuestionContext,
  type State,
} from '../../src/engine/index.ts';
import { readManifests } from '../../src/manifests/index.ts';
import { ROOT } from './shared.ts';

/** The applications whose maps are explained by hand. */
export const APPLICATIONS = ['production', 'online-boutique', 'kube-prometheus', 'argo-cd'] as const;

const CONTEXT: QuestionContext = { defaultNamespace: 'default', protocols: ['TCP', 'UDP', 'SCTP'] };

/** A loaded application, and questions about it. Names that do not exist throw UserError. */
export interface Application {
  readonly state: State;
  map(): ConnectivityMap;
  can(from: string, to: string): Answer;
  explain(from: string, to: string): Explanation;
}

/** Where a corpus lies, relative to the repository's root. */
export function corpusFolder(name: string): string {
  return `../shared/corpus/${name}`;
}

/** Loads an application as `--cni NAME` behaves; absent: as specified. */
export async function loadApplication(name: string, cni = 'default'): Promise<Application> {
  const { objects, gaps, findings } = await readManifests([corpusFolder(name)], { cwd: ROOT });
  const state = loadState({ objects, gaps, findings, behaviour: behaviourOf(cni), defaultNamespace: 'default' });
  return {
    state,
    map: () => mapConnectivity(state, { protocols: CONTEXT.protocols }, CONTEXT),
    can: (from, to) => can(state, parsePair([from, to]), CONTEXT),
    explain: (from, to) => explain(state, parsePair([from, to]), CONTEXT),
  };
}
