// Readiness: may these policies be enforced? What was observed, for how long, what was missed, what nobody knows. Each remark
// says whether it stands in the way.

import type { Surprise } from '../generate/futures.ts';
import type { Plan } from '../generate/plan.ts';
import type { Forbidden } from '../generate/statements.ts';
import type { Gap, Service, Workload } from '../model/cluster.ts';
import type { OpenQuestion } from '../model/evidence.ts';
import { workloadName, workloadNames } from '../model/party-names.ts';
import { policyName } from '../questions/describe.ts';
import { hiddenClientRemarks } from './hidden-clients.ts';
import { allPortsRemarks, needRemarks, openedRemarks } from './need-remarks.ts';
import type { BrokenBan, Proof } from './prove.ts';
import { blocks, type Remark } from './remark.ts';
import { sizeRemarks } from './size-remarks.ts';

/** What flow logs told about themselves. Absent as a whole: none were read. */
export interface Observation {
  /** Milliseconds since 1970; absent where no record has a time. */
  readonly first?: number;
  readonly last?: number;
  /** Records that could not be attributed to anybody. */
  readonly unattributed: number;
  /** Records of the log that were not understood. */
  readonly broken: number;
  /** Events that the log says it lost. */
  readonly lost: number;
  /** Records of ICMP, which no NetworkPolicy can name. Absent: none. */
  readonly icmp?: number;
  /** Records of what was sent to many at once, which no rule names either. Absent: none. */
  readonly multicast?: number;
  /** DNS names whose addresses are taken from the log. Absent: none. */
  readonly resolvedNames?: readonly string[];
  /** Keys of workloads that no record is about. */
  readonly unseenWorkloads: ReadonlySet<string>;
  /** Protocols of which no record is. */
  readonly unseenProtocols: readonly string[];
}

const HOUR = 3_600_000;

/** A day: shorter, and nightly jobs were not seen. A week: shorter, and weekly ones were not. */
const LEAST_WINDOW = 24 * HOUR;
const GOOD_WINDOW = 7 * 24 * HOUR;

/** What is known beside the plan. */
export interface Known {
  readonly gaps: readonly Gap[];
  readonly questions: readonly OpenQuestion[];
  readonly observation: Observation | undefined;
  /** What shows that nothing in the cluster enforces policies, a clause; undefined: nothing shows that. */
  readonly notEnforced: string | undefined;
  /** Blocks of one rule beyond which it is said that they are many. */
  readonly mostBlocks: number;
  /** What must never be. */
  readonly bans: readonly Forbidden[];
  readonly services: readonly Service[];
}

/** Everything that is to be known before the policies are enforced, what stands in the way first. */
export function findRemarks(
  plan: Plan,
  proof: Proof,
  { gaps, questions, observation, notEnforced, mostBlocks, bans, services }: Known,
): Remark[] {
  const remarks = [
    ...(notEnforced === undefined ? [] : [enforcementRemark(notEnforced)]),
    ...gaps.map((gap): Remark => {
      const says = `${gap.file === undefined ? '' : `${gap.file}: `}${gap.message}`;
      return blocks('incomplete-input', says, 'read what is missing, then generate again');
    }),
    ...needRemarks(proof.needs),
    ...allPortsRemarks(proof.needs),
    ...openedRemarks(proof.opened),
    ...proof.broken.map(banRemark),
    ...hiddenClientRemarks(bans, proof.needs, services),
    ...proof.surprises.map(surpriseRemark),
    ...sizeRemarks(plan.policies, mostBlocks),
    ...plan.workloads.flatMap(({ workload, status, identity, ingress, egress }) =>
      workloadRemarks(workload, status, identity?.alsoSelects ?? [], [...ingress, ...egress].length, observation),
    ),
    ...questionRemarks(plan, questions, observation),
    ...observationRemarks(observation),
  ];
  const isBlock = ({ level }: Remark) => level === 'blocks';
  // Workloads that share their labels say the same of each other.
  const once = [...new Map(remarks.toReversed().map((remark) => [`${remark.about} ${remark.says}`, remark])).values()];
  const first = once.toReversed();
  return [...first.filter(isBlock), ...first.filter((remark) => !isBlock(remark))];
}

function enforcementRemark(because: string): Remark {
  const says = `nothing in this cluster enforces network policies: ${because}`;
  return blocks('not-enforced', says, 'install a plugin that does, or name with --cni one that is not shown');
}

/** The pair is the one of the ban that came first; which policies let it through is in the trace. */
function banRemark({ ban, witness }: BrokenBan): Remark {
  const { from, to, port, trace } = witness;
  const names = [trace.egress, trace.ingress].flatMap(({ steps }) =>
    steps.flatMap(({ action, policy }) => (action === 'Accept' && policy !== undefined ? [policyName(policy)] : [])),
  );
  const verb = trace.verdict === 'allowed' ? 'is' : 'may be';
  const by = names.length === 0 ? 'no policy isolates its ends' : `by ${[...new Set(names)].sort().join(', ')}`;
  const says = `${ban.text} is forbidden, and ${from.name} -> ${to.name} ${verb} allowed: ${by}`;
  return blocks('forbidden', says, `see which rule it is: netweir explain "${from.name} -> ${to.name}:${port}"`);
}

function surpriseRemark({ workload, when, what }: Surprise): Remark {
  const WHEN = {
    rollout: 'after the next rollout',
    'next-run': 'in the next run',
    'second-release': 'once the chart is installed a second time beside it',
  };
  const WHAT = { missed: 'misses pods of its own', taken: 'takes pods that are not meant' };
  const says = `the selector of ${workloadName(workload)} ${WHAT[what]} ${WHEN[when]}`;
  const hint =
    when === 'second-release'
      ? 'give the release a label of its own on the pod template, such as app.kubernetes.io/instance'
      : 'give its pod template a label that lasts';
  return { level: what === 'missed' ? 'blocks' : 'warns', about: 'selector', workload, says, hint };
}

function workloadRemarks(
  { key, kind, object }: Workload,
  status: string,
  alsoSelects: readonly string[],
  needs: number,
  observation: Observation | undefined,
): Remark[] {
  const name = workloadName(key);
  if (status === 'host-network') {
    const says = `no policy can isolate ${name}: it is on the host network`;
    return [
      {
        level: 'warns',
        about: 'host-network',
        workload: key,
        says,
        hint: 'take it off the host network, or filter on the nodes',
      },
    ];
  }
  if (status === 'unselectable') {
    const says = `${name} gets no policy: its pods have no label that lasts`;
    return [
      {
        level: 'blocks',
        about: 'unselectable',
        workload: key,
        says,
        hint: 'give its pod template a label, such as app.kubernetes.io/name',
      },
    ];
  }
  if (status === 'no-pods') return [];
  const remarks: Remark[] = [];
  if (alsoSelects.length > 0) {
    const says = `no label tells ${workloadNames([key, ...alsoSelects]).join(', ')} apart: what one of them may do, all may`;
    remarks.push({
      level: 'warns',
      about: 'same-labels',
      workload: key,
      says,
      hint: 'give each a label of its own, such as app.kubernetes.io/component',
    });
  }
  if (needs === 0) {
    const says = `nothing is known of what ${name} needs: its policy denies everything`;
    remarks.push({
      level: 'blocks',
      about: 'no-evidence',
      workload: key,
      says,
      hint: 'observe it (--flows), or say what it needs (--allow)',
    });
  } else if (observation?.unseenWorkloads.has(key) === true) {
    const schedule = kind === 'CronJob' ? scheduleOf(object?.value) : undefined;
    const says =
      schedule === undefined
        ? `${name} is in no record of the log`
        : `${name} did not run while the log was written (schedule ${schedule})`;
    remarks.push({
      level: kind === 'CronJob' || kind === 'Job' ? 'blocks' : 'warns',
      about: 'not-observed',
      workload: key,
      says,
      hint: 'observe for longer, or run it once',
    });
  }
  return remarks;
}

/** A question may hide a connection. Where the application was observed, what it does would have been seen. */
function questionRemarks(
  { workloads }: Plan,
  questions: readonly OpenQuestion[],
  observation: Observation | undefined,
): Remark[] {
  const ours = new Set(workloads.map(({ workload }) => workload.key));
  const open = questions.filter(({ workload }) => workload === undefined || ours.has(workload)).length;
  if (open === 0) return [];
  const says =
    open === 1
      ? 'one question is open: it may hide a connection'
      : `${open} questions are open: each may hide a connection`;
  const level = observation === undefined ? 'blocks' : 'warns';
  return [
    {
      level,
      about: 'open-questions',
      says,
      hint: `settle ${open === 1 ? 'it as it' : 'them as each'} says, or observe the application (--flows)`,
    },
  ];
}

function observationRemarks(observation: Observation | undefined): Remark[] {
  if (observation === undefined) {
    return [
      blocks(
        'nothing-observed',
        'nothing was observed: what no manifest says is not known',
        'give a flow log: --flows PATH',
      ),
    ];
  }
  const { first, last, unattributed, broken, lost, icmp = 0, multicast = 0, unseenProtocols } = observation;
  const remarks: Remark[] = [];
  const window = first === undefined || last === undefined ? undefined : last - first;
  if (window === undefined)
    remarks.push(blocks('window', 'the log has no times: nobody knows how long was observed', 'use a log with times'));
  else if (window < GOOD_WINDOW) {
    const says = `${window < 60_000 ? '' : 'only '}${printSpan(window)} observed: what happens less often is not known`;
    remarks.push({
      level: window < LEAST_WINDOW ? 'blocks' : 'warns',
      about: 'window',
      says,
      hint: 'observe for a week, month ends and releases included',
    });
  }
  for (const name of observation.resolvedNames ?? []) {
    const says = `the addresses of ${name} are those that it had while the log was written, and may change`;
    const hint = 'generate again when they do, or use an egress gateway or a policy API that knows names';
    remarks.push({ level: 'warns', about: 'resolved-name', says, hint });
  }
  if (lost > 0)
    remarks.push(
      blocks(
        'lost-events',
        `the log lost ${count(lost, 'event')}: connections may be missing`,
        'enlarge the buffers of the observer, and observe again',
      ),
    );
  if (broken > 0)
    remarks.push(
      blocks(
        'broken-records',
        broken === 1 ? 'one record of the log was not understood' : `${broken} records of the log were not understood`,
        'look at the lines that were named',
      ),
    );
  if (unattributed > 0) {
    remarks.push(
      blocks(
        'unattributed',
        `${count(unattributed, 'record')} could not be attributed to any workload`,
        'they are listed above; a snapshot of the time of the log settles most',
      ),
    );
  }
  if (icmp > 0) {
    remarks.push({
      level: 'warns',
      about: 'icmp',
      says: `${count(icmp, 'record')} of ICMP ${icmp === 1 ? 'is' : 'are'} in no rule: NetworkPolicies cannot name ICMP, and plugins differ on it`,
      hint: 'docs/behaviours.md says what each does with it',
    });
  }
  if (multicast > 0) {
    remarks.push({
      level: 'warns',
      about: 'multicast',
      says: `${count(multicast, 'record')} of multicast ${multicast === 1 ? 'is' : 'are'} in no rule: pods that find each other so may not any more once they are isolated`,
      hint: 'let them find each other by a headless Service, and say with --allow on which ports they talk',
    });
  }
  for (const protocol of unseenProtocols) {
    if (protocol === 'SCTP') continue;
    const says = `no ${protocol} was seen at all: the observer may not record it`;
    remarks.push({ level: 'warns', about: 'protocol', says, hint: 'see what the observer can record' });
  }
  return remarks;
}

/** `one record`, `3 records`. */
function count(number: number, noun: string): string {
  return number === 1 ? `one ${noun}` : `${number} ${noun}s`;
}

function scheduleOf(value: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const spec = value?.['spec'];
  const schedule = typeof spec === 'object' && spec !== null ? Reflect.get(spec, 'schedule') : undefined;
  return typeof schedule === 'string' ? schedule : undefined;
}

/** `less than a minute was`, `6 minutes were`, `23 hours were`, `3 days were`. */
function printSpan(milliseconds: number): string {
  const minutes = Math.round(milliseconds / 60_000);
  if (minutes < 1) return 'less than a minute was';
  if (minutes === 1) return 'one minute was';
  if (minutes < 120) return `${minutes} minutes were`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} hours were` : `${Math.round(hours / 24)} days were`;
}
