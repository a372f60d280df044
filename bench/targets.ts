// What is aimed at, on two cores: a number for each, and the item and size that it is measured by.

/** One number that is aimed at. */
export interface Target {
  /** As it is called: that of an item, or what comes before its slash. */
  readonly id: string;
  readonly work: string;
  /** The item that measures it; there may be none yet. */
  readonly item: string;
  /** Of which size; absent: the last. */
  readonly size?: number;
  /**
   * What is measured. `time`: the fastest run, `cold`: the first one, `memory`: the peak, `rate`: things a second, `ratio`:
   * the fastest run by the fastest of the reference.
   */
  readonly of: 'time' | 'cold' | 'memory' | 'rate' | 'ratio';
  /** Milliseconds, MiB, things a second, times: at most, a rate at least. */
  readonly limit: number;
  /** What a rate counts. */
  readonly things?: string;
}

/** All of them, in the order of the table. */
export const TARGETS: readonly Target[] = [
  { id: 'P1', work: '`map`, 10 workloads and 20 policies, from files', item: 'P1', size: 0, of: 'time', limit: 150 },
  { id: 'P2', work: '`map`, 5,400 workloads and 13,200 policies, one JSON file', item: 'P2', of: 'time', limit: 800 },
  { id: 'P3', work: 'the same from YAML files', item: 'P3', of: 'time', limit: 1500 },
  {
    id: 'P4',
    work: 'state and all pairs, 150,000 pods and 100,000 policies, the first time',
    item: 'P4',
    of: 'cold',
    limit: 500,
  },
  { id: 'P4', work: 'the same again', item: 'P4', of: 'time', limit: 250 },
  {
    id: 'P4',
    work: 'the same of a regular cluster, the first time',
    item: 'regular/P4',
    of: 'cold',
    limit: 500,
  },
  { id: 'P4', work: 'the same again, regular', item: 'regular/P4', of: 'time', limit: 250 },
  { id: 'P5', work: 'all pairs of P4 alone', item: 'P5', of: 'time', limit: 50 },
  { id: 'P5', work: 'the same of a regular cluster', item: 'regular/P5', of: 'time', limit: 50 },
  {
    id: 'P6',
    work: '`map` from 150,000 pods as the API server lists them, 10,000 policies',
    item: 'P6',
    of: 'time',
    limit: 1500,
  },
  { id: 'P6', work: 'its memory', item: 'P6', of: 'memory', limit: 400 },
  { id: 'P7', work: '`can` on P4 from a snapshot file', item: 'P7', of: 'time', limit: 250 },
  {
    id: 'P8',
    work: 'a policy changed on P4, in a namespace, the slowest of a hundred',
    item: 'P8',
    of: 'time',
    limit: 0.05,
  },
  { id: 'P8', work: 'the same, cluster-wide', item: 'P8/cluster-wide', of: 'time', limit: 5 },
  { id: 'P8', work: 'in a namespace of a regular cluster', item: 'regular/P8', of: 'time', limit: 0.05 },
  { id: 'P8', work: 'cluster-wide, regular', item: 'regular/P8/cluster-wide', of: 'time', limit: 5 },
  {
    id: 'P9',
    work: 'pods added, removed, relabelled on P4',
    item: 'P9',
    of: 'rate',
    limit: 1_000_000,
    things: 'events',
  },
  { id: 'P10', work: '`explain` in process on P4, the slowest of a hundred', item: 'P10', of: 'time', limit: 0.005 },
  { id: 'P10', work: '`can` in process on P4, the slowest of a hundred', item: 'P10/can', of: 'time', limit: 0.005 },
  { id: 'P10', work: '`explain` in a regular cluster', item: 'regular/P10', of: 'time', limit: 0.005 },
  { id: 'P11', work: 'observed flows against policies', item: 'P11', of: 'rate', limit: 15_000_000, things: 'flows' },
  {
    id: 'P12',
    work: "Hubble's JSON lines to counted connections",
    item: 'P12',
    of: 'rate',
    limit: 1_500_000,
    things: 'flows',
  },
  {
    id: 'P13',
    work: '`diff` of two versions of P4 that are loaded and were compared before',
    item: 'P13',
    of: 'time',
    limit: 50,
  },
  { id: 'P13', work: 'the same of regular clusters', item: 'regular/P13', of: 'time', limit: 50 },
  { id: 'P14', work: 'every redundant policy of P4', item: 'P14', of: 'time', limit: 100 },
  { id: 'P14', work: 'the same of a regular cluster', item: 'regular/P14', of: 'time', limit: 100 },
  { id: 'P15', work: 'P4 with a million pods and a million policies', item: 'P15', of: 'time', limit: 5000 },
  { id: 'P15', work: 'its memory', item: 'P15', of: 'memory', limit: 1024 },
  { id: 'P15', work: 'the same of a regular cluster', item: 'regular/P15', of: 'time', limit: 5000 },
  { id: 'P15', work: 'its memory', item: 'regular/P15', of: 'memory', limit: 1024 },
  {
    id: 'files',
    work: '10,000 YAML files of one object against one file of the same bytes',
    item: 'files',
    of: 'ratio',
    limit: 2,
  },
];
