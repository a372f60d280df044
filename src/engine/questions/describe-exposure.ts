// From entries about pods that could exist and addresses to the parts of an Exposure document.

import { policyKey } from '../compile/decision.ts';
import { entry } from '../compile/entry.ts';
import type { Unit } from '../endpoints/unit.ts';
import type { World } from '../endpoints/world.ts';
import type { Direction, Policy, PolicyRef } from '../model/policy.ts';
import type { Decision } from '../model/verdict.ts';
import type { BoxId } from '../sets/box-table.ts';
import { type IdSet, idSet, idSetTable, intersect, membersOf } from '../sets/id-set.ts';
import { printRanges } from '../sets/ip-address.ts';
import { type Family, type IpSet, ipSetKey, unionAll } from '../sets/ip-set.ts';
import { type LabelSelector, labelSelectorsOf } from '../sets/label-selectors.ts';
import { nameRange } from '../sets/named-ranges.ts';
import type { TrafficSet } from '../sets/traffic-set.ts';
import type { Entry } from '../symbolic/entries.ts';
import type { AddressEntry } from '../symbolic/exposed-addresses.ts';
import type { ExposedPods } from '../symbolic/exposed-pods.ts';
import { namespaceLabelsOf, podLabelsOf } from '../symbolic/pod-space.ts';
import type { Side } from '../symbolic/side.ts';
import { type DecisionDocument, describeDecision } from './describe.ts';
import type { ExposedDocument, ExposedTo, LimitDocument } from './exposure-document.ts';
import { type Matches, matchingUnits } from './matching-units.ts';

/** Describes entries; what documents share is made once. */
export interface ExposureDescriber {
  pods(end: number, direction: Direction, exposed: readonly ExposedPods[]): ExposedDocument[];
  addresses(
    end: number,
    direction: Direction,
    exposed: readonly ((end: number) => readonly AddressEntry[])[],
  ): ExposedDocument[];
  /** What policies leave to pods of limited namespaces; `direction` is that of these pods. */
  limits(direction: Direction, exposed: readonly ExposedPods[]): LimitDocument[];
  /** Units that entries name today and that were not asked about, in the order of their ids. */
  readonly matched: Matches['others'];
  /** Every decision that was described. */
  decisions(): Iterable<Decision>;
}

/** What descriptions are made from: one side for each family, all with the ends in the order of `units`. */
export interface DescriberInput {
  readonly world: World;
  readonly units: readonly Unit[];
  readonly sides: readonly Side[];
  readonly universe: TrafficSet;
}

/** An entry that is not yet said of an endpoint. */
type Unowned = Omit<ExposedDocument, 'endpoint'>;

/** Something said for one family; `key` is equal for what is said of the same in another. */
interface Said<T> {
  readonly key: string;
  readonly decision: number;
  readonly what: T;
}

/** A describer. */
export function exposureDescriber({ world, units, sides, universe }: DescriberInput): ExposureDescriber {
  const { table, pods } = sides[0]!;
  const parts = new Map<number, DecisionDocument>();
  const partsOf = (decision: number) => entry(parts, decision, () => describeDecision(table.get(decision), universe));
  const targets = new Map<BoxId, readonly ExposedTo[]>();
  const refs = new Map<Policy, PolicyRef[]>();
  const keys = new Map<Policy, string>();
  const ranges = new Map<string, Pick<ExposedDocument, 'to' | 'ranges'>>();
  const known = new Map<IpSet, Pick<ExposedDocument, 'to' | 'ranges'>>();
  // Ends that share their entries share what is said of them.
  const described = { ingress: new Map<readonly Entry[], Unowned[]>(), egress: new Map<readonly Entry[], Unowned[]>() };
  const outside = {
    ingress: new Map<readonly AddressEntry[], Unowned[]>(),
    egress: new Map<readonly AddressEntry[], Unowned[]>(),
  };
  const limiting = new Map<readonly ExposedPods[], (box: BoxId) => boolean>();
  const matches = matchingUnits(world, units);

  function policiesOf(policies: readonly Policy[]): PolicyRef[] {
    const first = policies[0];
    // Most often it is one policy, named once or more.
    if (first !== undefined && policies.every((one) => one === first)) return entry(refs, first, () => [first.ref]);
    const distinct = [...new Set(policies)].map((one) => ({
      ref: one.ref,
      key: entry(keys, one, () => policyKey(one)),
    }));
    return distinct.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ ref }) => ref);
  }

  /** A box as selectors: now and then it takes several, since a LabelSelector cannot say "or". */
  function targetsOf(box: BoxId): readonly ExposedTo[] {
    return entry(targets, box, () => {
      const [home, own] = [namespaceLabelsOf(pods.get(box)), podLabelsOf(pods.get(box))];
      if (home.length === 0 && own.length === 0) return ['any-namespace'];
      return labelSelectorsOf(home).flatMap((namespaceSelector) =>
        labelSelectorsOf(own).map((podSelector) => ({ namespaceSelector, podSelector })),
      );
    });
  }

  /** Where both families say the same it is said once. */
  function acrossFamilies<T>(
    byFamily: readonly { readonly family: Family; readonly said: readonly Said<T>[] }[],
  ): { readonly what: T; readonly decision: number; readonly family?: Family }[] {
    const [first, second] = byFamily;
    if (first === undefined) return [];
    if (second === undefined) return first.said.map(({ what, decision }) => ({ what, decision }));
    const others = new Map(second.said.map((one) => [one.key, one]));
    const shared = new Set(
      first.said.filter(({ key, decision }) => others.get(key)?.decision === decision).map(({ key }) => key),
    );
    const apart = byFamily.flatMap(({ family, said }) =>
      said.filter(({ key }) => !shared.has(key)).map(({ what, decision }) => ({ what, decision, family })),
    );
    const together = first.said.filter(({ key }) => shared.has(key));
    return [...together.map(({ what, decision }) => ({ what, decision })), ...apart];
  }

  /** Families in which the end can meet pods, with what is said there. */
  function perFamily<S, T>(end: number, list: readonly S[], say: (one: S) => readonly Said<T>[]) {
    const { families } = units[end]!.endpoint;
    return sides.flatMap((side, i) =>
      families.includes(side.family) ? [{ family: side.family, said: say(list[i]!) }] : [],
    );
  }

  /** Whether limited namespaces are among those of a box: only then is there anything to leave out. */
  function limitsOf(exposed: readonly ExposedPods[]): (box: BoxId) => boolean {
    return entry(limiting, exposed, () => {
      const limited = exposed.flatMap((one) => one.limited);
      const isOpen = exposed.some(({ unlabelled }) => unlabelled.length > 0);
      const known = new Map<BoxId, boolean>();
      return (box) => isOpen || entry(known, box, () => limited.some((namespace) => pods.holds(box, namespace)));
    });
  }

  function describeAddresses(set: IpSet): Pick<ExposedDocument, 'to' | 'ranges'> {
    const make = (): Pick<ExposedDocument, 'to' | 'ranges'> => {
      const [name, printed] = [nameRange(set), printRanges(set)];
      if (name === 'internet') return { to: 'internet', ranges: printed };
      return { to: { ranges: printed, ...(name === undefined ? {} : { name }) } };
    };
    // Most often it is the same set, and long: its text is not made again.
    return entry(known, set, () => entry(ranges, ipSetKey(set), make));
  }

  function describeAddressEntry(
    direction: Direction,
    sets: readonly IpSet[],
    decision: number,
    policies: readonly Policy[],
  ): Unowned {
    return {
      direction,
      ...describeAddresses(sets.length === 1 ? sets[0]! : unionAll(sets)),
      ...partsOf(decision),
      policies: policiesOf(policies),
    };
  }

  /** The documents of one entry, in one family or (absent) in all; whose they are is added last. */
  function describeEntry(
    direction: Direction,
    { box, decision, homes, unisolated, policies }: Entry,
    isBounded: (box: BoxId) => boolean,
    family: Family | undefined,
  ): Unowned[] {
    const named = policiesOf(policies);
    return targetsOf(box).map((to): Unowned => {
      const isSome = unisolated && typeof to === 'object' && podLabelsOf(pods.get(box)).length > 0;
      return {
        direction,
        to,
        ...(homes === 'all' || (homes === 'unlimited' && !isBounded(box)) ? undefined : { namespaces: homes }),
        ...(isSome ? { unisolated: true } : undefined),
        ...(family === undefined ? undefined : { family }),
        ...partsOf(decision),
        policies: named,
        ...(to === 'any-namespace' ? undefined : { matches: matches.of(box, pods) }),
      };
    });
  }

  return {
    pods(endpoint, direction, exposed) {
      const isBounded = limitsOf(exposed);
      const own = (one: Unowned): ExposedDocument => ({ endpoint, ...one });
      const lists = sides.flatMap(({ family }, i) =>
        units[endpoint]!.endpoint.families.includes(family) ? [exposed[i]!.entriesOf(endpoint)] : [],
      );
      const entries = lists[0] ?? [];
      if (lists.length === sides.length && lists.every((list) => list === entries)) {
        const make = () => entries.flatMap((one) => describeEntry(direction, one, isBounded, undefined));
        return entry(described[direction], entries, make).map(own);
      }
      const said = perFamily(endpoint, exposed, (one) =>
        one.entriesOf(endpoint).map((what) => ({ key: `${what.homes} ${what.box}`, decision: what.decision, what })),
      );
      return acrossFamilies(said).flatMap(({ what, family }) =>
        describeEntry(direction, what, isBounded, family).map(own),
      );
    },
    addresses(endpoint, direction, exposed) {
      const whole = exposed.length === 1 ? exposed[0]!(endpoint) : undefined;
      if (whole !== undefined) {
        const make = () =>
          whole.map((one) => describeAddressEntry(direction, [one.addresses], one.decision, one.policies));
        return entry(outside[direction], whole, make).map((one) => ({ endpoint, ...one }));
      }
      const found = new Map<number, { sets: IpSet[]; policies: Policy[] }>();
      for (const { said } of perFamily(endpoint, exposed, (one) => asSaid(one(endpoint)))) {
        for (const { decision, what } of said) {
          const one = entry(found, decision, () => ({ sets: [], policies: [] }));
          one.sets.push(what.addresses);
          one.policies.push(...what.policies);
        }
      }
      return [...found].map(([decision, { sets, policies }]) => ({
        endpoint,
        ...describeAddressEntry(direction, sets, decision, policies),
      }));
    },
    limits(direction, exposed) {
      const sets = idSetTable();
      const numbers = new Map<IdSet, number>();
      const numberOf = (set: IdSet): number => entry(numbers, sets.intern(set), () => numbers.size);
      const byFamily = sides.map(({ family }, i) => {
        const members = new Map<IdSet, IdSet>();
        const has = idSet(units.flatMap(({ endpoint }, id) => (endpoint.families.includes(family) ? [id] : [])));
        return {
          family,
          said: exposed[i]!.openings().flatMap((what) => {
            const ends = entry(members, what.ends, () => intersect(what.ends, has));
            if (ends.length === 0) return [];
            const key = `${what.namespace} ${what.box} ${what.decision} ${numberOf(ends)}`;
            return [{ key, decision: what.decision, what: { ...what, ends } }];
          }),
        };
      });
      const lists = new Map<IdSet, number[]>();
      const selectors = new Map<BoxId, readonly LabelSelector[]>();
      return acrossFamilies(byFamily).flatMap(({ what, decision, family }) =>
        entry(selectors, what.box, () => labelSelectorsOf(what.labels)).map((podSelector) => ({
          namespace: what.namespace,
          direction,
          podSelector,
          endpoints: what.isForAll ? ('all' as const) : entry(lists, what.ends, () => membersOf(what.ends)),
          ...(family === undefined ? {} : { family }),
          ...partsOf(decision),
          policies: policiesOf(what.policies),
        })),
      );
    },
    matched: matches.others,
    *decisions() {
      for (const decision of parts.keys()) yield table.get(decision);
    },
  };
}

function asSaid(entries: readonly AddressEntry[]): Said<AddressEntry>[] {
  return entries.map((what) => ({ key: '', decision: what.decision, what }));
}
