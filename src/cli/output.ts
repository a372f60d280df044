// Where results go: `-o FORMAT` to standard output, `-o FORMAT=PATH` to a file that appears whole or not at all.

import type { FileHandle } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Document } from '../engine/index.ts';
import { UserError } from '../engine/model/user-error.ts';
import { printObjects } from '../manifests/print-yaml.ts';
import { type DocumentKind, PLAIN_STYLE, type Reporter, type ReportOptions, reporterFor } from '../report/index.ts';
import type { Invocation } from './invocation.ts';
import type { TextSink } from './io.ts';
import { writeResult } from './replace-files.ts';
import { runFacts } from './run-facts.ts';
import { needsAscii, styleOf } from './style.ts';

/** One `-o`. `path` is absent for standard output. */
interface Output {
  readonly format: string;
  readonly reporter: Reporter;
  readonly path?: string;
}

/** Formats that the interface has and this version has not. */
const LATER_FORMATS = ['svg', 'html', 'policyreport', 'openreports', 'oscal'];

/** Text is handed on in pieces of about this many characters. */
const PIECE = 64 * 1024;

/**
 * Reads the `-o` flags, for the document of the verb unless another is named; without any, a table to standard output. Where every one names a file, nothing is printed.
 * Throws UserError before anything is computed: an unknown format, or two results for one place.
 */
export function outputsOf(
  { options, verb }: Invocation,
  kind: DocumentKind = verb.document as DocumentKind,
): readonly Output[] {
  const texts = options.output.length === 0 ? ['table'] : options.output;
  const places = new Set<string>();
  return texts.map((text) => {
    const equals = text.indexOf('=');
    const format = equals < 0 ? text : text.slice(0, equals);
    const path = equals < 0 || text.slice(equals + 1) === '-' ? undefined : text.slice(equals + 1);
    if (path === '') throw new UserError('usage', `-o ${text} has no path after the equals sign`);
    if (LATER_FORMATS.includes(format)) {
      throw new UserError('not-available', `output format "${format}" is not available in this version`);
    }
    const reporter = reporterFor(format, kind);
    const place = path ?? '-';
    if (places.has(place)) {
      const where = path === undefined ? 'standard output' : `"${path}"`;
      throw new UserError('usage', `two results would be written to ${where}`, {
        hint: 'write -o FORMAT=PATH for all but one',
      });
    }
    places.add(place);
    return { format, reporter, ...(path === undefined ? {} : { path }) };
  });
}

/** Writes the document to every output, files first so that a broken pipe costs none of them. */
export async function writeDocument(
  document: Document,
  outputs: readonly Output[],
  invocation: Invocation,
  allPods = false,
): Promise<void> {
  const { io, options } = invocation;
  const run = await runFacts(
    invocation,
    outputs.map(({ format }) => format),
  );
  const report: ReportOptions = {
    style: PLAIN_STYLE,
    expand: options.expand,
    noHeaders: !options.headers,
    allPods,
    printObjects,
    ...(run === undefined ? {} : { run }),
  };
  for (const { reporter, path } of outputs) {
    if (path !== undefined) await writeFile(resolve(io.cwd, path), path, reporter(document, report));
  }
  const terminal: ReportOptions = {
    ...report,
    style: styleOf(options.color, io, 'stdout'),
    ascii: needsAscii(io),
    ...(io.columns === undefined ? {} : { width: io.columns }),
  };
  invocation.progress.end();
  for (const { reporter, path } of outputs) {
    if (path === undefined) await writePieces(reporter(document, terminal), io.stdout);
  }
}

async function writePieces(pieces: Iterable<string>, sink: TextSink): Promise<void> {
  let buffer = '';
  for (const piece of pieces) {
    buffer += piece;
    if (buffer.length < PIECE) continue;
    await sink.write(buffer);
    buffer = '';
  }
  if (buffer !== '') await sink.write(buffer);
}

function writeFile(path: string, shown: string, pieces: Iterable<string>): Promise<void> {
  const write = (file: FileHandle): Promise<void> => writePieces(pieces, { write: (text) => file.writeFile(text) });
  return writeResult({ target: path, shown, write }, 'name a file after the equals sign');
}
