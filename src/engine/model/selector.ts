// Selectors as boolean expressions over labels, wide enough for LabelSelector now and Calico's language later.

/** Labels of one object. Read only through {@link labelOf}: a label may be called `constructor`. */
export type Labels = Readonly<Record<string, string>>;

/**
 * A boolean expression over labels.
 * `and` of nothing selects everything; `or` of nothing selects nothing.
 * `in` needs the key to exist; `not-in` also holds where the key is absent (apimachinery labels.Requirement).
 */
export type Selector =
  | { readonly op: 'and'; readonly of: readonly Selector[] }
  | { readonly op: 'or'; readonly of: readonly Selector[] }
  | { readonly op: 'not'; readonly of: Selector }
  | { readonly op: 'in' | 'not-in'; readonly key: string; readonly values: readonly string[] }
  | { readonly op: 'exists' | 'not-exists'; readonly key: string }
  | { readonly op: 'contains' | 'starts-with' | 'ends-with'; readonly key: string; readonly text: string };

/** Selects everything. */
export const EVERYTHING: Selector = { op: 'and', of: [] };
/** Selects nothing. */
export const NOTHING: Selector = { op: 'or', of: [] };

/** Reports whether the selector is written as one without requirements. */
export function isEverything(selector: Selector): boolean {
  return selector.op === 'and' && selector.of.length === 0;
}

/** Three-valued logic for what static input may leave open. */
export type Tristate = 'yes' | 'no' | 'maybe';

/** The value of a label, or undefined where the key is absent. */
export function labelOf(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

/** Reports whether the selector selects an object with exactly these labels. */
export function selects(selector: Selector, labels: Labels): boolean {
  switch (selector.op) {
    case 'and':
      return selector.of.every((part) => selects(part, labels));
    case 'or':
      return selector.of.some((part) => selects(part, labels));
    case 'not':
      return !selects(selector.of, labels);
    default:
      return selectsValue(selector, labelOf(labels, selector.key));
  }
}

/**
 * Reports whether the selector selects an object of which some keys are open: they may be absent or have any value.
 * `maybe` where the answer depends on an open key (correlations between requirements are not followed).
 */
export function selectsPartly(selector: Selector, labels: Labels, isOpen: (key: string) => boolean): Tristate {
  switch (selector.op) {
    case 'and':
    case 'or': {
      const decisive = selector.op === 'and' ? 'no' : 'yes';
      let answer: Tristate = decisive === 'no' ? 'yes' : 'no';
      for (const part of selector.of) {
        const one = selectsPartly(part, labels, isOpen);
        if (one === decisive) return one;
        if (one === 'maybe') answer = one;
      }
      return answer;
    }
    case 'not':
      return opposite(selectsPartly(selector.of, labels, isOpen));
    default: {
      if (isOpen(selector.key)) return selector.op === 'in' && selector.values.length === 0 ? 'no' : 'maybe';
      return selectsValue(selector, labelOf(labels, selector.key)) ? 'yes' : 'no';
    }
  }
}

/** Label keys that a selector tests, each once. */
export function keysOf(selector: Selector): readonly string[] {
  if (selector.op === 'and' || selector.op === 'or') return [...new Set(selector.of.flatMap(keysOf))];
  return selector.op === 'not' ? keysOf(selector.of) : [selector.key];
}

/** Three-valued and; `yes` for an empty list. */
export function every(parts: readonly Tristate[]): Tristate {
  return parts.includes('no') ? 'no' : parts.includes('maybe') ? 'maybe' : 'yes';
}

/** Three-valued or; `no` for an empty list. */
export function some(parts: readonly Tristate[]): Tristate {
  return parts.includes('yes') ? 'yes' : parts.includes('maybe') ? 'maybe' : 'no';
}

function opposite(value: Tristate): Tristate {
  return value === 'maybe' ? 'maybe' : value === 'yes' ? 'no' : 'yes';
}

/** A selector that tests one key. */
export type Requirement = Exclude<Selector, { op: 'and' | 'or' | 'not' }>;

/** Reports whether one requirement holds for a label's value; undefined means the key is absent. */
export function selectsValue(requirement: Requirement, value: string | undefined): boolean {
  switch (requirement.op) {
    case 'in':
      return value !== undefined && requirement.values.includes(value);
    case 'not-in':
      return value === undefined || !requirement.values.includes(value);
    case 'exists':
      return value !== undefined;
    case 'not-exists':
      return value === undefined;
    case 'contains':
      return value?.includes(requirement.text) ?? false;
    case 'starts-with':
      return value?.startsWith(requirement.text) ?? false;
    case 'ends-with':
      return value?.endsWith(requirement.text) ?? false;
  }
}

/** A text that is equal for two selectors only if they are the same expression (order of parts and values aside). */
export function selectorKey(selector: Selector): string {
  let key = keys.get(selector);
  if (key === undefined) {
    key = makeKey(selector);
    keys.set(selector, key);
  }
  return key;
}

/** Selectors never change, and many ask for the key of the same one. */
const keys = new WeakMap<Selector, string>();

function makeKey(selector: Selector): string {
  switch (selector.op) {
    case 'and':
    case 'or': {
      const parts = [...new Set(selector.of.map(selectorKey))].sort();
      return parts.length === 1 ? parts[0]! : `${selector.op}(${parts.join(' ')})`;
    }
    case 'not':
      return `not(${selectorKey(selector.of)})`;
    case 'in':
    case 'not-in':
      return `${selector.op}(${[selector.key, ...distinct(selector.values)].map(spelled).join('')})`;
    case 'exists':
    case 'not-exists':
      return `${selector.op}(${JSON.stringify(selector.key)})`;
    default:
      return `${selector.op}(${JSON.stringify([selector.key, selector.text])})`;
  }
}

/** A text with its length before it: texts in a row cannot be mistaken for others. */
function spelled(text: string): string {
  return `${text.length}:${text}`;
}

function distinct(values: readonly string[]): readonly string[] {
  return values.length < 2 ? values : [...new Set(values)].sort();
}

/** Prints a selector as a person writes it: `app=web,tier!=db`, `{}` for everything. */
export function printSelector(selector: Selector): string {
  if (selector.op === 'and') {
    return selector.of.length === 0 ? '{}' : selector.of.map((part) => printPart(part)).join(',');
  }
  return printPart(selector);
}

function printPart(selector: Selector): string {
  switch (selector.op) {
    case 'and':
      return `(${selector.of.map(printPart).join(',') || 'everything'})`;
    case 'or':
      return selector.of.length === 0 ? '(nothing)' : `(${selector.of.map(printPart).join(' or ')})`;
    case 'not':
      return `!(${printPart(selector.of)})`;
    case 'in':
      return selector.values.length === 1
        ? `${selector.key}=${selector.values[0]}`
        : `${selector.key} in (${selector.values.join(',')})`;
    case 'not-in':
      return selector.values.length === 1
        ? `${selector.key}!=${selector.values[0]}`
        : `${selector.key} notin (${selector.values.join(',')})`;
    case 'exists':
      return selector.key;
    case 'not-exists':
      return `!${selector.key}`;
    default:
      return `${selector.key} ${selector.op} ${selector.text}`;
  }
}
