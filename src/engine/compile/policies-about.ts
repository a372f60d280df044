// Which policies say something of given endpoints: as their subjects, or as peers of their rules. The other way round from
// every other look-up, and asked when endpoints join. Names too many where that is simpler, never too few.

import type { Endpoint } from '../model/endpoint.ts';
import { DIRECTIONS, type Direction, type NamespaceScope, type Peer, type PolicyDirection } from '../model/policy.ts';
import { type Selector, selectorKey } from '../model/selector.ts';
import type { PlacedPolicy } from '../model/tier.ts';
import { type IpSet, ipSetKey, overlaps } from '../sets/ip-set.ts';
import { type AskedLabels, askedLabels } from './asked-labels.ts';
import { entry } from './entry.ts';
import { hasNames } from './rule-matches.ts';
import { indexSelectors } from './selector-index.ts';

/** Policies by whom they are about. Policies are only ever added. */
export interface PoliciesAbout {
  add(policies: Iterable<PlacedPolicy>): void;
  find(endpoints: readonly Endpoint[]): About;
}

/** Policies that say something of some endpoints. */
export interface About {
  /** Those of which a rule names one of the endpoints, or opens ports by name to everybody. */
  readonly peers: ReadonlySet<PlacedPolicy>;
  /** Those that apply to one of the endpoints. */
  readonly subjects: ReadonlySet<PlacedPolicy>;
}

/** Policies that name pods by one scope and one selector. */
interface Named {
  readonly scope: NamespaceScope;
  readonly selector: Selector;
  readonly peers: Set<PlacedPolicy>;
  readonly subjects: Set<PlacedPolicy>;
}

/** All that is named within one scope. */
interface Scope {
  readonly named: Map<string, Named>;
  readonly byLabels: AskedLabels<Named>;
}

/** No policies yet. */
export function policiesAbout(): PoliciesAbout {
  const known = new Set<PlacedPolicy>();
  const byName = new Map<string, Scope>();
  const bySelector = new Map<string, Scope>();
  const scopes = askedLabels<Scope>();
  const blocks = new Map<string, { readonly block: IpSet; readonly policies: Set<PlacedPolicy> }>();
  const ofKind = { nodes: new Set<PlacedPolicy>(), domains: new Set<PlacedPolicy>(), pods: new Set<PlacedPolicy>() };
  const opensNames = new Map<string, Set<PlacedPolicy>>();

  function scopeOf(scope: NamespaceScope): Scope {
    const make = (): Scope => ({ named: new Map(), byLabels: askedLabels() });
    if ('name' in scope) return entry(byName, scope.name, make);
    return entry(bySelector, selectorKey(scope.selector), () => {
      const made = make();
      scopes.add(scope.selector, made);
      return made;
    });
  }

  function nameOf(scope: NamespaceScope, selector: Selector): Named {
    const { named, byLabels } = scopeOf(scope);
    return entry(named, selectorKey(selector), () => {
      const made: Named = { scope, selector, peers: new Set(), subjects: new Set() };
      byLabels.add(selector, made);
      return made;
    });
  }

  function addPeer(peer: Peer, placed: PlacedPolicy): void {
    if (peer.type === 'pods') {
      nameOf(peer.namespaces, peer.pods).peers.add(placed);
      ofKind.pods.add(placed);
    } else if (peer.type === 'addresses') {
      const make = () => ({ block: peer.addresses, policies: new Set<PlacedPolicy>() });
      entry(blocks, ipSetKey(peer.addresses), make).policies.add(placed);
    } else ofKind[peer.type].add(placed);
  }

  function addPart({ subject, rules }: PolicyDirection, direction: Direction, placed: PlacedPolicy): void {
    nameOf(subject.namespaces, subject.pods).subjects.add(placed);
    for (const { peers, ports } of rules) {
      if (typeof peers !== 'string') for (const peer of peers) addPeer(peer, placed);
      if (direction === 'ingress' || peers !== 'any' || !hasNames(ports)) continue;
      // Ports by number in the same list are open to all, whatever names they have.
      for (const port of ports) {
        const name = port.type === 'named' ? port.name : ANY_NAME;
        entry(opensNames, name, () => new Set<PlacedPolicy>()).add(placed);
      }
    }
  }

  function* namedLike({ pod }: Endpoint): Generator<Named> {
    if (pod === undefined) return;
    const { namespace, namespaceLabels, namespaceDeclared, labels, openLabels } = pod;
    const here = byName.get(namespace);
    const isOpen = (key: string) => !namespaceDeclared && !Object.hasOwn(namespaceLabels, key);
    const found = [...(here === undefined ? [] : [here]), ...scopes.maySelect(namespaceLabels, isOpen)];
    for (const { byLabels } of found) yield* byLabels.maySelect(labels, (key) => openLabels.includes(key));
  }

  /** Policies of which some rule matches the endpoint for another reason than that it names pods. */
  function* namingOtherwise(endpoint: Endpoint): Generator<ReadonlySet<PlacedPolicy>> {
    const { addresses, matchesBlocks, node, pod, ports, unidentified, perhapsSelected } = endpoint;
    if (matchesBlocks !== 'no') {
      for (const { block, policies } of blocks.values()) if (overlaps(block, addresses)) yield policies;
    }
    if (node !== undefined || unidentified !== undefined) yield ofKind.nodes;
    if (pod === undefined || unidentified !== undefined) yield ofKind.domains;
    if (perhapsSelected !== undefined || unidentified !== undefined) yield ofKind.pods;
    if (ports === 'unknown') yield* opensNames.values();
    else for (const { name = ANY_NAME } of [...ports, {}]) yield opensNames.get(name) ?? NO_POLICIES;
  }

  return {
    add(policies) {
      for (const placed of policies) {
        if (known.has(placed)) continue;
        known.add(placed);
        for (const direction of DIRECTIONS) {
          const part = placed.policy[direction];
          if (part !== undefined) addPart(part, direction, placed);
        }
      }
    },
    find(endpoints) {
      const [peers, subjects] = [new Set<PlacedPolicy>(), new Set<PlacedPolicy>()];
      const selectors = indexSelectors(endpoints);
      for (const named of new Set(endpoints.flatMap((endpoint) => [...namedLike(endpoint)]))) {
        const { yes, maybe } = selectors.pods(named.scope, named.selector, true);
        if (yes.length === 0 && maybe.size === 0) continue;
        for (const placed of named.peers) peers.add(placed);
        for (const placed of named.subjects) subjects.add(placed);
      }
      for (const endpoint of endpoints) {
        for (const policies of namingOtherwise(endpoint)) for (const placed of policies) peers.add(placed);
      }
      return { peers, subjects };
    },
  };
}

const NO_POLICIES: ReadonlySet<PlacedPolicy> = new Set();

/** No port has this name. */
const ANY_NAME = '';
