// Antrea's five shapes, each at the size that its controller is measured with.

import {
  clusterScoped,
  largeNamespaces,
  oneNamespace,
  policyPerPod,
  smallNamespaces,
} from '../shapes/antrea-shapes.ts';
import type { Item } from './item.ts';
import { type Shape, shapeItem } from './shape-item.ts';

const SHAPES: readonly Shape[] = [
  {
    id: 'antrea/small-namespaces',
    title: 'all pairs where each of many namespaces has four pods and three policies, in process',
    largest: 25_000,
    smoke: [30, 120],
    text: (size) => `${size} namespaces, ${4 * size} pods, ${3 * size} policies`,
    draw: smallNamespaces,
  },
  {
    id: 'antrea/large-namespaces',
    title: 'all pairs where each namespace has a thousand pods and a hundred policies, in process',
    largest: 100,
    smoke: [0.5, 2],
    text: (size) => `${Math.ceil(size)} namespaces, ${1000 * size} pods, ${Math.ceil(101 * size)} policies`,
    // Half a namespace has half of the groups.
    draw: (size) => (size < 1 ? largeNamespaces(1, 100 * size) : largeNamespaces(Math.round(size))),
  },
  {
    id: 'antrea/one-namespace',
    title: 'all pairs where every policy selects every pod and admits every pod of one namespace, in process',
    largest: 10_000,
    smoke: [100, 400],
    text: (size) => `one namespace, ${size} pods, ${size} policies`,
    draw: oneNamespace,
  },
  {
    id: 'antrea/policy-per-pod',
    title: 'all pairs where each pod of one namespace has a policy of its own, in process',
    largest: 10_000,
    smoke: [100, 400],
    text: (size) => `one namespace, ${size} pods, ${size} policies`,
    draw: policyPerPod,
  },
  {
    id: 'antrea/cluster-scoped',
    title: 'all pairs where policies admit groups of pods of many namespaces, in process',
    largest: 1_000,
    smoke: [4, 16],
    text: (size) => `${Math.round(size)} namespaces, ${100 * Math.round(size)} pods, ${10 * Math.round(size)} policies`,
    draw: (size) => clusterScoped(Math.round(size)),
  },
];

/** One item a shape. */
export const ANTREA_ITEMS: readonly Item[] = SHAPES.map(shapeItem);
