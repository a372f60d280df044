// Validates SARIF logs: against the JSON Schema of SARIF 2.1.0, and what GitHub's code scanning asks beyond it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { ROOT } from './shared.ts';

/** The parts of a log that tests look at. */
export interface SarifLog {
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly semanticVersion?: string; readonly rules: readonly SarifRule[] } };
    readonly invocations: readonly {
      readonly executionSuccessful: boolean;
      readonly toolExecutionNotifications: readonly { readonly message: { readonly text: string } }[];
    }[];
    readonly results: readonly SarifResult[];
  }[];
}

/** One rule. */
export interface SarifRule {
  readonly id: string;
  readonly helpUri: string;
  readonly shortDescription: { readonly text: string };
  readonly fullDescription: { readonly text: string };
  readonly help: { readonly text: string; readonly markdown: string };
  readonly defaultConfiguration: { readonly level: string };
  readonly properties: { readonly tags: readonly string[]; readonly 'security-severity'?: string };
}

/** One result. */
export interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly SarifLocation[];
  readonly relatedLocations?: readonly SarifLocation[];
  readonly partialFingerprints?: Readonly<Record<string, string>>;
  readonly suppressions?: readonly object[];
  readonly baselineState?: string;
  readonly fixes?: readonly {
    readonly description: { readonly text: string };
    readonly artifactChanges: readonly {
      readonly artifactLocation: { readonly uri: string };
      readonly replacements: readonly {
        readonly deletedRegion: Readonly<Record<'startLine' | 'startColumn' | 'endLine' | 'endColumn', number>>;
        readonly insertedContent: { readonly text: string };
      }[];
    }[];
  }[];
}

/** One location. */
export interface SarifLocation {
  readonly id?: number;
  readonly physicalLocation?: {
    readonly artifactLocation: { readonly uri: string; readonly uriBaseId?: string };
    readonly region: Readonly<Record<string, number>>;
  };
  readonly logicalLocations?: readonly { readonly fullyQualifiedName: string }[];
}

/** The text after the replacements of one file, which must not overlap. */
export function applyReplacements(
  text: string,
  replacements: NonNullable<SarifResult['fixes']>[number]['artifactChanges'][number]['replacements'],
): string {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const offset = (line: number, column: number): number => (starts[line - 1] ?? text.length) + column - 1;
  const cuts = replacements
    .map(({ deletedRegion: { startLine, startColumn, endLine, endColumn }, insertedContent }) => ({
      from: offset(startLine, startColumn),
      to: offset(endLine, endColumn),
      by: insertedContent.text,
    }))
    .sort((a, b) => a.from - b.from);
  let at = 0;
  let result = '';
  for (const { from, to, by } of cuts) {
    if (from < at || to < from) throw new Error('replacements overlap');
    result += text.slice(at, from) + by;
    at = to;
  }
  return result + text.slice(at);
}

let validator: ValidateFunction | undefined;

/** RFC 3986, as far as characters go: nothing that would have to be escaped. */
const URI_CHARACTERS = /^(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*$/;

function load(): ValidateFunction {
  const text = readFileSync(join(ROOT, 'test/schemas/sarif-2.1.0-rtm.5.json'), 'utf8');
  // Draft 4 differs from draft 7 in the name of `id` alone, as far as this schema goes.
  const { $schema: _draft, id: _id, ...schema } = JSON.parse(text);
  const ajv = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false });
  ajv.addFormat('uri-reference', URI_CHARACTERS);
  ajv.addFormat('uri', { validate: (uri: string) => URI_CHARACTERS.test(uri) && /^[a-z][a-z0-9+.-]*:/.test(uri) });
  ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
  return ajv.compile(schema);
}

/** What the schema says against the log, as `path: message`; empty where it is valid. */
export function sarifErrors(log: unknown): string[] {
  validator ??= load();
  validator(log);
  return (validator.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`);
}

/** Maximum sizes that GitHub documents, and properties that it requires. */
export function githubErrors({ runs }: SarifLog): string[] {
  const errors: string[] = [];
  const check = (isRight: boolean, what: string): void => {
    if (!isRight) errors.push(what);
  };
  for (const { tool, results } of runs) {
    for (const rule of tool.driver.rules) {
      check(rule.id.length > 0 && rule.id.length <= 255, `id of ${rule.id}`);
      for (const { text } of [rule.shortDescription, rule.fullDescription])
        check(text.length > 0 && text.length <= 1024, `description of ${rule.id}`);
      check(rule.help.text !== '' && rule.help.markdown !== '', `help of ${rule.id}`);
      check(rule.properties.tags.length <= 10, `tags of ${rule.id}`);
      const score = rule.properties['security-severity'];
      check(score === undefined || (Number(score) > 0 && Number(score) <= 10), `security-severity of ${rule.id}`);
      check((score !== undefined) === rule.properties.tags.includes('security'), `tag security of ${rule.id}`);
    }
    check(new Set(tool.driver.rules.map(({ id }) => id)).size === tool.driver.rules.length, 'ids of rules');
    for (const result of results) {
      check(tool.driver.rules[result.ruleIndex]?.id === result.ruleId, `ruleIndex of ${result.ruleId}`);
      check(result.message.text !== '' && result.locations.length <= 10, `message of ${result.ruleId}`);
      for (const { physicalLocation } of [...result.locations, ...(result.relatedLocations ?? [])])
        check(physicalLocation === undefined || (physicalLocation.region['startLine'] ?? 0) >= 1, 'startLine');
      const ids = (result.relatedLocations ?? []).map(({ id }) => id);
      for (const [, id] of result.message.text.matchAll(/(?<!\\)\]\(([^)]*)\)/g))
        check(ids.includes(Number(id)), `a link to ${id} that is no related location`);
    }
  }
  return errors;
}
