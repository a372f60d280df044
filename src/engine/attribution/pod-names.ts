// Names that controllers give to the pods they make, read backwards. Knows no snapshot: a reading is only a possibility.

/** A workload that would give a pod this name. */
export interface NameReading {
  readonly kinds: readonly string[];
  readonly name: string;
}

/** Letters of which Kubernetes makes random names (apimachinery util/rand: no vowels, no 0, 1 and 3). */
const RANDOM = '[bcdfghjklmnpqrstvwxz2456789]';

const FORMS: readonly { readonly form: RegExp; readonly kinds: readonly string[] }[] = [
  // NAME-TEMPLATEHASH-RANDOM
  { form: new RegExp(`^(.+)-${RANDOM}{1,10}-${RANDOM}{5}$`), kinds: ['Deployment', 'Rollout'] },
  // NAME-SCHEDULED-RANDOM, the time in minutes since 1970, or an index after it
  { form: new RegExp(`^(.+)-\\d{8,}(?:-\\d+)?-${RANDOM}{5}$`), kinds: ['CronJob'] },
  // NAME-REVISION-RANDOM
  { form: new RegExp(`^(.+)-\\d+-${RANDOM}{5}$`), kinds: ['DeploymentConfig', 'Job'] },
  { form: new RegExp(`^(.+)-${RANDOM}{5}$`), kinds: ['DaemonSet', 'ReplicaSet', 'Job', 'ReplicationController'] },
  { form: /^(.+)-\d+$/, kinds: ['StatefulSet'] },
];

/** All readings of a pod's name, the bare pod of that name first. */
export function readPodName(pod: string): readonly NameReading[] {
  const readings: NameReading[] = [{ kinds: ['Pod'], name: pod }];
  for (const { form, kinds } of FORMS) {
    const name = form.exec(pod)?.[1];
    if (name !== undefined) readings.push({ kinds, name });
  }
  return readings;
}

/** The owner of an owner that logs name instead: the Deployment of a ReplicaSet, the CronJob of a Job. */
export function readOwnerName(kind: string, name: string): readonly NameReading[] {
  if (kind === 'ReplicaSet') {
    const owner = new RegExp(`^(.+)-${RANDOM}{1,10}$`).exec(name)?.[1];
    return owner === undefined ? [] : [{ kinds: ['Deployment', 'Rollout'], name: owner }];
  }
  if (kind === 'Job') {
    const owner = /^(.+)-\d{8,}$/.exec(name)?.[1];
    return owner === undefined ? [] : [{ kinds: ['CronJob'], name: owner }];
  }
  if (kind === 'ReplicationController') {
    const owner = /^(.+)-\d+$/.exec(name)?.[1];
    return owner === undefined ? [] : [{ kinds: ['DeploymentConfig'], name: owner }];
  }
  return [];
}
