// What generated policies allow beside what an application's own policies allow: row by row, for both directions. The
// application runs with CoreDNS and beside a namespace of somebody else; its own policies are taken away before generating.

import { operatorPorts } from '../../src/engine/evidence/resolve/operator-pods.ts';
import { PARTS } from '../../src/engine/generate/categories.ts';
import { gatherEvidence } from '../../src/engine/generate/gather-evidence.ts';
import { EXACT } from '../../src/engine/generate/widen-addresses.ts';
import { behaviourOf, can, loadState, type ManifestObject, parsePair, type State } from '../../src/engine/index.ts';
import { detectPlatform } from '../../src/engine/platforms/index.ts';
import { generatePolicies } from '../../src/engine/questions/generate.ts';
import { operatorPodLabels } from '../../src/engine/snapshot/operators.ts';
import { readManifests, readText } from '../../src/manifests/index.ts';
import { corpusFolder } from './corpus.ts';
import { ROOT } from './shared.ts';

/** One question with both answers. */
export interface ComparedRow {
  /** `shop/cart:7070`; for egress all that have the same answers: `shop/cart, shop/web`. */
  readonly subject: string;
  /** Who may, separated by commas; `nobody`. */
  readonly theirs: string;
  readonly ours: string;
}

/** All rows of an application, and how sure the generated policies are proved to be. */
export interface Compared {
  readonly ingress: readonly ComparedRow[];
  readonly egress: readonly ComparedRow[];
  readonly sound: boolean;
}

const CONTEXT = { defaultNamespace: 'default', protocols: ['TCP', 'UDP', 'SCTP'] } as const;

/** Who else is there, in every application: somebody else's pod, and CoreDNS. */
const OTHERS = `
{apiVersion: v1, kind: Namespace, metadata: {name: elsewhere}}
---
{apiVersion: v1, kind: Pod, metadata: {name: client, namespace: elsewhere, labels: {app: client}}, spec: {containers: [{name: c}]}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: coredns, namespace: kube-system}, spec: {template: {metadata: {labels: {k8s-app: kube-dns}}, spec: {containers: [{name: c, ports: [{containerPort: 53, protocol: UDP}, {containerPort: 53}]}]}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: kube-dns, namespace: kube-system, labels: {k8s-app: kube-dns}}, spec: {clusterIP: 10.96.0.10, selector: {k8s-app: kube-dns}, ports: [{name: dns, port: 53, protocol: UDP}, {name: dns-tcp, port: 53}]}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: kube-system}}
`;

/** Compares an application of the corpus; `more`: manifests that are read as well. */
export async function comparePolicies(name: string, more = ''): Promise<Compared> {
  const read = await readManifests([corpusFolder(name)], { cwd: ROOT });
  const objects = [...readText(OTHERS, 'others.yaml').objects, ...readText(more, 'more.yaml').objects, ...read.objects];
  const load = (some: readonly ManifestObject[]) =>
    loadState({ ...read, objects: some, behaviour: behaviourOf('default'), defaultNamespace: 'default' });
  const theirs = load(objects);
  const bare = load(objects.filter(({ value }) => value['kind'] !== 'NetworkPolicy'));
  const namespaces = [...new Set([...bare.cluster.workloads.values()].map((one) => one.namespace))]
    .filter((one) => one !== 'elsewhere' && one !== 'kube-system')
    .sort();
  const { document, after } = generatePolicies(
    bare,
    {
      ...gatherEvidence(bare, detectPlatform(bare), namespaces, undefined),
      namespaces,
      parts: new Set(PARTS),
      allow: [],
      forbid: [],
      confidence: 'likely',
      budget: EXACT,
    },
    CONTEXT,
  );
  const ends = endsOf(bare, namespaces);
  return { ...rowsOf(theirs, after, ends), sound: document.proof.sound };
}

/** Pods of the application: as questions name them, as the table names them, and their ports. */
interface End {
  readonly text: string;
  readonly shown: string;
  readonly ports: readonly string[];
}

function endsOf({ cluster }: State, namespaces: readonly string[]): readonly End[] {
  const workloads = [...cluster.workloads.values()].filter(({ namespace }) => namespaces.includes(namespace));
  const named = workloads.map(({ key, namespace, kind, name }): End => {
    const pods = cluster.pods.filter((pod) => pod.workload === key);
    const ports = pods.flatMap((pod) => pod.ports.map(({ number, protocol }) => printPort(number, protocol)));
    const isAlone = workloads.filter((one) => one.namespace === namespace && one.name === name).length === 1;
    const text = isAlone ? `${namespace}/${name}` : `${namespace}/${kind}/${name}`;
    return { text, shown: text, ports: distinct(ports) };
  });
  const made = cluster.operatorObjects.map((one): End => {
    const labels = Object.entries(operatorPodLabels(one.object)).map(([key, value]) => `${key}=${value}`);
    const ports = operatorPorts(one).map(({ number, protocol }) => printPort(number, protocol));
    return { text: `${one.namespace}/${labels.join(',')}`, shown: `${one.namespace}/${one.kind}/${one.name}`, ports };
  });
  return [...named, ...made];
}

function printPort(number: number, protocol: string): string {
  return protocol === 'TCP' ? String(number) : `${number}/${protocol.toLowerCase()}`;
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

function rowsOf(theirs: State, ours: State, ends: readonly End[]): Pick<Compared, 'ingress' | 'egress'> {
  const clients = [
    ...ends,
    { text: 'elsewhere/client', shown: 'other namespaces' },
    { text: 'internet', shown: 'the internet' },
  ];
  const ingress = ends.flatMap((to) =>
    to.ports.map((port): ComparedRow => {
      // Oneself is no client: every plugin lets a pod talk to itself.
      const of = (state: State) =>
        who(
          clients
            .filter((from) => from.text !== to.text)
            .map((from) => [from.shown, ask(state, from.text, to.text, port)]),
        );
      return { subject: `${to.shown}:${port}`, theirs: of(theirs), ours: of(ours) };
    }),
  );
  const targets = [
    ['kube-system/coredns', '53/udp', 'DNS'],
    ['elsewhere/client', '8080', 'other namespaces'],
    ['internet', '443', 'the internet'],
  ] as const;
  const grouped = new Map<string, string[]>();
  for (const from of ends) {
    const of = (state: State) => who(targets.map(([to, port, shown]) => [shown, ask(state, from.text, to, port)]));
    const answers = JSON.stringify([of(theirs), of(ours)]);
    grouped.set(answers, [...(grouped.get(answers) ?? []), from.shown]);
  }
  const egress = [...grouped].map(([answers, subjects]): ComparedRow => {
    const [of, own] = JSON.parse(answers) as [string, string];
    return { subject: subjects.join(', '), theirs: of, ours: own };
  });
  return { ingress, egress };
}

function ask(state: State, from: string, to: string, port: string): string {
  return can(state, parsePair([`${from} -> ${to}:${port}`]), CONTEXT).verdict;
}

/** Those that may, in the order given; what is not known is marked. The internet is the last to be asked about. */
function who(answers: readonly (readonly [shown: string, verdict: string])[]): string {
  const some = answers.filter(([, verdict]) => verdict !== 'denied');
  if (some.length === 0) return 'nobody';
  const isAll = (part: typeof answers) => part.every(([, verdict]) => verdict !== 'denied');
  if (isAll(answers)) return 'everybody';
  if (answers.length > 3 && isAll(answers.slice(0, -1))) return 'every pod';
  return some.map(([shown, verdict]) => (verdict === 'allowed' ? shown : `${shown} (${verdict})`)).join(', ');
}
