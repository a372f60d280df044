// Generated policies as a person reads them first: the proof in one line each, then workload by workload who, which port, why
// and how sure; then what is not known and what stands in the way.

import type {
  GeneratedPolicies,
  GeneratedRule,
  GeneratedWorkload,
  NeedDocument,
  ReadinessDocument,
} from '../engine/questions/generated-document.ts';
import { paragraph, reasonLines } from './answer-text.ts';
import { layOut, type Row } from './columns.ts';
import { closedText, existingHint } from './existing-policies-text.ts';
import { manyOutside, outsideKey, outsideName } from './outside-peers.ts';
import { placeText } from './place-text.ts';
import { policyText, portsText, rangesText } from './ports-text.ts';
import { GLUE, printable } from './printable.ts';
import type { ReportOptions } from './reporter.ts';
import { signs } from './style.ts';
import { unattributedRows } from './unattributed-text.ts';
import { type Widened, widenedText } from './widened-text.ts';

/** Lists longer than this are cut, and the rest is counted; `wide` shows all. */
const MOST = 12;

/** The plan. */
export function* generatedText(document: GeneratedPolicies, options: ReportOptions): Iterable<string> {
  yield* headline(document, options);
  const needs = new Map(document.needs.map((need) => [need.id, need]));
  for (const namespace of document.namespaces) {
    yield `\n${options.style.bold(printable(namespace))}\n`;
    for (const workload of document.workloads) {
      if (workload.namespace === namespace) yield* workloadLines(workload, needs, options);
    }
    const deny = document.policies.find(
      ({ policy, purpose }) => purpose === 'default-deny' && policy.namespace === namespace,
    );
    if (deny !== undefined) {
      yield `\n  ${options.style.bold(printable(deny.policy.name))}   every pod that no other policy selects: nothing in, nothing out\n`;
    }
    const closed = document.closed.find((one) => one.namespace === namespace);
    if (closed !== undefined) {
      yield '\n';
      yield* paragraph(printable(closedText(closed)), options, '  ');
    }
  }
  yield* obsoleteLines(document, options);
  yield* forbiddenLines(document, options);
  yield* widenedLines(document, options);
  yield* unjustifiedLines(document, options);
  yield* undecidedLines(document, options);
  yield* unsafeLines(document, options);
  yield* platformLines(document, options);
  yield* questionLines(document, options);
  yield* unattributedRows(document.unattributed, 'Not attributed to any workload, and so evidence of nothing', options);
  yield* readinessLines(document.readiness, document.ready, options);
}

function* headline(document: GeneratedPolicies, { style, ascii }: ReportOptions): Iterable<string> {
  const { proof, policies, namespaces, ready, readiness } = document;
  const { allowed: yes, denied: no } = signs(ascii);
  const mark = (is: boolean, word: string): string => (is ? style.green(`${yes} ${word}`) : style.red(`${no} ${word}`));
  yield `${style.bold(`${count(policies.length, 'policy', 'policies')} for ${count(namespaces.length, 'namespace')}`)}\n`;
  const isOpen = proof.sound && proof.allowed < proof.needs;
  const sound = isOpen ? style.yellow(`${signs(ascii).unknown} sound`) : mark(proof.sound, 'sound');
  const rest = isOpen ? `, ${proof.needs - proof.allowed} cannot be judged, see below` : '';
  yield `  ${sound}   ${proof.allowed} of ${count(proof.needs, 'needed connection')} allowed${rest}\n`;
  const beside = proof.unjustifiedPairs;
  yield `  ${mark(proof.tight, 'tight')}   ${beside === 0 ? 'nothing else is allowed' : `${count(beside, 'allowed connection')} that nothing needs, see below`}\n`;
  const unsafe = proof.unsafeSteps.length;
  yield `  ${mark(proof.safeOrder, 'order')}   ${count(proof.steps, 'step')}, ${unsafe === 0 ? 'none of which cuts anything off' : `${count(unsafe, 'need')} cut off on the way, see below`}\n`;
  const blocks = readiness.filter(({ level }) => level === 'blocks').length;
  yield `  ${mark(ready, 'ready')}   ${ready ? 'nothing stands in the way of enforcing them' : blocks === 0 ? 'not sound' : `${count(blocks, 'thing')} to settle first, see below`}\n`;
}

function* workloadLines(
  workload: GeneratedWorkload,
  needs: ReadonlyMap<number, NeedDocument>,
  options: ReportOptions,
): Iterable<string> {
  const { style } = options;
  const { name, kind, status, selector } = workload;
  const STATUS = {
    planned: '',
    'host-network': 'host network: no policy can isolate it',
    unselectable: 'no policy: its pods have no label that lasts',
    'no-pods': 'makes no pods',
  };
  const what = [
    kind,
    ...(selector === undefined ? [] : [selector]),
    ...(STATUS[status] === '' ? [] : [STATUS[status]]),
  ];
  yield `\n  ${style.bold(printable(name))}   ${printable(what.join(', '))}\n`;
  if (status === 'no-pods') return;
  const rows = [
    ...needRows(workload.ingress, 'from', needs, options),
    ...needRows(workload.egress, 'to', needs, options),
  ];
  if (rows.length === 0 && status === 'planned') yield '    nothing is known of what it needs: everything is denied\n';
  yield* layOut([], rows, { indent: '    ', ...(options.width === undefined ? {} : { width: options.width }) });
}

/** One row for each peer and reason: its ports together, and how often they were seen. */
function needRows(
  ids: readonly number[],
  side: 'from' | 'to',
  needs: ReadonlyMap<number, NeedDocument>,
  options: ReportOptions,
): Row[] {
  const own = ids.flatMap((id) => needs.get(id) ?? []);
  const many = options.wide === true ? new Set<string>() : manyOutside(own, side);
  const groups = new Map<string, [NeedDocument, ...NeedDocument[]]>();
  for (const need of own) {
    const written = need.evidence.filter(({ seen }) => seen === undefined).map(({ says }) => says);
    const outside = outsideKey(need, side);
    const key =
      outside !== undefined && many.has(outside)
        ? outside
        : JSON.stringify([need[side].name, need.verdict, written.length > 0 ? written : need.id]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [need]);
    else group.push(need);
  }
  return [...groups].map(([key, group]): Row => {
    const [first] = group;
    const isMany = many.has(key);
    const ports = (isMany ? [first] : group)
      .map(({ protocol, ports: range }) => rangesText(protocol, [range]))
      .join(`,${GLUE}`);
    const isDenied = first.verdict !== 'allowed';
    const verdict = isDenied ? `${verdictText(first)}; ` : '';
    return {
      cells: [
        side,
        isMany ? outsideName(group.length) : printable(first[side].name),
        ports,
        first.confidence,
        `${printable(verdict)}${reasonText(group, options)}${isMany ? '; -o wide lists them' : ''}`,
      ],
      paint: [options.style.dim, undefined, undefined, options.style.dim, isDenied ? options.style.red : undefined],
    };
  });
}

/** `denied at shop/db (ingress) by shop/deny`, `unknown: nothing shows the address of the pod`. */
function verdictText({ verdict, unwritten, reason }: NeedDocument): string {
  const why = unwritten[0]?.why ?? reason;
  if (why === undefined) return verdict;
  return why.startsWith(`${verdict} `) ? why : `${verdict}: ${why}`;
}

/** What was seen is counted; of what is written the first place is shown, in a few words. */
function reasonText(group: readonly [NeedDocument, ...NeedDocument[]], { wide }: ReportOptions): string {
  const [{ evidence }] = group;
  const written = evidence.filter(({ seen }) => seen === undefined);
  const times = group.flatMap((need) => need.evidence.flatMap(({ seen }) => (seen === undefined ? [] : [seen.count])));
  const shown = wide === true ? written : written.slice(0, 1);
  const texts = [
    ...(times.length === 0
      ? []
      : [
          `seen ${count(
            times.reduce((sum, one) => sum + one, 0),
            'time',
          )}`,
        ]),
    ...shown.map(({ says, brief, source }) => {
      const text = printable(wide === true ? says : (brief ?? says));
      return `${text}${source?.file === undefined ? '' : ` (${placeText(source)})`}`;
    }),
  ];
  const more = written.length - shown.length;
  return `${texts.join('; ')}${more === 0 ? '' : `; ${count(more, 'more reason')}`}`;
}

function* obsoleteLines({ obsolete }: GeneratedPolicies, options: ReportOptions): Iterable<string> {
  if (obsolete.length === 0) return;
  yield `\n${options.style.bold('Of an earlier run, to be deleted')}\n`;
  const { shown, rest } = cut(obsolete, options);
  for (const policy of shown) yield `  ${policyText(policy)}\n`;
  yield* moreLine(rest);
}

function* forbiddenLines({ forbidden }: GeneratedPolicies, options: ReportOptions): Iterable<string> {
  if (forbidden.length === 0) return;
  yield `\n${options.style.bold('Forbidden, and left out')}\n`;
  const { shown, rest } = cut(forbidden, options);
  const rows = shown.map(
    ({ from, to, says }): Row => ({
      cells: [printable(from), signs(options.ascii).arrow, printable(to), printable(says)],
    }),
  );
  yield* layOut([], rows, { indent: '  ', ...(options.width === undefined ? {} : { width: options.width }) });
  yield* moreLine(rest);
}

function* widenedLines({ policies }: GeneratedPolicies, options: ReportOptions): Iterable<string> {
  const rows = policies.flatMap(({ policy, ingress, egress }) =>
    [...numbered('ingress', ingress), ...numbered('egress', egress)].map(
      ([rule, widened]): Row => ({ cells: [policyText(policy), rule, widenedText(widened)] }),
    ),
  );
  if (rows.length === 0) return;
  yield `\n${options.style.bold('Blocks wider than needed')}\n`;
  const { shown, rest } = cut(rows, options);
  yield* layOut([], shown, { indent: '  ', ...(options.width === undefined ? {} : { width: options.width }) });
  yield* moreLine(rest);
}

function numbered(direction: string, rules: readonly GeneratedRule[]): [string, Widened][] {
  return rules.flatMap(({ widened }, index): [string, Widened][] =>
    widened === undefined ? [] : [[`${direction} ${index + 1}`, widened]],
  );
}

function* unjustifiedLines({ proof }: GeneratedPolicies, options: ReportOptions): Iterable<string> {
  if (proof.unjustified.length === 0) return;
  yield `\n${options.style.bold('Allowed, but nothing needs it')}\n`;
  const { shown, rest } = cut(proof.unjustified, options);
  const rows = shown.map(({ from, to, family, ports, reason }): Row => {
    const [sources, destinations] = [from, to].map((names) => listed(names, options));
    return {
      cells: [sources!, signs(options.ascii).arrow, destinations!, portsText(ports), family, printable(reason)],
    };
  });
  yield* layOut([], rows, { indent: '  ', ...(options.width === undefined ? {} : { width: options.width }) });
  yield* moreLine(rest);
  const hint = existingHint(proof.unjustified);
  if (hint !== undefined) yield* paragraph(hint, options, '      ');
}

function* undecidedLines({ proof }: GeneratedPolicies, options: ReportOptions): Iterable<string> {
  for (const { reason, pairs, example } of proof.undecided) {
    yield `\nNobody knows whether ${count(pairs, 'pair')} may use more than is needed, such as ${printable(example)}:\n`;
    yield* reasonLines(reason, options, '  ');
  }
}

function* unsafeLines({ proof, needs }: GeneratedPolicies, options: ReportOptions): Iterable<string> {
  if (proof.unsafeSteps.length === 0) return;
  yield `\n${options.style.bold('Cut off on the way')}\n`;
  const { shown, rest } = cut(proof.unsafeSteps, options);
  for (const { step, policy, need } of shown) {
    const cutOff = needs.find(({ id }) => id === need);
    const pair =
      cutOff === undefined
        ? ''
        : `: ${cutOff.from.name} ${signs(options.ascii).arrow} ${cutOff.to.name}, ${rangesText(cutOff.protocol, [cutOff.ports])}`;
    yield `  step ${step + 1}, ${policyText(policy)}${printable(pair)}\n`;
  }
  yield* moreLine(rest);
}

/** What is known of the platform; `wide` says what is not known as well. What matters of that is a question of its own. */
function* platformLines({ platform }: GeneratedPolicies, options: ReportOptions): Iterable<string> {
  const shown = options.wide === true ? platform : platform.filter((line) => !line.includes(': not known: '));
  if (shown.length === 0) return;
  yield `\n${options.style.bold('The platform, as far as it is known')}\n`;
  for (const line of shown) yield* paragraph(printable(line), options, '  ');
}

function* questionLines({ questions }: GeneratedPolicies, options: ReportOptions): Iterable<string> {
  if (questions.length === 0) return;
  yield `\n${options.style.bold('Not known')}\n`;
  const { shown, rest } = cut(questions, options);
  for (const { says, hint, source } of shown) {
    const place = source?.file === undefined ? '' : ` (${placeText(source)})`;
    yield* paragraph(`${options.style.yellow(signs(options.ascii).unknown)} ${printable(says)}${place}`, options, '  ');
    yield* paragraph(printable(hint), options, '      ');
  }
  yield* moreLine(rest);
}

function* readinessLines(
  readiness: readonly ReadinessDocument[],
  isReady: boolean,
  options: ReportOptions,
): Iterable<string> {
  if (readiness.length === 0) return;
  yield `\n${options.style.bold(isReady ? 'Good to know' : 'Before these policies are enforced')}\n`;
  const { shown, rest } = cut(readiness, options);
  for (const { level, says, hint } of shown) {
    const sign =
      level === 'blocks'
        ? options.style.red(signs(options.ascii).denied)
        : options.style.yellow(signs(options.ascii).partly);
    yield* paragraph(`${sign} ${printable(says)}`, options, '  ');
    yield* paragraph(printable(hint), options, '      ');
  }
  yield* moreLine(rest);
}

/** Names in a row, the first few where there are many. */
function listed(names: readonly string[], { wide }: ReportOptions): string {
  const shown = wide === true ? names : names.slice(0, 4);
  const more = names.length - shown.length;
  return `${shown.map(printable).join(', ')}${more === 0 ? '' : `, … and ${more} more`}`;
}

function cut<T>(items: readonly T[], { wide }: ReportOptions): { readonly shown: readonly T[]; readonly rest: number } {
  const shown = wide === true ? items : items.slice(0, MOST);
  return { shown, rest: items.length - shown.length };
}

function* moreLine(rest: number): Iterable<string> {
  if (rest > 0) yield `  … and ${rest} more: -o wide shows all\n`;
}

function count(number: number, one: string, many: string = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
