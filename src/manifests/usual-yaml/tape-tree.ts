// From the tape of usual YAML to a syntax tree like that of the full parser, for looking up places. Only made when asked for.

import { Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { TAPE, type Tape } from './tape.ts';

/** The root node; scalars have the text that they stand for only where it is a key. */
export function treeOfTape(text: string, tape: Tape): YAMLMap | YAMLSeq | Scalar {
  let next = 0;

  function read(): YAMLMap | YAMLSeq | Scalar {
    const entry = tape[next++]!;
    const start = tape[next++]!;
    switch (entry) {
      case TAPE.map:
      case TAPE.flowMap:
      case TAPE.sequence:
      case TAPE.flowSequence:
        return readCollection(entry, start);
      case TAPE.empty:
        return spanned(new Scalar(null), start, start);
      case TAPE.literal: {
        const end = tape[next]!;
        next += 4;
        return spanned(new Scalar(null), start, end);
      }
      default:
        return readScalar(entry, start);
    }
  }

  function readCollection(entry: number, start: number): YAMLMap | YAMLSeq {
    const isMap = entry === TAPE.map || entry === TAPE.flowMap;
    const node: YAMLMap | YAMLSeq = isMap ? new YAMLMap() : new YAMLSeq();
    node.flow = entry === TAPE.flowMap || entry === TAPE.flowSequence;
    const items: unknown[] = node.items;
    while (tape[next] !== TAPE.end) items.push(isMap ? new Pair(read(), read()) : read());
    next++;
    return spanned(node, start, tape[next++]!);
  }

  function readScalar(entry: number, start: number): Scalar {
    const end = tape[next++]!;
    const isPlain = entry === TAPE.plain;
    const source = isPlain ? text.slice(start, end) : text.slice(start + 1, end - 1);
    const isSingle = entry === TAPE.single;
    const node = new Scalar(isPlain ? source : isSingle ? source.replaceAll("''", "'") : unescaped(source));
    node.type = isPlain ? Scalar.PLAIN : isSingle ? Scalar.QUOTE_SINGLE : Scalar.QUOTE_DOUBLE;
    if (isPlain) node.source = source;
    return spanned(node, start, end);
  }

  return read();
}

function unescaped(content: string): string {
  return content.includes('\\') ? (JSON.parse(`"${content}"`) as string) : content;
}

function spanned<T extends { range?: readonly [number, number, number] | null | undefined }>(
  node: T,
  start: number,
  end: number,
): T {
  node.range = [start, end, end];
  return node;
}
