// What a value or a text is: a Kubernetes object, kustomize's or Helm's own file, a template, or none of these.
// Knows the marks of each, and nothing about reading.

/** What to do with a value found in a manifest file. */
export type Recognised =
  | { readonly type: 'object' }
  /** Looks like an object, but apiVersion or kind is missing or no text. */
  | { readonly type: 'incomplete'; readonly missing: 'apiVersion' | 'kind' }
  | { readonly type: 'other'; readonly reason: string; readonly hint?: string };

const MARK = /(?:^|[\s{,"'?])(?:kind|apiVersion)["']?[ \t]*:|(?:^|\n)(?:kind|apiVersion)[ \t]/;
const KUSTOMIZATION_FILE = /(?:^|[/\\])(?:kustomization\.ya?ml|Kustomization)$/;
const TEMPLATE = /^[ \t]*\{\{|[:-][ \t]+\{\{|^[^'"#\n]*\{\{-? *(?:\.|\$|include|template|if|range|with|end|toYaml)/m;

const HELM = /\{\{[^{}\n]{0,200}(?:\.(?:Values|Release|Chart|Capabilities)\b|\b(?:include|toYaml|nindent|tpl)\b)/;

/** Quick look at a text before parsing: false where it surely holds no object. */
export function mayHoldObjects(text: string): boolean {
  return MARK.test(text);
}

/** Offset of the first line that only a template engine could read; -1 where nothing says so. */
export function findTemplate(text: string): number {
  if (!text.includes('{{')) return -1;
  const match = TEMPLATE.exec(text);
  return match === null ? -1 : text.indexOf('{{', match.index);
}

/**
 * As findTemplate, for a document that is malformed at an offset. Alerts and dashboards carry templates in their text
 * too, so that only Helm's own words, or a mark on the malformed line, make the document a template.
 */
export function findTemplateAt(text: string, offset: number): number {
  const template = findTemplate(text);
  if (template === -1 || HELM.test(text)) return template;
  const end = text.indexOf('\n', offset);
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, end === -1 ? text.length : end);
  return line.includes('{{') ? template : -1;
}

/** True for an object whose own name is still a template, though it parses: `name: "{{ .Release.Name }}"`. */
export function isNamedByTemplate(value: Readonly<Record<string, unknown>>): boolean {
  const metadata = value.metadata;
  if (typeof metadata !== 'object' || metadata === null) return false;
  const { name, namespace } = metadata as { name?: unknown; namespace?: unknown };
  return [name, namespace].some((text) => typeof text === 'string' && text.includes('{{'));
}

/** Tells what a mapping is. `file` decides for a kustomization, which needs no kind. */
export function recognise(value: Readonly<Record<string, unknown>>, file: string): Recognised {
  const apiVersion = textOf(value, 'apiVersion');
  const kind = textOf(value, 'kind');
  const isKustomize = apiVersion?.startsWith('kustomize.config.k8s.io/') === true;
  if (isKustomize && isListOnly(value, kind)) return { type: 'object' };
  if (isKustomize || (kind === undefined && KUSTOMIZATION_FILE.test(file))) return kustomization(file);
  if (apiVersion !== undefined && kind !== undefined) return { type: 'object' };
  const isNamed = isMapping(value.metadata) || isMapping(value.spec);
  if (kind !== undefined && isNamed) return { type: 'incomplete', missing: 'apiVersion' };
  if (apiVersion !== undefined && isNamed) return { type: 'incomplete', missing: 'kind' };
  return { type: 'other', reason: 'not Kubernetes: no apiVersion and kind' };
}

/** Why a text without any object was skipped. */
export function whyNoObjects(text: string, file: string): { readonly reason: string; readonly hint?: string } {
  if (KUSTOMIZATION_FILE.test(file)) return kustomization(file);
  const isBlank = text
    .slice(0, 10_000)
    .split('\n')
    .every((line) => /^\s*(?:#|---|\.\.\.|$)/.test(line));
  if (isBlank) return { reason: 'holds no document' };
  return { reason: 'not Kubernetes: no apiVersion and kind' };
}

function kustomization(file: string): { type: 'other'; reason: string; hint: string } {
  const directory = file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '.';
  const hint = `build it with -k ${directory}, or by hand: kustomize build ${directory} | netweir map -f -`;
  return { type: 'other', reason: 'a kustomization, whose result is read only when it is built', hint };
}

/**
 * True for the component of a bundle that `generate` wrote: it lists the files that stand beside it, as they are, so that
 * nothing is missed where they are read by themselves.
 */
function isListOnly(value: Readonly<Record<string, unknown>>, kind: string | undefined): boolean {
  const { metadata } = value;
  const labels = isMapping(metadata) ? (metadata as { labels?: unknown }).labels : undefined;
  const isGenerated =
    isMapping(labels) && (labels as Record<string, unknown>)['app.kubernetes.io/managed-by'] === 'netweir';
  const plain = ['apiVersion', 'kind', 'metadata', 'resources'];
  return kind === 'Component' && isGenerated && Object.keys(value).every((key) => plain.includes(key));
}

function textOf(value: Readonly<Record<string, unknown>>, key: string): string | undefined {
  const text = Object.hasOwn(value, key) ? value[key] : undefined;
  return typeof text === 'string' && text !== '' ? text : undefined;
}

function isMapping(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
