// One text to objects, findings and gaps: tells YAML from JSON, cuts documents, keeps each problem to its document.
// Pure: needs no Node, so that a browser and tests use it as it is.

import type { Path } from '../engine/model/source.ts';
import type { DocumentProblem } from './build-value.ts';
import { CONFLICT_HINT, CONFLICT_MESSAGE, findConflict } from './explain-yaml-error.ts';
import { findIgnores } from './find-ignores.ts';
import { flattenLists } from './flatten-lists.ts';
import { jsonPlace } from './json-positions.ts';
import { MAX_EXPLAINED, MAX_JSON_KEY_SCAN } from './limits.ts';
import { indexLines } from './line-index.ts';
import { STDIN_FILE } from './operand.ts';
import { type Span, sourceOf, type TextFile } from './place.ts';
import { appendReading, emptyReading, type ManifestSet, type Reading, report, toManifestSet } from './problem.ts';
import { findDuplicateKeys, type JsonReading, looksLikeJson, readJson } from './read-json.ts';
import { readYaml } from './read-yaml.ts';
import { findTemplate, findTemplateAt, mayHoldObjects, whyNoObjects } from './recognise.ts';
import { type DocumentSlice, splitDocuments } from './split-documents.ts';
import { yamlPlace } from './yaml-positions.ts';

/** How to render a chart; the names are the user's to fill in. */
export const RENDER_HINT =
  'render its chart with --helm CHARTDIR, or by hand: helm template RELEASE CHARTDIR | netweir map -f -';

const MANIFEST_FILE = /\.(?:ya?ml|json)$/;

/** Objects and problems of one text. `file` is what sources name; the text may start with a byte-order mark. */
export function readText(text: string, file: string): ManifestSet {
  return toManifestSet(readTextInto(emptyReading(), text, file));
}

/** As readText, into a reading that may already hold other files. Returns the same reading. */
export function readTextInto(reading: Reading, marked: string, file: string): Reading {
  const text = marked.charCodeAt(0) === 0xfeff ? marked.slice(1) : marked;
  if (!mayHoldObjects(text)) {
    const template = findTemplate(text);
    const isTemplate =
      template !== -1 && /\.(?:ya?ml|tpl)$/.test(file) && /\{\{-? *(?:include|template|define)\b/.test(text);
    if (isTemplate) reportTemplate(reading, { file, text, lines: indexLines(text) }, template);
    else reading.skipped.push({ file, ...(whyMalformed(text, file) ?? whyNoObjects(text, file)) });
    return reading;
  }
  const own = emptyReading(reading.trees);
  const textFile: TextFile = { file, text, lines: indexLines(text) };
  const template = readDocuments(own, textFile);
  if (template === -1) {
    for (const one of findIgnores(text, file)) reading.ignores.push(one);
    appendReading(reading, own);
  }
  if (template !== -1) reportTemplate(reading, textFile, template);
  return reading;
}

/**
 * Why a text that names no object cannot be read at all: a broken line may be the one that names it. Undefined where it can be,
 * and where it is too long or not meant to be YAML.
 */
function whyMalformed(text: string, file: string): { readonly reason: string } | undefined {
  if (text.length > MAX_EXPLAINED || text.includes('{{') || !(MANIFEST_FILE.test(file) || file === STDIN_FILE))
    return undefined;
  const lines = indexLines(text);
  const { trees } = emptyReading();
  for (const { start, end } of splitDocuments(text)) {
    const isJson = looksLikeJson(text, start);
    const json = isJson ? readJson(text, start, end).error : undefined;
    if (isJson && json === undefined) continue;
    const { problem } = readYaml(text, start, end, trees);
    if (problem?.check !== 'malformed-yaml') continue;
    const at = json === undefined ? problem.start + start : json.at;
    const { line, column } = lines(at);
    return { reason: `not read from line ${line}, column ${column} on: ${json?.message ?? problem.message}` };
  }
  return undefined;
}

/** Reads every document; where one proves to be a template, stops and returns the offset of its first mark. */
function readDocuments(reading: Reading, textFile: TextFile): number {
  const { text } = textFile;
  if (/^\s*[[{]/.test(text)) {
    const json = readJson(text, 0, text.length);
    if (json.error === undefined) return addJson(reading, textFile, json);
  }
  for (const slice of splitDocuments(text)) {
    const template = readDocument(reading, textFile, slice);
    if (template !== -1) return template;
  }
  return -1;
}

function readDocument(reading: Reading, textFile: TextFile, slice: DocumentSlice): number {
  const { text } = textFile;
  if (slice.contentOnSeparator !== undefined) {
    const source = sourceOf(textFile, [], { start: slice.contentOnSeparator, end: slice.contentOnSeparator });
    report(reading, 'document-separator', source, 'kubectl refuses content on the line of a document separator (---)', {
      severity: 'medium',
      hint: 'put the document on the next line',
    });
  }
  const isJson = looksLikeJson(text, slice.start);
  const json = isJson ? readJson(text, slice.start, slice.end) : undefined;
  if (json !== undefined && json.error === undefined) return addJson(reading, textFile, json);
  if (json !== undefined) {
    // Flow mappings of YAML look like JSON too, where comments, trailing commas and unquoted text are legal; a text too
    // long to be written by hand is JSON that was cut off.
    const isSurelyJson = json.error?.isTooDeep === true || slice.end - slice.start > MAX_JSON_KEY_SCAN;
    if (isSurelyJson || json.values.length > 0) return addJson(reading, textFile, json);
  }
  return addYaml(reading, textFile, slice, json);
}

function addYaml(reading: Reading, textFile: TextFile, slice: DocumentSlice, json: JsonReading | undefined): number {
  const { text } = textFile;
  const document = readYaml(text, slice.start, slice.end, reading.trees);
  const span = (problem: Span): Span => ({ start: problem.start + slice.start, end: problem.end + slice.start });
  if (document.problem !== undefined) {
    const template = findTemplateAt(text.slice(slice.start, slice.end), document.problem.start);
    if (template !== -1) return template + slice.start;
    if (json !== undefined) return addJson(reading, textFile, json);
    reportStopped(reading, textFile, document.problem, span(document.problem));
    return -1;
  }
  for (const duplicate of document.duplicates) {
    reportDuplicate(reading, textFile, duplicate.message, span(duplicate), duplicate.path ?? []);
  }
  if (document.ignoredFrom !== undefined) {
    const start = slice.start + document.ignoredFrom;
    const message = 'kubectl ignores what follows a document end (...) up to the next ---; it is not read';
    const more = { hint: 'write --- instead of ...', lost: 'unparsable' } as const;
    report(reading, 'document-separator', sourceOf(textFile, [], { start, end: start }), message, more);
  }
  if (document.content === undefined) return -1;
  const place = yamlPlace(textFile, slice.start, document.spans);
  if (flattenLists(document.content.value, place, textFile.file, reading)) return -1;
  return Math.max(slice.start, text.indexOf('{{', slice.start));
}

function addJson(reading: Reading, textFile: TextFile, json: JsonReading): number {
  const { text, file } = textFile;
  for (const { value, start } of json.values) {
    for (const key of findDuplicateKeys(text, start)) {
      reportDuplicate(reading, textFile, `key "${key.name}" is given twice`, key, [key.name]);
    }
    if (!flattenLists(value, jsonPlace(textFile, start), file, reading)) {
      return Math.max(start, text.indexOf('{{', start));
    }
  }
  if (json.error === undefined) return -1;
  const { isTooDeep } = json.error;
  const conflict = isTooDeep ? -1 : findConflict(text);
  const { at, message, ...hint } =
    conflict === -1
      ? { at: json.error.at, message: json.error.message }
      : { at: conflict, message: CONFLICT_MESSAGE, hint: CONFLICT_HINT };
  const source = sourceOf(textFile, [], { start: at, end: at });
  const check = isTooDeep ? 'too-large' : 'malformed-json';
  report(reading, check, source, message, { rejectedByApi: !isTooDeep, lost: 'unparsable', ...hint });
  return -1;
}

function reportStopped(reading: Reading, textFile: TextFile, problem: DocumentProblem, span: Span): void {
  const isTooLarge = problem.check === 'too-large';
  const hint = isTooLarge ? 'JSON of any size is read: kubectl get … -o json' : problem.hint;
  report(reading, isTooLarge ? 'too-large' : 'malformed-yaml', sourceOf(textFile, [], span), problem.message, {
    rejectedByApi: !isTooLarge,
    lost: 'unparsable',
    ...(hint === undefined ? {} : { hint }),
  });
}

/** kubectl keeps the last value without a word, while the API server and kustomize refuse such a document. */
function reportDuplicate(reading: Reading, textFile: TextFile, what: string, span: Span, path: Path): void {
  if (path.length === 1 && path[0] === 'kind') {
    // Two objects ran into one: whatever the first one said is lost, and with it perhaps a policy.
    const message = `${what} in one document: another object begins here, and all before it is lost`;
    const more = { hint: 'separate objects with a line of three dashes: ---', lost: 'unparsable' } as const;
    report(reading, 'duplicate-key', sourceOf(textFile, path, span), message, more);
    return;
  }
  const message = `${what}; kubectl uses the last one, other tools refuse the document`;
  report(reading, 'duplicate-key', sourceOf(textFile, path, span), message);
}

function reportTemplate(reading: Reading, textFile: TextFile, at: number): void {
  const message = 'a template that was not rendered; its objects are not known';
  const more = { hint: RENDER_HINT, lost: 'unparsable' } as const;
  report(reading, 'unrendered-template', sourceOf(textFile, [], { start: at, end: at }), message, more);
}
