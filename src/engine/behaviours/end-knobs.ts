// Knobs about the ends of a connection: what policies see of pods, nodes and Services. Knows nothing of plugins.

import type { Knobs } from '../model/behaviour.ts';
import { API, CONCEPT, flag, type KnobDefinition, word } from './knob-values.ts';

type EndKnob =
  | 'ipBlockMatchesPods'
  | 'ipBlockMatchesNodes'
  | 'hostNetwork'
  | 'standalonePods'
  | 'localNodeIngress'
  | 'localNodeEgress'
  | 'serviceView'
  | 'hairpin';

/** Their definitions, in the order in which they are listed. */
export const END_KNOBS: { readonly [K in EndKnob]: KnobDefinition<Knobs[K]> } = {
  ipBlockMatchesPods: flag(
    {
      true: 'ipBlock matches pods by their address',
      false: 'ipBlock does not match pods',
      unknown: 'whether ipBlock matches pods is not known',
    },
    {
      default: true,
      meaning: 'Whether ipBlock and networks peers match the addresses of pods.',
      source:
        'Kubernetes e2e tests of NetworkPolicy, CIDR cases: an ipBlock that holds the address of a pod matches it',
    },
  ),
  ipBlockMatchesNodes: flag(
    {
      true: 'ipBlock matches nodes by their address',
      false: 'ipBlock does not match nodes',
      unknown: 'whether ipBlock matches nodes is not known',
    },
    {
      default: true,
      meaning: 'Whether ipBlock and networks peers match the addresses of nodes, and with them hostNetwork pods.',
      source: `${API}: the block is compared with the address of the other end, whoever has it`,
    },
  ),
  hostNetwork: word(
    {
      asNode: 'hostNetwork pods are seen as their nodes',
      asPod: 'hostNetwork pods are seen as pods',
      unknown: 'whether pod selectors see hostNetwork pods is not known',
    },
    {
      default: 'asNode',
      meaning:
        'asNode: hostNetwork pods are never subjects, and no pod selector sees them; asPod: NetworkPolicy treats them as any pod; unknown: never subjects, and peers of NetworkPolicies that select pods match them perhaps.',
      source: `${CONCEPT}, hostNetwork pods: plugins may do either; ignoring them is the most common`,
    },
  ),
  standalonePods: word(
    {
      subjects: 'policies apply to pods that nothing owns',
      unknown: 'whether policies apply to pods that nothing owns is not known',
    },
    {
      default: 'subjects',
      meaning: 'Whether policies apply to pods that no Deployment, Job or other workload owns, or nobody knows.',
      source: `${API}, podSelector: selects pods, whoever made them`,
    },
  ),
  localNodeIngress: word(
    { allow: 'the own node of a pod always reaches it', evaluate: 'policies decide what the own node of a pod may do' },
    {
      default: 'allow',
      meaning: 'Whether the own node of a pod always reaches it, or policies decide.',
      source: `${API}, ingress: traffic from the local node of the pod is allowed`,
    },
  ),
  localNodeEgress: word(
    { allow: 'a pod always reaches its own node', evaluate: 'policies decide whether a pod reaches its own node' },
    {
      default: 'evaluate',
      meaning: 'Whether a pod always reaches its own node, or policies decide.',
      source: `${API}, egress: has no exception for the local node`,
    },
  ),
  serviceView: word(
    {
      postDNAT: 'rules see the pod behind a Service',
      preDNAT: 'rules see the address and port of a Service',
    },
    {
      default: 'postDNAT',
      meaning:
        'Whether policies see the pod behind a Service (postDNAT), or the address and port of the Service (preDNAT).',
      source: `${CONCEPT}: whether rewriting comes first is not defined; rules are written for pods and their ports`,
    },
  ),
  hairpin: word(
    {
      undefined: 'whether policies apply to a pod that reaches itself through a Service is not known',
      enforce: 'policies apply to a pod that reaches itself through a Service',
      allow: 'a pod always reaches itself through a Service',
      egressOnly: 'only egress rules apply to a pod that reaches itself through a Service',
    },
    {
      default: 'undefined',
      meaning:
        'What happens to a pod that reaches itself through a Service; ClusterNetworkPolicy always applies, unless only egress does.',
      source:
        'https://github.com/kubernetes/kubernetes/issues/95879: NetworkPolicy does not define it, and plugins differ',
    },
  ),
};
