// ConnectivityTest objects, as read from test files, to test cases. Problems are findings with their places: every one of
// a file is reported, and the cases without any are still returned. Runs nothing.

import { labelKeyProblem } from '../dialects/decoding/name-syntax.ts';
import { GUARANTEES, type GuaranteeRequest, parseGuarantee } from '../guarantees/built-in.ts';
import type { Finding } from '../model/finding.ts';
import { nearestNames } from '../model/nearest-names.ts';
import type { ManifestObject, Path } from '../model/source.ts';
import { UserError } from '../model/user-error.ts';
import type { EndpointExpression, IsolationCase, PortExpression, TestCase } from './ask.ts';
import { API_VERSION } from './documents.ts';
import { parseEndpoint } from './parse-endpoint.ts';
import { parsePortValue } from './parse-ports.ts';
import type { AskedTest } from './run-tests.ts';

/** What test files say. */
export interface ParsedTests {
  readonly tests: readonly AskedTest[];
  /** Mistakes in our own kinds; each makes the run's answer incomplete. Check id `invalid-test`. */
  readonly findings: readonly Finding[];
  /** Objects of other APIs that stood beside the tests, in order. */
  readonly others: readonly ManifestObject[];
}

type Ports = readonly PortExpression[] | 'all';
type Fields = Readonly<Record<string, unknown>>;

const GROUP = API_VERSION.slice(0, API_VERSION.indexOf('/') + 1);
const KINDS = ['ConnectivityTest', 'Guarantees', 'Isolation'];
const OBJECT_FIELDS = ['apiVersion', 'kind', 'metadata', 'tests'];
const TEST_FIELDS = ['name', 'from', 'to', 'allow', 'deny', 'only', 'except', 'namespaces'];
const ISOLATION_FIELDS = ['apiVersion', 'kind', 'metadata', 'groups', 'except', 'namespaces'];
const GUARANTEES_FIELDS = ['apiVersion', 'kind', 'metadata', 'guarantees', 'namespaces'];
const NAMESPACES_FORM = 'write existing for the namespaces of the manifests, any for new ones too (the default)';
const PORTS_FORM = 'write all, or a list of ports: [80, 53/udp, http]';

/** Reads the tests of all objects in order. Never throws for what they say. */
export function parseTests(objects: readonly ManifestObject[]): ParsedTests {
  const tests: AskedTest[] = [];
  const findings: Finding[] = [];
  const others: ManifestObject[] = [];
  for (const object of objects) {
    const { apiVersion, kind } = object.value;
    const isOurs = typeof apiVersion === 'string' && apiVersion.startsWith(GROUP);
    if (!isOurs && kind !== 'ConnectivityTest') others.push(object);
    else for (const test of new TestReader(object, findings).read()) tests.push(test);
  }
  return { tests, findings, others };
}

/** Reads one object; the state is where its problems go. */
class TestReader {
  private readonly object: ManifestObject;
  private readonly findings: Finding[];

  constructor(object: ManifestObject, findings: Finding[]) {
    this.object = object;
    this.findings = findings;
  }

  read(): AskedTest[] {
    const { value } = this.object;
    if (!this.checkKind(value)) return [];
    if (value.kind === 'Isolation') {
      const isolation = this.readIsolation(value);
      return isolation === undefined ? [] : [isolation];
    }
    if (value.kind === 'Guarantees') return this.readGuarantees(value);
    this.checkFields(value, [], OBJECT_FIELDS, 'a ConnectivityTest');
    if (!Array.isArray(value.tests) || value.tests.length === 0) {
      this.report(['tests'], 'tests must be a list of at least one test');
      return [];
    }
    return value.tests.flatMap((test: unknown, index) => this.readTest(test, ['tests', index]) ?? []);
  }

  private checkKind({ apiVersion, kind }: Fields): boolean {
    if (apiVersion !== API_VERSION) {
      this.report(['apiVersion'], `apiVersion ${quote(apiVersion)} is not known`, `write ${API_VERSION}`);
      return false;
    }
    if (typeof kind === 'string' && KINDS.includes(kind)) return true;
    const near = typeof kind === 'string' ? nearestNames(kind, KINDS, 1)[0] : undefined;
    this.report(
      ['kind'],
      `kind ${quote(kind)} is not known`,
      near === undefined ? `write ${KINDS[0]}` : `did you mean ${near}?`,
    );
    return false;
  }

  /** Undefined where the entry has a problem: a test that is half understood must not pass. */
  private readTest(value: unknown, path: Path): TestCase | undefined {
    const before = this.findings.length;
    if (!isFields(value)) {
      this.report(path, 'a test must be a mapping with a name');
      return undefined;
    }
    const isKnown = this.checkFields(value, path, TEST_FIELDS, 'a test');
    const { name } = value;
    if (typeof name !== 'string' || name.trim() === '') this.reportName(name, [...path, 'name']);
    const from = this.readEnd(value, path, 'from');
    const to = this.readEnd(value, path, 'to');
    const allow = this.has(value, 'allow') ? this.readPorts(value.allow, [...path, 'allow']) : undefined;
    const deny = this.has(value, 'deny') ? this.readPorts(value.deny, [...path, 'deny']) : undefined;
    const only = this.has(value, 'only') ? this.readOnly(value.only, [...path, 'only']) : undefined;
    const except = this.has(value, 'except') ? this.readExcept(value.except, [...path, 'except']) : undefined;
    const isAny = this.readNamespaces(value, path);
    const ends = [from, to, ...(only ?? []).map(({ endpoint }) => endpoint)];
    const isOpen = ends.some((end) => end?.type === 'anything' || end?.type === 'any-pod');
    if (this.has(value, 'namespaces') && !isOpen) {
      const hint = 'write any-pod or anything for one of them, or leave namespaces out';
      this.report([...path, 'namespaces'], 'namespaces is about pods that could exist, and no end means any', hint);
    }
    // What a misspelt field was meant to be would be reported as missing.
    if (isKnown) this.checkAssertion(value, path);
    if (this.findings.length > before) return undefined;
    return {
      name: name as string,
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      ...(allow === undefined ? {} : { allow }),
      ...(deny === undefined ? {} : { deny }),
      ...(only === undefined ? {} : { only }),
      ...(except === undefined ? {} : { except }),
      ...(isAny ? {} : { newNamespaces: false }),
      source: this.object.locate(path),
    };
  }

  /** YAML takes more words than one would think for something else than text. */
  private reportName(name: unknown, path: Path): void {
    if (typeof name !== 'boolean' && typeof name !== 'number') {
      this.report(
        path,
        name === undefined || name === null || typeof name === 'string'
          ? 'a test needs a name'
          : 'the name of a test must be text',
      );
      return;
    }
    const written = this.object.written?.(path) ?? quote(name);
    const type = typeof name === 'boolean' ? 'a boolean' : 'a number';
    this.report(path, `the name of a test must be text, and ${written} is ${type}`, `write name: "${written}"`);
  }

  /** Whether pods that could exist may be made in new namespaces too. */
  private readNamespaces(value: Fields, path: Path): boolean {
    if (!this.has(value, 'namespaces') || value.namespaces === 'any') return true;
    if (value.namespaces !== 'existing') {
      this.report([...path, 'namespaces'], `${quote(value.namespaces)} is neither existing nor any`, NAMESPACES_FORM);
    }
    return false;
  }

  /** `guarantees: [metadata-closed=aws, tenants-apart=tenant]`; none where the object has a problem. */
  private readGuarantees(value: Fields): GuaranteeRequest[] {
    const before = this.findings.length;
    this.checkFields(value, [], GUARANTEES_FIELDS, 'a Guarantees');
    const newNamespaces = this.readNamespaces(value, []);
    const list: readonly unknown[] = Array.isArray(value.guarantees) ? value.guarantees : [];
    if (list.length === 0) {
      this.report(['guarantees'], 'guarantees must be a list of at least one', `write [${GUARANTEES.join(', ')}]`);
    }
    const requests = list.flatMap((text, i): GuaranteeRequest[] => {
      const path = ['guarantees', i];
      const guarantee = this.attempt(() => parseGuarantee(String(text)), path);
      return guarantee === undefined ? [] : [{ guarantee, newNamespaces, source: this.object.locate(path) }];
    });
    return this.findings.length > before ? [] : requests;
  }

  /** `groups: {by: namespace-label, key: tenant}`; undefined where the object has a problem. */
  private readIsolation(value: Fields): IsolationCase | undefined {
    const before = this.findings.length;
    this.checkFields(value, [], ISOLATION_FIELDS, 'an Isolation');
    const form = 'write {by: namespace-label, key: tenant}';
    const groups = isFields(value.groups) ? value.groups : {};
    if (!isFields(value.groups)) this.report(['groups'], 'groups must be a mapping', form);
    else {
      this.checkFields(groups, ['groups'], ['by', 'key'], 'groups');
      if (groups.by !== 'namespace-label') {
        this.report(['groups', 'by'], `groups can be by namespace-label, not by ${quote(groups.by)}`, form);
      }
      if (typeof groups.key !== 'string' || labelKeyProblem(groups.key) !== undefined) {
        this.report(['groups', 'key'], `${quote(groups.key)} is no key of a label`, form);
      }
    }
    const except = this.has(value, 'except') ? this.readExcept(value.except, ['except']) : [];
    const newNamespaces = this.readNamespaces(value, []);
    if (this.findings.length > before) return undefined;
    const key = groups.key as string;
    const metadata = isFields(value.metadata) ? value.metadata : {};
    const name = typeof metadata.name === 'string' ? metadata.name : `no path between namespaces of different ${key}`;
    return { name, key, except: except ?? [], newNamespaces, source: this.object.locate([]) };
  }

  /** That the entry asserts something, about two ends. */
  private checkAssertion(value: Fields, path: Path): void {
    const [from, to] = [this.has(value, 'from'), this.has(value, 'to')];
    if (!from && !to) this.report(path, 'a test needs from, to or both');
    if (this.has(value, 'only')) {
      if (from && to) this.report([...path, 'only'], 'only needs either from or to: it names the other end itself');
      for (const field of ['allow', 'deny', 'except'].filter((one) => this.has(value, one))) {
        this.report([...path, field], `only already says everything, so ${field} cannot stand beside it`);
      }
      return;
    }
    if (!this.has(value, 'allow') && !this.has(value, 'deny')) {
      this.report(path, 'a test needs allow, deny or only', 'without one it would assert nothing');
    } else if (from !== to) {
      const missing = from ? 'to' : 'from';
      this.report(
        path,
        `allow and deny need from and to; ${missing} is missing`,
        `write ${missing}: "*" for every pod`,
      );
    }
  }

  private readEnd(value: Fields, path: Path, field: 'from' | 'to'): EndpointExpression | undefined {
    if (!this.has(value, field)) return undefined;
    return this.readEndpoint(value[field], [...path, field]);
  }

  private readEndpoint(value: unknown, path: Path, options?: { key: boolean }): EndpointExpression | undefined {
    if (typeof value !== 'string') {
      this.report(path, `${quote(value)} is no endpoint`, 'write one text such as shop/web; * stands in quotes');
      return undefined;
    }
    const [, end, port] = /^([^:{}]*\/[^:{}]*):([\w./-]+)$/.exec(value) ?? [];
    if (end !== undefined) {
      this.report(
        path,
        `${quote(value)} has a port, which an endpoint has not`,
        `write ${end}, and the port in a list: [${port}]`,
        options,
      );
      return undefined;
    }
    return this.attempt(() => parseEndpoint(value), path, options);
  }

  private readPorts(value: unknown, path: Path): Ports | undefined {
    if (value === 'all') return 'all';
    if (!Array.isArray(value)) {
      this.report(path, `${quote(value)} is no list of ports`, PORTS_FORM);
      return undefined;
    }
    if (value.length === 0) {
      this.report(path, 'the list of ports is empty, so nothing would be asserted', PORTS_FORM);
      return undefined;
    }
    return value.flatMap((port: unknown, i) => this.attempt(() => parsePortValue(port), [...path, i]) ?? []);
  }

  /** A map from endpoint to ports; the empty map is nobody. */
  private readOnly(value: unknown, path: Path): TestCase['only'] {
    if (!isFields(value)) {
      const hint = 'write {shop/api: [5432/tcp]}, with {} for nobody';
      this.report(path, 'only must be a mapping from endpoints to ports', hint);
      return undefined;
    }
    return Object.entries(value).flatMap(([text, list]) => {
      const endpoint = this.readEndpoint(text, [...path, text], { key: true });
      const ports = this.readPorts(list, [...path, text]);
      return endpoint === undefined || ports === undefined ? [] : [{ endpoint, ports }];
    });
  }

  /** A list of endpoints, each as text or as `{from: …}` or `{to: …}` with ports; without ports all are meant. */
  private readExcept(value: unknown, path: Path): TestCase['except'] {
    if (!Array.isArray(value)) {
      this.report(path, 'except must be a list', 'write [shop/api] or [{to: shop/api, ports: [80]}]');
      return undefined;
    }
    return value.flatMap((entry: unknown, i): NonNullable<TestCase['except']> => {
      const at = [...path, i];
      if (!isFields(entry)) {
        const endpoint = this.readEndpoint(entry, at);
        return endpoint === undefined ? [] : [{ endpoint, ports: 'all' }];
      }
      this.checkFields(entry, at, ['from', 'to', 'ports'], 'an exception');
      const side = this.has(entry, 'from') ? 'from' : 'to';
      if (this.has(entry, 'from') === this.has(entry, 'to')) {
        this.report(at, 'an exception needs either from or to');
        return [];
      }
      const endpoint = this.readEnd(entry, at, side);
      const ports = this.has(entry, 'ports') ? this.readPorts(entry.ports, [...at, 'ports']) : 'all';
      return endpoint === undefined || ports === undefined ? [] : [{ side, endpoint, ports }];
    });
  }

  /** Reports unknown fields; false where there are any. */
  private checkFields(value: Fields, path: Path, known: readonly string[], what: string): boolean {
    const unknown = Object.keys(value).filter((field) => !known.includes(field));
    for (const field of unknown) {
      const near = nearestNames(field, known, 1)[0];
      const hint = near === undefined ? `its fields are ${known.join(', ')}` : `did you mean "${near}"?`;
      this.report([...path, field], `${what} has no field "${field}"`, hint, { key: true });
    }
    return unknown.length === 0;
  }

  /** A key with the value null (`from:` and nothing after it) is there: it is reported, not ignored. */
  private has(value: Fields, field: string): boolean {
    return Object.hasOwn(value, field);
  }

  private attempt<T>(parse: () => T, path: Path, options?: { key: boolean }): T | undefined {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.report(path, error.message, error.hint, options);
      return undefined;
    }
  }

  private report(path: Path, message: string, hint?: string, options?: { key: boolean }): void {
    this.findings.push({
      check: 'invalid-test',
      severity: 'high',
      rejectedByApi: false,
      message,
      ...(hint === undefined ? {} : { hint }),
      source: this.object.locate(path, options),
    });
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
