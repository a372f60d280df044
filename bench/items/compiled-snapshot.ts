// P7: `can` as a whole command, from a compiled snapshot of P4.

import { closeSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openNear } from '../../src/compiled-snapshot/index.ts';
import { type Answer, behaviourOf, can } from '../../src/engine/index.ts';
import { timeCommand } from '../measure.ts';
import { naiveEvaluator } from '../naive/naive.ts';
import { type DrawnCluster, drawCluster } from '../shapes/cluster-shape.ts';
import { AS_LARGEST } from './all-pairs.ts';
import { clusterItem, SEED } from './cluster-item.ts';
import { objectsOf, PROGRAM, prepareVerb } from './command.ts';
import { CONTEXT, stateOf } from './in-process.ts';
import type { Item, Prepared } from './item.ts';
import { type Asked, drawPairs } from './one-pair.ts';

/** Pairs whose verdicts are compared with the naive ones, and whose answers with those of the manifests. */
const SAMPLED = 500;

/** P7: at each size a file is compiled, and asked. */
export const COMPILED_SNAPSHOT_ITEM: Item = clusterItem({
  ...AS_LARGEST,
  id: 'P7',
  title: 'can -o json from a compiled snapshot of P4, whole command',
  reference: 'Node alone',
  prepare: (size, folder) => prepareCan(drawCluster(size, SEED), folder),
});

function prepareCan(drawn: DrawnCluster, folder: string): Prepared {
  const judge = naiveEvaluator(drawn.namespaces, drawn.policies);
  const asked = drawPairs(drawn.workloads, SAMPLED);
  const open = asked.find(({ flow }) => judge(flow) === 'allowed')!;
  const file = compile(drawn, folder);
  const [output, empty] = [join(folder, 'empty.txt'), join(folder, 'empty.mjs')];
  writeFileSync(empty, '');
  const { from, to, port } = open.pair;
  const args = ['can', '-o', 'json', from.text, `${to.text}:${port!.text}`, '-f', file];
  return {
    ...prepareVerb({ args, folder }, (text, isSmallest) => {
      const { verdict } = JSON.parse(text) as Answer;
      return [
        ...(verdict === 'allowed' ? [] : [`${args.join(' ')}: ${verdict}, naively allowed`]),
        ...compareVerdicts(file, asked, (one) => judge(one.flow)),
        ...(isSmallest ? compareAnswers(file, asked, drawn) : []),
      ];
    }),
    reference: () => timeCommand({ args: [empty], output }),
  };
}

/** Writes the cluster as a list, and compiles it; the path of the compiled file. */
function compile(drawn: DrawnCluster, folder: string): string {
  const [list, file] = [join(folder, 'list.json'), join(folder, 'all.netweir')];
  // In pieces: all of P4 is longer than a text may be.
  const handle = openSync(list, 'w');
  writeSync(handle, '{"apiVersion":"v1","kind":"List","items":[');
  objectsOf(drawn).forEach((object, at) => {
    writeSync(handle, `${at === 0 ? '' : ','}${JSON.stringify(object)}`);
  });
  writeSync(handle, ']}');
  closeSync(handle);
  const output = join(folder, 'compile.txt');
  timeCommand({ args: [PROGRAM, 'snapshot', 'compile', file, '-f', list], output });
  rmSync(list);
  return file;
}

/** Differences of verdicts from naive ones, each question asked of a file that is opened for it. */
function compareVerdicts(file: string, asked: readonly Asked[], expected: (one: Asked) => string): string[] {
  return asked.flatMap((one) => {
    const [found, right] = [answerInPart(file, one).verdict, expected(one)];
    return found === right ? [] : [`${one.pair.from.text} -> ${one.pair.to.text}: ${found}, naively ${right}`];
  });
}

/** Differences of whole answers from those of the objects themselves. */
function compareAnswers(file: string, asked: readonly Asked[], drawn: DrawnCluster): string[] {
  const state = stateOf(drawn);
  return asked.flatMap((one) => {
    const [found, right] = [answerInPart(file, one), can(state, one.pair, CONTEXT)].map((document) =>
      JSON.stringify(document),
    );
    return found === right ? [] : [`${one.pair.from.text} -> ${one.pair.to.text}: ${found}, of the objects ${right}`];
  });
}

function answerInPart(file: string, { pair }: Asked): Answer {
  const near = openNear(file, file, { behaviour: behaviourOf('default'), defaultNamespace: 'default' });
  if (near === undefined) throw new Error('the file is of another behaviour');
  try {
    return can(near.state, pair, CONTEXT);
  } finally {
    near.close();
  }
}
