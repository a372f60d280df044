// Why something is unknown, in words, and what settles it. One table for notes, reports and messages.

import type { UnknownReason } from './endpoint.ts';

/** `sentence`: lower-case start, no full stop. `settle`: what to do; absent where nothing that one can pass decides it. */
export interface ReasonText {
  readonly sentence: string;
  readonly settle?: string;
}

/** Every reason that the engine gives. */
export const UNKNOWN_REASONS: Readonly<Record<UnknownReason, ReasonText>> = {
  'pod-address': {
    sentence: 'a rule names addresses that cover only part of the range from which the pod gets its own',
    settle: 'give the range of pod addresses with --assume podCIDRs=CIDR, or read running pods',
  },
  'node-address': {
    sentence: 'a rule names addresses that may or may not belong to a node',
    settle: 'pass the Node objects too, or give their range with --assume nodeCIDRs=CIDR',
  },
  'node-labels': {
    sentence: 'a rule selects nodes by labels, and the labels of this node are not known',
    settle: 'pass the Node objects too',
  },
  'namespace-labels': {
    sentence: 'a rule selects namespaces by labels, and this namespace has no Namespace object',
    settle: 'pass the Namespace objects too, or say that it has none with --assume undeclaredNamespaces=unlabelled',
  },
  'pod-labels': {
    sentence: 'a rule asks for a label whose value is only set when the pod is created',
    settle: 'read running pods instead of templates',
  },
  'pod-ports': {
    sentence: 'a rule names a port by name, and nobody knows what this pod calls its ports',
    settle: 'ask for a workload of the input, whose ports are known',
  },
  'client-address': {
    sentence: 'the traffic comes through an entry point, and the address of the client is not known',
    settle: 'ask for the address itself, as in `can 203.0.113.7 shop/web:80`',
  },
  'source-nat': {
    sentence: 'the entry point may replace the address of the client with that of a node',
    settle: 'set externalTrafficPolicy: Local on the Service, or ask for the address that arrives',
  },
  'ingress-controller': {
    sentence:
      'the traffic comes from the pods of an ingress controller or gateway, and the input does not say which they are',
    settle: 'pass the manifests of the controller too, and ask about its pods: they are the source',
  },
  'route-attachment': {
    sentence:
      'whether the Gateway takes the route is not known: it or the labels of the namespace are not in the input',
    settle: 'pass the Gateway and the Namespace objects too',
  },
  'domain-name': {
    sentence: 'a rule names a domain, and its addresses are only known when it is looked up',
    settle: 'give its addresses with --assume domainMap=NAME:CIDR',
  },
  'equal-priority': {
    sentence: 'two policies of the same priority decide differently, and the API leaves open which one wins',
    settle: 'give them different priorities, or pick the plugin with --cni',
  },
  'local-node': {
    sentence: "a pod's own node may always reach it, and where the pod runs is not known",
    settle: 'read running pods, which name their node',
  },
  'host-network': {
    sentence: 'whether a rule sees a pod on the host network depends on addresses that the plugin gives to nodes',
    settle:
      'name the node by its address in an ipBlock, or say it with --assume hostNetwork=asNode or hostNetwork=asPod',
  },
  icmp: {
    sentence: 'the API does not say what policies mean for ICMP',
    settle: 'pick the plugin with --cni, or say it with --assume icmp=portlessRules',
  },
  sctp: {
    sentence: 'not every plugin enforces policies for SCTP',
    settle: 'pick the plugin with --cni, or say it with --assume sctp=enforced',
  },
  hairpin: {
    sentence: 'the API does not say whether policies apply to a pod that reaches itself through a Service',
    settle: 'pick the plugin with --cni, or say it with --assume hairpin=enforce or hairpin=allow',
  },
  'service-view': {
    sentence: 'plugins differ in whether rules see the address of a Service or that of the pod behind it',
    settle: 'pick the plugin with --cni, or say it with --assume serviceView=postDNAT',
  },
  'ip-block': {
    sentence: 'it is not known whether the plugin compares an ipBlock with the address of the other end',
    settle: 'say it with --assume ipBlockMatchesPods=true or =false, or --assume ipBlockMatchesNodes=true or =false',
  },
  'end-port': {
    sentence: 'it is not known whether the plugin reads endPort',
    settle: 'say it with --assume endPort=range or endPort=portOnly',
  },
  'named-ports': {
    sentence: 'it is not known which ports a name in a rule opens with this plugin',
    settle: 'write numbers, or say it with --assume namedPorts=resolved and --assume egressNamedPorts=perDestination',
  },
  exceptions: {
    sentence: 'with this plugin an exception of one ipBlock may take away what another rule allows',
    settle: 'write blocks without exceptions, or say it with --assume exceptions=ofBlock',
  },
  'standalone-pods': {
    sentence: 'it is not known whether the plugin applies policies to pods that nothing owns',
    settle: 'let a Deployment make the pod, or say it with --assume standalonePods=subjects',
  },
  'incomplete-input': {
    sentence: 'something that could change this was not read or not understood',
    settle: 'mend what is listed as incomplete; --allow-incomplete only changes the exit code',
  },
  'label-combinations': {
    sentence: 'policies ask about so many combinations of labels that not all pods which could exist were tried',
    settle: 'ask about one of them, as in `can shop/app=web shop/db:5432`',
  },
};

/** One clause for a sentence: why, and what settles it. */
export function whyUnknown(reason: UnknownReason): string {
  const { sentence, settle } = UNKNOWN_REASONS[reason];
  return settle === undefined ? sentence : `${sentence}; to settle it: ${settle}`;
}
