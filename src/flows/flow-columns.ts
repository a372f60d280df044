// Which column of a table says what: the fields of a flow that a column may hold, and the mapping that a person writes.
// Knows no files.

import { nearestNames } from '../engine/model/nearest-names.ts';
import { UserError } from '../engine/model/user-error.ts';

/** What a column may say; the words of `--columns` and the names that are understood without it. */
export const FLOW_FIELDS = [
  'source_ip',
  'source_port',
  'source_namespace',
  'source_pod',
  'source_workload',
  'source_workload_kind',
  'source_name',
  'destination_ip',
  'destination_port',
  'destination_namespace',
  'destination_pod',
  'destination_workload',
  'destination_workload_kind',
  'destination_name',
  'protocol',
  'family',
  'icmp_type',
  'verdict',
  'reason',
  'direction',
  'is_reply',
  'policy_namespace',
  'policy_name',
  'policy_kind',
  'count',
  'time',
  'end_time',
] as const;

/** See {@link FLOW_FIELDS}. */
export type FlowField = (typeof FLOW_FIELDS)[number];

/** Names of columns by what they say; fields that are absent keep the names that are understood without a mapping. */
export type FlowColumns = Readonly<Partial<Record<FlowField, string>>>;

/** On the right of a mapping: no column says it, whatever it is called. */
export const IGNORED_COLUMN = '-';

/** Short forms of the two ends, accepted on the left of a mapping. */
const SHORT: Readonly<Record<string, FlowField>> = {
  src: 'source_ip',
  dst: 'destination_ip',
  sport: 'source_port',
  dport: 'destination_port',
  port: 'destination_port',
  proto: 'protocol',
};

/**
 * Reads `source_ip=src_addr,destination_port=dport`: what it is, then the log's own name for it, or `-` where no column says
 * it. A name that holds a comma stands in double quotes. Throws UserError for a field that does not exist, one named twice and an entry without `=`.
 */
export function parseFlowColumns(text: string): FlowColumns {
  const columns: Partial<Record<FlowField, string>> = {};
  for (const entry of splitEntries(text)) {
    const equals = entry.indexOf('=');
    const [left, right] = [entry.slice(0, equals).trim(), unquote(entry.slice(equals + 1).trim())];
    if (equals < 1 || right === '')
      throw new UserError('usage', `no column is named by "${entry.trim()}"`, {
        hint: 'write FIELD=COLUMN, separated by commas: source_ip=src_addr,destination_port=dport',
      });
    const field = fieldOf(left);
    if (columns[field] !== undefined) throw new UserError('usage', `"${left}" is given two columns`);
    columns[field] = right;
  }
  return columns;
}

function fieldOf(word: string): FlowField {
  const name = word.toLowerCase().replaceAll('-', '_');
  const field = FLOW_FIELDS.find((known) => known === name) ?? (Object.hasOwn(SHORT, name) ? SHORT[name] : undefined);
  if (field !== undefined) return field;
  const near = nearestNames(name, FLOW_FIELDS);
  throw new UserError('usage', `a flow has no "${word}"`, {
    hint: near.length > 0 ? `did you mean ${near.join(', ')}?` : `known are ${FLOW_FIELDS.join(', ')}`,
  });
}

/** Entries between commas that no quotes enclose. */
function splitEntries(text: string): string[] {
  return (text.match(/(?:"[^"]*"|[^,"]|")+/g) ?? []).filter((entry) => entry.trim() !== '');
}

function unquote(text: string): string {
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}
