// Labels that controllers put on the pods they make, with values that a template does not show.
// A policy that names one of them cannot be decided from templates alone.

const JOB = [
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-completion-index',
  'batch.kubernetes.io/job-name',
  'controller-uid',
  'job-name',
];
const KUBEFLOW = [
  'training.kubeflow.org/job-name',
  'training.kubeflow.org/job-role',
  'training.kubeflow.org/operator-name',
  'training.kubeflow.org/replica-index',
  'training.kubeflow.org/replica-type',
];

/**
 * By kind of the controller. A StatefulSet's pods differ in two of theirs; a template stays one pod all the same, and
 * the labels are open on it.
 */
const BY_KIND: ReadonlyMap<string, readonly string[]> = new Map([
  ['Deployment', ['pod-template-hash']],
  ['Rollout', ['rollouts-pod-template-hash']],
  ['DeploymentConfig', ['deployment', 'deploymentconfig']],
  ['DaemonSet', ['controller-revision-hash', 'pod-template-generation']],
  ['StatefulSet', ['apps.kubernetes.io/pod-index', 'controller-revision-hash', 'statefulset.kubernetes.io/pod-name']],
  ['Job', JOB],
  ['CronJob', JOB],
  ['ScaledJob', JOB],
  ['MPIJob', KUBEFLOW],
  ['PaddleJob', KUBEFLOW],
  ['PyTorchJob', KUBEFLOW],
  ['TFJob', KUBEFLOW],
  ['XGBoostJob', KUBEFLOW],
]);

/** Every label that {@link labelsUnknownFor} knows, sorted. */
export const CONTROLLER_LABELS: readonly string[] = [...new Set([...BY_KIND.values()].flat())].sort();

/**
 * The keys that the controller of a kind sets on its pods to values that nobody knows from the template, sorted. Empty
 * for kinds that set none (a ReplicaSet of its own) and for kinds that are not known.
 */
export function labelsUnknownFor(kind: string): readonly string[] {
  return BY_KIND.get(kind) ?? [];
}
