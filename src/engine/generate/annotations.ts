// What a generated policy says about itself: whose it is, and why each rule is there. Short, stable, and without secrets.

import type { Evidence } from '../model/evidence.ts';
import { partyName } from '../model/party-names.ts';
import type { Direction } from '../model/policy.ts';
import type { PlannedRules, Widened } from './demands.ts';
import type { Need } from './needs.ts';

/** Says that a policy is one of ours, so that the next run replaces it. */
export const MANAGED_BY = { 'app.kubernetes.io/managed-by': 'netweir' } as const;

/** Lines of reasons that one policy carries; annotations of an object may hold 256 KiB in all, and people read them. */
const MOST_LINES = 60;

/** Annotations of a workload's policy. */
export function annotationsFor(
  workload: string,
  rules: Readonly<Record<Direction, PlannedRules>>,
): Readonly<Record<string, string>> {
  const lines = (['ingress', 'egress'] as const).flatMap((direction) =>
    rules[direction].rules.flatMap(({ needs, widened }, index) => [
      ...(widened === undefined ? [] : [`${direction} ${index + 1}: ${widenedText(widened)}`]),
      ...needs.map((need) => `${direction} ${index + 1}: ${sentence(need, direction)}`),
    ]),
  );
  const shown = lines.length > MOST_LINES ? [...lines.slice(0, MOST_LINES - 1), moreLines(lines.length)] : lines;
  return {
    'netweir.dev/workload': workload,
    ...(shown.length === 0 ? {} : { 'netweir.dev/reasons': `${shown.join('\n')}\n` }),
  };
}

/** `1 block instead of 4, 2 times as many addresses as needed`. The factor is rounded up: it is never said to be less. */
export function widenedText({ blocks, exact, factor }: Omit<Widened, 'added'>): string {
  const times = Math.ceil(factor * 10) / 10;
  return `${blocks} ${blocks === 1 ? 'block' : 'blocks'} instead of ${exact}, ${times} times as many addresses as needed`;
}

function moreLines(count: number): string {
  return `… and ${count - MOST_LINES + 1} more: see the README of the bundle`;
}

function sentence({ from, to, protocol, ports, evidence }: Need, direction: Direction): string {
  const peer = direction === 'ingress' ? `from ${partyName(from)}` : `to ${partyName(to)}`;
  const [first, ...rest] = evidence;
  const more = rest.length === 0 ? '' : `; ${rest.length} more ${rest.length === 1 ? 'reason' : 'reasons'}`;
  return `${peer}, ${portText(protocol, ports)}: ${because(first)}${more}`;
}

/** `8080/TCP`, `8000-8999/TCP`, `all of UDP`. */
export function portText(protocol: string, [first, last]: readonly [number, number]): string {
  if (first <= 1 && last === 65_535) return `all of ${protocol}`;
  return `${first === last ? first : `${first}-${last}`}/${protocol}`;
}

/** A reason with its place: `CART_ADDR of shop/web names Service shop/cart (k8s/web.yaml:12)`. */
export function because({ kind, says, source }: Evidence): string {
  // How often differs from log to log, and the policy would differ with it.
  if (kind === 'observed') return 'seen in a flow log';
  if (source?.file === undefined) return says;
  return `${says} (${source.file}${source.line === undefined ? '' : `:${source.line}`})`;
}
