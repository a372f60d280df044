// Decisions of the compiled evaluator, asked at one protocol and port: each decision and protocol becomes a step function over
// ports when it is first asked. Knows no endpoints.

import type { DecisionId, DecisionTable } from '../compile/decision.ts';
import type { Decision } from '../model/verdict.ts';
import { contains, PROTOCOLS, type Protocol } from '../sets/traffic-set.ts';
import { withRoom } from './grown-array.ts';
import { stepTable } from './step-table.ts';
import { ALLOWED, CONDITIONAL, DENIED, UNKNOWN, type VerdictCode } from './verdict-codes.ts';

/** Looks up verdicts of one side. */
export interface PortVerdicts {
  /** `protocol` is a position in `PROTOCOLS`; `port` is 0 to 65535, for ICMP type * 256 + code. */
  at(decision: DecisionId, protocol: number, port: number): VerdictCode;
}

/** Asks decisions of one table. What is outside of the table's universe is denied there: do not ask. */
export function portVerdicts(table: Pick<DecisionTable, 'get'>): PortVerdicts {
  const steps = stepTable();
  /** By decision and protocol: the number of its function, or -1. */
  let known = new Int32Array(1 << 10).fill(-1);
  const make = (key: number): number => {
    known = withRoom(known, key + 1, -1);
    const decision = table.get(Math.floor(key / PROTOCOLS.length));
    const step = steps.add(stepsOf(decision, PROTOCOLS[key % PROTOCOLS.length]!));
    known[key] = step;
    return step;
  };
  return {
    at(decision, protocol, port) {
      const key = decision * PROTOCOLS.length + protocol;
      const step = key < known.length ? known[key]! : -1;
      return steps.at(step >= 0 ? step : make(key), port);
    },
  };
}

/** Verdicts of one protocol: the first port of each stretch, and its code. */
function stepsOf(decision: Decision, protocol: Protocol): number[] {
  const parts = [decision.allowed, ...[...decision.unknown, ...decision.conditional].map((part) => part.traffic)];
  const starts = [...new Set([0, ...parts.flatMap((part) => [...(part[protocol] ?? [])])])].sort((a, b) => a - b);
  const steps: number[] = [];
  for (const start of starts) {
    const code = codeAt(decision, protocol, start);
    if (steps.length === 0 || steps.at(-1) !== code) steps.push(start, code);
  }
  return steps;
}

function codeAt({ allowed, unknown, conditional }: Decision, protocol: Protocol, port: number): VerdictCode {
  if (contains(allowed, protocol, port)) return ALLOWED;
  if (unknown.some(({ traffic }) => contains(traffic, protocol, port))) return UNKNOWN;
  return conditional.some(({ traffic }) => contains(traffic, protocol, port)) ? CONDITIONAL : DENIED;
}
