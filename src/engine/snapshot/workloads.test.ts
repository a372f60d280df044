// Owners, templates and pods: one row or one small cluster for each rule.

import { describe, expect, it } from 'vitest';
import { type ManifestObject, printPath } from '../model/source.ts';
import { type BuiltCluster, buildCluster } from './build-cluster.ts';
import { CONTROLLER_LABELS, labelsUnknownFor } from './controller-labels.ts';

type Json = Record<string, unknown>;

function build(...values: readonly Json[]): BuiltCluster {
  const objects = values.map((value): ManifestObject => ({ value, locate: (path) => ({ path: printPath(path) }) }));
  return buildCluster(objects, { defaultNamespace: 'default', isPolicy: () => false });
}

/** An object in namespace shop. `kind` is `apiVersion Kind`, `owner` is `apiVersion Kind name`. */
function object(kind: string, name: string, owner: string = '', more: Json = {}, labels: Json = {}): Json {
  const [apiVersion, shortKind] = kind.split(' ');
  const [ownerVersion, ownerKind, ownerName] = owner.split(' ');
  const ownerReferences =
    owner === '' ? [] : [{ apiVersion: ownerVersion, kind: ownerKind, name: ownerName, controller: true }];
  return { apiVersion, kind: shortKind, metadata: { name, namespace: 'shop', labels, ownerReferences }, ...more };
}

function pod(name: string, owner: string = '', labels: Json = {}, more: Json = {}): Json {
  return object('v1 Pod', name, owner, { spec: { containers: [] }, ...more }, labels);
}

function template(labels: Json = {}, spec: Json = {}): Json {
  return { metadata: { labels }, spec: { containers: [], ...spec } };
}

function workload(kind: string, name: string, owner: string = '', spec: Json = {}): Json {
  return object(kind, name, owner, { spec: { template: template({ app: name }), ...spec } });
}

/** Every pod as `workload < name` with `*` for a template. */
function podsOf({ cluster }: BuiltCluster): string[] {
  return cluster.pods.map(({ workload: key, name, real }) => `${key} < ${name}${real ? '' : '*'}`);
}

describe('owners of pods', () => {
  const hash = { 'pod-template-hash': '5d9c7b' };
  it.each<[string, Json[], string[]]>([
    ['nobody', [pod('debug')], ['shop/Pod/debug < debug']],
    ['its node', [pod('etcd-n1', 'v1 Node n1')], ['shop/Pod/etcd-n1 < etcd-n1']],
    ['a StatefulSet that is not there', [pod('db-0', 'apps/v1 StatefulSet db')], ['shop/StatefulSet.apps/db < db-0']],
    ['a custom resource that is not there', [pod('x', 'a.io/v1 Thing t')], ['shop/Thing.a.io/t < x']],
    [
      'a Deployment through its ReplicaSet',
      [
        pod('web-1', 'apps/v1 ReplicaSet web-5d9c7b', hash),
        workload('apps/v1 ReplicaSet', 'web-5d9c7b', 'apps/v1 Deployment web'),
        workload('apps/v1 Deployment', 'web'),
      ],
      ['shop/Deployment.apps/web < web-1'],
    ],
    [
      'a Deployment that is not there, through its ReplicaSet',
      [
        pod('web-1', 'apps/v1 ReplicaSet web-5d9c7b'),
        workload('apps/v1 ReplicaSet', 'web-5d9c7b', 'apps/v1 Deployment web'),
      ],
      ['shop/Deployment.apps/web < web-1'],
    ],
    [
      'a Deployment by the name of a ReplicaSet that is not there',
      [pod('web-1', 'apps/v1 ReplicaSet web-5d9c7b', hash)],
      ['shop/Deployment.apps/web < web-1'],
    ],
    [
      'a Rollout by the name of a ReplicaSet that is not there',
      [pod('web-1', 'apps/v1 ReplicaSet web-77', { 'rollouts-pod-template-hash': '77' })],
      ['shop/Rollout.argoproj.io/web < web-1'],
    ],
    [
      'a ReplicaSet that is not there and has no hash in its name',
      [pod('web-1', 'apps/v1 ReplicaSet web', hash)],
      ['shop/ReplicaSet.apps/web < web-1'],
    ],
    [
      'a DeploymentConfig by the labels of its pod',
      [pod('web-1-x', 'v1 ReplicationController web-1', { deployment: 'web-1', deploymentconfig: 'web' })],
      ['shop/DeploymentConfig.apps.openshift.io/web < web-1-x'],
    ],
    [
      'a CronJob through its Job',
      [pod('n-1', 'batch/v1 Job nightly-28'), workload('batch/v1 Job', 'nightly-28', 'batch/v1 CronJob nightly')],
      ['shop/CronJob.batch/nightly < n-1'],
    ],
    ['a Job that is not there', [pod('n-1', 'batch/v1 Job nightly-28')], ['shop/Job.batch/nightly-28 < n-1']],
    [
      'a Job of something that is not there',
      [pod('n-1', 'batch/v1 Job run'), workload('batch/v1 Job', 'run', 'a.io/v1 Thing t')],
      ['shop/Job.batch/run < n-1'],
    ],
    [
      'an operator object through a StatefulSet',
      [
        pod('p-0', 'apps/v1 StatefulSet prometheus-k8s'),
        workload('apps/v1 StatefulSet', 'prometheus-k8s', 'monitoring.coreos.com/v1 Prometheus k8s'),
        object('monitoring.coreos.com/v1 Prometheus', 'k8s'),
      ],
      ['shop/Prometheus.monitoring.coreos.com/k8s < p-0'],
    ],
    [
      'objects that own each other',
      [
        pod('p', 'apps/v1 StatefulSet b'),
        workload('apps/v1 StatefulSet', 'b', 'apps/v1 StatefulSet a'),
        workload('apps/v1 StatefulSet', 'a', 'apps/v1 StatefulSet b'),
      ],
      ['shop/StatefulSet.apps/a < p'],
    ],
    [
      'objects that own each other, from the other end',
      [
        pod('p', 'apps/v1 StatefulSet a'),
        workload('apps/v1 StatefulSet', 'b', 'apps/v1 StatefulSet a'),
        workload('apps/v1 StatefulSet', 'a', 'apps/v1 StatefulSet b'),
      ],
      ['shop/StatefulSet.apps/a < p'],
    ],
  ])('%s', (_, objects, expected) => {
    const built = build(...objects);
    expect(podsOf(built)).toEqual(expected);
    expect([...built.cluster.workloads.keys()]).toEqual([...new Set(expected.map((row) => row.split(' < ')[0]!))]);
  });

  it('does not follow owners that do not control', () => {
    const owned = pod('debug', 'v1 ConfigMap c');
    const metadata = owned.metadata as Json;
    metadata.ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'c' }];
    expect(podsOf(build(owned))).toEqual(['shop/Pod/debug < debug']);
  });
});

describe('templates', () => {
  it.each<[string, Json[], string[]]>([
    [
      'make one pod, whatever the replicas',
      [workload('apps/v1 Deployment', 'web', '', { replicas: 3 })],
      ['shop/Deployment.apps/web < web*'],
    ],
    [
      'are kept at no replicas',
      [workload('apps/v1 Deployment', 'web', '', { replicas: 0 })],
      ['shop/Deployment.apps/web < web*'],
    ],
    [
      'are replaced by real pods',
      [
        workload('apps/v1 StatefulSet', 'db'),
        pod('db-1', 'apps/v1 StatefulSet db'),
        pod('db-0', 'apps/v1 StatefulSet db'),
      ],
      ['shop/StatefulSet.apps/db < db-0', 'shop/StatefulSet.apps/db < db-1'],
    ],
    [
      'are kept where all pods have ended',
      [
        workload('apps/v1 DaemonSet', 'log'),
        pod('log-1', 'apps/v1 DaemonSet log', {}, { status: { phase: 'Failed', podIP: '10.0.0.1' } }),
      ],
      ['shop/DaemonSet.apps/log < log*'],
    ],
    [
      'of ReplicaSets add nothing to their Deployment',
      [
        workload('apps/v1 Deployment', 'web'),
        workload('apps/v1 ReplicaSet', 'web-1', 'apps/v1 Deployment web', { replicas: 2 }),
        workload('apps/v1 ReplicaSet', 'web-2', 'apps/v1 Deployment web', { replicas: 0 }),
      ],
      ['shop/Deployment.apps/web < web*'],
    ],
    [
      'of ReplicaSets stand for a Deployment that is not there, unless they are scaled down',
      [
        workload('apps/v1 ReplicaSet', 'web-1', 'apps/v1 Deployment web', { replicas: 2 }),
        workload('apps/v1 ReplicaSet', 'web-2', 'apps/v1 Deployment web', { replicas: 0 }),
        workload('apps/v1 ReplicaSet', 'old-1', 'apps/v1 Deployment old', { replicas: 0 }),
      ],
      ['shop/Deployment.apps/web < web*'],
    ],
    [
      'of a ReplicaSet on its own',
      [workload('apps/v1 ReplicaSet', 'rs', '', { replicas: 0 })],
      ['shop/ReplicaSet.apps/rs < rs*'],
    ],
    [
      'of ReplicationControllers',
      [workload('v1 ReplicationController', 'rc')],
      ['shop/ReplicationController/rc < rc*'],
    ],
    [
      'of CronJobs',
      [object('batch/v1 CronJob', 'nightly', '', { spec: { jobTemplate: { spec: { template: template() } } } })],
      ['shop/CronJob.batch/nightly < nightly*'],
    ],
    ['of Rollouts', [workload('argoproj.io/v1alpha1 Rollout', 'web')], ['shop/Rollout.argoproj.io/web < web*']],
    [
      'of Knative Services',
      [workload('serving.knative.dev/v1 Service', 'fn')],
      ['shop/Service.serving.knative.dev/fn < fn*'],
    ],
    [
      'in lists of custom resources',
      [
        object('jobset.x-k8s.io/v1 JobSet', 'js', '', {
          spec: { replicatedJobs: [{ template: { spec: { template: template() } } }] },
        }),
      ],
      ['shop/JobSet.jobset.x-k8s.io/js < js*'],
    ],
    ['not too deep', [object('a.io/v1 A', 'a', '', { spec: { a: { b: { c: { d: { e: template() } } } } } })], []],
    [
      'at the greatest depth',
      [object('a.io/v1 A', 'a', '', { spec: { a: { b: { c: { d: template() } } } } })],
      ['shop/A.a.io/a < a*'],
    ],
    [
      'not patterns of admission policies',
      [object('kyverno.io/v1 Policy', 'p', '', { spec: { pattern: template() } })],
      [],
    ],
    [
      'not the spec of an operator object',
      [object('monitoring.coreos.com/v1 Prometheus', 'k8s', '', { spec: { x: template() } })],
      [],
    ],
  ])('%s', (_, objects, expected) => {
    expect(podsOf(build(...objects))).toEqual(expected);
  });

  it('hides labels that the controller will overwrite and names those that are open', () => {
    const { cluster } = build(
      object('apps/v1 Deployment', 'web', '', {
        spec: { template: template({ app: 'web', 'pod-template-hash': 'x' }) },
      }),
      workload('v1 ReplicationController', 'rc'),
    );
    expect(cluster.pods.map(({ labels, openLabels }) => [labels, openLabels])).toEqual([
      [{ app: 'web' }, ['pod-template-hash']],
      [{ app: 'rc' }, undefined],
    ]);
  });

  it('knows the labels of controllers by kind', () => {
    expect(labelsUnknownFor('StatefulSet')).toContain('statefulset.kubernetes.io/pod-name');
    expect(labelsUnknownFor('constructor')).toEqual([]);
    for (const key of ['pod-template-hash', 'controller-revision-hash', 'batch.kubernetes.io/job-name']) {
      expect(CONTROLLER_LABELS).toContain(key);
    }
    expect(CONTROLLER_LABELS).toEqual([...CONTROLLER_LABELS].sort());
  });
});

describe('replicas', () => {
  const finished = { conditions: [{ type: 'Complete', status: 'True' }] };
  it.each<[string, Json[], number | undefined]>([
    ['as asked', [workload('apps/v1 Deployment', 'w', '', { replicas: 3 })], 3],
    ['none', [workload('apps/v1 Deployment', 'w', '', { replicas: 0 }), pod('w-1', 'apps/v1 Deployment w')], 0],
    ['one by default', [workload('apps/v1 StatefulSet', 'w')], 1],
    ['the parallelism of Jobs', [workload('batch/v1 Job', 'w', '', { parallelism: 4 })], 4],
    ['none of Jobs that are done', [{ ...workload('batch/v1 Job', 'w'), status: finished }], 0],
    ['nothing known of a DaemonSet', [workload('apps/v1 DaemonSet', 'w')], undefined],
    [
      'the pods of a DaemonSet',
      [workload('apps/v1 DaemonSet', 'w'), pod('a', 'apps/v1 DaemonSet w'), pod('b', 'apps/v1 DaemonSet w')],
      2,
    ],
    [
      'the status of a DaemonSet',
      [{ ...workload('apps/v1 DaemonSet', 'w'), status: { desiredNumberScheduled: 5 } }],
      5,
    ],
    ['the pods of an owner that is not there', [pod('a', 'apps/v1 StatefulSet w')], 1],
    [
      'the sum over templates, where absent ones are one',
      [
        object('kubeflow.org/v1 TFJob', 'w', '', {
          spec: { a: { replicas: 2, template: template() }, b: { template: template() } },
        }),
      ],
      3,
    ],
    ['nothing known of a custom resource', [workload('a.io/v1 A', 'w')], undefined],
  ])('%s', (_, objects, expected) => {
    const workloads = [...build(...objects).cluster.workloads.values()];
    expect(workloads.map(({ replicas }) => replicas)).toEqual([expected]);
  });
});

describe('pods', () => {
  it('has the ports of all containers with what they come from', () => {
    const spec = {
      containers: [
        {
          ports: [
            { containerPort: 80, name: 'http' },
            { containerPort: 53, protocol: 'UDP', name: '' },
          ],
        },
      ],
      initContainers: [
        { restartPolicy: 'Always', ports: [{ containerPort: 15001 }] },
        { ports: [{ containerPort: 1 }] },
      ],
    };
    expect(build(pod('p', '', {}, { spec })).cluster.pods[0]?.ports).toEqual([
      { name: 'http', protocol: 'TCP', number: 80, from: 'container' },
      { protocol: 'UDP', number: 53, from: 'container' },
      { protocol: 'TCP', number: 15001, from: 'sidecar' },
      { protocol: 'TCP', number: 1, from: 'init' },
    ]);
  });

  it.each<[unknown, string]>([
    [{ containerPort: '80' }, 'wrong-type'],
    [{ containerPort: 0 }, 'invalid-port'],
    [{ containerPort: 70000 }, 'invalid-port'],
    [{ containerPort: 80, protocol: 'tcp' }, 'invalid-protocol'],
    [{}, 'missing-field'],
    ['80', 'wrong-type'],
  ])('leaves out port %j with a finding', (port, check) => {
    const { cluster, findings } = build(pod('p', '', {}, { spec: { containers: [{ ports: [port] }] } }));
    expect(cluster.pods[0]?.ports).toEqual([]);
    expect(findings.map((finding) => finding.check)).toEqual([check]);
    expect(cluster.gaps).toHaveLength(1);
  });

  it.each<[string, Json, string[] | undefined]>([
    ['running', { phase: 'Running', podIP: '10.0.0.1' }, ['10.0.0.1']],
    [
      'dual-stack, in canonical text',
      { podIP: '10.0.0.1', podIPs: [{ ip: '10.0.0.1' }, { ip: 'FD00:0::1' }] },
      ['10.0.0.1', 'fd00::1'],
    ],
    ['pending', { phase: 'Pending' }, []],
    ['done', { phase: 'Succeeded', podIP: '10.0.0.1' }, undefined],
    ['failed', { phase: 'Failed', podIP: '10.0.0.1' }, undefined],
  ])('has the addresses of a pod that is %s', (_, status, addresses) => {
    expect(build(pod('p', '', {}, { status })).cluster.pods[0]?.addresses).toEqual(addresses);
  });

  it('keeps a pod that is terminating', () => {
    const doomed = pod('p', '', {}, { status: { phase: 'Running', podIP: '10.0.0.1' } });
    (doomed.metadata as Json).deletionTimestamp = '2026-01-01T00:00:00Z';
    expect(build(doomed).cluster.pods).toHaveLength(1);
  });

  it('gives a pod of the host network the addresses of its node where it has none of its own', () => {
    const node = {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'n1' },
      status: { addresses: [{ type: 'InternalIP', address: '192.0.2.1' }] },
    };
    const spec = { containers: [], hostNetwork: true, nodeName: 'n1', serviceAccountName: 'robot' };
    const { cluster } = build(
      node,
      pod('a', '', {}, { spec }),
      pod('b', '', {}, { spec: { ...spec, hostNetwork: false } }),
    );
    expect(
      cluster.pods.map(({ addresses, node: name, serviceAccount, hostNetwork }) => [
        addresses,
        name,
        serviceAccount,
        hostNetwork,
      ]),
    ).toEqual([
      [['192.0.2.1'], 'n1', 'robot', true],
      [[], 'n1', 'robot', false],
    ]);
  });
});
