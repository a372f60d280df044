// A change of connectivity as a comment for whoever reviews it: one line that says it all, then what becomes reachable,
// worst first, with the policies behind it. Knows nothing of the two states.

import type {
  ChangedConnection,
  ConnectionDocument,
  ConnectivityDiff,
  FindingDocument,
  PlacedPolicyRef,
} from '../../engine/questions/documents.ts';
import { countPairs, type Group, groupApart, groupConnections, type Rectangle } from '../connection-groups.ts';
import { groupText, rectanglesOf } from '../connection-table.ts';
import { changedRectangles } from '../diff-text.ts';
import { endpointNames } from '../endpoint-names.ts';
import { findingPolicyText, sortFindings } from '../finding-details.ts';
import { changeOf } from '../ports-change.ts';
import { isNoPorts } from '../ports-text.ts';
import { GLUE } from '../printable.ts';
import type { ReportOptions } from '../reporter.ts';
import { type Block, comment, details, list, table, text } from './blocks.ts';
import { endpointSet, findingItem, footer, gaps, legend, policies, ports, remarks, severityCounts } from './parts.ts';
import { REACHES, type Reach, splitByReach } from './reach.ts';
import { code, count } from './text.ts';

/** What the first line counts apart. */
const NAMED: readonly Reach[] = [
  'to the metadata service',
  'from the internet',
  'through an entry point',
  'to the internet',
  'between namespaces',
];

interface Row {
  readonly reach: Reach;
  readonly group: Group;
  readonly by: string;
}

type Change = Rectangle & { readonly policies?: readonly PlacedPolicyRef[] };

/** Verdict, gained, lost and changed connections, findings, what is not known, how to repeat it. */
export function* diffMarkdown(document: ConnectivityDiff, options: ReportOptions): Iterable<string> {
  const { run } = options;
  const names = endpointNames(document.endpoints, {});
  const rowsOf = (changes: readonly Change[]): Row[] => {
    const parts = splitByReach(changes, document.endpoints).map(({ reach, part }) => ({
      ...part,
      reach,
      by: policies(part.policies ?? [], run),
    }));
    const rows = REACHES.flatMap((reach) =>
      groupApart(
        parts.filter((part) => part.reach === reach),
        ({ by }) => by,
      ).map(({ group, key }): Row => ({ reach, group, by: key })),
    );
    return sortRows(rows, ({ group }) => `${names.set(group.from)} ${names.set(group.to)} ${group.text}`);
  };
  const withPolicies = (connections: readonly (ConnectionDocument | ChangedConnection)[], of: Rectangle[]): Change[] =>
    of.map((rectangle, at) => ({ ...rectangle, policies: connections[at]?.policies ?? [] }));
  const added = rowsOf(withPolicies(document.added, rectanglesOf(document.added, false)));
  const removed = rowsOf(withPolicies(document.removed, rectanglesOf(document.removed, false)));
  // What opens comes first here too.
  const opensMore = (change: ChangedConnection): boolean => ['opens', 'both'].includes(changeOf(change));
  const [wider, narrower] = [true, false].map((isWider) => {
    const changes = document.changed.filter((each) => opensMore(each) === isWider);
    return rowsOf(withPolicies(changes, changedRectangles(changes, false, '→')));
  }) as [Row[], Row[]];
  const changed = [...wider, ...narrower];

  const cells = (row: Row, isGrave: boolean): string[] => [
    isGrave && row.reach !== 'within a namespace' ? `**${row.reach}**` : row.reach,
    endpointSet(names, row.group.from),
    endpointSet(names, row.group.to),
    ports(groupText(row.group).replaceAll(GLUE, ' ')),
    row.by,
  ];
  const section = (title: string, columns: readonly string[], rows: readonly string[][], what: string): Block[] =>
    rows.length === 0 ? [] : [text(`### ${title}\n`), ...table(columns, rows, what)];
  const columns = ['', 'From', 'To', 'Ports', 'Because of'];
  yield* comment([
    text(`${verdict(document, { added, removed, changed })}\n`),
    ...gaps(document.incomplete, run),
    ...section(
      'Becomes reachable',
      columns,
      added.map((row) => cells(row, true)),
      'connection',
    ),
    ...section(
      'Other ports',
      columns,
      [...wider.map((row) => cells(row, true)), ...narrower.map((row) => cells(row, false))],
      'change',
    ),
    ...section(
      'No longer reachable',
      columns,
      removed.map((row) => cells(row, false)),
      'connection',
    ),
    ...legend([...added, ...changed, ...removed].map(({ group }) => group.text)),
    ...renamed(document, names.one),
    ...findings(document.findings, options),
    ...remarks(document.assumptions, document.notes),
    ...footer(document.cni, run),
  ]);
}

function sortRows(rows: readonly Row[], textOf: (row: Row) => string): Row[] {
  const keys = new Map(rows.map((row) => [row, textOf(row)]));
  return [...rows].sort(
    (a, b) =>
      REACHES.indexOf(a.reach) - REACHES.indexOf(b.reach) || ((keys.get(a) ?? '') < (keys.get(b) ?? '') ? -1 : 1),
  );
}

/** How many pairs the rows hold; one whose families have different causes stands in two rows and counts once. */
function pairsIn(rows: readonly Row[]): number {
  const rectangles = rows.map(({ group: { from, to, notSelf } }): Rectangle => {
    const ends = { from, to, text: '' };
    return notSelf ? { ...ends, self: false } : ends;
  });
  return countPairs(groupConnections(rectangles, 'best'));
}

/** `**Opens 2 connections (1 from the internet), closes 1, changes the ports of 3.**` */
function verdict(
  document: ConnectivityDiff,
  { added, removed, changed }: Readonly<Record<'added' | 'removed' | 'changed', readonly Row[]>>,
): string {
  if (added.length + removed.length + changed.length === 0) return '**No connection differs.**';
  const grave = REACHES.filter((reach) => NAMED.includes(reach)).flatMap((reach) => {
    const number = pairsIn(added.filter((row) => row.reach === reach));
    return number === 0 ? [] : [`${number} ${reach}`];
  });
  const perhaps = countPairs(
    groupConnections(
      rectanglesOf(
        document.added.filter(({ allowed }) => isNoPorts(allowed)),
        false,
      ),
      'best',
    ),
  );
  const remarked = [...grave, ...(perhaps === 0 ? [] : [`${perhaps} only perhaps or under conditions`])];
  const opens = `opens ${count(pairsIn(added), 'connection')}${remarked.length === 0 ? '' : ` (${remarked.join(', ')})`}`;
  const closes = `closes ${pairsIn(removed)}${added.length === 0 ? ` connection${pairsIn(removed) === 1 ? '' : 's'}` : ''}`;
  const parts = [
    ...(added.length === 0 ? [] : [opens]),
    ...(removed.length === 0 ? [] : [closes]),
    ...(changed.length === 0 ? [] : [changedText(document.changed, pairsIn(changed))]),
  ];
  const sentence = parts.join(', ');
  return `**${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.**`;
}

/** Whether the changes open or close ports is what a reviewer wants to know first. */
function changedText(changed: readonly ChangedConnection[], pairs: number): string {
  const kinds = new Set(changed.map(changeOf));
  const how =
    kinds.size > 1
      ? ''
      : kinds.has('opens')
        ? ', all of them more open'
        : kinds.has('closes')
          ? ', all of them less open'
          : '';
  return `changes the ports of ${pairs}${how}`;
}

function renamed({ endpoints }: ConnectivityDiff, nameOf: (id: number) => string): Block[] {
  const items = endpoints
    .filter(({ was }) => was !== undefined)
    .map(({ id, was = '' }) => `* ${code(was)} is now ${code(nameOf(id))}\n`)
    .sort();
  return items.length === 0 ? [] : [text('### Renamed\n'), ...list(items, 'renamed workload')];
}

/** Those of the new state: new ones open, those that were there before folded. */
function findings(all: readonly FindingDocument[], { run }: ReportOptions): Block[] {
  const keyOf = (finding: FindingDocument): string =>
    JSON.stringify([finding.check, findingPolicyText(finding), finding.source.path, finding.message]);
  const before = new Set(all.filter(({ in: where }) => where === 'before').map(keyOf));
  const now = sortFindings(all.filter(({ in: where }) => where !== 'before'));
  const isOld = (finding: FindingDocument): boolean => finding.in === 'both' || before.has(keyOf(finding));
  const [fresh, old] = [now.filter((each) => !isOld(each)), now.filter(isOld)];
  if (now.length === 0) return [];
  const title = text(`### ${severityCounts(now)}${old.length === 0 ? '' : `, of which ${old.length} as before`}\n`);
  const item = (finding: FindingDocument): string => findingItem(finding, run);
  return [
    title,
    ...list(fresh.map(item), 'finding'),
    ...details(`${count(old.length, 'finding')} as before`, '', old.map(item), 'finding'),
  ];
}
