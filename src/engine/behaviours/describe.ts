// Says what a behaviour is and where that is known from: for --cni list, for the assumptions under an answer, and for
// docs/behaviours.md. Decides nothing.

import type { Behaviour } from '../model/behaviour.ts';
import type { AddressPlan } from '../model/cluster.ts';
import { printAddresses } from '../sets/ip-address.ts';
import { equals, isEmpty, NO_ADDRESSES, ofFamily, union } from '../sets/ip-set.ts';
import { ASSUMED_NODE_RANGES } from '../sets/named-ranges.ts';
import { pluginOf } from './behaviour-of.ts';
import type { KnobName } from './knobs.ts';
import { DEFAULT_KNOBS, KNOB_NAMES, KNOBS, parseAssumption, printKnob } from './knobs.ts';
import type { Confidence, KnownValue, Plugin } from './plugins.ts';
import { PLUGINS } from './plugins.ts';

/** One knob of a behaviour, as printed. */
export interface DescribedKnob {
  readonly knob: KnobName;
  /** As `--assume` reads it. */
  readonly value: string;
  /** An address, the name of a document, or `--assume`. */
  readonly source: string;
  /** One sentence; absent for what the user assumed. */
  readonly because?: string;
  /** `assumed`: the user said so; `default`: nobody found out what the plugin does, or it has none. */
  readonly confidence: Confidence | 'assumed' | 'default';
  /** Whether the value is that of {@link DEFAULT_KNOBS}. */
  readonly isDefault: boolean;
}

/** Every knob of the behaviour, in the order of {@link KNOB_NAMES}. */
export function describeBehaviour(behaviour: Behaviour): readonly DescribedKnob[] {
  const assumed = new Set(behaviour.assumed.map((text) => parseAssumption(text).knob));
  const known = valuesOf(behaviour);
  return KNOB_NAMES.map((knob): DescribedKnob => {
    const value = printKnob(behaviour.knobs, knob);
    const about = { knob, value, isDefault: value === printKnob(DEFAULT_KNOBS, knob) };
    if (assumed.has(knob)) return { ...about, source: '--assume', confidence: 'assumed' };
    const found = known.get(knob);
    if (found === undefined) return { ...about, source: KNOBS[knob].source, confidence: 'default' };
    return { ...about, source: found.source, because: found.because, confidence: found.confidence };
  });
}

function valuesOf(behaviour: Behaviour): ReadonlyMap<KnobName, KnownValue> {
  return new Map((pluginOf(behaviour)?.version.values ?? []).map((value) => [value.knob, value]));
}

/**
 * What was assumed for an answer, one short sentence each, without a full stop: settings of the plugin that no snapshot
 * shows, the values of --assume as typed, and the address ranges that nothing shows. Empty: nothing was. Of settings only
 * those of knobs that `matters` names are worth saying; absent: all.
 */
export function assumptionsOf(
  behaviour: Behaviour,
  plan: AddressPlan,
  matters: (knob: KnobName) => boolean = () => true,
): readonly string[] {
  const sentences: string[] = [];
  const { name, knobs, assumed } = behaviour;
  if (knobs.enforces === 'no') sentences.push('no policy is enforced');
  const described = describeBehaviour(behaviour);
  const concluded: KnownValue[] = [];
  for (const value of valuesOf(behaviour).values()) {
    const isAssumed = described.some(({ knob, confidence }) => knob === value.knob && confidence === 'assumed');
    if (isAssumed || !matters(value.knob)) continue;
    if (value.provided !== undefined) sentences.push(`${name}: ${value.provided}`);
    if (value.confidence === 'inferred') concluded.push(value);
  }
  const [first, ...more] = concluded.map(({ knob }) => `${knob}=${printKnob(knobs, knob)}`);
  // One has room for its reason; those of many are in --cni list.
  if (first !== undefined && more.length === 0) {
    sentences.push(`${name}: ${first} is concluded, not known: ${concluded[0]!.because}`);
  } else if (first !== undefined) {
    sentences.push(`${name}: concluded, not known (--cni list says from what): ${[first, ...more].join(', ')}`);
  }
  for (const text of assumed) sentences.push(`${text.trim()} (--assume)`);
  for (const knob of plan.assumed) {
    sentences.push(`${assumedRange(knob, plan)} (nothing shows ${knob}; set --assume ${knob}=…)`);
  }
  return [...new Set(sentences)];
}

function assumedRange(knob: AddressPlan['assumed'][number], plan: AddressPlan): string {
  switch (knob) {
    case 'families':
      return `addresses are ${plan.families.join(' and ')}${plan.families.length === 1 ? ' only' : ''}`;
    case 'podCIDRs':
      return `pods have addresses in ${printAddresses(plan.pods, 8)}`;
    case 'nodeCIDRs': {
      const any = plan.families.map((family) => ofFamily(ASSUMED_NODE_RANGES, family)).reduce(union, NO_ADDRESSES);
      if (equals(plan.nodes, any) || equals(plan.nodes, ASSUMED_NODE_RANGES)) return 'nodes have any unicast address';
      return `nodes have addresses in ${printAddresses(plan.nodes, 8)}`;
    }
    case 'serviceCIDRs':
      if (isEmpty(plan.services)) return 'addresses of Services other than those shown are not known';
      return `Services have addresses in ${printAddresses(plan.services, 8)}`;
  }
}

/** The whole of docs/behaviours.md. */
export function behavioursMarkdown(): string {
  const lines = [
    '# What plugins do',
    '',
    'NetworkPolicy leaves much to the plugin that enforces it. `--cni NAME[@VERSION]` chooses what a plugin does, `--assume',
    'KNOB=VALUE` sets one knob, and wins. A version that is not listed behaves as the nearest lower one that is; the name',
    'of the behaviour in every answer says which was taken. What could not be found out is at its default.',
    '',
    'This page is written from the data by a test: change `src/engine/behaviours/`, then run the tests with `--update`.',
    '',
    '## Knobs',
    '',
    '| knob | values | default | meaning | why this default |',
    '|---|---|---|---|---|',
    ...KNOB_NAMES.map((knob) => {
      const { values, meaning, source } = KNOBS[knob];
      return row([code(knob), values, code(printKnob(DEFAULT_KNOBS, knob)), meaning, source]);
    }),
    '',
    '## Plugins',
    '',
    'How a value is known: *measured* on a running cluster, read in the *source* code, *documented* by the project or its',
    'maintainers, or *inferred* from one of those.',
  ];
  for (const plugin of PLUGINS) lines.push('', ...pluginSection(plugin));
  return `${lines.join('\n')}\n`;
}

const TIERS: Readonly<Record<Behaviour['placement'], string>> = {
  default: 'Admin (first match), NetworkPolicy (any rule that allows wins), Baseline (first match).',
  calico: 'as Calico has them: all first match, NetworkPolicies at order 1000 of tier `default`.',
  cilium: 'Admin (first match), NetworkPolicy (any deny wins over any allow), Baseline (first match).',
};

function pluginSection({ name, title, placement, versions }: Plugin): string[] {
  const numbers = versions.flatMap(({ version }) => (version === undefined ? [] : [version]));
  const known = numbers.length === 0 ? '' : ` Versions: ${numbers.join(', ')}; plain \`${name}\` is the newest.`;
  const lines = [`### ${name}`, '', `${capital(title)}.${known} Tiers: ${TIERS[placement]}`];
  for (const { version, kindsNotEnforced = [] } of versions) {
    if (kindsNotEnforced.length > 0) lines.push('', `Not enforced in ${version}: ${kindsNotEnforced.join(', ')}.`);
  }
  const rows = KNOB_NAMES.flatMap((knob) => knobRows(knob, versions));
  if (rows.length > 0)
    lines.push('', '| knob | value | versions | known | because |', '|---|---|---|---|---|', ...rows);
  return lines;
}

/** One row for each value that the knob has in some version, ascending; values known from different places are two. */
function knobRows(knob: KnobName, versions: Plugin['versions']): string[] {
  const rows = new Map<string, string[]>();
  for (const { version, values } of versions) {
    const value = values.find((one) => one.knob === knob);
    if (value === undefined) continue;
    const cells = JSON.stringify(valueCells(value));
    rows.set(cells, [...(rows.get(cells) ?? []), version ?? '']);
  }
  return [...rows].map(([cells, numbers]) => {
    const [printed, ...rest]: string[] = JSON.parse(cells);
    const holdsIn = numbers.length === versions.length ? 'all' : numbers.join(', ');
    return row([code(knob), printed!, holdsIn, ...rest]);
  });
}

function valueCells({ knob, value, source, confidence, because, provided }: KnownValue): string[] {
  const printed = printKnob({ ...DEFAULT_KNOBS, [knob]: value }, knob);
  const differs = printed !== printKnob(DEFAULT_KNOBS, knob);
  return [
    differs ? `**${code(printed)}**` : code(printed),
    source.startsWith('https://') ? `[${confidence}](${source})` : source,
    `${because}${provided === undefined ? '' : `; provided that ${provided}`}`,
  ];
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function code(text: string): string {
  return `\`${text}\``;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
