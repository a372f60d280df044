// The words for kinds that kubectl understands, for `shop/deploy/web`. A table; knows nothing of objects.

interface KindWords {
  /** As in manifests. */
  readonly kind: string;
  /** API group, empty for core. */
  readonly group: string;
  /** What people type, in lower case, besides the kind itself. */
  readonly words: readonly string[];
}

/** Workloads, Services and nodes with their plurals and kubectl's short names (kubectl api-resources). */
const KINDS: readonly KindWords[] = [
  { kind: 'Deployment', group: 'apps', words: ['deployments', 'deploy'] },
  { kind: 'StatefulSet', group: 'apps', words: ['statefulsets', 'sts'] },
  { kind: 'DaemonSet', group: 'apps', words: ['daemonsets', 'ds'] },
  { kind: 'ReplicaSet', group: 'apps', words: ['replicasets', 'rs'] },
  { kind: 'ReplicationController', group: '', words: ['replicationcontrollers', 'rc'] },
  { kind: 'Pod', group: '', words: ['pods', 'po'] },
  { kind: 'Job', group: 'batch', words: ['jobs'] },
  { kind: 'CronJob', group: 'batch', words: ['cronjobs', 'cj'] },
  { kind: 'Service', group: '', words: ['services', 'svc'] },
  { kind: 'Node', group: '', words: ['nodes', 'no'] },
];

/**
 * The kind that a word means: `Deployment` for `deploy`, `deployments` and `Deployment.apps`. Letter case is ignored.
 * Another kind (`Rollout`, `rollout.argoproj.io`) is returned as typed, to be compared without regard to case.
 */
export function kindOf(word: string): string {
  const lower = word.toLowerCase();
  const known = KINDS.find(({ kind, group, words }) =>
    [kind.toLowerCase(), ...words].some((name) => lower === name || (group !== '' && lower === `${name}.${group}`)),
  );
  return known?.kind ?? word;
}

/** Whether a word is one for a kind of the table. */
export function meansKind(word: string): boolean {
  const kind = kindOf(word);
  return KINDS.some((one) => one.kind === kind);
}

/** Words for nodes, which have no namespace: `node/n1`. */
export function meansNode(word: string): boolean {
  return kindOf(word) === 'Node';
}
