// Who calls the API server: workloads whose service account is bound to a role, and those that look as if they did.

import type { AccessBinding } from '../../access/access.ts';
import { readAccess } from '../../access/read-access.ts';
import type { OperatorObject } from '../../model/cluster.ts';
import type { Party } from '../../model/evidence.ts';
import type { EvidenceContext } from '../context.ts';
import { type Fields, fieldsOf, listOf, textOf, textsOf } from '../json-fields.ts';
import { containersOf, type PodSpec, podSpecs, titleOfWorkload } from '../pod-specs.ts';
import { operatorParty } from '../resolve/operator-pods.ts';
import type { EvidenceSource, Findings } from '../source-of-evidence.ts';

/**
 * See the file's head. Ports of the evidence are those of Service `default/kubernetes`: which ones its endpoints have, the
 * platform knows. Rights that everybody has (groups of all service accounts) are no reason to call.
 */
export const apiAccess: EvidenceSource = (context, findings) => {
  const { bindings } = readAccess(context.others, context.defaultNamespace);
  const bound = bindingsByAccount(bindings);
  const accounts = new Map(
    context.othersOf('ServiceAccount', '').map(({ namespace, name, object }) => [`${namespace}/${name}`, object.value]),
  );
  for (const workload of context.cluster.workloads.values()) {
    for (const pod of podSpecs(context, workload)) {
      const account = `${workload.namespace}/${accountOf(pod.spec)}`;
      if (!hasToken(pod.spec, accounts.get(account))) continue;
      const title = titleOfWorkload(workload);
      const own = bound.get(account) ?? [];
      addBindings(findings, { type: 'workload', key: workload.key }, title, account, own);
      const sign = own.length > 0 ? undefined : signOfClient(pod);
      if (sign === undefined) continue;
      findings.ask({
        about: 'api-access',
        workload: workload.key,
        says: `${title} looks like a client of the API server (${sign}), and no role here is bound to ServiceAccount ${account}`,
        hint: `read its RoleBindings and ClusterRoleBindings as well, or say so with --allow "${title} -> ADDRESS:PORT" of the API server`,
        source: pod.object.locate([...pod.path, 'serviceAccountName']),
      });
    }
  }
  for (const one of context.cluster.operatorObjects) addOperator(context, findings, one, bound);
};

interface Bound {
  readonly binding: AccessBinding;
  readonly index: number;
}

function bindingsByAccount(bindings: readonly AccessBinding[]): ReadonlyMap<string, readonly Bound[]> {
  const found = new Map<string, Bound[]>();
  for (const binding of bindings) {
    const written = listOf(binding.object.value['subjects']).map(fieldsOf);
    for (const subject of binding.subjects) {
      if (subject.kind !== 'ServiceAccount') continue;
      const index = written.findIndex(
        (one) => one['name'] === subject.name && (textOf(one['namespace']) ?? binding.namespace) === subject.namespace,
      );
      const key = `${subject.namespace}/${subject.name}`;
      const list = found.get(key) ?? [];
      list.push({ binding, index: Math.max(0, index) });
      found.set(key, list);
    }
  }
  return found;
}

function addBindings(findings: Findings, from: Party, title: string, account: string, bound: readonly Bound[]): void {
  for (const { binding, index } of bound) {
    const kind = String(binding.object.value['kind']);
    const home = binding.namespace === undefined ? binding.name : `${binding.namespace}/${binding.name}`;
    findings.add({
      from,
      to: { type: 'api-server' },
      protocol: 'TCP',
      ports: [443, 443],
      kind: 'api-server',
      confidence: 'likely',
      says: `${kind} ${home} gives ${binding.role.kind} ${binding.role.name} to ServiceAccount ${account} of ${title}`,
      source: binding.object.locate(['subjects', index]),
    });
  }
}

function addOperator(
  context: EvidenceContext,
  findings: Findings,
  one: OperatorObject,
  bound: ReadonlyMap<string, readonly Bound[]>,
): void {
  const name = textOf(fieldsOf(one.object.value['spec'])['serviceAccountName']);
  const party = name === undefined ? undefined : operatorParty(context, one);
  // Where the snapshot has the pods, they have been asked already.
  if (party === undefined || party.type === 'workload') return;
  const account = `${one.namespace}/${name}`;
  const title = `${one.kind} ${one.namespace}/${one.name}`;
  const own = bound.get(account) ?? [];
  addBindings(findings, party, title, account, own);
  if (own.length > 0 || !/^Prometheus/.test(one.kind)) return;
  findings.ask({
    about: 'api-access',
    says: `${title} finds what it scrapes by the API server, and no role here is bound to ServiceAccount ${account}`,
    hint: 'read its RoleBindings and ClusterRoleBindings as well',
    source: one.object.locate(['spec', 'serviceAccountName']),
  });
}

function accountOf(spec: Fields): string {
  return textOf(spec['serviceAccountName']) ?? textOf(spec['serviceAccount']) ?? 'default';
}

/** "If both the ServiceAccount and the pod's spec specify a value for automountServiceAccountToken, the pod spec takes precedence." */
function hasToken(spec: Fields, account: Fields | undefined): boolean {
  const isProjected = listOf(spec['volumes']).some((volume) =>
    listOf(fieldsOf(fieldsOf(volume)['projected'])['sources']).some((one) => {
      const token = fieldsOf(one)['serviceAccountToken'];
      // A token for somebody else (a cloud, a vault) is no sign of calls to the API server.
      return typeof token === 'object' && token !== null && textOf(fieldsOf(token)['audience']) === undefined;
    }),
  );
  if (isProjected) return true;
  const own = spec['automountServiceAccountToken'];
  return own === false ? false : own === true || account?.['automountServiceAccountToken'] !== false;
}

/** Images whose programs work by the API; by the last part of their names. */
const CLIENTS =
  /(?:^|[/-])(?:argocd|kubectl|kube-state-metrics|external-dns|cluster-autoscaler|metrics-server|descheduler|velero|flux|kyverno|gatekeeper|cert-manager(?:-\w+)*|kube-rbac-proxy|ingress-controller|operator|controller|controller-manager|prometheus-operator|prometheus-adapter|k8s-prometheus-adapter|helm-controller|source-controller|kustomize-controller|reloader)(?:[:@]|$)/;

/** Why a pod looks like a client of the API; undefined where nothing does. */
function signOfClient(pod: PodSpec): string | undefined {
  for (const { fields } of containersOf(pod)) {
    const image = textOf(fields['image']);
    if (image !== undefined && CLIENTS.test(image)) return `image ${image}`;
    const variable = listOf(fields['env'])
      .map((one) => textOf(fieldsOf(one)['name']))
      .find((name) => name !== undefined && /^(?:KUBERNETES_|KUBECONFIG$|WATCH_NAMESPACE$)/.test(name));
    if (variable !== undefined) return `variable ${variable}`;
    const flag = [...textsOf(fields['command']), ...textsOf(fields['args'])].find((text) =>
      /^--?(?:leader-elect|enable-leader-election|in-cluster|kube-?api|watch-namespace)/.test(text),
    );
    if (flag !== undefined) return `argument ${flag.split('=')[0]}`;
  }
  return pod.spec['automountServiceAccountToken'] === true ? 'automountServiceAccountToken' : undefined;
}
