// lint and exposure as whole commands over shapes that are hard on an engine, as one number of each grows.

import type { Exposure } from '../../src/engine/index.ts';
import { compareExposure } from '../naive/naive-exposure.ts';
import { compareFindings, type PrintedFinding } from '../naive/naive-findings.ts';
import { adminRules, adminRulesInDoubt } from '../shapes/admin-shape.ts';
import { allSelectAll, blockPerPod, dualStack, labelPerPod, selectorPerPolicy } from '../shapes/adversarial-shapes.ts';
import type { DrawnCluster } from '../shapes/cluster-shape.ts';
import { crossingSelectors, identicalPolicies } from '../shapes/one-namespace-shapes.ts';
import { SEED } from './cluster-item.ts';
import { prepareVerb, timeToParse, writeList } from './command.ts';
import type { Item, ItemSize, Prepared } from './item.ts';

/** Pairs that are judged naively of each answer: naively one takes all policies of a namespace. */
const SAMPLED_PAIRS = 200;

interface Shape {
  readonly id: string;
  readonly title: string;
  /** Policies, or rules of the Admin tier, of the largest size. */
  readonly largest: number;
  /** Whether the answer may be that much is unknown, or that nothing is open. */
  readonly isVague?: true;
  draw(size: number): DrawnCluster;
}

const SHAPES: readonly Shape[] = [
  { id: 'identical', title: 'of equal policies in one namespace', largest: 12_800, draw: identicalPolicies },
  { id: 'crossing', title: 'of selectors that cross, in one namespace', largest: 12_800, draw: crossingSelectors },
  { id: 'label-per-pod', title: 'of a policy for each pod', largest: 10_000, draw: labelPerPod },
  {
    id: 'selector-per-policy',
    title: 'of policies that have no selector in common',
    largest: 10_000,
    isVague: true,
    draw: (size) => selectorPerPolicy(size, SEED),
  },
  { id: 'all-select-all', title: 'of policies that select and admit everybody', largest: 4000, draw: allSelectAll },
  {
    id: 'block-per-pod',
    title: 'of policies that name pods by address',
    largest: 10_000,
    isVague: true,
    draw: (size) => blockPerPod(size, SEED),
  },
  {
    id: 'admin-rules',
    title: 'of rules of the Admin tier',
    largest: 10_000,
    draw: (size) => adminRules(size, SEED),
  },
  {
    id: 'dual-stack',
    title: 'of pods and blocks of both families',
    largest: 10_000,
    draw: (size) => dualStack(size, SEED),
  },
];

/** The naive evaluator knows no doubt, so that only lint is asked of it. */
const IN_DOUBT: Shape = {
  id: 'admin-rules-in-doubt',
  title: 'of rules of the Admin tier of which some are about domains, and pods whose namespace is not known',
  largest: 10_000,
  draw: (size) => adminRulesInDoubt(size, SEED),
};

/** Two items a shape, but for the last. */
export const ADVERSARIAL_COMMAND_ITEMS: readonly Item[] = [
  ...SHAPES.flatMap((shape) => [
    commandItem(shape, 'lint', prepareLint),
    commandItem(shape, 'exposure', (drawn, folder) => prepareExposure(drawn, folder, shape.isVague ?? false)),
  ]),
  commandItem(IN_DOUBT, 'lint', prepareLint),
];

function commandItem(
  { id, title, largest, draw }: Shape,
  verb: string,
  prepare: (drawn: DrawnCluster, folder: string) => Prepared,
): Item {
  const sized = (size: number): ItemSize => ({
    text: `${size} ${id.startsWith('admin-rules') ? 'rules' : 'policies'}`,
    amount: size,
    size,
    prepare: (folder) => prepare(draw(size), folder),
  });
  return {
    id: `hard/${id}/${verb}`,
    title: `${verb} -o json ${title}, whole command`,
    reference: 'JSON.parse',
    sizes: [largest / 16, largest / 4, largest].map(Math.round).map(sized),
    smokeSizes: [100, 400].map(sized),
    margin: 10,
  };
}

function prepareLint(drawn: DrawnCluster, folder: string): Prepared {
  const file = writeList(drawn, folder);
  const args = ['lint', '-o', 'json', '--fail-on', 'critical', '-f', file];
  const verb = prepareVerb({ args, folder }, (text) =>
    compareFindings(drawn, (JSON.parse(text) as { findings: PrintedFinding[] }).findings),
  );
  return { ...verb, reference: () => timeToParse(file) };
}

function prepareExposure(drawn: DrawnCluster, folder: string, isVague: boolean): Prepared {
  const file = writeList(drawn, folder);
  const verb = prepareVerb({ args: ['exposure', '-o', 'json', '-f', file], folder }, (text) =>
    compareExposure(drawn, JSON.parse(text) as Exposure, SAMPLED_PAIRS, 1, isVague),
  );
  return { ...verb, reference: () => timeToParse(file) };
}
