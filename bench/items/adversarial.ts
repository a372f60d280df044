// Shapes that are hard on an engine: nothing to share, or everything selected.

import { adminRules } from '../shapes/admin-shape.ts';
import { allSelectAll, blockPerPod, dualStack, labelPerPod, selectorPerPolicy } from '../shapes/adversarial-shapes.ts';
import { SEED } from './cluster-item.ts';
import type { Item } from './item.ts';
import { type Shape, shapeItem } from './shape-item.ts';

const asMany = (size: number) => `${size} pods, ${size} policies`;

const SHAPES: readonly Shape[] = [
  {
    id: 'hard/label-per-pod',
    title: 'all pairs where each pod has a label value and a policy of its own, in process',
    largest: 40_000,
    smoke: [200, 800],
    text: asMany,
    draw: labelPerPod,
  },
  {
    id: 'hard/selector-per-policy',
    title: 'all pairs where hardly two policies have a selector in common, in process',
    largest: 40_000,
    smoke: [200, 800],
    text: asMany,
    draw: (size) => selectorPerPolicy(size, SEED),
  },
  {
    id: 'hard/all-select-all',
    title: 'all pairs where each policy selects and admits everybody, on a port of its own, in process',
    largest: 10_000,
    smoke: [200, 800],
    text: asMany,
    draw: allSelectAll,
  },
  {
    id: 'hard/block-per-pod',
    title: 'all pairs where each policy names one pod and one address outside by their addresses, in process',
    largest: 40_000,
    smoke: [200, 800],
    text: asMany,
    draw: (size) => blockPerPod(size, SEED),
  },
  {
    id: 'hard/admin-rules',
    title: 'all pairs of 2,000 pods below many rules of the Admin tier, in process',
    largest: 10_000,
    smoke: [100, 400],
    text: (size) => `${size} rules`,
    draw: (size) => adminRules(size, SEED),
  },
  {
    id: 'hard/dual-stack',
    title: 'all pairs of pods of one family or both, with blocks of both, in process',
    largest: 40_000,
    smoke: [200, 800],
    text: asMany,
    families: ['IPv4', 'IPv6'],
    draw: (size) => dualStack(size, SEED),
  },
];

/** One item a shape. */
export const ADVERSARIAL_ITEMS: readonly Item[] = SHAPES.map(shapeItem);
