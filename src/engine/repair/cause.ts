// Why a flow is not as wanted, from its trace: the step on a side that any repair of that side has to answer.

import type { Unit } from '../endpoints/unit.ts';
import { DIRECTIONS, type Direction, type Policy } from '../model/policy.ts';
import type { Path } from '../model/source.ts';
import type { DirectionTrace, Step } from '../model/verdict.ts';
import type { UnmetFlow } from './unmet.ts';

/**
 * `isolated`: no rule lets it in. `rule`: this rule decides, or may. `open`: no policy has a say, or one that passes it on.
 */
export type Cause = { readonly direction: Direction } & (
  | { readonly is: 'isolated'; readonly by: readonly Policy[] }
  | { readonly is: 'rule'; readonly policy: Policy; readonly path: Path; readonly tier: Policy['tier'] }
  | { readonly is: 'open'; readonly passedBy?: Policy }
);

/**
 * The causes of which a repair answers one. To allow a flow, every side that does not allow it has to be answered, so one
 * of them is given; to deny it, one side suffices, so both are. Empty where no policy could change anything.
 */
export function causesOf(flow: UnmetFlow): readonly Cause[] {
  return flow.wanted.want === 'denied' ? sidesOf(flow) : sidesOf(flow).slice(0, 1);
}

/** The causes on all sides: of a flow that is to be allowed, each has to be answered at some time. */
export function sidesOf(flow: UnmetFlow): readonly Cause[] {
  const { wanted, trace } = flow;
  if (wanted.want === 'denied') {
    return DIRECTIONS.flatMap((direction) => {
      const cause = openCause(trace[direction]);
      // Policies select only pods: on any other end there is nothing to close.
      return cause === undefined || subjectOf(cause, flow).endpoint.pod === undefined ? [] : [cause];
    });
  }
  const closed = DIRECTIONS.map((direction) => trace[direction]).filter(({ verdict }) => verdict !== 'allowed');
  const causes = closed.map(closedCause);
  // A side that no policy can open leaves the flow closed.
  return causes.every((cause) => cause !== undefined) ? causes : [];
}

/** Equal for causes that one and the same sort of edit answers. */
export function causeSort(cause: Cause): string {
  return cause.is === 'rule' ? `rule ${cause.tier}` : cause.is;
}

/** How many sides do not allow a flow. */
export function closedSides({ trace }: UnmetFlow): number {
  return DIRECTIONS.filter((direction) => trace[direction].verdict !== 'allowed').length;
}

function closedCause({ direction, steps, isolatedBy }: DirectionTrace): Cause | undefined {
  const step = steps.find(({ action }) => action === 'Deny' || action === 'Isolated');
  if (step === undefined) return undefined;
  return step.action === 'Deny' ? ruleCause(direction, step) : { direction, is: 'isolated', by: isolatedBy };
}

function openCause({ direction, steps }: DirectionTrace): Cause | undefined {
  if (steps.some(({ action }) => action === 'Exempt')) return undefined;
  const accept = steps.find(({ action }) => action === 'Accept');
  if (accept !== undefined) return ruleCause(direction, accept);
  const pass = steps.find(({ action }) => action === 'Pass')?.policy;
  return { direction, is: 'open', ...(pass === undefined ? {} : { passedBy: pass }) };
}

function ruleCause(direction: Direction, { policy, rule }: Step): Cause | undefined {
  if (policy === undefined || rule === undefined) return undefined;
  return { direction, is: 'rule', policy, path: rule.path, tier: policy.tier };
}

/** Equal for flows that one edit may answer together. */
export function causeKey(cause: Cause): string {
  if (cause.is !== 'rule') return `${cause.direction} ${cause.is}`;
  const { kind, namespace, name } = cause.policy.ref;
  return `${cause.direction} rule ${JSON.stringify([kind, namespace, name, cause.path])}`;
}

/** The end whose side it is. */
export function subjectOf({ direction }: Cause, { wanted }: Pick<UnmetFlow, 'wanted'>): Unit {
  return direction === 'egress' ? wanted.from : wanted.to.unit;
}

/** The other end. */
export function peerOf({ direction }: Cause, { wanted }: Pick<UnmetFlow, 'wanted'>): Unit {
  return direction === 'egress' ? wanted.to.unit : wanted.from;
}
