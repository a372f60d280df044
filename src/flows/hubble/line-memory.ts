// Takes lines of Hubble's JSON apart that are like a line before: the same bytes but for values whose form is checked, and
// addresses, ends and nodes that are known. Numbers stand for what is known. Knows not what a line says.

import { parseAddress } from '../../engine/sets/ip-address.ts';
import { createByteTable } from '../byte-table.ts';
import { plainFamilyOf } from '../plain-address.ts';
import { utcTimeOfBytes } from '../read-time.ts';
import { viewOf } from '../same-bytes.ts';
import { createEndTable } from './end-table.ts';
import { type LinePiece, PIECE, type PieceKind, piecesOfLine } from './line-pieces.ts';
import { createLineTree } from './line-tree.ts';

/** Bytes that addresses and names of nodes may take before all is forgotten. */
const MOST_TEXT_BYTES = 16 * 1024 * 1024;
/** A memory that is full without having been of use rests for this many lines. */
const REST = 100_000;
const WORTHWHILE = 4;

/** A line that was taken apart. Numbers of 0: it has no such part. */
export interface KnownLine {
  /** All of the line that is not below: equal for lines that differ in nothing else. -1: the line is not known. */
  leaf: number;
  sourceAddress: number;
  destinationAddress: number;
  sourceEnd: number;
  destinationEnd: number;
  /** An address has an end that it was never met with. */
  isNewEnd: boolean;
  node: number;
  /** NaN: none. */
  time: number;
  sourcePort: number;
  destinationPort: number;
}

/** A memory of lines. */
export interface LineMemory {
  /** What `recall` or `learn` was given last. */
  readonly line: KnownLine;
  /** How often everything was forgotten: numbers from before mean nothing since. */
  forgotten(): number;
  /** Takes a line apart; false: it is not like any line that was learnt. */
  recall(bytes: Buffer, start: number, end: number): boolean;
  /** Keeps that the addresses of the line that was recalled have its ends, where that is new. */
  keepEnds(): void;
  /** Learns a line, and takes it apart; false: it cannot be learnt. `isWrapped`: its flow stands under `flow`. */
  learn(bytes: Buffer, start: number, end: number, isWrapped: boolean): boolean;
  addressOf(number: number): string;
  /** What the function makes of the bytes of an address; they are only valid during the call. */
  readAddress<T>(number: number, use: (bytes: Uint8Array, start: number, end: number) => T): T;
  nodeOf(number: number): string;
  /** The bytes of an end's object. */
  endOf(number: number): string;
}

/** An empty memory. */
export function createLineMemory(): LineMemory {
  const tree = createLineTree();
  const { begins, ends } = tree.line;
  const addresses = createByteTable();
  const nodes = createByteTable();
  const endTable = createEndTable();
  const line: KnownLine = {
    leaf: -1,
    sourceAddress: 0,
    destinationAddress: 0,
    sourceEnd: 0,
    destinationEnd: 0,
    isNewEnd: false,
    node: 0,
    time: Number.NaN,
    sourcePort: 0,
    destinationPort: 0,
  };
  let walked: Buffer = Buffer.alloc(0);
  let view = viewOf(walked);
  let limit = 0;
  let [forgotten, recalled, learnt, resting] = [0, 0, 0, 0];

  const addressAt = (kind: PieceKind): number =>
    ends[kind] === -1 ? 0 : addresses.find(walked, begins[kind]!, ends[kind]!);
  /** The number of an address that is new; 0 where the text is none, or there is no more room. */
  const learnAddress = (kind: PieceKind): number => {
    const [start, end] = [begins[kind]!, ends[kind]!];
    if (addresses.size() + nodes.size() > MOST_TEXT_BYTES) return 0;
    const isAddress =
      plainFamilyOf(walked, start, end) !== undefined || parseAddress(walked.toString('latin1', start, end)).ok;
    return isAddress ? addresses.add(walked, start, end) : 0;
  };
  const endOfEnd = (kind: PieceKind, at: number): number => {
    const isSource = kind === PIECE.sourceEnd;
    let address = addressAt(isSource ? PIECE.sourceAddress : PIECE.destinationAddress);
    let id = endTable.find(address, view, at, limit);
    if (id === 0) {
      id = endTable.findShared(view, at, limit);
      const kind = isSource ? PIECE.sourceAddress : PIECE.destinationAddress;
      if (id === 0 || ends[kind] === -1) return -1;
      if (address === 0) address = learnAddress(kind);
      if (address === 0) return -1;
      line.isNewEnd = true;
    }
    if (isSource) {
      line.sourceAddress = address;
      line.sourceEnd = id;
    } else {
      line.destinationAddress = address;
      line.destinationEnd = id;
    }
    return at + endTable.lengthOf(id);
  };
  /** The number of a part that must be known where the line has it; -1: it is not. */
  const known = (number: number, kind: PieceKind): number => (number === 0 && ends[kind] !== -1 ? -1 : number);
  const portAt = (kind: PieceKind): number => {
    let value = 0;
    for (let at = begins[kind]!; at < ends[kind]!; at++) value = value * 10 + walked[at]! - 48;
    return value;
  };
  const forget = (): void => {
    if (recalled < WORTHWHILE * learnt) resting = REST;
    tree.clear();
    addresses.clear();
    nodes.clear();
    endTable.clear();
    [recalled, learnt] = [0, 0];
    forgotten++;
  };
  const textAt = (bytes: Buffer, pieces: readonly LinePiece[], kind: PieceKind, table: typeof nodes): number => {
    const piece = pieces.find((one) => one.kind === kind);
    return piece === undefined ? 0 : table.add(bytes, piece.end, piece.valueEnd);
  };
  const endAt = (bytes: Buffer, pieces: readonly LinePiece[], kind: PieceKind, address: number): number => {
    const piece = pieces.find((one) => one.kind === kind);
    return piece === undefined ? 0 : endTable.add(address, bytes, piece.end, piece.valueEnd);
  };

  return {
    line,
    forgotten: () => forgotten,
    addressOf: (number) => addresses.textOf(number),
    readAddress: (number, use) => addresses.read(number, use),
    nodeOf: (number) => nodes.textOf(number),
    endOf: (number) => endTable.textOf(number),
    recall(bytes, start, end) {
      if (walked !== bytes) {
        walked = bytes;
        view = viewOf(bytes);
      }
      limit = end;
      line.sourceAddress = 0;
      line.destinationAddress = 0;
      line.sourceEnd = 0;
      line.destinationEnd = 0;
      line.isNewEnd = false;
      line.leaf = tree.walk(view, start, end, endOfEnd);
      if (line.leaf === -1) return false;
      const hasTime = ends[PIECE.time] !== -1;
      line.time = hasTime ? utcTimeOfBytes(bytes, begins[PIECE.time]!, ends[PIECE.time]!) : Number.NaN;
      if (hasTime && Number.isNaN(line.time)) return false;
      line.sourcePort = portAt(PIECE.sourcePort);
      line.destinationPort = portAt(PIECE.destinationPort);
      if (line.sourcePort > 65535 || line.destinationPort > 65535) return false;
      // Where the line has an end, its address was looked up with it.
      if (line.sourceAddress === 0) line.sourceAddress = known(addressAt(PIECE.sourceAddress), PIECE.sourceAddress);
      if (line.destinationAddress === 0)
        line.destinationAddress = known(addressAt(PIECE.destinationAddress), PIECE.destinationAddress);
      const node = ends[PIECE.node] === -1 ? 0 : nodes.find(bytes, begins[PIECE.node]!, ends[PIECE.node]!);
      line.node = known(node, PIECE.node);
      if (line.sourceAddress === -1 || line.destinationAddress === -1 || line.node === -1) return false;
      recalled++;
      return true;
    },
    keepEnds() {
      endTable.link(line.sourceAddress, line.sourceEnd);
      endTable.link(line.destinationAddress, line.destinationEnd);
    },
    learn(bytes, start, end, isWrapped) {
      if (resting > 0) {
        resting--;
        return false;
      }
      const pieces = piecesOfLine(bytes, start, end, isWrapped);
      if (pieces === undefined) return false;
      if (addresses.size() + nodes.size() > MOST_TEXT_BYTES) forget();
      line.leaf = tree.learn(bytes, pieces);
      line.sourceAddress = textAt(bytes, pieces, PIECE.sourceAddress, addresses);
      line.destinationAddress = textAt(bytes, pieces, PIECE.destinationAddress, addresses);
      line.node = textAt(bytes, pieces, PIECE.node, nodes);
      line.sourceEnd = endAt(bytes, pieces, PIECE.sourceEnd, line.sourceAddress);
      line.destinationEnd = endAt(bytes, pieces, PIECE.destinationEnd, line.destinationAddress);
      if (line.leaf === -1 || line.sourceEnd === -1 || line.destinationEnd === -1) {
        forget();
        return false;
      }
      learnt++;
      return true;
    },
  };
}
