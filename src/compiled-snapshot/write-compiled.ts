// From manifests that were read to a compiled snapshot: what is kept of the objects, where they were written, and what questions
// about few pods need. The file is proved to come to the same state before a byte of it is written.

import { worldOf } from '../engine/endpoints/world.ts';
import type { ManifestObject } from '../engine/model/source.ts';
import { type LoadInput, loadState, type State } from '../engine/state.ts';
import { isPolicy, keptValues } from './kept-values.ts';
import { type Directory, type Facts, SECTIONS, type SkippedFile } from './near-records.ts';
import { nearSections, ownedAddresses } from './near-sections.ts';
import { packPlaces } from './places.ts';
import { textOf } from './plain-values.ts';
import { collectShapes } from './pod-rows.ts';
import { OWNER4_BYTES, OWNER6_BYTES } from './read-namespaces.ts';
import { END_BYTES, FILE_BYTES, type ReadBeside, SEPARATOR } from './read-objects.ts';
import { type Recorded, recordPlaces } from './record-places.ts';
import { firstDifference } from './same-state.ts';
import { beginPages, type PageWriter, type Sink } from './write-pages.ts';

/** What a file is written from. */
export interface CompiledInput {
  /** What the state was loaded from. */
  readonly input: LoadInput;
  readonly state: State;
  /** What answers say of the plugin that the objects show. */
  readonly hints: readonly string[];
  readonly skipped: readonly SkippedFile[];
  /** Of saved snapshots among the manifests, for any purpose. */
  readonly limits: ReadBeside['limits'];
}

/** A file that is ready to be written. */
export interface PreparedFile {
  readonly objects: number;
  write(sink: Sink, program: string): Promise<void>;
}

/** Kinds without a namespace that need not be written with one. */
const CLUSTER_SCOPED: ReadonlySet<string> = new Set([
  'Namespace',
  'Node',
  'ClusterNetworkPolicy',
  'AdminNetworkPolicy',
  'BaselineAdminNetworkPolicy',
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'GatewayClass',
  'IngressClass',
  'PersistentVolume',
  'PriorityClass',
  'StorageClass',
]);

/** Pieces of text are handed on once they are so long. */
const PIECE = 256 * 1024;

/** Works out what goes into the file. Throws where what is kept would come to another state: a defect, not bad input. */
export function prepareFile({ input, state, hints, skipped, limits }: CompiledInput): PreparedFile {
  const unused = new Set(state.others);
  const values = keptValues(input.objects, (object) => unused.has(object));
  const recorded = input.objects.map((object, number) => recordPlaces(object, values[number]!));
  const objects = recorded.map(({ object }) => object);
  const kept = loadState({ ...input, objects });
  const difference = firstDifference(state, kept);
  if (difference !== undefined) throw new Error(`what the compiled snapshot keeps comes to other ${difference}`);
  const { findings = [], gaps = [], server, defaultNamespace, behaviour } = input;
  const files = [...new Set(input.objects.flatMap(({ file }) => file ?? []))];
  const beside: ReadBeside = {
    files,
    findings,
    gaps,
    skipped,
    limits,
    ...(server === undefined ? {} : { server }),
  };
  const numbers = new Map(objects.map((object, number) => [object, number]));
  const near = nearSections(kept, (object) => numbers.get(object)!);
  const facts: Facts = {
    behaviour: textOf(behaviour),
    defaultNamespace,
    isHomeless: values.some(isHomeless),
    assumptions: state.assumptions,
    plan: state.plan,
    chain: state.placement.chain,
    gaps: state.gaps,
    findings: state.findings.filter(isGrave).map(({ fix: _, alternatives: __, object: ___, ...finding }) => finding),
    limits: state.limits,
    ...(state.server === undefined ? {} : { server: state.server }),
    skipped,
    hints,
    everywhere: near.everywhere,
  };

  const write = async (sink: Sink, program: string): Promise<void> => {
    const pages = await beginPages(sink);
    const json = (section: string, value: unknown): Promise<number> =>
      pages.section(section, [Buffer.from(textOf(value))]);
    await json(SECTIONS.facts, facts);
    await writeNamespaces(pages, near);
    await json(SECTIONS.nodes, kept.cluster.nodes);
    await json(SECTIONS.blocks, worldOf(kept).context.relevance.blocks);
    const positions = new Map(near.names.map((name, position) => [name, position]));
    await writeOwners(
      pages,
      ownedAddresses(kept, (namespace) => positions.get(namespace)!),
    );
    await json(SECTIONS.reading, beside);
    await writeObjects(pages, { values, files, originals: input.objects, recorded });
    await pages.end(program);
  };
  return { objects: objects.length, write };
}

async function writeNamespaces(
  pages: PageWriter,
  { names, known, recordOf }: ReturnType<typeof nearSections>,
): Promise<void> {
  const { ends, pieces } = joined(names.map((name) => () => Buffer.from(textOf(recordOf(name)))));
  await pages.section(SECTIONS.records, pieces);
  const directory: Directory = { names, known, ends };
  await pages.section(SECTIONS.directory, [Buffer.from(textOf(directory))]);
}

async function writeOwners(pages: PageWriter, { v4, v6 }: ReturnType<typeof ownedAddresses>): Promise<void> {
  const table4 = Buffer.alloc(v4.length * OWNER4_BYTES);
  v4.forEach(([address, owner], at) => {
    table4.writeUInt32LE(address, at * OWNER4_BYTES);
    table4.writeUInt32LE(owner, at * OWNER4_BYTES + 4);
  });
  await pages.section(SECTIONS.owners4, [table4]);
  const table6 = Buffer.alloc(v6.length * OWNER6_BYTES);
  v6.forEach(([address, owner], at) => {
    table6.writeBigUInt64LE(BigInt.asUintN(64, address), at * OWNER6_BYTES);
    table6.writeBigUInt64LE(address >> 64n, at * OWNER6_BYTES + 8);
    table6.writeUInt32LE(owner, at * OWNER6_BYTES + 16);
  });
  await pages.section(SECTIONS.owners6, [table6]);
}

interface KeptObjects {
  readonly values: readonly ManifestObject['value'][];
  readonly files: readonly string[];
  readonly originals: readonly ManifestObject[];
  readonly recorded: readonly Recorded[];
}

async function writeObjects(pages: PageWriter, { values, files, originals, recorded }: KeptObjects): Promise<void> {
  const { shapes, rowOf } = collectShapes();
  const objects = joined(
    values.map((value) => () => Buffer.from(`${JSON.stringify(rowOf(value) ?? value)}${SEPARATOR}`)),
  );
  await pages.section(SECTIONS.objects, objects.pieces);
  await pages.section(SECTIONS.shapes, [Buffer.from(JSON.stringify(shapes))]);
  await pages.section(SECTIONS.objectEnds, [doubles(objects.ends)]);
  const numbers = new Map(files.map((file, position) => [file, position + 1]));
  const table = Buffer.alloc(originals.length * FILE_BYTES);
  originals.forEach(({ file }, at) => {
    table.writeUInt32LE(file === undefined ? 0 : numbers.get(file)!, at * FILE_BYTES);
  });
  await pages.section(SECTIONS.objectFiles, [table]);
  const places = joined(
    originals.map((object, at) => () => packPlaces(object, recorded[at]!.asked(), isPolicy(object))),
  );
  await pages.section(SECTIONS.places, places.pieces);
  await pages.section(SECTIONS.placeEnds, [doubles(places.ends)]);
}

/** Parts one after the other, in pieces; `ends` is complete once the last piece was taken. */
function joined(parts: readonly (() => Uint8Array)[]): {
  readonly ends: number[];
  readonly pieces: Iterable<Uint8Array>;
} {
  const ends: number[] = [];
  function* pieces(): Iterable<Uint8Array> {
    let end = 0;
    let waiting: Uint8Array[] = [];
    let length = 0;
    for (const part of parts) {
      const bytes = part();
      end += bytes.length;
      ends.push(end);
      waiting.push(bytes);
      length += bytes.length;
      if (length < PIECE) continue;
      yield Buffer.concat(waiting);
      [waiting, length] = [[], 0];
    }
    yield Buffer.concat(waiting);
  }
  return { ends, pieces: pieces() };
}

function doubles(numbers: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(numbers.length * END_BYTES);
  numbers.forEach((number, at) => {
    bytes.writeDoubleLE(number, at * END_BYTES);
  });
  return bytes;
}

/** Findings that are said beside every answer. */
function isGrave({ rejectedByApi, severity }: State['findings'][number]): boolean {
  return rejectedByApi || severity === 'high' || severity === 'critical';
}

function isHomeless({ kind, metadata }: Readonly<Record<string, unknown>>): boolean {
  if (CLUSTER_SCOPED.has(String(kind))) return false;
  return typeof metadata !== 'object' || metadata === null || typeof Reflect.get(metadata, 'namespace') !== 'string';
}
