// Where in a line of Hubble's JSON the values stand that change from one record of a connection to the next. The line is
// known to be JSON already; this only finds places, and gives up on whatever is unusual. Interprets nothing.

/** What stands at a place. */
export const PIECE = {
  /** Nothing: the line ends. */
  fixed: 0,
  /** Inside of a text, or digits, that nobody reads. */
  ignoredText: 1,
  ignoredNumber: 2,
  /** Inside of the text that says when. */
  time: 3,
  sourceAddress: 4,
  destinationAddress: 5,
  sourcePort: 6,
  destinationPort: 7,
  /** Inside of the name of the node that recorded it. */
  node: 8,
  /** The object of an end, with its braces. */
  sourceEnd: 9,
  destinationEnd: 10,
} as const;

/** See {@link PIECE}. */
export type PieceKind = (typeof PIECE)[keyof typeof PIECE];

/** `fixed` bytes from `start`, then a value of `kind` from `end` to `valueEnd` (nothing, where the kind is `fixed`). */
export interface LinePiece {
  readonly start: number;
  readonly end: number;
  kind: PieceKind;
  readonly valueEnd: number;
}

const QUOTE = 34;
const BACKSLASH = 92;
const OPEN = 123;
const CLOSE = 125;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const COLON = 58;
const COMMA = 44;

/** Fields that every record has another value of, so that remembering it is of no use. */
const UNREPEATED: readonly string[] = ['l7', 'aggregate', 'trace_context', 'ip_trace_id', 'socket_cookie'];

/** What stands behind keys, by the object that holds them. */
const FIELDS: Readonly<Record<string, Readonly<Record<string, PieceKind>>>> = {
  record: { time: PIECE.ignoredText, node_name: PIECE.ignoredText },
  flow: {
    time: PIECE.time,
    uuid: PIECE.ignoredText,
    node_name: PIECE.node,
    source: PIECE.sourceEnd,
    destination: PIECE.destinationEnd,
  },
  ethernet: { source: PIECE.ignoredText, destination: PIECE.ignoredText },
  IP: { source: PIECE.sourceAddress, destination: PIECE.destinationAddress },
  interface: { index: PIECE.ignoredNumber, name: PIECE.ignoredText },
  ports: { source_port: PIECE.sourcePort, destination_port: PIECE.destinationPort },
};
const INNER: Readonly<Record<string, readonly string[]>> = {
  record: ['flow'],
  flow: ['ethernet', 'IP', 'l4', 'interface'],
  l4: ['TCP', 'UDP', 'SCTP'],
};

/** A cursor over a line. `failed` says that the line is not of the kind that is worth remembering. */
interface Cursor {
  readonly bytes: Buffer;
  at: number;
  readonly end: number;
  failed: boolean;
  fixedFrom: number;
  readonly pieces: LinePiece[];
}

/**
 * The pieces of a line that is a JSON object without a backslash; undefined where they cannot be told for sure: a key twice,
 * two protocols, a port that is no plain number. `isWrapped`: the flow stands under `flow`.
 */
export function piecesOfLine(bytes: Buffer, start: number, end: number, isWrapped: boolean): LinePiece[] | undefined {
  const backslash = bytes.indexOf(BACKSLASH, start);
  if (backslash >= 0 && backslash < end) return undefined;
  const cursor: Cursor = { bytes, at: start, end, failed: false, fixedFrom: start, pieces: [] };
  skipBlanks(cursor);
  walkObject(cursor, isWrapped ? 'record' : 'flow');
  if (cursor.failed) return undefined;
  const { pieces } = cursor;
  pieces.push({ start: cursor.fixedFrom, end, kind: PIECE.fixed, valueEnd: end });
  // Without a time of its own the flow has that of the record around it.
  if (isWrapped && !pieces.some(({ kind }) => kind === PIECE.time)) {
    const own = pieces.find((piece) => isTimeOfRecord(bytes, piece, start));
    if (own !== undefined) own.kind = PIECE.time;
  }
  return pieces;
}

function walkObject(cursor: Cursor, name: string): void {
  const { bytes } = cursor;
  const fields = FIELDS[name === 'TCP' || name === 'UDP' || name === 'SCTP' ? 'ports' : name] ?? {};
  const inner = INNER[name] ?? [];
  const seen = new Set<string>();
  cursor.at++;
  for (;;) {
    skipBlanks(cursor);
    if (bytes[cursor.at] === CLOSE) break;
    if (bytes[cursor.at] === COMMA) {
      cursor.at++;
      skipBlanks(cursor);
    }
    const key = readKey(cursor);
    if (seen.has(key) || (name === 'flow' && UNREPEATED.includes(key)) || cursor.failed) {
      cursor.failed = true;
      return;
    }
    seen.add(key);
    if (Object.hasOwn(fields, key)) takeValue(cursor, fields[key]!);
    else if (inner.includes(key) && bytes[cursor.at] === OPEN) walkObject(cursor, key);
    else skipValue(cursor);
    if (cursor.failed) return;
  }
  cursor.at++;
  if (name === 'l4' && seen.size > 1) cursor.failed = true;
}

function takeValue(cursor: Cursor, kind: PieceKind): void {
  const { bytes, at } = cursor;
  const first = bytes[at];
  if (kind === PIECE.sourceEnd || kind === PIECE.destinationEnd) {
    skipValue(cursor);
    if (first === OPEN) addPiece(cursor, at, kind, cursor.at);
  } else if (kind === PIECE.sourcePort || kind === PIECE.destinationPort || kind === PIECE.ignoredNumber) {
    while (bytes[cursor.at]! >= 48 && bytes[cursor.at]! <= 57) cursor.at++;
    const after = bytes[cursor.at];
    const isPlain = cursor.at > at && (after === COMMA || after === CLOSE) && !(first === 48 && cursor.at > at + 1);
    if (!isPlain) cursor.failed = true;
    addPiece(cursor, at, kind, cursor.at);
  } else {
    skipValue(cursor);
    // What is empty means that there is none, which is not for the value's place to say.
    if (first === QUOTE && cursor.at > at + 2) addPiece(cursor, at + 1, kind, cursor.at - 1);
  }
}

function addPiece(cursor: Cursor, end: number, kind: PieceKind, valueEnd: number): void {
  cursor.pieces.push({ start: cursor.fixedFrom, end, kind, valueEnd });
  cursor.fixedFrom = valueEnd;
}

/** The key at the cursor, which stands at its value then. */
function readKey(cursor: Cursor): string {
  const start = cursor.at + 1;
  skipText(cursor);
  const key = cursor.bytes.toString('latin1', start, cursor.at - 1);
  skipBlanks(cursor);
  if (cursor.bytes[cursor.at] !== COLON) cursor.failed = true;
  cursor.at++;
  skipBlanks(cursor);
  return key;
}

function skipText(cursor: Cursor): void {
  const close = cursor.bytes.indexOf(QUOTE, cursor.at + 1);
  if (cursor.bytes[cursor.at] !== QUOTE || close < 0 || close >= cursor.end) cursor.failed = true;
  else cursor.at = close + 1;
}

/** Any value, up to what follows it. */
function skipValue(cursor: Cursor): void {
  const { bytes, end } = cursor;
  let depth = 0;
  while (cursor.at < end && !cursor.failed) {
    const byte = bytes[cursor.at]!;
    if (byte === QUOTE) {
      skipText(cursor);
      if (depth === 0) return;
      continue;
    }
    if (byte === OPEN || byte === OPEN_LIST) depth++;
    else if (byte === CLOSE || byte === CLOSE_LIST) {
      if (depth === 0) return;
      depth--;
      if (depth === 0) {
        cursor.at++;
        return;
      }
    } else if (byte === COMMA && depth === 0) return;
    cursor.at++;
  }
  cursor.failed = true;
}

function skipBlanks(cursor: Cursor): void {
  const { bytes } = cursor;
  for (let byte = bytes[cursor.at]; byte === 32 || byte === 9 || byte === 13; byte = bytes[cursor.at]) cursor.at++;
}

/** Whether the ignored text is the value of the record's own `time`: of the texts ignored there, only a time begins so. */
function isTimeOfRecord(bytes: Buffer, { end, kind }: LinePiece, start: number): boolean {
  const key = bytes.toString('latin1', Math.max(start, end - 24), end);
  return kind === PIECE.ignoredText && /"time"\s*:\s*"$/.test(key);
}
