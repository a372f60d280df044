// What GKE Dataplane V2 does, as far as that is known. Knows nothing of other plugins.

import type { KnownValue, Plugin } from './known-value.ts';

const DATAPLANE_V2 = 'https://cloud.google.com/kubernetes-engine/docs/concepts/dataplane-v2';

/**
 * It is built on Cilium, and which version of it a cluster runs is not said. What all versions of Cilium do that were
 * looked up is concluded from that; where they differ nothing is known.
 */
const VALUES: readonly KnownValue[] = [
  concluded({
    knob: 'ipBlockMatchesPods',
    value: false,
    because: 'it is built on Cilium, where an ipBlock does not match pods by default',
  }),
  concluded({
    knob: 'ipBlockMatchesNodes',
    value: false,
    because: 'it is built on Cilium, where an ipBlock does not match nodes by default',
  }),
  concluded({
    knob: 'hostNetwork',
    value: 'asNode',
    because: 'it is built on Cilium, where pods of the host network share the identity of their node',
  }),
  concluded({
    knob: 'localNodeIngress',
    value: 'allow',
    because: 'it is built on Cilium, where the own node always reaches its pods by default',
  }),
  concluded({
    knob: 'localNodeEgress',
    value: 'evaluate',
    because: 'it is built on Cilium, where the own node is a destination like others',
  }),
  concluded({
    knob: 'serviceView',
    value: 'postDNAT',
    because: 'it is built on Cilium, where the backend of a Service is chosen before policy is looked up',
  }),
  concluded({
    knob: 'hairpin',
    value: 'undefined',
    because: 'in Cilium a pod reaches itself through a Service, in some versions over IPv4 only',
  }),
  concluded({
    knob: 'sidecarNamedPorts',
    value: 'none',
    because: 'it is built on Cilium, where the named ports of a pod are gathered from spec.containers alone',
  }),
  concluded({
    knob: 'egressNamedPorts',
    value: 'unknown',
    because: 'it is built on Cilium, of which versions before 1.20 read port names for the whole cluster',
  }),
  concluded({
    knob: 'icmp',
    value: 'portlessRules',
    because: 'it is built on Cilium, where a rule without ports restricts no protocol and the rest is dropped',
  }),
  concluded({
    knob: 'unlistedDirectionRules',
    value: 'enforced',
    because: 'it is built on Cilium, where rules are taken over whatever policyTypes lists',
  }),
  concluded({
    knob: 'apis',
    value: ['network-policy'],
    because: 'of the policy APIs of Kubernetes only NetworkPolicy is named in its documentation',
  }),
  concluded({
    knob: 'endPort',
    value: 'unknown',
    because: 'it is built on Cilium, of which versions before 1.16 do not read endPort',
  }),
  concluded({
    knob: 'sctp',
    value: 'unknown',
    because: 'it is built on Cilium, where SCTP is off by default and policy without it is not described',
  }),
];

function concluded(value: Pick<KnownValue, 'knob' | 'value' | 'because'>): KnownValue {
  return { ...value, confidence: 'inferred', source: DATAPLANE_V2 } as KnownValue;
}

/** Without versions: those of GKE do not say which Cilium they are built on. */
export const GKE_DATAPLANE_V2_VERSIONS: Plugin['versions'] = [{ values: VALUES }];
