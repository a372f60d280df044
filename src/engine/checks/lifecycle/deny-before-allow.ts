// Denials that a deployment applies before the rules that their pods need: an outage until those come.

import type { Fix } from '../../model/edit.ts';
import { DIRECTIONS, type Direction, type Policy } from '../../model/policy.ts';
import { isEverything, selectorKey } from '../../model/selector.ts';
import { type Path, valueAt } from '../../model/source.ts';
import type { Check } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { countPods, printImpact } from '../effect.ts';
import { subjectOf } from '../isolation.ts';
import { compareTurns, SYNC_WAVE, type Turn, turnOf } from './apply-order.ts';

/** How many later policies a finding shows. */
const SHOWN = 3;

/**
 * Rule 110 of the catalogue. Only where annotations put the denial into an earlier wave or phase: objects of one wave, or of
 * one file, are applied within moments.
 */
export const DENY_BEFORE_ALLOW: Check = {
  id: 'deny-before-allow',
  severity: 'high',
  scope: 'input',
  summary: 'a denial that is applied in an earlier wave than the rules that its pods need',
  *find(context) {
    for (const policies of byNamespace(context)) {
      const turns = policies.map((policy) => ({ policy, turn: turnOf(policy.object) }));
      if (turns.every(({ turn }) => turn.annotation === undefined)) continue;
      for (const { policy, turn } of turns) {
        const later = turns.filter(
          (other) => compareTurns(turn, other.turn) < 0 && DIRECTIONS.some((one) => needs(policy, other.policy, one)),
        );
        if (later.length === 0) continue;
        const directions = DIRECTIONS.filter((one) => later.some((other) => needs(policy, other.policy, one)));
        const impact = countPods(context, subjectOf(context, policy, directions[0]!));
        const fix = fixOf(
          policy,
          turn,
          later.map((other) => other.turn),
        );
        yield {
          object: policy.object,
          policy,
          path: turn.annotation === undefined ? ['metadata', 'name'] : ['metadata', 'annotations', turn.annotation],
          message: `denies ${directions.join(' and ')} in ${printTurn(turn)}, before the policies that allow what its pods need: until then they are cut off`,
          hint: 'apply rules that allow before the denial, or with it; and take the denial away first',
          ...(impact.pods === 0 ? {} : { effect: `cuts ${printImpact(impact)} off for a while`, impact }),
          related: later.slice(0, SHOWN).map((other) => ({
            object: other.policy.object,
            path: placeOf(other.turn),
            message: `allows in ${printTurn(other.turn)}`,
          })),
          ...(fix === undefined ? {} : { fix }),
        };
      }
    }
  },
};

/** NetworkPolicies by namespace. */
function byNamespace({ state }: CheckContext): Iterable<readonly Policy[]> {
  const lists = new Map<string, Policy[]>();
  for (const policy of state.policies) {
    if (policy.ref.dialect !== 'network-policy') continue;
    const key = policy.ref.namespace ?? '';
    const list = lists.get(key);
    if (list === undefined) lists.set(key, [policy]);
    else list.push(policy);
  }
  return lists.values();
}

/** Whether the first only denies in the direction, and the other allows something to some of the same pods. */
function needs(denial: Policy, other: Policy, direction: Direction): boolean {
  const [closing, opening] = [denial[direction], other[direction]];
  if (closing === undefined || opening === undefined || !closing.isolates || closing.rules.length > 0) return false;
  if (!opening.listed || opening.rules.length === 0) return false;
  const [all, some] = [closing.subject.pods, opening.subject.pods];
  return isEverything(all) || selectorKey(all) === selectorKey(some);
}

function printTurn({ phase, wave }: Turn): string {
  const name = phase < 0 ? 'a hook before everything else' : phase > 0 ? 'a hook after everything else' : 'sync wave';
  return phase === 0 ? `${name} ${wave}` : name;
}

function placeOf({ annotation }: Turn): Path {
  return annotation === undefined ? ['metadata', 'name'] : ['metadata', 'annotations', annotation];
}

/** The wave of the last policy that is needed; undefined where phases differ, which a wave does not change. */
function fixOf({ object }: Policy, turn: Turn, later: readonly Turn[]): Fix | undefined {
  if (turn.phase !== 0 || later.some(({ phase }) => phase !== 0)) return undefined;
  const wave = String(Math.max(...later.map((one) => one.wave)));
  const annotations = valueAt(object, ['metadata', 'annotations']);
  const isThere = typeof annotations === 'object' && annotations !== null;
  return {
    title: `apply it in wave ${wave}`,
    edits: [
      isThere
        ? { op: 'set', object, path: ['metadata', 'annotations', SYNC_WAVE], value: wave }
        : { op: 'set', object, path: ['metadata', 'annotations'], value: { [SYNC_WAVE]: wave } },
    ],
    announced: 'same',
    safe: false,
  };
}
