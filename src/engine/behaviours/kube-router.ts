// What kube-router does. Knows nothing of other plugins.

import type { KnownValue, Plugin } from './known-value.ts';

const ROUTER = 'https://github.com/cloudnativelabs/kube-router';
const POLICIES = `${ROUTER}/blob/v2.11.1/pkg/controllers/netpol/policy.go`;
const PODS = `${ROUTER}/blob/v2.11.1/pkg/controllers/netpol/pod.go`;
const NETPOL_UTILS = `${ROUTER}/blob/v2.11.1/pkg/controllers/netpol/utils.go`;
const CHAINS = `${ROUTER}/blob/v2.11.1/pkg/controllers/netpol/npc_iptables.go`;

/** What it does by its default settings; read at 2.11.1, and compared with 2.0.0 and 2.6.0. */
const VALUES: readonly KnownValue[] = [
  {
    knob: 'ipBlockMatchesPods',
    value: true,
    confidence: 'source',
    source: POLICIES,
    because: 'the blocks of a rule become a set of networks that the address in the packet is looked up in',
  },
  {
    knob: 'ipBlockMatchesNodes',
    value: true,
    confidence: 'source',
    source: POLICIES,
    because: 'the blocks of a rule become a set of networks that the address in the packet is looked up in',
  },
  {
    knob: 'hostNetwork',
    value: 'asNode',
    confidence: 'source',
    source: NETPOL_UTILS,
    because: 'pods of the host network are not actionable: neither subjects nor members of a peer',
  },
  {
    knob: 'localNodeIngress',
    value: 'allow',
    confidence: 'source',
    source: PODS,
    because: 'what has a local source address is accepted for every pod of the node before its policies are looked at',
  },
  {
    knob: 'localNodeEgress',
    value: 'evaluate',
    confidence: 'source',
    source: PODS,
    because: 'what a pod sends to its node meets the chain of the pod in the input hook too',
  },
  {
    knob: 'serviceView',
    value: 'postDNAT',
    confidence: 'source',
    source: CHAINS,
    because: 'addresses of Services are let through on the way in, and the pod is seen once they were replaced',
  },
  {
    knob: 'sidecarNamedPorts',
    value: 'none',
    confidence: 'source',
    source: POLICIES,
    because: 'the named ports of a pod are gathered from spec.containers alone',
  },
  {
    knob: 'namedPorts',
    value: 'unknown',
    confidence: 'source',
    source: POLICIES,
    because:
      'names are resolved, but a rule whose names no pod has opens every port to the pods that it selects, and an egress rule without peers opens numbers of its own namespace everywhere',
  },
  {
    knob: 'unlistedDirectionRules',
    value: 'ignored',
    confidence: 'source',
    source: POLICIES,
    because: 'rules become chains only for directions that policyTypes lists',
  },
  {
    knob: 'policiesOfBothTypes',
    value: 'shared',
    confidence: 'source',
    source: PODS,
    because:
      'the chain of a policy of both types holds all of its rules, and is gone through for what a pod sends and for what it receives',
  },
  {
    knob: 'apis',
    value: ['network-policy'],
    confidence: 'source',
    source: CHAINS,
    because: 'NetworkPolicy is the only policy API that is watched',
  },
  {
    knob: 'endPort',
    value: 'range',
    confidence: 'source',
    source: POLICIES,
    because: 'port and endPort become one range of ports',
  },
  {
    knob: 'exceptions',
    value: 'ofRule',
    confidence: 'source',
    source: POLICIES,
    because: 'blocks and exceptions of one rule are entries of one set, in which the longest prefix decides',
  },
  {
    knob: 'sctp',
    value: 'enforced',
    confidence: 'source',
    source: POLICIES,
    because: 'the protocol of a port is taken over as it is, SCTP included',
  },
];

/** One version: nothing that was looked up differs between 2.0 and 2.11. */
export const KUBE_ROUTER_VERSIONS: Plugin['versions'] = [{ version: '2.0', values: VALUES }];
