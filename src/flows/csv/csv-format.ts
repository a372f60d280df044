// Tables with a header: comma, semicolon or tab between fields. Knows how such a table begins.

import type { FlowFormat } from '../flow-format.ts';
import { understoodNames } from './csv-columns.ts';
import { openCsv } from './csv-reader.ts';
import { delimiterOf, splitRow } from './split-row.ts';

/** Columns that are understood of themselves where no mapping says that the log is a table. */
const ENOUGH = 2;

/** Tables with named columns. */
export const CSV: FlowFormat = {
  name: 'csv',
  title: 'a table whose first line names its columns (source_ip, destination_ip, protocol, destination_port …)',
  recognise(head, columns) {
    const first = head.split(/\r?\n/).find((line) => line.trim() !== '');
    if (first === undefined || /^\s*[[{]/.test(first)) return false;
    const row = splitRow(first, delimiterOf(first));
    if (row.kind !== 'fields' || row.fields.length < 3) return false;
    return columns !== undefined || understoodNames(row.fields) >= ENOUGH;
  },
  open: openCsv,
};
