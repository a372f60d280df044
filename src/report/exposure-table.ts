// What is open beyond the snapshot, as tables: who is not isolated, who may be reached from where, who may reach what.

import type { Direction } from '../engine/model/policy.ts';
import type {
  ExposedDocument,
  Exposure,
  MakerDocument,
  UnisolatedDocument,
} from '../engine/questions/exposure-document.ts';
import { layOut, type Row } from './columns.ts';
import { groupConnections, type Rectangle } from './connection-groups.ts';
import { compareRows, paintPorts } from './connection-table.ts';
import { type EndpointNames, endpointNames } from './endpoint-names.ts';
import { exceptionText, rangesText, targetText } from './exposure-text.ts';
import { partsText, policyText } from './ports-text.ts';
import { GLUE, printable } from './printable.ts';
import type { ReportOptions } from './reporter.ts';

const TITLES: Readonly<Record<Direction, string>> = { ingress: 'REACHABLE FROM', egress: 'MAY REACH' };

/** Said where nothing is open. */
export const NOTHING_OPEN = 'nothing is open to pods, namespaces or addresses beyond the input';

/** What the sign `*` means, where a table has it. */
export const LIMITS_NOTE =
  'in namespaces with policies of their own only as far as these let new pods: -o json lists them as limits';

/** One table of the answer. */
export interface ExposureSection {
  readonly headers: readonly string[];
  readonly rows: readonly Row[];
}

/**
 * Three tables, of which those without rows are left out: endpoints that nothing isolates, and whom others are open to.
 * An endpoint that is open to everybody stands in the first one only, unless wide.
 */
export function exposureSections(document: Exposure, options: ReportOptions): ExposureSection[] {
  const wide = options.wide === true;
  const names = endpointNames(document.endpoints, { wide, abbreviate: options.allPods === true });
  const open = wide ? new Set<string>() : openToAll(document);
  return [
    { headers: ['NOT ISOLATED', 'DIRECTION'], rows: isolationRows(document.unisolated, names) },
    ...(['ingress', 'egress'] as const).map((direction) => ({
      headers: ['ENDPOINTS', TITLES[direction], 'PORTS', ...(wide ? ['POLICIES'] : [])],
      rows: exposedRows(document, direction, open, names, options),
    })),
    { headers: ['SUCH PODS COULD COME FROM', 'RIGHT', 'NAMESPACES'], rows: makerRows(document.access, wide) },
  ].filter(({ rows }) => rows.length > 0);
}

/** Whether some row has the sign `*`. */
export function hasLimits({ exposed }: Exposure): boolean {
  return exposed.some(({ namespaces }) => namespaces !== undefined && namespaces !== 'unlimited');
}

/** The sections one after the other, and what their signs mean. */
export function* exposureTable(document: Exposure, options: ReportOptions): Iterable<string> {
  const sections = exposureSections(document, options);
  let isFirst = true;
  for (const { headers, rows } of sections) {
    if (!isFirst) yield '\n';
    isFirst = false;
    const layout = options.width === undefined ? {} : { width: options.width };
    yield* layOut(options.noHeaders === true ? [] : headers, rows, layout);
  }
  if (sections.length === 0) yield `${NOTHING_OPEN}\n`;
  if (hasLimits(document)) yield `\n* ${LIMITS_NOTE}\n`;
}

const keyOf = (endpoint: number, direction: Direction) => `${direction} ${endpoint}`;

/** Endpoints that everybody may reach, or that may reach everybody, on every port. */
function openToAll({ exposed, unisolated }: Exposure): Set<string> {
  const toPods = new Set<string>();
  const toInternet = new Set<string>();
  for (const { endpoint, direction, to, allowed, family, namespaces } of exposed) {
    if (allowed !== 'all' || family !== undefined || namespaces === 'limited' || namespaces === 'unlabelled') continue;
    if (to === 'any-namespace') toPods.add(keyOf(endpoint, direction));
    if (to === 'internet') toInternet.add(keyOf(endpoint, direction));
  }
  const keys = unisolated.map(({ endpoint, direction }) => keyOf(endpoint, direction));
  return new Set(keys.filter((key) => toPods.has(key) && toInternet.has(key)));
}

function isolationRows(unisolated: readonly UnisolatedDocument[], names: EndpointNames): Row[] {
  const directions = new Map<number, string[]>();
  for (const { endpoint, direction, perhaps } of unisolated) {
    const text = perhaps === undefined ? direction : `? ${direction} (${perhaps})`;
    directions.set(endpoint, [...(directions.get(endpoint) ?? []), text]);
  }
  const alike = new Map<string, number[]>();
  for (const [endpoint, list] of directions) {
    const text = list.sort().reverse().join(' and ');
    alike.set(text, [...(alike.get(text) ?? []), endpoint]);
  }
  const rows = [...alike].map(([text, ids]): Row => ({ cells: [names.set(ids.sort((a, b) => a - b)), text] }));
  return rows.sort(compareRows);
}

/** Equal exposures of many endpoints in one row, and what the same endpoints are open to on the same ports in one cell. */
function exposedRows(
  document: Exposure,
  direction: Direction,
  open: ReadonlySet<string>,
  names: EndpointNames,
  options: ReportOptions,
): Row[] {
  const wide = options.wide === true;
  const limited = document.limited[direction === 'ingress' ? 'egress' : 'ingress'];
  const targets = new Map<string, number>();
  const texts: string[] = [];
  const rectangles = new Map<string, Rectangle>();
  const hasPods = document.endpoints.some(({ type }) => type === 'workload');
  for (const one of document.exposed) {
    if (one.direction !== direction || open.has(keyOf(one.endpoint, direction))) continue;
    const target = `${targetOf(one, wide)}${exceptionText(one, limited, wide)}${hasPods ? absenceText(one) : ''}`;
    let id = targets.get(target);
    if (id === undefined) {
      id = texts.length;
      targets.set(target, id);
      texts.push(target);
    }
    const ports = partsText(one, wide);
    const policies = wide ? `\u0000${one.policies.map(policyText).join(', ')}` : '';
    const family = one.family === undefined ? {} : { family: one.family };
    // Several entries may come to one text: pods that nothing isolates take many selectors.
    const text = `${ports}${policies}`;
    rectangles.set(`${one.endpoint} ${id} ${one.family} ${text}`, { from: [one.endpoint], to: [id], ...family, text });
  }
  const rows = groupConnections([...rectangles.values()], 'best').map(({ from, to, text }): Row => {
    const [ports = '', policies] = text.split('\u0000');
    const cells = [names.set(from), listText(to.map((id) => texts[id]!)), ports];
    return {
      cells: policies === undefined ? cells : [...cells, policies],
      paint: [undefined, undefined, paintPorts(ports, options)],
    };
  });
  return rows.sort(compareRows);
}

function targetOf({ to, ranges, unisolated }: ExposedDocument, wide: boolean): string {
  if (unisolated === true && typeof to === 'object' && 'podSelector' in to && !wide) {
    return targetText({ ...to, podSelector: {} }, wide).replace('any', `${UNISOLATED}any`);
  }
  return to === 'internet' && wide && ranges !== undefined ? rangesText(ranges, to, true) : targetText(to, wide);
}

/** Before pods that no policy of their namespace isolates. */
const UNISOLATED = `not${GLUE}isolated:${GLUE}`;

/** Selectors that name no workload of the snapshot: something may be missing, or misspelt. */
function absenceText({ matches, to, unisolated }: ExposedDocument): string {
  return unisolated !== true && matches?.length === 0 && typeof to === 'object' ? ' (none today)' : '';
}

/** So many targets are listed at most in one cell. */
const MOST_TARGETS = 12;

function listText(texts: readonly string[]): string {
  const sorted = [...texts].sort();
  const shown = sorted.slice(0, MOST_TARGETS).join(', ');
  return sorted.length > MOST_TARGETS ? `${shown} and ${sorted.length - MOST_TARGETS} more` : shown;
}

/** So many namespaces are named in a row, unless wide. */
const MOST_NAMESPACES = 4;

/** A row for each subject and right, with the namespaces that it holds for. */
function makerRows(access: Exposure['access'], wide: boolean): Row[] {
  if (access === undefined) return [];
  const rows = new Map<string, { readonly title: string; readonly by: string; readonly where: string[] }>();
  const add = ({ title, by }: MakerDocument, where: string): void => {
    const key = `${title}\n${by}`;
    const known = rows.get(key) ?? { title, by, where: [] };
    rows.set(key, known);
    if (!known.where.includes(where)) known.where.push(where);
  };
  for (const { namespace, makePods, changeLabels } of access.namespaces) {
    for (const maker of [...makePods, ...changeLabels]) add(maker, namespace);
  }
  for (const maker of access.createNamespaces) add(maker, 'new ones');
  return [...rows.values()].map(({ title, by, where }) => {
    const more = where.length - MOST_NAMESPACES;
    const shown = wide || more <= 0 ? where : [...where.slice(0, MOST_NAMESPACES), `and ${more} more`];
    return { cells: [title, by, shown.join(', ')].map((cell) => printable(cell).replaceAll(' ', GLUE)) };
  });
}
