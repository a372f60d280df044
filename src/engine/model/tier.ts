// Tiers and how policies stand in them. Which policy stands where is the plugin's choice (Placement), not the API's.

import type { Policy } from './policy.ts';

/**
 * How the policies of a tier combine.
 * `union`: order is irrelevant; any Accept wins (there is no Deny). `deny-overrides`: order is irrelevant; any Deny
 * beats any Accept, which beats Pass. `first-match`: by order, then rule by rule.
 */
export type Combination = 'union' | 'deny-overrides' | 'first-match';

/** One tier of a chain. */
export interface Tier {
  readonly name: string;
  readonly combine: Combination;
  /** Policies of equal order: `undefined` is any order (verdicts that differ are unknown: equal-priority); `by-name` compares `name/namespace/kind` as strings. */
  readonly ties: 'undefined' | 'by-name';
  /** Name of the tier where Pass goes; absent: the next one. It must come later in the chain. */
  readonly passTo?: string;
  /**
   * What a subject meets that no policy of the tier isolates in this direction: the next tier, or, `accept-if-selected`,
   * a final allow if some policy of the tier selects it in either direction (knob npTier=anyDirection).
   */
  readonly unisolated: 'next' | 'accept-if-selected';
}

/** Tiers in order of evaluation, and what traffic meets that left the last one. */
export interface Chain {
  readonly tiers: readonly Tier[];
  readonly tail: 'allow' | 'deny';
}

/** A policy where the plugin puts it. */
export interface PlacedPolicy {
  readonly policy: Policy;
  /** Index into {@link Chain.tiers}. */
  readonly tier: number;
  readonly order: number;
  /**
   * Whether the policy says what happens to protocols other than TCP, UDP and SCTP. False for NetworkPolicy unless the
   * plugin is known: such traffic of an isolated pod is `unknown: icmp`.
   */
  readonly coversOtherProtocols: boolean;
}

/** What a plugin makes of a set of policies. */
export interface Placement {
  readonly chain: Chain;
  readonly policies: readonly PlacedPolicy[];
  /** Policies of kinds that the plugin does not enforce. */
  readonly notEnforced: readonly Policy[];
}
