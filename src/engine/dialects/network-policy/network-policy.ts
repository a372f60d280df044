// The dialect of NetworkPolicy networking.k8s.io/v1: decode, validate, normalise one object.

import type { ManifestObject } from '../../model/source.ts';
import { decodeFields } from '../decoding/decode-fields.ts';
import { refOf, validateMetadata } from '../decoding/metadata.ts';
import { collectProblems } from '../decoding/problems.ts';
import type { Decoded, DecodeOptions, Dialect } from '../dialect.ts';
import type { SpecFields } from './fields.ts';
import { NETWORK_POLICY } from './fields.ts';
import { toPolicy, toStoredSpec } from './normalise.ts';
import { validateSpec } from './validate.ts';
import { NETWORK_POLICY_WRITER } from './write.ts';

const API_VERSION = 'networking.k8s.io/v1';

/** NetworkPolicy, built into Kubernetes. A missing spec is an empty one: all ingress of the namespace is denied. */
export const NETWORK_POLICY_DIALECT: Dialect = {
  name: 'network-policy',
  kinds: [{ apiVersion: API_VERSION, kind: 'NetworkPolicy', namespaced: true }],
  decode: decodeNetworkPolicy,
  writer: NETWORK_POLICY_WRITER,
};

function decodeNetworkPolicy(object: ManifestObject, options: DecodeOptions): Decoded {
  const ref = refOf(object, 'network-policy', 'NetworkPolicy', options.defaultNamespace);
  const problems = collectProblems(object, ref);
  validateMetadata(object, true, problems);
  const damaged = new WeakSet<object>();
  const decoding = { api: 'built-in', channel: 'standard', problems, damaged } as const;
  const decoded = decodeFields(object.value, NETWORK_POLICY, [], decoding) ?? {};
  if (decoded.status !== undefined) {
    const message =
      'NetworkPolicy has no status; servers 1.24 to 1.27 wrote one, newer ones refuse it on strict writes';
    problems.note('removed-field', ['status'], message, {
      key: true,
      hint: 'remove it',
      fix: { title: 'take status away', changes: [{ op: 'remove', path: ['status'] }], safe: true },
    });
  }
  const spec = (decoded.spec ?? {}) as SpecFields;
  validateSpec(spec, { problems, strictCIDR: options.strictCIDR, damaged });
  if (problems.isRefused()) return { findings: problems.findings };
  const policy = toPolicy(spec, ref, object, API_VERSION);
  return {
    policy,
    findings: problems.findings,
    // Made when somebody asks: only tests and writers do.
    get stored() {
      return toStoredSpec(spec);
    },
  };
}
