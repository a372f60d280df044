// Remembers folds: most subjects stand under other policies that say the same, and equal words fold to equal decisions.

import type { PlacedPolicy } from '../model/tier.ts';
import * as traffic from '../sets/traffic-set.ts';
import { acceptances } from './acceptances.ts';
import type { PeerContribution } from './contributions.ts';
import type { DecisionId, DecisionTable } from './decision.ts';
import { entry } from './entry.ts';
import { type AppliedPart, type FoldContext, fold } from './fold.ts';
import type { Selection } from './selections.ts';

/** Decides what the selections of one subject mean for peers that these contributions of theirs hold for. */
export interface Decide {
  (contributions: readonly PeerContribution[]): DecisionId;
  /** Equal for subjects of which the same contributions mean the same; undefined: not known of this one. */
  readonly base: string | undefined;
  /** Equal for contributions that do the same wherever they stand among others; undefined: not known of this one. */
  wordOf(contribution: PeerContribution): string | undefined;
}

/** Folds for one family. */
export interface FoldMemo {
  /** Prepares the decisions of one subject. `own` stands in order of evaluation. */
  subject(own: readonly Selection[], selected: FoldContext['selected']): Decide;
  /** The {@link Decide.base} of such a subject. */
  baseOf(own: readonly Selection[], selected: FoldContext['selected']): string | undefined;
}

/** A memory without folds. `open` tells the traffic about which a policy says nothing that can be known. */
export function foldMemo(
  context: Omit<FoldContext, 'selected'>,
  table: DecisionTable,
  open: (placed: PlacedPolicy) => AppliedPart['open'],
): FoldMemo {
  const known = new Map<string, DecisionId>();
  const numbers = new Map<string, number>();
  const outcomes = new Map<traffic.TrafficSet, string>();
  const opens = new Map<AppliedPart['open'], string>();
  const words = new Map<string, number>();
  // Many subjects share a list.
  const owns = new Map<readonly Selection[], { readonly text: string | undefined; readonly isSimple: boolean }>();
  const accepted = acceptances(table);
  const wordNumbers = new Map<PeerContribution, number>();
  const { tiers } = context.chain;

  /** Action and traffic as a short text. */
  function outcomeOf({ action, traffic: set }: PeerContribution): string {
    const number = entry(outcomes, set, () => String(entry(numbers, traffic.trafficKey(set), () => numbers.size)));
    return `${action[0]}${number}`;
  }

  /** What a policy leaves open, as a short text; empty: nothing. */
  function openOf(placed: PlacedPolicy): string {
    const parts = open(placed);
    return entry(opens, parts, () =>
      parts.map(({ traffic: set, reason }) => `${reason}${traffic.trafficKey(set)}`).join(),
    );
  }

  /** What the fold sees of selections that are certain; undefined where it names policies in what stays unknown. */
  function keyOfOwn(own: readonly Selection[], selected: FoldContext['selected']): string | undefined {
    const { text } = readOnce(own);
    return text === undefined ? undefined : `${selected.join()} ${text}`;
  }

  function readOnce(own: readonly Selection[]) {
    return entry(owns, own, () => ({ text: readOwn(own), isSimple: isSimple(own) }));
  }

  /** Policies of one tier that leave nothing open: what their rules accept comes on top of what is allowed without rules. */
  function isSimple(own: readonly Selection[]): boolean {
    return own.every(
      ({ placed, reason }) => reason === undefined && placed.tier === own[0]!.placed.tier && open(placed).length === 0,
    );
  }

  function readOwn(own: readonly Selection[]): string | undefined {
    const words = new Set<string>();
    const opens = new Map<number, string>();
    for (const { placed, part, reason } of own) {
      if (reason !== undefined) return undefined;
      const left = openOf(placed);
      // Where policies of a tier leave different protocols open, which no plugin's do, it counts who comes first.
      if (entry(opens, placed.tier, () => left) !== left) return undefined;
      if (part.isolates || (left !== '' && part.rules.length > 0)) words.add(`${placed.tier}${part.isolates}${left}`);
    }
    return [...words].sort().join();
  }

  /** What one contribution does, as a number: it holds for many blocks of peers of many subjects. */
  function wordOf(one: PeerContribution): number {
    const before = wordNumbers.get(one);
    if (before !== undefined) return before;
    const { placed } = one.selection;
    const said = `${placed.tier}${outcomeOf(one)}${openOf(placed)}${one.reason ?? ''}`;
    const word = entry(words, said, () => words.size);
    wordNumbers.set(one, word);
    return word;
  }

  /**
   * What the fold sees of contributions; undefined where it names conditions. What holds only perhaps is named in the
   * decision with its policy, and the first of several that leave the same traffic open is: there, too, order counts.
   */
  function keyOf(contributions: readonly PeerContribution[]): string | undefined {
    const unordered: number[] = [];
    let ordered = '';
    for (const one of contributions) {
      if (one.conditions.length > 0) return undefined;
      const { placed, position } = one.selection;
      const word = wordOf(one);
      if (one.reason !== undefined || isOrdered(placed.tier, contributions)) ordered += `${position}:${word},`;
      else if (!unordered.includes(word)) unordered.push(word);
    }
    return unordered.length < 2 ? `${unordered} ${ordered}` : `${unordered.sort((a, b) => a - b)} ${ordered}`;
  }

  /** What {@link keyOf} sees of one contribution, whatever stands beside it. */
  function placedWordOf(one: PeerContribution): string | undefined {
    if (one.conditions.length > 0) return undefined;
    const { placed, position } = one.selection;
    const isPlaced = one.reason !== undefined || tiers[placed.tier]!.combine === 'first-match';
    return isPlaced ? `${position}:${wordOf(one)}` : String(wordOf(one));
  }

  /** Order counts in first-match tiers only, and there not among rules that do the same. A tie names the policies. */
  function isOrdered(tier: number, contributions: readonly PeerContribution[]): boolean {
    if (tiers[tier]!.combine !== 'first-match') return false;
    return contributions.some(({ action, selection }) => selection.placed.tier === tier && action !== 'Accept');
  }

  return {
    baseOf: keyOfOwn,
    subject(own, selected) {
      const base = keyOfOwn(own, selected);
      const compute = (contributions: readonly PeerContribution[]): DecisionId => {
        const bySelection = new Map<Selection, PeerContribution[]>();
        for (const one of contributions) entry(bySelection, one.selection, () => []).push(one);
        const parts = own.map((selection) =>
          appliedPart(selection, open(selection.placed), bySelection.get(selection) ?? []),
        );
        return table.intern(fold(parts, { ...context, selected }));
      };
      // Without any contribution.
      let start: DecisionId | undefined;
      const { isSimple } = readOnce(own);
      const addUp = (contributions: readonly PeerContribution[]): DecisionId | undefined => {
        start ??= base === undefined ? compute([]) : entry(known, `${base}|`, () => compute([]));
        let sum: DecisionId | undefined = start;
        for (const { action, conditions, reason, traffic: set } of contributions) {
          if (action !== 'Accept' || reason !== undefined || conditions.length > 0) return undefined;
          sum = accepted.add(sum, set);
          if (sum === undefined) return undefined;
        }
        return sum;
      };
      const decide = (contributions: readonly PeerContribution[]): DecisionId => {
        const sum = isSimple ? addUp(contributions) : undefined;
        if (sum !== undefined) return sum;
        const key = base === undefined ? undefined : keyOf(contributions);
        return key === undefined
          ? compute(contributions)
          : entry(known, `${base}|${key}`, () => compute(contributions));
      };
      return Object.assign(decide, { base, wordOf: placedWordOf });
    },
  };
}

/** A selection as the fold sees it. */
export function appliedPart(
  { placed, part, reason }: Selection,
  open: AppliedPart['open'],
  contributions: readonly PeerContribution[],
): AppliedPart {
  return {
    policy: placed.policy,
    tier: placed.tier,
    order: placed.order,
    isolates: part.isolates,
    hasRules: part.rules.length > 0,
    ...(reason === undefined ? {} : { reason }),
    open,
    contributions,
  };
}
