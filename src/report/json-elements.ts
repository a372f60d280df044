// Elements of long lists as JSON. Many hold the same values, to the very object, such as a list of policies: those are
// made text once. Prints what JSON.stringify prints.

/** Turns elements into text, one after the other. */
export type ElementPrinter = (element: unknown) => string;

/** What was printed of one field so far. */
interface FieldTexts {
  /** `"name":`. */
  readonly label: string;
  readonly known: Map<object, string>;
  lookUps: number;
  hits: number;
}

/** So many values are looked up before it is decided whether that pays. */
const TRIAL = 2000;
/** It does where one in so many was there. */
const WORTH = 3;
/** Values of a field whose texts are held: those that come again do so soon, and a long list would be held twice otherwise. */
const MAX_KNOWN = 4096;

/** A printer for the elements of one list; it knows no text yet. */
export function elementPrinter(): ElementPrinter {
  const fields = new Map<string, FieldTexts>();

  function textOf(field: FieldTexts, value: object): string {
    if (field.lookUps >= TRIAL && field.hits * WORTH < field.lookUps) {
      field.known.clear();
      return JSON.stringify(value);
    }
    field.lookUps++;
    const before = field.known.get(value);
    if (before !== undefined) {
      field.hits++;
      return before;
    }
    const text = JSON.stringify(value);
    if (field.known.size === MAX_KNOWN) field.known.clear();
    field.known.set(value, text);
    return text;
  }

  return (element) => {
    if (typeof element !== 'object' || element === null || Array.isArray(element)) return JSON.stringify(element);
    let text = '';
    for (const name of Object.keys(element)) {
      const value: unknown = Reflect.get(element, name);
      if (value === undefined) continue;
      let field = fields.get(name);
      if (field === undefined) {
        field = { label: `${JSON.stringify(name)}:`, known: new Map(), lookUps: 0, hits: 0 };
        fields.set(name, field);
      }
      const isShared = typeof value === 'object' && value !== null;
      text += text === '' ? '{' : ',';
      text += field.label;
      text += isShared ? textOf(field, value) : JSON.stringify(value);
    }
    return text === '' ? '{}' : `${text}}`;
  };
}
