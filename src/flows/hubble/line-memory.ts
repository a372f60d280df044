// Remembers lines of Hubble's JSON by everything in them that matters, so that a line like one before need not be parsed:
// the same bytes but for values whose form is checked, and the same addresses, ends and node. Knows not what a line says.

import { utcTimeOfBytes } from '../read-time.ts';
import { createByteTable } from './byte-table.ts';
import { createEndTable } from './end-table.ts';
import { type LinePiece, PIECE, piecesOfLine } from './line-pieces.ts';
import { createLineTree } from './line-tree.ts';
import { createNumberTable } from './number-table.ts';

/** Lines remembered before all are forgotten; bytes that addresses and names may take. */
const MOST_LINES = 200_000;
const MOST_TEXT_BYTES = 32 * 1024 * 1024;
/** A memory that was filled without having been of use rests for this many lines. */
const REST = 100_000;
const WORTHWHILE = 4;

/** What a remembered line says, and what the line at hand adds. */
export interface LineMemory<Said> {
  /** What was learnt of a line like this one; undefined: nothing. `time` and the ports are the line's then. */
  recall(bytes: Buffer, start: number, end: number): Said | undefined;
  /** Number of what `recall` found, for tables that go on from it. Valid until the next `learn`. */
  number: number;
  /** NaN: the line has none. */
  time: number;
  /** 0: the line has none. */
  sourcePort: number;
  destinationPort: number;
  /** Remembers a line and what it says. `isWrapped`: its flow stands under `flow`. */
  learn(bytes: Buffer, start: number, end: number, isWrapped: boolean, said: Said): void;
  /** How often everything was forgotten. */
  readonly forgotten: number;
}

/** An empty memory. */
export function createLineMemory<Said>(): LineMemory<Said> {
  const tree = createLineTree();
  const { begins, ends } = tree.line;
  const texts = createByteTable();
  const endTable = createEndTable();
  const rows = createNumberTable(6);
  const row = rows.row;
  let said: Said[] = [];
  let recalled = 0;
  let resting = 0;

  let walked: Buffer | undefined;
  let limit = 0;
  let sourceEnd = 0;
  let destinationEnd = 0;
  /** -1: not looked up yet. */
  let sourceAddress = -1;
  let destinationAddress = -1;
  const textAt = (kind: number): number => (ends[kind] === -1 ? 0 : texts.find(walked!, begins[kind]!, ends[kind]!));
  const endOfEnd = (kind: number, at: number): number => {
    const isSource = kind === PIECE.sourceEnd;
    let address: number;
    if (isSource) address = sourceAddress = textAt(PIECE.sourceAddress);
    else address = destinationAddress = textAt(PIECE.destinationAddress);
    const id = endTable.find(address, walked!, at, limit);
    if (id === 0) return -1;
    if (isSource) sourceEnd = id;
    else destinationEnd = id;
    return at + endTable.lengthOf(id);
  };
  const numberAt = (kind: number): number => {
    let value = 0;
    for (let at = begins[kind]!; at < ends[kind]!; at++) value = value * 10 + walked![at]! - 48;
    return value;
  };
  const forget = (): void => {
    if (recalled < WORTHWHILE * said.length) resting = REST;
    tree.clear();
    texts.clear();
    endTable.clear();
    rows.clear();
    said = [];
    recalled = 0;
    memory.forgotten++;
  };

  const memory = {
    number: -1,
    time: Number.NaN,
    sourcePort: 0,
    destinationPort: 0,
    forgotten: 0,
    recall(bytes: Buffer, start: number, end: number): Said | undefined {
      walked = bytes;
      limit = end;
      sourceEnd = 0;
      destinationEnd = 0;
      sourceAddress = -1;
      destinationAddress = -1;
      const leaf = tree.walk(bytes, start, end, endOfEnd);
      if (leaf === -1) return undefined;
      const hasTime = ends[PIECE.time] !== -1;
      const time = hasTime ? utcTimeOfBytes(bytes, begins[PIECE.time]!, ends[PIECE.time]!) : Number.NaN;
      if (hasTime && Number.isNaN(time)) return undefined;
      row[0] = leaf;
      row[1] = sourceAddress === -1 ? textAt(PIECE.sourceAddress) : sourceAddress;
      row[2] = destinationAddress === -1 ? textAt(PIECE.destinationAddress) : destinationAddress;
      row[3] = sourceEnd;
      row[4] = destinationEnd;
      row[5] = textAt(PIECE.node);
      const number = rows.find();
      if (number === -1) return undefined;
      const source = numberAt(PIECE.sourcePort);
      const destination = numberAt(PIECE.destinationPort);
      if (source > 65535 || destination > 65535) return undefined;
      memory.number = number;
      memory.time = time;
      memory.sourcePort = source;
      memory.destinationPort = destination;
      recalled++;
      return said[number];
    },
    learn(bytes: Buffer, start: number, end: number, isWrapped: boolean, what: Said): void {
      if (resting > 0) {
        resting--;
        return;
      }
      const pieces = piecesOfLine(bytes, start, end, isWrapped);
      if (pieces === undefined) return;
      if (said.length === MOST_LINES || texts.size() > MOST_TEXT_BYTES) forget();
      const leaf = tree.learn(bytes, pieces);
      if (leaf === -1) {
        forget();
        return;
      }
      const text = (kind: number): number => {
        const piece = pieceOf(pieces, kind);
        return piece === undefined ? 0 : texts.add(bytes, piece.end, piece.valueEnd);
      };
      row[0] = leaf;
      row[1] = text(PIECE.sourceAddress);
      row[2] = text(PIECE.destinationAddress);
      row[5] = text(PIECE.node);
      for (const [at, kind] of [
        [3, PIECE.sourceEnd],
        [4, PIECE.destinationEnd],
      ] as const) {
        const piece = pieceOf(pieces, kind);
        const id = piece === undefined ? 0 : endTable.add(row[at - 2]!, bytes, piece.end, piece.valueEnd);
        if (piece !== undefined && id === 0) {
          forget();
          return;
        }
        row[at] = id;
      }
      if (rows.find() !== -1) return;
      rows.add(said.length);
      said.push(what);
    },
  };
  return memory;
}

function pieceOf(pieces: readonly LinePiece[], kind: number): LinePiece | undefined {
  return pieces.find((piece) => piece.kind === kind);
}
