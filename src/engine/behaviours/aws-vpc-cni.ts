// What the AWS VPC CNI with its network policy agent does. Knows nothing of other plugins.

import type { KnownValue, Plugin } from './known-value.ts';

const AGENT = 'https://github.com/aws/aws-network-policy-agent/blob/v1.4.1';
const CONTROLLER = 'https://github.com/aws/amazon-network-policy-controller-k8s/blob/v1.1.7';
const ENDPOINTS = `${CONTROLLER}/pkg/resolvers/endpoints.go`;
const RULES = `${AGENT}/pkg/fwruleprocessor/fw_rule_processor.go`;
const GUIDE = 'https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html';

/** What it does by its default settings; read at agent 1.4.1 and controller 1.1.7. The cluster chooses the controller's version. */
const VALUES: readonly KnownValue[] = [
  {
    knob: 'ipBlockMatchesPods',
    value: true,
    confidence: 'source',
    source: ENDPOINTS,
    because: 'an ipBlock is passed on as it is, and the address in the packet is looked up',
  },
  {
    knob: 'ipBlockMatchesNodes',
    value: true,
    confidence: 'source',
    source: ENDPOINTS,
    because: 'an ipBlock is passed on as it is, and the address in the packet is looked up',
  },
  {
    knob: 'hostNetwork',
    value: 'unknown',
    confidence: 'source',
    source: ENDPOINTS,
    because:
      'they are never subjects; as peers they stand for the address of their node, and so for everything else on it',
  },
  {
    knob: 'standalonePods',
    value: 'unknown',
    confidence: 'documented',
    source: GUIDE,
    because: 'policies are said not to apply to pods without an owner, and the code makes no such difference',
  },
  {
    knob: 'localNodeIngress',
    value: 'allow',
    confidence: 'source',
    source: RULES,
    because: 'the address of the own node is added to what every pod may receive from',
  },
  {
    knob: 'localNodeEgress',
    value: 'allow',
    confidence: 'source',
    source: RULES,
    because: 'the address of the own node is added to what every pod may send to',
  },
  {
    knob: 'serviceView',
    value: 'preDNAT',
    confidence: 'source',
    source: ENDPOINTS,
    because:
      'egress is judged at the interface of the pod; the address of a Service is added where it selects by the labels that a peer selects',
  },
  {
    knob: 'sidecarNamedPorts',
    value: 'none',
    confidence: 'source',
    source: `${CONTROLLER}/pkg/k8s/pod_utils.go`,
    because: 'port names are looked up in spec.containers alone',
  },
  {
    knob: 'ingressNamedPorts',
    value: 'perPolicy',
    confidence: 'source',
    source: ENDPOINTS,
    because: 'names in ingress rules are looked up on all pods of the policy, and the numbers put together',
  },
  {
    knob: 'egressNamedPorts',
    value: 'selectedPods',
    confidence: 'source',
    source: ENDPOINTS,
    because:
      'names in egress rules are looked up on each pod that is selected; for ipBlocks and without peers they are left out',
  },
  {
    knob: 'icmp',
    value: 'undefined',
    confidence: 'source',
    source: `${AGENT}/pkg/ebpf/c/tc.v6ingress.bpf.c`,
    because: 'over IPv4 rules without ports match ICMP, over IPv6 it is let through unseen: no one value says both',
  },
  {
    knob: 'unlistedDirectionRules',
    value: 'enforced',
    confidence: 'source',
    source: `${AGENT}/controllers/policyendpoints_controller.go`,
    because: 'rules of both directions are passed on, and where there are rules whatever they do not allow is dropped',
  },
  {
    knob: 'apis',
    value: ['network-policy'],
    confidence: 'source',
    source: `${CONTROLLER}/api/v1alpha1/groupversion_info.go`,
    because: 'ClusterNetworkPolicy is read in the group networking.k8s.aws only, which is another API',
  },
  {
    knob: 'endPort',
    value: 'range',
    confidence: 'source',
    source: `${AGENT}/pkg/ebpf/c/tc.v4ingress.bpf.c`,
    because: 'a port matches from port to endPort, both included',
  },
  {
    knob: 'exceptions',
    value: 'unknown',
    confidence: 'source',
    source: RULES,
    because:
      'all rules for a pod are one tree in which the longest prefix decides, so that an exception denies what a wider rule allows',
  },
  {
    knob: 'sctp',
    value: 'enforced',
    confidence: 'source',
    source: `${AGENT}/pkg/ebpf/c/tc.v4ingress.bpf.c`,
    because: 'ports of SCTP packets are read like those of TCP and UDP',
  },
];

/** Without versions: which controller a cluster has is not for the user to choose. */
export const AWS_VPC_CNI_VERSIONS: Plugin['versions'] = [{ values: VALUES }];
