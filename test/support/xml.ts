// A strict reader of XML 1.0, as far as reports use it: well-formedness, characters, entities. Knows no vocabulary.

/** One element; `text` is what stands directly inside it, entities resolved. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

// https://www.w3.org/TR/xml/#charsets
const ILLEGAL = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function resolve(text: string): string {
  if (/[<]/.test(text)) throw new Error(`a bare < in ${JSON.stringify(text)}`);
  if (text.includes(']]>')) throw new Error('a bare ]]> in text');
  return text.replace(/&([^;]*);?/g, (whole, name: string) => {
    const found = whole.endsWith(';') ? ENTITIES[name] : undefined;
    if (found === undefined) throw new Error(`a bare & or an unknown entity: ${whole}`);
    return found;
  });
}

/** Reads a document. Throws an Error for whatever is not well formed. */
export function parseXml(text: string): XmlElement {
  const illegal = ILLEGAL.exec(text);
  if (illegal !== null) throw new Error(`a character that XML cannot hold at ${illegal.index}`);
  const start = '<?xml version="1.0" encoding="UTF-8"?>\n';
  if (!text.startsWith(start)) throw new Error('no declaration');
  const stack: { name: string; attributes: Record<string, string>; children: XmlElement[]; text: string }[] = [];
  let root: XmlElement | undefined;
  const tag = /<(\/?)([a-z-]+)((?: [a-z-]+="[^"<]*")*)(\/?)>/y;
  for (let at = start.length; at < text.length; ) {
    const next = text.indexOf('<', at);
    const between = text.slice(at, next < 0 ? undefined : next);
    const top = stack.at(-1);
    if (top !== undefined) top.text += resolve(between);
    else if (between.trim() !== '') throw new Error('text outside the root');
    if (next < 0) break;
    tag.lastIndex = next;
    const [whole, isEnd, name = '', attributes = '', isEmpty] = tag.exec(text) ?? [];
    if (whole === undefined) throw new Error(`no tag: ${text.slice(next, next + 40)}`);
    at = next + whole.length;
    if (isEnd === '/') {
      const done = stack.pop();
      if (done?.name !== name || attributes !== '') throw new Error(`</${name}> closes nothing`);
      add(done);
      continue;
    }
    if (root !== undefined) throw new Error('two roots');
    const values: Record<string, string> = {};
    for (const [, key = '', value = ''] of attributes.matchAll(/ ([a-z-]+)="([^"]*)"/gi)) {
      if (Object.hasOwn(values, key)) throw new Error(`${key} twice`);
      values[key] = resolve(value);
    }
    const element = { name, attributes: values, children: [], text: '' };
    if (isEmpty === '/') add(element);
    else stack.push(element);
  }
  if (root === undefined || stack.length > 0) throw new Error('an element is not closed');
  return root;

  function add(element: XmlElement): void {
    const parent = stack.at(-1);
    if (parent === undefined) root = element;
    else parent.children.push(element);
  }
}
