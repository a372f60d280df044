// Which plugins come to which verdict, and why, in sentences. Knows no endpoints.

import type { CauseDocument, PluginGroup } from '../engine/questions/portable-document.ts';
import { placeWithin } from './place-text.ts';
import { conditionsText, policyText } from './ports-text.ts';
import { GLUE, printable } from './printable.ts';

/** Names of plugins for sentences: without their versions where the document has no plugin twice. */
export interface PluginNames {
  /** `calico, cilium and kube-router`. Empty: nobody. */
  list(cnis: readonly string[]): string;
}

/** Names for the plugins of one document. */
export function pluginNames(cnis: readonly string[]): PluginNames {
  const bare = (cni: string) => cni.replace(/@.*$/, '');
  const counts = new Map<string, number>();
  for (const cni of cnis) counts.set(bare(cni), (counts.get(bare(cni)) ?? 0) + 1);
  const one = (cni: string) => printable((counts.get(bare(cni)) ?? 0) > 1 ? cni : bare(cni));
  return { list: (some) => listed(some.map(one), 'and') };
}

/** `a, b and c`. Empty: `nobody`. */
function listed(words: readonly string[], last: 'and' | 'or'): string {
  if (words.length === 0) return 'nobody';
  if (words.length === 1) return words[0]!;
  return `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}

/** `denied on cilium: ipBlock does not match pods`. */
export function groupSentence(group: PluginGroup, names: PluginNames): string {
  const { verdict, reason, conditions, because } = group;
  const detail = reason ?? (conditions === undefined ? undefined : conditionsText(conditions));
  const what = detail === undefined ? printable(verdict) : `${printable(verdict)} (${printable(detail)})`;
  const why = because === undefined ? '' : `: ${becauseText(because)}`;
  return `${what} on ${names.list(group.cnis)}${why}`;
}

/** The clauses of causes, of which each is enough; those of one cause hold together. */
export function becauseText(because: readonly CauseDocument[]): string {
  if (because.length === 0) return 'for more than the settings of plugins that are known';
  return because.map(({ knobs }) => knobs.map(({ says }) => printable(says)).join(', and ')).join('; or ');
}

/** The rules of all causes, each once: `shop/db egress[0] (k8s/db.yaml:9)`. Empty text where there are none. */
export function rulesText(groups: readonly PluginGroup[]): string {
  const texts = groups.flatMap(({ because }) => (because ?? []).flatMap(({ rules }) => rules.map(ruleText)));
  return [...new Set(texts)].join(', ');
}

function ruleText({ policy, direction, rule, source }: CauseDocument['rules'][number]): string {
  const which = rule === undefined ? `isolates for ${direction}` : `${direction}[${rule.index}]`;
  const place = placeWithin(source);
  return `${policyText(policy)} ${which}${place === '' ? '' : ` (${place})`}`.replaceAll(' ', GLUE);
}
