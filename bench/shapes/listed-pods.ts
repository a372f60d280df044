// Pods as an API server lists them: what was written, and beside it all that controllers, the kubelet and the server
// itself add, five kilobytes each. Written piece by piece, since the largest list is longer than a string can be.

import { closeSync, openSync, writeSync } from 'node:fs';
import { type Random, randomFrom } from '../random.ts';
import type { Json } from './policy-shape.ts';

/** Bytes that are gathered before they are written. */
const PIECE = 4 * 1024 * 1024;

/** Bytes of one pod, about. */
export const POD_BYTES = 4900;

/** Writes a compact PodList; its items have no kind and no apiVersion, as in the server's own answer. Returns the size in bytes. */
export function writePodList(file: string, pods: readonly Json[], seed: number): number {
  const output = openSync(file, 'w');
  let size = 0;
  let pending = '';
  try {
    for (const piece of pieces(pods, seed)) {
      pending += piece;
      if (pending.length < PIECE) continue;
      size += writeSync(output, pending);
      pending = '';
    }
    return size + writeSync(output, pending);
  } finally {
    closeSync(output);
  }
}

/** The same as a text. */
export function printPodList(pods: readonly Json[], seed: number): string {
  return [...pieces(pods, seed)].join('');
}

function* pieces(pods: readonly Json[], seed: number): Generator<string, void> {
  const random = randomFrom(seed);
  yield '{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"81234567"},"items":[';
  for (const [index, pod] of pods.entries()) {
    yield `${index === 0 ? '' : ','}${JSON.stringify(listedPod(pod, random))}`;
  }
  yield ']}\n';
}

type Owner = { readonly name: string };
type Container = { readonly name: string; readonly image: string };
type DrawnPod = {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly ownerReferences: readonly Owner[] };
  readonly spec: { readonly nodeName: string; readonly containers: readonly Container[] };
  readonly status: { readonly podIP: string };
};

/** A pod of the drawn cluster as the server lists it. */
function listedPod(pod: Json, random: Random): Json {
  const { metadata, spec, status } = pod as unknown as DrawnPod;
  const created = timeOf(random);
  const token = `kube-api-access-${letters(random, 5)}`;
  const node = Number(spec.nodeName.replace(/\D/g, ''));
  const hostIP = `192.168.${node >> 8}.${node & 255}`;
  const owner = metadata.ownerReferences[0]!;
  const account = { name: token, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' };
  return {
    metadata: {
      name: metadata.name,
      generateName: `${owner.name}-`,
      namespace: metadata.namespace,
      uid: uuid(random),
      resourceVersion: String(random.integer(10_000_000, 90_000_000)),
      creationTimestamp: created,
      labels: (pod.metadata as Json).labels,
      annotations: {
        'cni.example.com/podIP': `${status.podIP}/32`,
        'prometheus.io/port': '9090',
        'prometheus.io/scrape': 'true',
      },
      ownerReferences: [{ ...owner, uid: uuid(randomFrom(owner.name.length * 31)), blockOwnerDeletion: true }],
      managedFields: managedFields(created, timeOf(random)),
    },
    spec: {
      volumes: [volumeOf(token), { name: 'config', configMap: { name: 'config', defaultMode: 420 } }],
      containers: spec.containers.map((container) => ({
        ...container,
        args: ['--port=8080', '--log-level=info'],
        livenessProbe: { ...probe('/healthz'), initialDelaySeconds: 10 },
        readinessProbe: probe('/ready'),
        volumeMounts: [{ name: 'config', mountPath: '/etc/config' }, account],
        terminationMessagePath: '/dev/termination-log',
        terminationMessagePolicy: 'File',
        imagePullPolicy: 'IfNotPresent',
        securityContext: {
          runAsNonRoot: true,
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
        },
      })),
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      serviceAccountName: (spec as unknown as Json).serviceAccountName,
      serviceAccount: (spec as unknown as Json).serviceAccountName,
      nodeName: spec.nodeName,
      securityContext: { fsGroup: 1000, seccompProfile: { type: 'RuntimeDefault' } },
      schedulerName: 'default-scheduler',
      tolerations: ['not-ready', 'unreachable'].map((what) => ({
        key: `node.kubernetes.io/${what}`,
        operator: 'Exists',
        effect: 'NoExecute',
        tolerationSeconds: 300,
      })),
      priority: 0,
      enableServiceLinks: true,
      preemptionPolicy: 'PreemptLowerPriority',
    },
    status: {
      phase: 'Running',
      conditions: CONDITIONS.map((type) => ({
        type,
        status: 'True',
        lastProbeTime: null,
        lastTransitionTime: timeOf(random),
      })),
      hostIP,
      hostIPs: [{ ip: hostIP }],
      podIP: status.podIP,
      podIPs: [{ ip: status.podIP }],
      startTime: created,
      containerStatuses: spec.containers.map(({ name, image }) => ({
        name,
        state: { running: { startedAt: timeOf(random) } },
        lastState: {},
        ready: true,
        restartCount: 0,
        image,
        imageID: `${image.replace(/:.*/, '')}@sha256:${hexadecimal(randomFrom(image.length), 64)}`,
        containerID: `containerd://${hexadecimal(random, 64)}`,
        started: true,
      })),
      qosClass: 'Burstable',
    },
  };
}

const CONDITIONS = ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'];

function probe(path: string): Json {
  const httpGet = { path, port: 'http', scheme: 'HTTP' };
  return { httpGet, timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 };
}

function volumeOf(name: string): Json {
  const fieldRef = { apiVersion: 'v1', fieldPath: 'metadata.namespace' };
  const sources = [
    { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    { downwardAPI: { items: [{ path: 'namespace', fieldRef }] } },
  ];
  return { name, projected: { sources, defaultMode: 420 } };
}

/** What the controller and the kubelet say that they own; `kubectl get` hides it, the server does not. */
function managedFields(created: string, updated: string): readonly Json[] {
  const container = { '.': {}, 'f:env': {}, 'f:image': {}, 'f:livenessProbe': {}, 'f:ports': {}, 'f:resources': {} };
  const written = {
    'f:metadata': { 'f:generateName': {}, 'f:labels': { '.': {}, 'f:app': {}, 'f:tier': {} }, 'f:ownerReferences': {} },
    'f:spec': { 'f:containers': { 'k:{"name":"main"}': container }, 'f:dnsPolicy': {}, 'f:restartPolicy': {} },
  };
  const conditions = Object.fromEntries(
    CONDITIONS.slice(1).map((type) => [`k:{"type":"${type}"}`, { '.': {}, 'f:status': {}, 'f:type': {} }]),
  );
  const seen = { 'f:status': { 'f:conditions': conditions, 'f:hostIP': {}, 'f:phase': {}, 'f:podIP': {} } };
  const common = { operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV1' };
  return [
    { manager: 'kube-controller-manager', ...common, time: created, fieldsV1: written },
    { manager: 'kubelet', ...common, time: updated, fieldsV1: seen, subresource: 'status' },
  ];
}

function timeOf(random: Random): string {
  return new Date(1_700_000_000_000 + random.integer(0, 10_000_000) * 1000).toISOString().replace('.000', '');
}

function uuid(random: Random): string {
  const digits = hexadecimal(random, 32);
  return [0, 8, 12, 16, 20].map((from, index) => digits.slice(from, [8, 12, 16, 20, 32][index])).join('-');
}

function hexadecimal(random: Random, length: number): string {
  let text = '';
  while (text.length < length) text += random.integer(0, 0xfffffff).toString(16).padStart(7, '0');
  return text.slice(0, length);
}

function letters(random: Random, length: number): string {
  return Array.from({ length }, () => 'bcdfghjklmnpqrstvwxz2456789'[random.integer(0, 26)]).join('');
}
