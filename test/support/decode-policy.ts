// Decodes policies written as plain values, with the settings that most tests want.

import type { Decoded, DecodeOptions } from '../../src/engine/dialects/dialect.ts';
import { dialectOf } from '../../src/engine/dialects/registry.ts';
import type { Policy, Rule } from '../../src/engine/model/policy.ts';
import { manifestObject } from './manifest-object.ts';

type Value = Readonly<Record<string, unknown>>;

const OPTIONS: DecodeOptions = { defaultNamespace: 'default', strictCIDR: 'reject', channel: 'either' };

/** Decodes an object by its own apiVersion and kind, which must be of a dialect. */
export function decodeObject(value: Value, options: Partial<DecodeOptions> = {}): Decoded {
  const dialect = dialectOf(String(value.apiVersion), String(value.kind));
  if (dialect === undefined) throw new Error(`no dialect for ${value.apiVersion} ${value.kind}`);
  return dialect.decode(manifestObject(value), { ...OPTIONS, ...options });
}

/** A NetworkPolicy `p` in namespace `shop`. */
export function networkPolicy(spec: unknown, options?: Partial<DecodeOptions>): Decoded {
  const metadata = { name: 'p', namespace: 'shop' };
  return decodeObject({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec }, options);
}

/** A ClusterNetworkPolicy with tier Admin, priority 10 and all namespaces as its subject, unless the spec says other. */
export function clusterNetworkPolicy(spec: Value, options?: Partial<DecodeOptions>): Decoded {
  const apiVersion = 'policy.networking.k8s.io/v1alpha2';
  const whole = { tier: 'Admin', priority: 10, subject: { namespaces: {} }, ...spec };
  return decodeObject({ apiVersion, kind: 'ClusterNetworkPolicy', metadata: { name: 'c' }, spec: whole }, options);
}

/** An AdminNetworkPolicy with priority 10 and all namespaces as its subject, unless the spec says other. */
export function adminNetworkPolicy(spec: Value, options?: Partial<DecodeOptions>): Decoded {
  const apiVersion = 'policy.networking.k8s.io/v1alpha1';
  const whole = { priority: 10, subject: { namespaces: {} }, ...spec };
  return decodeObject({ apiVersion, kind: 'AdminNetworkPolicy', metadata: { name: 'a' }, spec: whole }, options);
}

/** The BaselineAdminNetworkPolicy with all namespaces as its subject, unless the spec says other. */
export function baselineAdminNetworkPolicy(spec: Value, options?: Partial<DecodeOptions>): Decoded {
  const apiVersion = 'policy.networking.k8s.io/v1alpha1';
  const whole = { subject: { namespaces: {} }, ...spec };
  const metadata = { name: 'default' };
  return decodeObject({ apiVersion, kind: 'BaselineAdminNetworkPolicy', metadata, spec: whole }, options);
}

/** The policy of an object that must be accepted; otherwise the test fails with the reasons. */
export function policyOf(decoded: Decoded): Policy {
  if (decoded.policy === undefined) throw new Error(`refused: ${decoded.findings.map((f) => f.message).join('; ')}`);
  return decoded.policy;
}

/** The only rule of a direction. */
export function ruleOf(decoded: Decoded, direction: 'ingress' | 'egress'): Rule {
  const rules = policyOf(decoded)[direction]?.rules ?? [];
  if (rules.length !== 1) throw new Error(`${rules.length} ${direction} rules`);
  return rules[0]!;
}

/** What the API server refuses, one line a finding: `check reason field`. */
export function refusals(decoded: Decoded): readonly string[] {
  return decoded.findings
    .filter((finding) => finding.rejectedByApi)
    .map(({ check, cause }) => `${check} ${cause?.reason} ${cause?.field}`);
}

/** What the API server accepts and Netweir remarks on, one line a finding: `check path`. */
export function notes(decoded: Decoded): readonly string[] {
  return decoded.findings
    .filter((finding) => !finding.rejectedByApi)
    .map(({ check, source }) => `${check} ${source.path}`);
}
