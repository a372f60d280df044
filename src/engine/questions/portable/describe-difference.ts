// Differences as documents have them: who comes to which verdict, why, and at which rules.

import { printKnob } from '../../behaviours/index.ts';
import type { Flow } from '../../model/verdict.ts';
import { type IdSet, membersOf } from '../../sets/id-set.ts';
import { FAMILIES, type Family } from '../../sets/ip-set.ts';
import * as traffic from '../../sets/traffic-set.ts';
import { describePorts } from '../describe.ts';
import { describeDirection } from '../explain.ts';
import type { CauseDocument, DifferenceDocument, PluginGroup } from '../portable-document.ts';
import type { ServicePath } from '../service-path.ts';
import type { Cause, Explained, ExplainedArea } from './causes.ts';
import { groupBy } from './group-by.ts';
import { type Outcome, verdictKey } from './outcome.ts';
import { type Mentioned, type RuleBehind, rulesBehind, tracesOf, type Witness } from './rules-behind.ts';
import { sayTrait, type Traits } from './traits.ts';
import type { View, Views } from './views.ts';

/** What differences are described with. */
export interface Described {
  readonly views: Views;
  readonly traits: Traits;
  /** Names of the plugins in the order of the document. */
  readonly cnis: readonly string[];
  /** Ways through Services, by position of the destination. */
  readonly paths: ReadonlyMap<number, ServicePath>;
  /** All traffic that is asked about. */
  readonly universe: traffic.TrafficSet;
  /** Whether groups tell what either side decided. */
  readonly traces: boolean;
}

/** Differences in order of their first source, first destination, family and ports. */
export function describeDifferences(areas: readonly ExplainedArea[], described: Described): DifferenceDocument[] {
  const { views, universe } = described;
  const documents = areas.map((area): { readonly area: ExplainedArea; readonly groups: PluginGroup[] } => ({
    area,
    groups: groupsOf(area, described),
  }));
  const both = groupBy(documents, ({ area: { from, to, traffic: set }, groups }) =>
    JSON.stringify([from, to, traffic.trafficKey(set), groups]),
  );
  return [...both.values()]
    .map((same) => {
      const [{ area, groups }] = same as [(typeof same)[number]];
      const isPlain = same.length > 1 || hasOneFamily(area, views);
      const difference: DifferenceDocument = {
        from: membersOf(area.from),
        to: membersOf(area.to),
        ...(isPlain ? {} : { family: area.family }),
        ports: describePorts(area.traffic, universe),
        groups,
      };
      return { difference, area };
    })
    .sort((a, b) => compareAreas(a.area, b.area))
    .map(({ difference }) => difference);
}

/** Reports whether none of the pairs has a second family. */
function hasOneFamily({ from, to, family }: ExplainedArea, { units }: Views): boolean {
  const [other] = FAMILIES.filter((one) => one !== family) as [Family];
  const lacks = (ids: IdSet) => membersOf(ids).every((id) => !units[id]!.endpoint.families.includes(other));
  return lacks(from) || lacks(to);
}

function compareAreas(a: ExplainedArea, b: ExplainedArea): number {
  const texts = [a, b].map(({ family, traffic: set }) => `${family} ${JSON.stringify(firstFlow(set))}`);
  return a.from[0]! - b.from[0]! || a.to[0]! - b.to[0]! || (texts[0]! < texts[1]! ? -1 : 1);
}

/** The lowest port of the first protocol. */
function firstFlow(set: traffic.TrafficSet): Pick<Flow, 'protocol' | 'port'> {
  const protocol = traffic.PROTOCOLS.find((one) => set[one] !== undefined)!;
  return { protocol, port: set[protocol]![0]! };
}

/** The reference first, then the others in the order of their first plugin. */
function groupsOf(area: ExplainedArea, described: Described): PluginGroup[] {
  const { views, cnis, traces } = described;
  const path = described.paths.get(area.to[0]!);
  const witness: Witness = {
    from: area.from[0]!,
    to: area.to[0]!,
    flow: { family: area.family, ...firstFlow(area.traffic) },
    ...(path === undefined ? {} : { path }),
  };
  const judged: Judged = { rules: new Map(), views: new Map() };
  const groups = new Map<string, Omit<PluginGroup, 'cnis'> & { readonly members: number[] }>();
  const order = [area.reference, ...views.plugins.keys()];
  for (const view of new Set(order)) {
    const outcome = area.outcomes[view]!;
    const explained = area.explained.find((one) => one.view === view);
    const because = explained?.causes.map((cause) =>
      describeCause(explained, cause, outcome, witness, described, judged),
    );
    const group = { ...describeOutcome(outcome), ...(because === undefined ? {} : { because }) };
    const key = JSON.stringify(group);
    const known = groups.get(key);
    if (known !== undefined) known.members.push(view);
    else groups.set(key, { ...group, ...(traces ? sides(views.plugins[view]!, witness) : {}), members: [view] });
  }
  const place = (name: string) => cnis.indexOf(name);
  const named = [...groups.values()].map(({ members, ...group }): PluginGroup => {
    const names = members.flatMap((view) => views.plugins[view]!.behaviours.map(({ name }) => name));
    return { cnis: names.sort((a, b) => place(a) - place(b)), ...group };
  });
  const [reference, ...others] = named as [PluginGroup, ...PluginGroup[]];
  return [reference, ...others.sort((a, b) => place(a.cnis[0]!) - place(b.cnis[0]!))];
}

function describeOutcome({
  verdict,
  reason,
  conditions,
}: Outcome): Pick<PluginGroup, 'verdict' | 'reason' | 'conditions'> {
  return {
    verdict,
    ...(reason === undefined ? {} : { reason }),
    ...(conditions.length === 0 ? {} : { conditions: [...conditions] }),
  };
}

function sides(view: View, witness: Witness): Pick<PluginGroup, 'egress' | 'ingress'> {
  const [trace] = tracesOf(view, witness);
  if (trace === undefined) return {};
  return { egress: describeDirection(trace.egress), ingress: describeDirection(trace.ingress) };
}

/** What was found out about the witness of one area. */
interface Judged {
  readonly rules: Map<string, readonly RuleBehind[]>;
  readonly views: Map<View, Mentioned>;
}

function describeCause(
  explained: Explained,
  { knobs, view }: Cause,
  { reason }: Outcome,
  witness: Witness,
  { views, traits }: Described,
  { rules: found, views: mentions }: Judged,
): CauseDocument {
  const [base, other] = [views.plugins[explained.base]!, views.plugins[explained.view]!];
  const [from, to] = [base.behaviours[0], other.behaviours[0]];
  const key = `${explained.base} ${explained.view} ${knobs.join()}`;
  const rules = found.get(key) ?? rulesBehind(base, view, witness, mentions, reason);
  found.set(key, rules);
  return {
    knobs: knobs.map((knob) => ({
      knob,
      value: printKnob(to.knobs, knob),
      instead: printKnob(from.knobs, knob),
      says: sayTrait(traits, to, from, knob),
    })),
    rules: rules.map(describeRule),
  };
}

function describeRule({ policy, direction, rule }: RuleBehind): CauseDocument['rules'][number] {
  const { end: _, ...source } = policy.object.locate(rule?.path ?? []);
  const named = rule && { index: rule.index, ...(rule.name === undefined ? {} : { name: rule.name }) };
  return {
    policy: policy.ref,
    direction,
    ...(named === undefined ? {} : { rule: named }),
    ...(source.file === undefined ? {} : { source }),
  };
}

/** Plugins in sets that answer all areas alike, each set in the order of the plugins' names given. */
export function alikeGroups(areas: readonly ExplainedArea[], { plugins }: Views, cnis: readonly string[]): string[][] {
  const groups = groupBy(plugins.keys(), (view) => areas.map(({ outcomes }) => verdictKey(outcomes[view]!)).join('|'));
  const place = (name: string) => cnis.indexOf(name);
  return [...groups.values()]
    .map((views) =>
      views.flatMap((view) => plugins[view]!.behaviours.map(({ name }) => name)).sort((a, b) => place(a) - place(b)),
    )
    .sort((a, b) => place(a[0]!) - place(b[0]!));
}
