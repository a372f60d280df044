// Templates of workloads as people write them: names that begin alike, charts with several releases, labels that two workloads
// share, ports with and without names and declarations.

import type { Labels } from '../../../src/engine/model/selector.ts';
import type { SimKind, SimPort, SimWorkload } from './application.ts';
import { makeWorkload } from './draw-workloads.ts';
import type { Random } from './random.ts';

const NOUNS = [
  'web',
  'cart',
  'api',
  'orders',
  'stock',
  'mail',
  'pay',
  'search',
  'users',
  'feed',
  'auth',
  'media',
] as const;
const CHARTS = ['redis', 'postgresql', 'nginx', 'worker'] as const;
const NUMBERS = [80, 443, 3000, 5432, 6379, 7070, 8080, 9090, 40_000, 50_051] as const;

/** Draws workloads, without pods, for some namespaces. Names are unique within a namespace, whatever the kind. */
export function drawTemplates(random: Random, namespaces: readonly string[], count: number): SimWorkload[] {
  const made: SimWorkload[] = [];
  const isFree = (namespace: string, name: string) =>
    made.every((one) => one.namespace !== namespace || one.name !== name);
  while (made.length < count) {
    const namespace = random.pick(namespaces);
    const neighbours = made.filter((one) => one.namespace === namespace && !one.hostNetwork);
    const twin = neighbours.length > 0 && random.chance(0.15) ? random.pick(neighbours) : undefined;
    const { name, labels, matchLabels, kind } = twin === undefined ? fresh(random) : beside(random, twin);
    if (!isFree(namespace, name)) continue;
    const hostNetwork = kind === 'DaemonSet' && random.chance(0.4);
    const isJob = kind === 'Job' || kind === 'CronJob';
    const usesApiServer = !hostNetwork && random.chance(0.12);
    made.push(
      makeWorkload({
        kind,
        namespace,
        name,
        labels,
        matchLabels,
        hostNetwork,
        usesApiServer,
        ports: isJob ? [] : drawPorts(random),
      }),
    );
  }
  return made;
}

interface Named {
  readonly name: string;
  readonly kind: SimKind;
  readonly labels: Labels;
  readonly matchLabels: Labels;
}

function fresh(random: Random): Named {
  const kind = random.pick([
    'Deployment',
    'Deployment',
    'Deployment',
    'StatefulSet',
    'DaemonSet',
    'CronJob',
    'Job',
  ] as const);
  const noun = random.pick(NOUNS);
  const name = random.chance(0.3)
    ? `${noun}-${random.pick(NOUNS)}`
    : random.chance(0.2)
      ? `${noun}-${random.between(1, 3)}`
      : noun;
  const version = random.chance(0.3) ? { 'app.kubernetes.io/version': `1.${random.below(9)}.0` } : {};
  switch (random.below(4)) {
    case 0:
    case 1:
      return { name, kind, labels: { app: name, ...version }, matchLabels: { app: name } };
    case 2: {
      const own = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': random.pick(['blue', 'shop']) };
      return { name, kind, labels: { ...own, ...version, 'helm.sh/chart': `${name}-1.2.3` }, matchLabels: own };
    }
    default: {
      // Releases of one chart differ in this label alone.
      const chart = random.pick(CHARTS);
      const instance = `${noun}-${random.pick(['a', 'b'])}`;
      const own = { 'app.kubernetes.io/name': chart, 'app.kubernetes.io/instance': instance };
      return { name: `${instance}-${chart}`, kind, labels: { ...own, ...version }, matchLabels: own };
    }
  }
}

/** A canary, a part of the same application, or a Job with nothing of its own. */
function beside(random: Random, { name, labels }: SimWorkload): Named {
  switch (random.below(3)) {
    case 0: {
      const own = { ...labels, track: 'canary' };
      return { name: `${name}-canary`, kind: 'Deployment', labels: own, matchLabels: own };
    }
    case 1: {
      const own = { ...labels, 'app.kubernetes.io/component': 'worker' };
      return {
        name: `${name}-worker`,
        kind: random.pick(['Deployment', 'StatefulSet'] as const),
        labels: own,
        matchLabels: own,
      };
    }
    default:
      return { name: `${name}-job`, kind: random.pick(['Job', 'CronJob'] as const), labels, matchLabels: labels };
  }
}

function drawPorts(random: Random): SimPort[] {
  const numbers = random.some(NUMBERS, random.between(1, 2));
  return numbers.map((number, index) => {
    const declared = random.chance(0.85);
    const named = declared && random.chance(0.5);
    const protocol = index === 1 && random.chance(0.3) ? 'UDP' : 'TCP';
    return { ...(named ? { name: index === 0 ? 'http' : 'extra' } : {}), number, protocol, declared };
  });
}
