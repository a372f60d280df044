// Knobs about port names in rules: whether they are read, and to which numbers they lead. Knows nothing of plugins.

import type { Knobs } from '../model/behaviour.ts';
import { API, type KnobDefinition, word } from './knob-values.ts';

type PortNameKnob = 'sidecarNamedPorts' | 'namedPorts' | 'ingressNamedPorts' | 'egressNamedPorts';

/** Their definitions, in the order in which they are listed. */
export const PORT_NAME_KNOBS: { readonly [K in PortNameKnob]: KnobDefinition<Knobs[K]> } = {
  sidecarNamedPorts: word(
    {
      restartable: 'port names of sidecars count',
      all: 'port names of all init containers count',
      none: 'port names of init containers do not count, sidecars included',
    },
    {
      default: 'restartable',
      meaning:
        'Whose port names count beside those of containers: init containers that restart always, all init containers, none.',
      source: 'https://github.com/kubernetes/kubernetes/issues/125285: names of sidecars are meant to count',
    },
  ),
  namedPorts: word(
    {
      resolved: 'a port name in a rule stands for a number',
      anyPort: 'a port name in a rule is not read: it opens every port of its protocol, or none beside a number',
      unknown: 'what a port name in a rule opens is not known',
    },
    {
      default: 'resolved',
      meaning:
        'What NetworkPolicy makes of port names. resolved: numbers, as the two knobs below say; anyPort: a name opens every port of its protocol, and nothing where the same list has a number of that protocol; unknown: any port, or none.',
      source: `${API}, port: the numerical or named port on the given protocol`,
    },
  ),
  ingressNamedPorts: word(
    {
      perPod: 'a port name in an ingress rule is that of the pod which is reached',
      perPolicy: 'a port name in an ingress rule opens the numbers that all pods of the policy give it',
    },
    {
      default: 'perPod',
      meaning:
        'What a port name in an ingress rule means: the port of that name of the pod which is reached; or every number that some pod selected by the policy gives the name, on each of them.',
      source: 'Kubernetes e2e tests of NetworkPolicy, named ports: the name is one of the server',
    },
  ),
  egressNamedPorts: word(
    {
      perDestination: 'a port name in an egress rule is that of the pod which is reached',
      podPeers:
        'a port name in an egress rule counts for pods that are selected, or where no peer is named, not for ipBlock',
      selectedPods: 'a port name in an egress rule counts only for pods that the rule selects',
      clusterWide: 'a port name in an egress rule stands for one number of the whole cluster',
      unknown: 'what a port name in an egress rule opens is not known',
    },
    {
      default: 'perDestination',
      meaning:
        'What a port name in an egress rule means. perDestination: the port of that name of the pod at the other end; podPeers: the same, but never through ipBlock; selectedPods: nor where the rule names no peer; clusterWide: the one number that all pods of the cluster give it, whoever is at the other end, and nothing where their numbers differ; unknown: any port, or none.',
      source: 'Kubernetes e2e tests of NetworkPolicy, named ports on egress: the name is one of the server',
    },
  ),
};
