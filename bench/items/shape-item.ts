// Items that measure all pairs of a shape of clusters, in process, as one number of it grows.

import type { Family } from '../naive/naive.ts';
import type { DrawnCluster } from '../shapes/cluster-shape.ts';
import { prepareAllPairs } from './all-pairs.ts';
import type { Item, ItemSize } from './item.ts';

/** A shape. */
export interface Shape {
  readonly id: string;
  readonly title: string;
  /** The largest size, of which the others are a quarter and a sixteenth. */
  readonly largest: number;
  /** Two sizes, the second four times the first. */
  readonly smoke: readonly [number, number];
  /** Of the pods; absent: IPv4. */
  readonly families?: readonly Family[];
  /** A size as the table prints it. */
  text(size: number): string;
  draw(size: number): DrawnCluster;
}

/** The item of it. */
export function shapeItem({ id, title, largest, smoke, families, text, draw }: Shape): Item {
  const sized = (size: number): ItemSize => ({
    text: text(size),
    amount: size,
    size,
    prepare: () => prepareAllPairs(draw(size), families),
  });
  return {
    id,
    title,
    reference: 'JSON.parse',
    sizes: [largest / 16, largest / 4, largest].map(Math.round).map(sized),
    smokeSizes: smoke.map(sized),
    margin: 10,
  };
}
