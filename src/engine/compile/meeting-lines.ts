// Which far lines of both sides can be part of a rectangle: both are open to somebody of the other. Very many lines name the
// same large sets, so that who is in a set is worked out once.

import { type IdSet, intersect, subtract } from '../sets/id-set.ts';
import { idTable } from '../sets/id-table.ts';
import { entry } from './entry.ts';
import type { FarLine } from './lines.ts';
import type { LineGroup } from './overlay.ts';

/** Members of a source line to which a destination line says one thing. */
export interface Meeting extends LineGroup {
  readonly source: FarLine;
}

/** The endpoints that are members of the lines of each side. */
export interface Ends {
  readonly sources: IdSet;
  readonly destinations: IdSet;
}

/** For a destination line, what it says to members of source lines that say something to it; the rest is left out. */
export function meetings(
  from: readonly FarLine[],
  to: readonly FarLine[],
  { sources, destinations }: Ends,
): (destination: FarLine) => Iterable<Meeting> {
  const openFrom = from.filter(({ rest }) => rest.isOpen);
  const naming = namingLines(from, to, destinations);
  const inside = openInside(from, sources);
  const outside = new Map<IdSet, Map<FarLine, IdSet>>();

  /** Members of a source line that are in none of the groups; of one group, they are remembered. */
  function othersOf(source: FarLine, groups: readonly LineGroup[]): IdSet {
    const [first] = groups;
    if (first === undefined) return source.members;
    if (groups.length > 1) return groups.reduce((left, { peers }) => subtract(left, peers), source.members);
    const known = entry(outside, first.peers, () => new Map<FarLine, IdSet>());
    return entry(known, source, () => subtract(source.members, first.peers));
  }

  return function* (destination) {
    const closed = (naming.get(destination) ?? []).filter(({ rest }) => !rest.isOpen);
    for (const { peers, pairing } of destination.groups) {
      if (!pairing.isOpen) continue;
      for (const [source, members] of inside(peers)) yield { source, peers: members, pairing };
      for (const source of closed) {
        const members = intersect(source.members, peers);
        if (members.length > 0) yield { source, peers: members, pairing };
      }
    }
    if (!destination.rest.isOpen) return;
    for (const source of [...openFrom, ...closed]) {
      const peers = othersOf(source, destination.groups);
      if (peers.length > 0) yield { source, peers, pairing: destination.rest };
    }
  };
}

/** For each set the lines that are open to all but a few and have members in it, with these. `domain`: members of lines. */
function openInside(
  lines: readonly FarLine[],
  domain: IdSet,
): (peers: IdSet) => readonly (readonly [FarLine, IdSet])[] {
  const found = new Map<IdSet, readonly (readonly [FarLine, IdSet])[]>();
  const linesIn = lineFinder(lines, domain);
  return (peers) =>
    entry(found, peers, () => {
      const open = linesIn(peers).filter(({ rest }) => rest.isOpen);
      return open.map((line) => [line, intersect(line.members, peers)] as const);
    });
}

/** For each line of the other side the lines that have one of its members in an open group. */
function namingLines(
  lines: readonly FarLine[],
  others: readonly FarLine[],
  domain: IdSet,
): ReadonlyMap<FarLine, readonly FarLine[]> {
  const linesIn = lineFinder(others, domain);
  const naming = new Map<FarLine, FarLine[]>();
  for (const line of lines) {
    const open = line.groups.filter(({ pairing }) => pairing.isOpen);
    for (const other of new Set(open.flatMap(({ peers }) => linesIn(peers)))) {
      entry(naming, other, () => []).push(line);
    }
  }
  return naming;
}

/** Finds the lines that have members in a set. */
function lineFinder(lines: readonly FarLine[], domain: IdSet): (peers: IdSet) => readonly FarLine[] {
  const places = idTable(domain);
  lines.forEach(({ members }, index) => {
    places.put(members, index);
  });
  const seenIn = new Int32Array(lines.length).fill(-1);
  const found = new Map<IdSet, readonly FarLine[]>();
  return (peers) =>
    entry(found, peers, () => {
      const own: FarLine[] = [];
      const round = found.size;
      const inside = intersect(peers, domain);
      for (let i = 0; i < inside.length; i += 2) {
        for (let peer = inside[i]!; peer < inside[i + 1]!; peer++) {
          const place = places.at(peer);
          if (place < 0 || seenIn[place] === round) continue;
          seenIn[place] = round;
          own.push(lines[place]!);
        }
      }
      return own;
    });
}
