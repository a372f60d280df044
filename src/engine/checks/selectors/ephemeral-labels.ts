// Labels whose values come and go with pods, rollouts and releases. A table with a source for each.

import type { Severity } from '../../model/finding.ts';

/** What becomes of the value of a label. */
export interface EphemeralLabel {
  readonly severity: Severity;
  /** For a message, after "its value". */
  readonly changes: string;
}

const WORKLOAD_LABELS = 'https://kubernetes.io/docs/reference/labels-annotations-taints/';

const HASH: EphemeralLabel = { severity: 'high', changes: 'changes with every rollout' };
const UID: EphemeralLabel = { severity: 'high', changes: 'is new for every object that makes pods' };
const RUN: EphemeralLabel = { severity: 'high', changes: 'names one run of a job' };
const REPLICA: EphemeralLabel = { severity: 'low', changes: 'names one replica; others come and go when it is scaled' };
const RELEASE: EphemeralLabel = { severity: 'medium', changes: 'changes with every release' };
const NODE: EphemeralLabel = { severity: 'medium', changes: 'is that of the node where the pod happens to run' };

/** By key; sources are the documents that say who sets the label. */
export const EPHEMERAL_LABELS: Readonly<Record<string, EphemeralLabel & { readonly source: string }>> = {
  'pod-template-hash': { ...HASH, source: 'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/' },
  'controller-revision-hash': { ...HASH, source: `${WORKLOAD_LABELS}#controller-revision-hash` },
  'pod-template-generation': { ...HASH, source: 'https://kubernetes.io/docs/tasks/manage-daemon/update-daemon-set/' },
  'rollouts-pod-template-hash': { ...HASH, source: 'https://argo-rollouts.readthedocs.io/' },
  'controller-uid': { ...UID, source: `${WORKLOAD_LABELS}#controller-uid` },
  'batch.kubernetes.io/controller-uid': { ...UID, source: `${WORKLOAD_LABELS}#batch-kubernetes-io-controller-uid` },
  'job-name': { ...RUN, source: `${WORKLOAD_LABELS}#job-name` },
  'batch.kubernetes.io/job-name': { ...RUN, source: `${WORKLOAD_LABELS}#batch-kubernetes-io-job-name` },
  'statefulset.kubernetes.io/pod-name': { ...REPLICA, source: `${WORKLOAD_LABELS}#statefulset-kubernetes-io-pod-name` },
  'apps.kubernetes.io/pod-index': { ...REPLICA, source: `${WORKLOAD_LABELS}#apps-kubernetes.io-pod-index` },
  'app.kubernetes.io/version': { ...RELEASE, source: `${WORKLOAD_LABELS}#app-kubernetes-io-version` },
  'helm.sh/chart': { ...RELEASE, source: 'https://helm.sh/docs/chart_best_practices/labels/' },
  'topology.kubernetes.io/zone': { ...NODE, source: `${WORKLOAD_LABELS}#topologykubernetesiozone` },
  'topology.kubernetes.io/region': { ...NODE, source: `${WORKLOAD_LABELS}#topologykubernetesioregion` },
  'kubernetes.io/hostname': { ...NODE, source: `${WORKLOAD_LABELS}#kubernetesiohostname` },
  'istio.io/rev': { ...RELEASE, source: 'https://istio.io/latest/docs/setup/upgrade/canary/' },
};
