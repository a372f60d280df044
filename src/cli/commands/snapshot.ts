// `snapshot save [FILE]`, `snapshot show FILE`, `snapshot compile FILE`: the state that answers are computed from, as a file.

import { resolve } from 'node:path';
import { behaviourOf, loadState } from '../../engine/index.ts';
import type { Purpose, ServerFacts } from '../../engine/model/server-facts.ts';
import { UserError } from '../../engine/model/user-error.ts';
import {
  type SnapshotHeader,
  type SnapshotSummary,
  snapshotOf,
  summarise,
} from '../../engine/questions/snapshot-document.ts';
import { printable } from '../../report/index.ts';
import { EXIT, type ExitCode, exitCodeOf } from '../exit-codes.ts';
import type { Invocation, Options } from '../invocation.ts';
import { noInput } from '../kubectl-pipe.ts';
import { readChosen } from '../load-cluster.ts';
import { readPaths, refuseClusterFlags } from '../load-input.ts';
import { writeRemarks } from '../messages.ts';
import { outputsOf, writeDocument } from '../output.ts';
import { defaultName, printSnapshot, writeSnapshot } from '../saving/write-snapshot.ts';

/** Saves a cluster, or shows what is in a snapshot; exits 2 where something is missing in it. */
export async function snapshot(invocation: Invocation): Promise<ExitCode> {
  const [word, file] = invocation.operands;
  if (word === 'compile') return (await import('../saving/compile-snapshot.ts')).compileSnapshot(invocation, file);
  const flag = compiledFlag(invocation.options);
  if (flag !== undefined && (word === 'save' || word === 'show')) {
    throw new UserError('usage', `${flag} is about manifests, and snapshot ${word} reads none`, {
      hint: 'snapshot compile FILE -f MANIFESTS compiles them',
    });
  }
  if (word === 'save') return save(invocation, file);
  if (word === 'show') return show(invocation, file);
  throw new UserError('usage', `snapshot takes save, show or compile, not "${word}"`, {
    hint: 'write snapshot save [FILE], snapshot show FILE, or snapshot compile FILE -f MANIFESTS',
  });
}

/** A flag of `snapshot compile` that was given; undefined: none. */
function compiledFlag(options: Options): string | undefined {
  const { filename, kustomize, helm, cni, assume } = options;
  const given = { '-f': filename, '-k': kustomize, '--helm': helm, '--cni': cni ?? [], '--assume': assume };
  return Object.entries(given).find(([, value]) => value.length > 0)?.[0];
}

async function save(invocation: Invocation, file: string | undefined): Promise<ExitCode> {
  const { options, io, typed, progress } = invocation;
  if (options.output.length > 0) {
    throw new UserError('usage', 'snapshot save has one format', { hint: 'name the file: snapshot save FILE' });
  }
  const purposes: readonly Purpose[] = ['answers', 'access', 'evidence', ...moreOf(options.with)];
  const found = await readChosen(invocation, { purposes });
  if (found === undefined) throw noInput(io.program, options, typed, io.isPiped);
  const { reading, target, namespace } = found;
  const { isLive: _, ...server } = reading.server;
  const header: SnapshotHeader = {
    taken: new Date().toISOString(),
    ...(target.context === undefined ? {} : { context: target.context }),
    namespace,
    server,
    incomplete: reading.gaps,
    notes: reading.limits,
  };
  const document = snapshotOf(
    reading.objects.map(({ value }) => value),
    header,
  );
  progress.step('writing the snapshot');
  const name = file ?? defaultName(target.context, io.today());
  if (name === '-') await printSnapshot(document, io.stdout);
  else await writeSnapshot(document, resolve(io.cwd, name), name);
  progress.end();
  await writeRemarks({ gaps: reading.gaps, notes: reading.limits.map(({ message }) => message) }, invocation);
  if (name !== '-') {
    const count = document.items.length;
    await io.stderr.write(
      `${printable(`saved ${count} objects of ${target.title} to ${name}; map -f ${name} reads it`)}\n`,
    );
  }
  const { allowIncomplete } = options;
  return exitCodeOf({ answer: 'yes', incomplete: reading.gaps.length > 0, allowIncomplete });
}

/** What --with names. Throws UserError `usage` for anything but ConfigMaps. */
function moreOf(text: string | undefined): readonly Purpose[] {
  if (text === undefined) return [];
  if (text.toLowerCase() === 'configmaps') return ['configmaps'];
  const isSecret = /secret/i.test(text);
  throw new UserError('usage', isSecret ? 'Secrets are never read' : `--with: "${text}" cannot be added`, {
    hint: 'write --with configmaps',
  });
}

async function show(invocation: Invocation, file: string | undefined): Promise<ExitCode> {
  const { options } = invocation;
  if (file === undefined)
    throw new UserError('usage', 'snapshot show needs FILE', { hint: 'write snapshot show FILE' });
  refuseClusterFlags(options);
  const outputs = outputsOf(invocation);
  const { objects, findings, gaps, snapshots } = await readPaths(invocation, [file]);
  const [saved, second] = snapshots;
  if (saved === undefined && gaps.length > 0) {
    throw new UserError('unreadable', `there is no snapshot in "${file}": ${gaps[0]!.message}`, {
      hint: 'was it cut off? snapshot save writes it anew',
    });
  }
  if (saved === undefined || second !== undefined) {
    const what = saved === undefined ? 'no snapshot' : 'several snapshots';
    throw new UserError('usage', `there ${saved === undefined ? 'is' : 'are'} ${what} in "${file}"`, {
      hint: 'snapshot save writes one',
    });
  }
  const { taken, context, namespace, server, limits } = saved;
  const header: SnapshotHeader = {
    ...(taken === undefined ? {} : { taken }),
    ...(context === undefined ? {} : { context }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(server === undefined ? {} : { server: serverOf(server) }),
    incomplete: gaps.map(({ file: _, ...gap }) => gap),
    notes: limits,
  };
  const document: SnapshotSummary = summarise(
    objects.map(({ value }) => value),
    header,
    loadState({
      objects,
      findings,
      gaps,
      behaviour: behaviourOf('default'),
      defaultNamespace: namespace ?? 'default',
      ...(server === undefined ? {} : { server }),
    }),
  );
  await writeDocument(document, outputs, invocation);
  await writeRemarks({ findings, gaps, notes: limits.map(({ message }) => message) }, invocation);
  if (gaps.length === 0 || options.allowIncomplete) return EXIT.yes;
  return EXIT.cannotAnswer;
}

function serverOf({ gitVersion, groups, unlisted }: ServerFacts): NonNullable<SnapshotHeader['server']> {
  return { ...(gitVersion === undefined ? {} : { gitVersion }), groups, unlisted };
}
