// Where a thing was written: a file, a line, a field path. Knows nothing of YAML or JSON; a reader supplies the lookup.

/** A field path as a list of keys and indexes: `['spec', 'ingress', 0, 'from']`. Empty means the object itself. */
export type Path = readonly (string | number)[];

/** A place a person can open. Lines and columns count from 1; all of them are absent for live objects. */
export interface Source {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** One past the last character, absent where only the start is known. */
  readonly end?: { readonly line: number; readonly column: number };
  /** What a live object is: `NetworkPolicy shop/db`. Absent where there is a file, and for what is no object. */
  readonly object?: string;
  /** The field path as the API server prints it: `spec.ingress[0].from[1]`; empty for the whole object. */
  readonly path: string;
}

/**
 * One object as it was read: its plain value (JSON types only), and a lookup from field path to place.
 * `locate` falls back to the nearest enclosing field that exists, never throws for what is asked, and is lazy: it may be
 * costly. Where a file is too long to be held, what is read again throws UserError `changed` if it has become another.
 */
export interface ManifestObject {
  readonly value: Readonly<Record<string, unknown>>;
  readonly file?: string;
  /**
   * Those fields of the value that a snapshot is built from, where the others are read again from a file when `value` is
   * asked for, which is then costly each time. May be another object with the same fields each time. Absent: the value is at hand.
   */
  readonly brief?: Readonly<Record<string, unknown>>;
  /** `key: true` asks for the place of the key itself instead of its value (for unknown or misspelt fields). */
  locate(path: Path, options?: { readonly key?: boolean }): Source;
  /** The text at the place that `locate` names, as somebody wrote it: `yes` for true. Absent where there is no text. */
  written?(path: Path): string;
}

/** The value as far as a snapshot is built from it (`snapshot/pod-fields.ts`): for questions about other fields there is `value`. */
export function briefOf(object: ManifestObject): Readonly<Record<string, unknown>> {
  return object.brief ?? object.value;
}

/** The same object with another value, in the same place. */
export function withValue(object: ManifestObject, value: Readonly<Record<string, unknown>>): ManifestObject {
  const { file } = object;
  return {
    value,
    ...(file === undefined ? {} : { file }),
    locate: (path, options) => object.locate(path, options),
    ...(object.written === undefined ? {} : { written: (path: Path) => object.written!(path) }),
  };
}

/** The plain value at a path; undefined where nothing is written there. Null is a value. */
export function valueAt(object: ManifestObject, path: Path): unknown {
  let here: unknown = object.value;
  for (const part of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, part)) return undefined;
    here = Reflect.get(here, part);
  }
  return here;
}

/** Prints a field path as the API server does: `spec.ingress[0].from[1]`, labels as `metadata.labels[a/b]`. */
export function printPath(path: Path): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (/^[A-Za-z_$][\w$-]*$/.test(part)) text += text === '' ? part : `.${part}`;
    else text += `[${part}]`;
  }
  return text;
}
