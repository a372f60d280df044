// What the custom resources of policy.networking.k8s.io have in common: subjects, peers, rules.

import type { Field, FieldType, ObjectType } from '../decoding/field-table.ts';
import type { LabelSelectorFields } from '../decoding/label-selector.ts';
import { LABEL_SELECTOR } from '../decoding/label-selector.ts';

/** Pods by two selectors. Missing namespaceSelector (legal in v1alpha2 only): all namespaces. */
export interface PodsFields {
  readonly namespaceSelector?: LabelSelectorFields;
  readonly podSelector?: LabelSelectorFields;
}

/** A decoded subject: exactly one field is set. */
export interface SubjectFields {
  readonly namespaces?: LabelSelectorFields;
  readonly pods?: PodsFields;
}

/** A decoded peer: exactly one field is set; ingress peers have the fields of a subject only. */
export interface PeerFields extends SubjectFields {
  readonly networks?: readonly string[];
  readonly nodes?: LabelSelectorFields;
  readonly domainNames?: readonly string[];
}

/** A decoded rule, as far as both versions agree; each adds its own list of ports. */
export interface RuleFields {
  readonly name?: string;
  readonly action: string;
  /** Never missing in ingress. */
  readonly from?: readonly PeerFields[];
  /** Never missing in egress. */
  readonly to?: readonly PeerFields[];
}

/** A decoded spec, as far as all kinds agree. */
export interface SpecFields<R extends RuleFields> {
  readonly subject: SubjectFields;
  readonly ingress?: readonly R[];
  readonly egress?: readonly R[];
}

/** How one kind differs from the others. */
export interface PolicyShape {
  /** With its article: `a ClusterNetworkPolicy`. */
  readonly what: string;
  readonly actions: readonly string[];
  /** Rules per direction, peers per rule, entries per list of ports. */
  readonly maxItems: number;
  /** v1alpha1 requires both selectors in `pods`. */
  readonly needsNamespaceSelector: boolean;
  readonly hasDomainNames: boolean;
  /** Name and type of an entry of the list of ports. */
  readonly ports: { readonly field: string; readonly entry: ObjectType };
  /** Fields of the spec besides subject and rules. */
  readonly fields: Readonly<Record<string, Field>>;
  /** Mistakes in a rule that are typical for the kind. */
  readonly ruleMistakes: NonNullable<ObjectType['mistakes']>;
}

/** A port number. */
export const PORT_NUMBER: FieldType = { type: 'integer', minimum: 1, maximum: 65535, check: 'invalid-port' };

/** How many blocks one peer may list. */
export const MAX_NETWORKS = 25;

/** Precedence within a tier. */
export const PRIORITY: Field = {
  type: { type: 'integer', minimum: 0, maximum: 1000, check: 'invalid-priority' },
  required: true,
};

// The range A-z of the CRD's own pattern is kept: servers accept the six signs between Z and a, too.
const DOMAIN_NAME = /^(\*\.)?([a-zA-z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\.)+[a-zA-z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\.?$/;

/** The field table of a whole object. metadata is decoded separately. */
export function policyTable(shape: PolicyShape): ObjectType {
  const { what } = shape;
  const missing = (field: string) => ({ meant: 'spec', hint: `${field} stands under "spec"` });
  return {
    type: 'object',
    what,
    fields: {
      apiVersion: { type: { type: 'string' } },
      kind: { type: { type: 'string' } },
      metadata: { type: { type: 'anything' } },
      spec: {
        required: true,
        type: {
          type: 'object',
          what: `the spec of ${what}`,
          fields: {
            ...shape.fields,
            subject: { required: true, type: subjectType(shape) },
            ingress: rulesField('from', shape),
            egress: rulesField('to', shape),
          },
        },
      },
      status: { type: { type: 'anything' } },
    },
    mistakes: { subject: missing('subject'), ingress: missing('ingress'), egress: missing('egress') },
  };
}

function subjectType(shape: PolicyShape): ObjectType {
  return {
    type: 'object',
    what: 'a subject',
    exactlyOne: { none: 'invalid-subject', several: 'invalid-subject' },
    fields: selectingFields(shape),
  };
}

function selectingFields(shape: PolicyShape): Readonly<Record<string, Field>> {
  const namespaceSelector: Field = {
    type: LABEL_SELECTOR,
    required: shape.needsNamespaceSelector,
    without: 'pods of all namespaces would be selected',
  };
  const pods: ObjectType = {
    type: 'object',
    what: '"pods"',
    fields: { namespaceSelector, podSelector: { type: LABEL_SELECTOR, required: true } },
    mistakes: {
      namespaces: { meant: 'namespaceSelector', hint: 'within "pods" write "namespaceSelector"' },
      matchLabels: { meant: 'podSelector', hint: 'labels stand under "podSelector" or "namespaceSelector"' },
    },
  };
  return {
    namespaces: { type: dangerous(LABEL_SELECTOR) },
    pods: { type: pods },
  };
}

/** The selector of whole namespaces: what is lost from it selects all of them. */
function dangerous(selector: ObjectType): ObjectType {
  const fields = Object.fromEntries(
    Object.entries(selector.fields).map(([name, field]) => [
      name,
      { ...field, without: 'an empty selector selects ALL namespaces' },
    ]),
  );
  return { ...selector, what: 'a namespace selector', fields };
}

function rulesField(peers: 'from' | 'to', shape: PolicyShape): Field {
  const isIngress = peers === 'from';
  const rule: ObjectType = {
    type: 'object',
    what: isIngress ? 'an ingress rule' : 'an egress rule',
    fields: {
      name: { type: { type: 'string', maxLength: 100 } },
      action: { type: { type: 'string', oneOf: shape.actions, check: 'invalid-action' }, required: true },
      [peers]: {
        type: { type: 'list', of: peerType(isIngress, shape), minItems: 1, maxItems: shape.maxItems },
        required: true,
      },
      [shape.ports.field]: {
        type: { type: 'list', of: shape.ports.entry, minItems: 1, maxItems: shape.maxItems },
        without: 'the rule would match every port and protocol',
      },
    },
    mistakes: {
      [isIngress ? 'to' : 'from']: { meant: peers, hint: `the peers of this direction stand under "${peers}"` },
      ...shape.ruleMistakes,
    },
  };
  return {
    type: { type: 'list', of: rule, maxItems: shape.maxItems },
    without: `the policy would not touch ${isIngress ? 'ingress' : 'egress'}`,
  };
}

function peerType(isIngress: boolean, shape: PolicyShape): ObjectType {
  const networks: FieldType = {
    type: 'list',
    of: { type: 'string', maxLength: 43 },
    minItems: 1,
    maxItems: MAX_NETWORKS,
    isSet: true,
  };
  const name: FieldType = {
    type: 'string',
    pattern: DOMAIN_NAME,
    what: 'a domain name such as example.com or *.example.com',
    check: 'invalid-domain',
  };
  const domainNames: FieldType = { type: 'list', of: name, minItems: 1, maxItems: 25, isSet: true };
  const noAddresses = { hint: 'the sources of an ingress rule can only be pods; addresses exist in egress rules only' };
  return {
    type: 'object',
    what: isIngress ? 'an ingress peer' : 'an egress peer',
    exactlyOne: { none: 'empty-peer', several: 'conflicting-peer' },
    fields: {
      ...selectingFields(shape),
      ...(isIngress
        ? {}
        : {
            networks: { type: networks },
            nodes: { type: LABEL_SELECTOR, isExperimental: true },
            ...(shape.hasDomainNames ? { domainNames: { type: domainNames, isExperimental: true } } : {}),
          }),
    },
    mistakes: {
      ...(isIngress ? { networks: noAddresses, nodes: noAddresses, domainNames: noAddresses } : {}),
      podSelector: { meant: 'pods', hint: 'write pods: {namespaceSelector: …, podSelector: …}' },
      namespaceSelector: { meant: 'namespaces', hint: 'write the selector under "namespaces"' },
      ipBlock: isIngress ? noAddresses : { meant: 'networks', hint: 'write "networks", a list of CIDRs' },
    },
  };
}
