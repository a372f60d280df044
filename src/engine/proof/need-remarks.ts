// Remarks about connections that are needed and that the proof does not find allowed: with the reason, those of one reason together.

import type { Need } from '../generate/needs.ts';
import { partyKey } from '../model/evidence.ts';
import { namedPair, partyName } from '../model/party-names.ts';
import type { ProvedNeed } from './prove.ts';
import { blocks, type Remark } from './remark.ts';
import { isUnmatchedNode, whyNot } from './why-not.ts';

/**
 * Remarks about needs that are not allowed; empty: all are. What is left out by --include or for being unsure is said elsewhere,
 * and nobody asked for a proof of it.
 */
export function needRemarks(needs: readonly ProvedNeed[]): Remark[] {
  const failed = needs.filter(({ judged }) => judged.verdict !== 'allowed');
  const nameless = failed.flatMap(({ unwritten }) => {
    const reason = unwritten.find(({ why }) => why === 'nameless');
    return reason === undefined ? [] : [reason];
  });
  const others = failed.filter(({ unwritten }) => unwritten.length === 0);
  const stated = needs.filter(isStated);
  return [
    ...grouped(nameless, ({ because, hint }) => JSON.stringify([because, hint])).map(([first, ...more]): Remark => {
      const { need, workload, because, hint } = first;
      const answer = answerTo(need, stated);
      if (answer !== undefined) return { ...answeredRemark(need, answer), workload };
      const rest = more.length === 0 ? '' : `, and ${more.length} more`;
      const says = `${because} (${need.evidence[0].says}${rest})`;
      return { level: 'blocks', about: 'no-rule', workload, says, hint };
    }),
    ...grouped(others, ({ judged }) => `${judged.verdict} ${whyNot(judged)}`).flatMap((group) =>
      group[0].judged.verdict === 'unproved' ? group.map(unprovedRemark) : [failedRemark(group)],
    ),
  ];
}

/** What the engineer allows the same caller on the same ports: where a name leads, only people know. */
function answerTo({ from, to, protocol, ports }: Need, stated: readonly ProvedNeed[]): Need | undefined {
  if (to.type !== 'domain') return undefined;
  return stated.find(({ need: other }) => {
    const isSame = partyKey(other.from) === partyKey(from) && other.protocol === protocol;
    return isSame && other.ports[0] <= ports[0] && ports[1] <= other.ports[1];
  })?.need;
}

/** Reports whether the engineer says that it is needed, and it is allowed. */
function isStated({ need: { evidence }, judged }: ProvedNeed): boolean {
  return judged.verdict === 'allowed' && evidence.some(({ kind }) => kind === 'stated');
}

function answeredRemark(need: Need, answer: Need): Remark {
  const says = `${partyName(need.to)}, which ${partyName(need.from)} calls, is taken to be behind ${pairOf(answer)}, as --allow says`;
  const hint = 'its addresses may change: an egress gateway or a policy API that knows names follows them';
  return { level: 'warns', about: 'no-rule', says, hint };
}

/** A remark about needs that policies deny as they are now: whoever wrote those may have meant it. Empty: there are none. */
export function openedRemarks(opened: readonly ProvedNeed[]): Remark[] {
  const [first] = opened;
  if (first === undefined) return [];
  const pair = `${pairOf(first.need)} (${whyNot(first.judged)})`;
  const says =
    opened.length === 1
      ? `one connection that policies deny today will be allowed: ${pair}`
      : `${opened.length} connections that policies deny today will be allowed, such as ${pair}`;
  const hint = 'netweir generate --diff lists them; --forbid keeps closed what must not be open';
  return [{ level: 'warns', about: 'opened', says, hint }];
}

/** Remarks about connections that are allowed by hand without a port, which is easily forgotten; empty: there are none. */
export function allPortsRemarks(needs: readonly ProvedNeed[]): Remark[] {
  const open = needs.flatMap(({ need: { ports, evidence } }) =>
    ports[0] <= 1 && ports[1] >= 65_535 ? evidence.filter(({ kind }) => kind === 'stated') : [],
  );
  return [...new Set(open.map(({ says }) => says))].map((says) => ({
    level: 'warns',
    about: 'all-ports',
    says: `${says}, without a port: all of them are open`,
    hint: 'name the one that is meant behind a colon, an IPv6 address in brackets: [2001:db8::7]:443',
  }));
}

function unprovedRemark({ need, judged }: ProvedNeed): Remark {
  const pair = pairOf(need);
  const says = `nobody knows whether ${pair} works: ${whyNot(judged)}`;
  return blocks('unproved', says, 'show more of the cluster: a snapshot, or --assume podCIDRs=CIDR,CIDR');
}

/** Needs that have rules at every end that gets a policy, and for one reason do not work all the same, or perhaps not. */
function failedRemark(group: readonly [ProvedNeed, ...ProvedNeed[]]): Remark {
  const [{ need, judged }] = group;
  const pair = pairOf(need);
  const what = group.length === 1 ? pair : `${group.length} connections that are needed, such as ${pair},`;
  const [is, it] = group.length === 1 ? ['is needed, and', 'it'] : ['are', 'them'];
  if (judged.verdict === 'denied') {
    const { from, to } = judged.witness;
    const hint = [from, to].some(isUnmatchedNode)
      ? 'set policyCIDRMatchMode=nodes in the plugin and say --assume ipBlockMatchesNodes=true, or allow it by a policy of the plugin’s own'
      : `change what denies ${it}, or say with --forbid what is not wanted`;
    return blocks('denied', `${what} ${is} ${whyNot(judged)}`, hint);
  }
  const says = `nobody knows whether ${what} ${group.length === 1 ? 'works' : 'work'}: ${whyNot(judged)}`;
  return blocks('undecided', says, 'netweir explain says for one of them what would settle it');
}

/** Items with the same key, in order of the first of each. */
function grouped<T>(items: readonly T[], keyOf: (item: T) => string): (readonly [T, ...T[]])[] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

function pairOf({ from, to, protocol, ports }: Need): string {
  return namedPair(from, to, protocol, ports);
}
