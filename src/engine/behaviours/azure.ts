// What Azure Network Policy Manager does on Linux nodes. Knows nothing of other plugins.

import type { KnownValue, Plugin } from './known-value.ts';

const NPM = 'https://github.com/Azure/azure-container-networking/blob/v1.6.30/npm/pkg';
const TRANSLATION = `${NPM}/controlplane/translation/translatePolicy.go`;
const CHAINS = `${NPM}/dataplane/policies/chain-management_linux.go`;
const PODS = `${NPM}/controlplane/controllers/v2/podController.go`;

/** What it does by its default settings on Linux nodes; read at 1.6.30. */
const VALUES: readonly KnownValue[] = [
  {
    knob: 'ipBlockMatchesPods',
    value: true,
    confidence: 'source',
    source: TRANSLATION,
    because: 'an ipBlock becomes a set of networks that the address in the packet is looked up in',
  },
  {
    knob: 'ipBlockMatchesNodes',
    value: true,
    confidence: 'source',
    source: TRANSLATION,
    because: 'an ipBlock becomes a set of networks that the address in the packet is looked up in',
  },
  {
    knob: 'hostNetwork',
    value: 'asNode',
    confidence: 'source',
    source: PODS,
    because: 'pods of the host network are left out, as subjects and as peers',
  },
  {
    knob: 'localNodeIngress',
    value: 'allow',
    confidence: 'source',
    source: CHAINS,
    because: 'only forwarded packets are looked at, and what the own node sends is not forwarded',
  },
  {
    knob: 'localNodeEgress',
    value: 'allow',
    confidence: 'source',
    source: CHAINS,
    because: 'only forwarded packets are looked at, and what is for the own node is not forwarded',
  },
  {
    knob: 'serviceView',
    value: 'postDNAT',
    confidence: 'source',
    source: CHAINS,
    because: 'packets are looked at in the forward hook, after addresses of Services were replaced',
  },
  {
    knob: 'sidecarNamedPorts',
    value: 'none',
    confidence: 'source',
    source: `${NPM}/controlplane/controllers/common/pod.go`,
    because: 'the named ports of a pod are gathered from spec.containers alone',
  },
  {
    knob: 'egressNamedPorts',
    value: 'perDestination',
    confidence: 'source',
    source: TRANSLATION,
    because: 'a name is a set of addresses with ports that the destination is looked up in, whatever the peer',
    provided: 'the nodes run Linux: on Windows a policy with a port name is not enforced',
  },
  {
    knob: 'unlistedDirectionRules',
    value: 'ignored',
    confidence: 'source',
    source: TRANSLATION,
    because: 'only directions that policyTypes lists are translated',
  },
  {
    knob: 'apis',
    value: ['network-policy'],
    confidence: 'source',
    source: TRANSLATION,
    because: 'NetworkPolicy is the only policy API that is translated',
  },
  {
    knob: 'endPort',
    value: 'range',
    confidence: 'source',
    source: TRANSLATION,
    because: 'port and endPort become one range of ports',
  },
  {
    knob: 'exceptions',
    value: 'ofBlock',
    confidence: 'source',
    source: TRANSLATION,
    because: 'each ipBlock has a set of its own, in which its exceptions do not match',
    provided: 'the nodes run Linux: on Windows a policy with exceptions is not enforced',
  },
  {
    knob: 'ipv6Blocks',
    value: 'policyIgnored',
    confidence: 'source',
    source: TRANSLATION,
    because: 'a policy with an ipBlock that is not IPv4 ends in an error, and is not applied',
  },
  {
    knob: 'sctp',
    value: 'enforced',
    confidence: 'source',
    source: TRANSLATION,
    because: 'the protocol of a port is taken over as it is, SCTP included',
    provided: 'the nodes run Linux: on Windows a policy with SCTP is not enforced',
  },
];

/** One version, since nothing older was looked up. */
export const AZURE_VERSIONS: Plugin['versions'] = [{ version: '1.6', values: VALUES }];
