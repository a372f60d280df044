// Declared evidence of a few objects in YAML, each connection as one line.

import { behaviourOf } from '../../src/engine/behaviours/index.ts';
import { declaredEvidence } from '../../src/engine/evidence/declared-evidence.ts';
import type { EvidenceSource } from '../../src/engine/evidence/source-of-evidence.ts';
import type { Behaviour } from '../../src/engine/model/behaviour.ts';
import type { Evidence, EvidenceFound, Party } from '../../src/engine/model/evidence.ts';
import { loadState, type State } from '../../src/engine/state.ts';
import { readText } from '../../src/manifests/index.ts';

/** Loads YAML texts, one object or many each; the default namespace is `default`. */
export function loadTexts(texts: readonly string[], behaviour: Behaviour = behaviourOf('default')): State {
  const read = readText(texts.join('\n---\n'), 'evidence.yaml');
  return loadState({ ...read, behaviour, defaultNamespace: 'default' });
}

/** What the objects of the texts declare; `sources` absent: all sources. */
export function evidenceOf(texts: readonly string[], ...sources: readonly EvidenceSource[]): EvidenceFound {
  return declaredEvidence(loadTexts(texts), sources.length === 0 ? undefined : sources);
}

/** A party in short: `shop/web` for a workload, addresses as they are, otherwise its type. */
export function printParty(party: Party): string {
  switch (party.type) {
    case 'workload':
      return party.key.replace(/\/[^/]+\//, '/');
    case 'pods':
      return party.what;
    case 'addresses':
      return party.cidrs.join(',');
    case 'domain':
      return party.name;
    case 'node':
      return party.name === undefined ? 'node' : `node ${party.name}`;
    default:
      return party.type;
  }
}

/** `shop/web -> shop/cart:7070/TCP`. */
export function printEdge({ from, to, protocol, ports }: Evidence): string {
  const shown = ports[0] === ports[1] ? `${ports[0]}` : `${ports[0]}-${ports[1]}`;
  return `${printParty(from)} -> ${printParty(to)}:${shown}/${protocol}`;
}

/** The connections, each once, sorted. */
export function edgesOf({ evidence }: EvidenceFound): readonly string[] {
  return [...new Set(evidence.map(printEdge))].sort();
}
