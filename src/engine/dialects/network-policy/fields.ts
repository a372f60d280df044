// Fields of NetworkPolicy networking.k8s.io/v1. Only decides what exists, not what is valid.

import type { Field, ObjectType } from '../decoding/field-table.ts';
import type { LabelSelectorFields } from '../decoding/label-selector.ts';
import { LABEL_SELECTOR } from '../decoding/label-selector.ts';

/** A decoded port entry; without port: every port of the protocol, by default TCP, which the decoder fills in. */
export interface PortFields {
  /** Missing only where it was refused. */
  readonly protocol?: string;
  readonly port?: number | string;
  readonly endPort?: number;
}

/** A decoded peer. Missing namespaceSelector: the policy's own namespace. */
export interface PeerFields {
  readonly podSelector?: LabelSelectorFields;
  readonly namespaceSelector?: LabelSelectorFields;
  readonly ipBlock?: { readonly cidr?: string; readonly except?: readonly string[] };
}

/** A decoded rule: `from` in ingress, `to` in egress. Missing peers or ports match everything; empty lists are missing. */
export interface RuleFields {
  readonly from?: readonly PeerFields[];
  readonly to?: readonly PeerFields[];
  readonly ports?: readonly PortFields[];
}

/** A decoded spec. Missing podSelector: every pod of the namespace. */
export interface SpecFields {
  readonly podSelector?: LabelSelectorFields;
  readonly policyTypes?: readonly string[];
  readonly ingress?: readonly RuleFields[];
  readonly egress?: readonly RuleFields[];
}

const PORT: ObjectType = {
  type: 'object',
  what: 'a port entry',
  fields: {
    protocol: { type: { type: 'string' }, default: 'TCP', without: 'the entry would mean TCP' },
    port: { type: { type: 'integer-or-string' }, without: 'the entry would open every port of its protocol' },
    endPort: { type: { type: 'integer' }, without: 'the entry would open the first port only' },
  },
  mistakes: {
    number: { meant: 'port', hint: 'write "port"', isRename: true },
    containerPort: { meant: 'port', hint: 'write "port"', isRename: true },
    targetPort: { meant: 'port', hint: 'write "port": a policy sees the port of the pod' },
    name: { meant: 'port', hint: 'write the name as the value of "port"' },
  },
};

const IP_BLOCK: ObjectType = {
  type: 'object',
  what: 'an ipBlock',
  fields: {
    cidr: { type: { type: 'string' } },
    except: {
      type: { type: 'list', of: { type: 'string' } },
      without: 'the addresses to except would be allowed',
    },
  },
};

const PEER: ObjectType = {
  type: 'object',
  what: 'a peer',
  fields: {
    podSelector: { type: LABEL_SELECTOR, without: 'the peer would match every pod of the selected namespaces' },
    namespaceSelector: {
      type: LABEL_SELECTOR,
      without: "the peer would match pods of the policy's own namespace only",
    },
    ipBlock: { type: IP_BLOCK },
  },
  mistakes: {
    cidr: { meant: 'ipBlock', hint: 'a cidr stands under "ipBlock"' },
    except: { meant: 'ipBlock', hint: 'except stands under "ipBlock", beside its cidr' },
    matchLabels: { meant: 'podSelector', hint: 'labels stand under "podSelector" or "namespaceSelector"' },
    matchExpressions: { meant: 'podSelector', hint: 'expressions stand under "podSelector" or "namespaceSelector"' },
    ports: { hint: 'ports stand beside the list of peers, not in a peer' },
  },
};

function ruleOf(what: string, peers: 'from' | 'to', other: 'from' | 'to', everybody: string): ObjectType {
  const without = `the rule would match every ${everybody}`;
  const inPeers = { meant: peers, hint: `a peer is an item of the list "${peers}"` };
  const inPorts = { meant: 'ports', hint: 'a port is an item of the list "ports"' };
  return {
    type: 'object',
    what,
    fields: {
      [peers]: { type: { type: 'list', of: PEER }, without },
      ports: { type: { type: 'list', of: PORT }, without: 'the rule would open every port' },
    },
    mistakes: {
      [other]: { meant: peers, hint: `${what} has "${peers}"` },
      port: inPorts,
      protocol: inPorts,
      endPort: inPorts,
      podSelector: inPeers,
      namespaceSelector: inPeers,
      ipBlock: inPeers,
    },
  };
}

const INGRESS_RULES: Field = {
  type: { type: 'list', of: ruleOf('an ingress rule', 'from', 'to', 'source') },
  without: 'the policy would allow no ingress',
};
const EGRESS_RULES: Field = {
  type: { type: 'list', of: ruleOf('an egress rule', 'to', 'from', 'destination') },
  without: 'egress would not be allowed, or not be restricted, as policyTypes say',
};

/** The whole object. metadata is decoded separately. */
export const NETWORK_POLICY: ObjectType = {
  type: 'object',
  what: 'a NetworkPolicy',
  fields: {
    apiVersion: { type: { type: 'string' } },
    kind: { type: { type: 'string' } },
    metadata: { type: { type: 'anything' } },
    spec: {
      type: {
        type: 'object',
        what: 'the spec of a NetworkPolicy',
        fields: {
          podSelector: { type: LABEL_SELECTOR, without: 'the policy would apply to every pod of its namespace' },
          policyTypes: {
            type: { type: 'list', of: { type: 'string' } },
            without: 'the API server would fill in Ingress, and Egress only if there are egress rules',
          },
          ingress: INGRESS_RULES,
          egress: EGRESS_RULES,
        },
        mistakes: {
          selector: { meant: 'podSelector', hint: 'write "podSelector"', isRename: true },
          types: { meant: 'policyTypes', hint: 'write "policyTypes"', isRename: true },
          from: { meant: 'ingress', hint: 'from stands in a rule of the list "ingress"' },
          to: { meant: 'egress', hint: 'to stands in a rule of the list "egress"' },
          ports: { hint: 'ports stand in a rule of the list "ingress" or "egress"' },
        },
      },
      without: 'the policy would deny all ingress of every pod of its namespace',
    },
    status: { type: { type: 'anything' } },
  },
  mistakes: {
    podSelector: { meant: 'spec', hint: 'podSelector stands under "spec"' },
    policyTypes: { meant: 'spec', hint: 'policyTypes stand under "spec"' },
    ingress: { meant: 'spec', hint: 'ingress stands under "spec"' },
    egress: { meant: 'spec', hint: 'egress stands under "spec"' },
  },
};
