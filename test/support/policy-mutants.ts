// Every small mistake that could be made in a NetworkPolicy: each rule, peer, port and selector dropped, widened or moved.

import { parseCidr, printCidrs } from '../../src/engine/sets/ip-address.ts';
import type { PeerManifest, PolicyManifest, RuleManifest } from './generating.ts';

/** A policy with one mistake. */
export interface Mutant {
  readonly what: string;
  readonly value: PolicyManifest;
}

type Ports = NonNullable<RuleManifest['ports']>;

/** All mutants of one policy. */
export function mutantsOf(policy: PolicyManifest): Mutant[] {
  const { spec } = policy;
  const withSpec = (what: string, changed: Partial<PolicyManifest['spec']>): Mutant => ({
    what: `${policy.metadata.namespace}/${policy.metadata.name}: ${what}`,
    value: { ...policy, spec: { ...spec, ...changed } },
  });
  const mutants: Mutant[] = [
    ...(isEverything(spec.podSelector) ? [] : [withSpec('podSelector {}', { podSelector: {} })]),
    ...spec.policyTypes.map((type) =>
      withSpec(`without policyTypes ${type}`, { policyTypes: spec.policyTypes.filter((other) => other !== type) }),
    ),
  ];
  for (const [direction, key] of [
    ['ingress', 'from'],
    ['egress', 'to'],
  ] as const) {
    const rules = spec[direction] ?? [];
    const withRules = (what: string, changed: readonly RuleManifest[]) =>
      withSpec(`${direction} ${what}`, { [direction]: changed });
    mutants.push(withRules('rule {} added', [...rules, {}]));
    for (const [at, rule] of rules.entries()) {
      const peers = rule[key] ?? [];
      const ports = rule.ports ?? [];
      const where = (what: string) => `${at + 1}: ${what}`;
      const withRule = (what: string, changed: RuleManifest) => withRules(where(what), rules.with(at, changed));
      mutants.push(withRules(where('dropped'), rules.toSpliced(at, 1)));
      mutants.push(withRule('peers empty', { ...rule, [key]: [] }));
      mutants.push(withRule('ports empty', { ...rule, ports: [] }));
      for (const [id, peer] of peers.entries()) {
        if (peers.length > 1)
          mutants.push(withRule(`peer ${id + 1} dropped`, { ...rule, [key]: peers.toSpliced(id, 1) }));
        for (const [what, changed] of changedPeers(peer)) {
          mutants.push(withRule(`peer ${id + 1} ${what}`, { ...rule, [key]: peers.with(id, changed) }));
        }
      }
      for (const [id, port] of ports.entries()) {
        if (ports.length > 1)
          mutants.push(withRule(`port ${id + 1} dropped`, { ...rule, ports: ports.toSpliced(id, 1) }));
        for (const [what, changed] of changedPorts(port)) {
          mutants.push(withRule(`port ${id + 1} ${what}`, { ...rule, ports: ports.with(id, changed) }));
        }
      }
    }
  }
  return mutants;
}

function isEverything(selector: object): boolean {
  return Object.keys(selector).length === 0;
}

function* changedPeers({ podSelector, namespaceSelector, ipBlock }: PeerManifest): Generator<[string, PeerManifest]> {
  if (podSelector !== undefined) {
    const namespaces = namespaceSelector === undefined ? {} : { namespaceSelector };
    if (!isEverything(podSelector)) yield ['podSelector {}', { ...namespaces, podSelector: {} }];
    if (namespaceSelector !== undefined) {
      yield ['without namespaceSelector', { podSelector }];
      yield ['namespaceSelector {}', { podSelector, namespaceSelector: {} }];
    } else {
      yield ['namespaceSelector {} added', { podSelector, namespaceSelector: {} }];
    }
  }
  if (ipBlock === undefined) return;
  const { cidr, except = [] } = ipBlock;
  for (const [id] of except.entries()) {
    yield [`without except ${id + 1}`, { ipBlock: { cidr, except: except.toSpliced(id, 1) } }];
  }
  const wider = oneBitWider(cidr);
  if (wider !== undefined) yield ['one bit wider', { ipBlock: { ...ipBlock, cidr: wider } }];
}

function oneBitWider(cidr: string): string | undefined {
  const [address = '', bits = ''] = cidr.split('/');
  const parsed = parseCidr(`${address}/${Number(bits) - 1}`);
  if (bits === '0' || !parsed.ok) return undefined;
  return printCidrs(parsed.set)[0];
}

function* changedPorts(entry: Ports[number]): Generator<[string, Ports[number]]> {
  const { protocol, port, endPort } = entry;
  if (typeof port !== 'number') return;
  const last = endPort ?? port;
  if (last < 65_535) yield ['one wider', { ...entry, endPort: last + 1 }];
  if (endPort === undefined) yield ['one higher', { ...entry, port: port === 65_535 ? port - 1 : port + 1 }];
  else yield ['one narrower', { ...entry, port: port + 1 }];
  yield ['of another protocol', { ...entry, protocol: protocol === 'UDP' ? 'TCP' : 'UDP' }];
}
