// The common course of decoding a custom resource of policy.networking.k8s.io: table, CEL rules, normalisation.

import type { DialectName, Policy } from '../../model/policy.ts';
import type { ManifestObject, Path } from '../../model/source.ts';
import { decodeFields } from '../decoding/decode-fields.ts';
import type { ObjectType } from '../decoding/field-table.ts';
import { refOf, validateMetadata } from '../decoding/metadata.ts';
import { collectProblems, type Problems } from '../decoding/problems.ts';
import type { Decoded, DecodeOptions } from '../dialect.ts';
import type { RuleFields, SpecFields } from './fields.ts';
import { toSubject } from './peers.ts';
import { type ReadPorts, toDirection } from './rules.ts';
import { validateRules } from './validate.ts';

type Channel = 'standard' | 'experimental';

/** What is particular to one kind. */
export interface PolicyKind<R extends RuleFields, S extends SpecFields<R>> {
  readonly dialect: DialectName;
  readonly apiVersion: string;
  readonly kind: string;
  readonly table: ObjectType;
  /** Tier and precedence of a valid spec. */
  place(spec: S): Pick<Policy, 'tier' | 'order'>;
  hasNamedPort(rule: R): boolean;
  /** Reports what is wrong with the ports of the rule at the path, beyond the table. */
  validatePorts(rule: R, path: Path, channel: Channel, problems: Problems): void;
  readonly readPorts: ReadPorts<R>;
  /** Reports what is wrong with the whole object, beyond metadata and spec. */
  validateObject?(name: string, problems: Problems): void;
}

/**
 * Decodes by the channel of the options. `either` asks experimental first, which understands more; the object is
 * refused only where standard refuses it too, and then for the reasons of experimental.
 */
export function decodePolicy<R extends RuleFields, S extends SpecFields<R>>(
  object: ManifestObject,
  options: DecodeOptions,
  kind: PolicyKind<R, S>,
): Decoded {
  if (options.channel !== 'either') return decodeByChannel(object, options.channel, kind);
  const experimental = decodeByChannel(object, 'experimental', kind);
  if (experimental.policy !== undefined) return experimental;
  const standard = decodeByChannel(object, 'standard', kind);
  return standard.policy === undefined ? experimental : standard;
}

function decodeByChannel<R extends RuleFields, S extends SpecFields<R>>(
  object: ManifestObject,
  channel: Channel,
  kind: PolicyKind<R, S>,
): Decoded {
  const ref = refOf(object, kind.dialect, kind.kind, undefined);
  const problems = collectProblems(object, ref);
  validateMetadata(object, false, problems);
  kind.validateObject?.(ref.name, problems);
  const decoding = { api: 'custom', channel, problems, damaged: new WeakSet<object>() } as const;
  const decoded = decodeFields(object.value, kind.table, [], decoding);
  // Of a refused spec any field may be missing; what is there is validated nevertheless.
  const stored = decoded?.spec as Readonly<Record<string, unknown>> | undefined;
  const spec = stored as S | undefined;
  if (spec !== undefined) {
    for (const direction of ['ingress', 'egress'] as const) {
      const rules = spec[direction] ?? [];
      validateRules(rules, direction, channel, (index) => kind.hasNamedPort(rules[index]!), problems);
      for (const [i, rule] of rules.entries()) {
        kind.validatePorts(rule, ['spec', direction, i], channel, problems);
      }
    }
  }
  if (spec === undefined || stored === undefined || problems.isRefused()) return { findings: problems.findings };
  const subject = toSubject(spec.subject, ['spec', 'subject'], problems);
  const ingress = toDirection(spec.ingress, 'ingress', subject, kind.readPorts, problems);
  const egress = toDirection(spec.egress, 'egress', subject, kind.readPorts, problems);
  const policy: Policy = {
    ref,
    apiVersion: kind.apiVersion,
    object,
    ...kind.place(spec),
    ...(ingress === undefined ? {} : { ingress }),
    ...(egress === undefined ? {} : { egress }),
  };
  return { policy, findings: problems.findings, stored };
}
