// Which column of a table's header says what: by the names that are understood, or by a mapping. Knows no rows.

import { nearestNames } from '../../engine/model/nearest-names.ts';
import { UserError } from '../../engine/model/user-error.ts';
import { FLOW_FIELDS, type FlowColumns, type FlowField, IGNORED_COLUMN } from '../flow-columns.ts';

/** Where each field stands in a row; absent: no column says it. */
export type ColumnPlaces = Readonly<Partial<Record<FlowField, number>>>;

/** A header that was understood. */
export interface Header {
  readonly places: ColumnPlaces;
  /** How many fields a row has. */
  readonly width: number;
  /** Names of columns that say nothing here, as written, in their order. */
  readonly ignored: readonly string[];
}

/** Other names, in small letters and without what separates words. Whatever is a field's own name is understood anyway. */
const SYNONYMS: Readonly<Record<string, FlowField>> = {
  src: 'source_ip',
  srcip: 'source_ip',
  srcaddr: 'source_ip',
  source: 'source_ip',
  sourceaddress: 'source_ip',
  sourceaddr: 'source_ip',
  dst: 'destination_ip',
  dstip: 'destination_ip',
  dstaddr: 'destination_ip',
  dest: 'destination_ip',
  destip: 'destination_ip',
  destaddr: 'destination_ip',
  destination: 'destination_ip',
  destinationaddress: 'destination_ip',
  srcport: 'source_port',
  sport: 'source_port',
  sourcetransportport: 'source_port',
  dstport: 'destination_port',
  dport: 'destination_port',
  destport: 'destination_port',
  port: 'destination_port',
  destinationtransportport: 'destination_port',
  srcnamespace: 'source_namespace',
  srcns: 'source_namespace',
  sourcens: 'source_namespace',
  sourcepodnamespace: 'source_namespace',
  dstnamespace: 'destination_namespace',
  dstns: 'destination_namespace',
  destnamespace: 'destination_namespace',
  destinationns: 'destination_namespace',
  destinationpodnamespace: 'destination_namespace',
  srcpod: 'source_pod',
  sourcepodname: 'source_pod',
  dstpod: 'destination_pod',
  destpod: 'destination_pod',
  destinationpodname: 'destination_pod',
  srcworkload: 'source_workload',
  dstworkload: 'destination_workload',
  destworkload: 'destination_workload',
  proto: 'protocol',
  ipprotocol: 'protocol',
  protocolidentifier: 'protocol',
  action: 'verdict',
  decision: 'verdict',
  dropreason: 'reason',
  flowdirection: 'direction',
  trafficdirection: 'direction',
  reporter: 'direction',
  reply: 'is_reply',
  policy: 'policy_name',
  numflows: 'count',
  flows: 'count',
  connections: 'count',
  timestamp: 'time',
  start: 'time',
  starttime: 'time',
  firstseen: 'time',
  flowstartseconds: 'time',
  end: 'end_time',
  lastseen: 'end_time',
  flowendseconds: 'end_time',
};

/** Understands a header. Throws UserError where a mapping names no column, two columns say the same, or one is missing. */
export function understandHeader(names: readonly string[], columns: FlowColumns | undefined, file: string): Header {
  const places: Partial<Record<FlowField, number>> = {};
  const taken = new Set<number>();
  for (const [field, name] of Object.entries(columns ?? {}) as [FlowField, string][]) {
    if (name === IGNORED_COLUMN) continue;
    const place = placeOf(names, name, file);
    places[field] = place;
    taken.add(place);
  }
  for (const [place, name] of names.entries()) {
    const field = fieldOf(name);
    if (field === undefined || taken.has(place) || columns?.[field] !== undefined) continue;
    const other = places[field];
    if (other !== undefined)
      throw new UserError('unreadable', `"${file}": the columns "${names[other]}" and "${name}" both say ${field}`, {
        hint: `name the right one: --columns ${field}=${name}`,
      });
    places[field] = place;
    taken.add(place);
  }
  const missing = missingFields(places);
  if (missing !== undefined) throw missingColumn(missing, names, taken, file);
  return { places, width: names.length, ignored: names.filter((_, place) => !taken.has(place)) };
}

/** How many of the names are understood. */
export function understoodNames(names: readonly string[]): number {
  return names.filter((name) => fieldOf(name) !== undefined).length;
}

function fieldOf(name: string): FlowField | undefined {
  const plain = name.toLowerCase().replace(/[^a-z]/g, '');
  const own = FLOW_FIELDS.find((field) => field.replaceAll('_', '') === plain);
  return own ?? (Object.hasOwn(SYNONYMS, plain) ? SYNONYMS[plain] : undefined);
}

function placeOf(names: readonly string[], name: string, file: string): number {
  const place = names.indexOf(name);
  if (place >= 0) return place;
  const near = nearestNames(name, names);
  throw new UserError('unreadable', `"${file}" has no column "${name}"`, {
    hint: near.length > 0 ? `did you mean "${near.join('", "')}"?` : `it has "${names.join('", "')}"`,
  });
}

/** What a flow cannot do without: both ends, by address or by name, the protocol and the port. */
function missingFields(places: ColumnPlaces): readonly FlowField[] | undefined {
  const needed: readonly (readonly FlowField[])[] = [
    ['source_ip', 'source_pod', 'source_workload'],
    ['destination_ip', 'destination_pod', 'destination_workload'],
    ['protocol'],
    ['destination_port'],
    ['source_ip', 'destination_ip', 'family'],
  ];
  return needed.find((fields) => !fields.some((field) => places[field] !== undefined));
}

function missingColumn(
  fields: readonly FlowField[],
  names: readonly string[],
  taken: ReadonlySet<number>,
  file: string,
): UserError {
  const free = names.filter((_, place) => !taken.has(place));
  const wanted = fields.length === 1 ? fields[0]! : `${fields.slice(0, -1).join(', ')} or ${fields.at(-1)!}`;
  const near = fields.flatMap((field) => nearestNames(field, free, 1).map((name) => `${field}=${name}`));
  const hint =
    near.length > 0
      ? `if a column says so under another name: --columns ${near[0]}`
      : `its columns are "${names.join('", "')}"; name the one that says it: --columns ${fields[0]}=COLUMN`;
  return new UserError('unreadable', `"${file}" has no column ${wanted}`, { hint });
}
