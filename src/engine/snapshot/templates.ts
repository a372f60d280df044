// Pod templates of workload objects: where they stand, how many pods they ask for, and the pod that one would make.

import type { Pod } from '../model/cluster.ts';
import { labelOf } from '../model/selector.ts';
import type { Path } from '../model/source.ts';
import { labelsUnknownFor } from './controller-labels.ts';
import type { Identified } from './identity.ts';
import type { Owner } from './owners.ts';
import { readPodSpec } from './pod-spec.ts';
import { countAt, isObject, type JsonObject, objectAt, type Reading, reportMissing, stringMapAt } from './reading.ts';

/** One pod template with its place in the object. */
export interface PodTemplate {
  readonly template: JsonObject;
  readonly path: Path;
  /** What stands beside it as `replicas`; absent where nothing does. */
  readonly replicas?: number;
}

/** What a workload object asks for. */
export interface Asked {
  readonly templates: readonly PodTemplate[];
  /** Pods over all templates; undefined where nothing says. */
  readonly replicas: number | undefined;
}

/** Reads templates and replicas of a built-in workload kind. A missing template is a problem and gives none. */
export function readBuiltInWorkload(object: Identified): Asked {
  const { reading, kind } = object;
  const spec = requireObject(reading, object.object.value, 'spec', []);
  if (spec === undefined) return { templates: [], replicas: undefined };
  let holder = spec;
  let path: Path = ['spec'];
  if (kind === 'CronJob') {
    const jobTemplate = requireObject(reading, spec, 'jobTemplate', path);
    const jobSpec = jobTemplate && requireObject(reading, jobTemplate, 'spec', ['spec', 'jobTemplate']);
    if (jobSpec === undefined) return { templates: [], replicas: undefined };
    holder = jobSpec;
    path = ['spec', 'jobTemplate', 'spec'];
  }
  const template = requireObject(reading, holder, 'template', path);
  return {
    templates: template === undefined ? [] : [{ template, path: [...path, 'template'] }],
    replicas: builtInReplicas(object, holder, path),
  };
}

function builtInReplicas({ reading, kind, object }: Identified, holder: JsonObject, path: Path): number | undefined {
  if (kind === 'DaemonSet') {
    const status = object.value.status;
    return isObject(status) ? countAt(reading, status, 'desiredNumberScheduled', ['status']) : undefined;
  }
  if (kind === 'Job' && isFinished(object.value.status)) return 0;
  return countAt(reading, holder, kind === 'Job' || kind === 'CronJob' ? 'parallelism' : 'replicas', path) ?? 1;
}

/** Reports whether a Job has run to its end: it stays in the API, but makes no more pods. */
function isFinished(status: unknown): boolean {
  const conditions = isObject(status) && Array.isArray(status.conditions) ? status.conditions : [];
  return conditions.some(
    (one: unknown) => isObject(one) && (one.type === 'Complete' || one.type === 'Failed') && one.status === 'True',
  );
}

/**
 * Finds the templates of a custom resource: objects in its spec, at most four fields deep (items of lists count with
 * their list), that themselves have `spec.containers` as a list. Nothing is looked for inside of a template.
 */
export function readCustomWorkload(object: Identified): Asked {
  const spec = object.object.value.spec;
  if (!isObject(spec)) return { templates: [], replicas: undefined };
  const templates: PodTemplate[] = [];
  type Step = { readonly value: unknown; readonly path: Path; readonly depth: number; readonly parent: JsonObject };
  const pending: Step[] = [{ value: spec, path: ['spec'], depth: 0, parent: object.object.value }];
  for (let step = pending.pop(); step !== undefined; step = pending.pop()) {
    const { value, path, depth, parent } = step;
    const children: Step[] = [];
    if (Array.isArray(value)) {
      // A list directly in a list counts as a level, so that the walk always ends.
      const nested = typeof path.at(-1) === 'number' ? 1 : 0;
      if (depth + nested <= 4) {
        value.forEach((item, index) => {
          children.push({ value: item, path: [...path, index], depth: depth + nested, parent });
        });
      }
    } else if (isObject(value)) {
      if (depth > 0 && isPodTemplate(value)) {
        // What a custom resource means by the field is its own affair, so another type is no problem here.
        const beside = Number.isInteger(parent.replicas) ? Number(parent.replicas) : -1;
        templates.push({ template: value, path, ...(beside < 0 ? {} : { replicas: beside }) });
      } else if (depth < 4) {
        for (const key of Object.keys(value)) {
          children.push({ value: value[key], path: [...path, key], depth: depth + 1, parent: value });
        }
      }
    }
    for (const child of children.reverse()) pending.push(child);
  }
  const counts = templates.flatMap(({ replicas }) => (replicas === undefined ? [] : [replicas]));
  const missing = templates.length - counts.length;
  const replicas = counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, missing);
  return { templates, replicas };
}

function isPodTemplate(value: JsonObject): boolean {
  return isObject(value.spec) && Array.isArray(value.spec.containers);
}

/**
 * The pod that a template would make, without node and addresses. Labels whose value only the controller knows are
 * open, even where the template shows them: controllers overwrite them.
 */
export function readTemplatePod(carrier: Identified, workload: Owner, template: PodTemplate): Pod {
  const { reading } = carrier;
  const metadata = objectAt(reading, template.template, 'metadata', template.path) ?? {};
  const written = stringMapAt(reading, metadata, 'labels', [...template.path, 'metadata']);
  const openLabels = labelsUnknownFor(carrier.kind);
  const shadowed = openLabels.filter((key) => labelOf(written, key) !== undefined);
  const labels =
    shadowed.length === 0
      ? written
      : Object.fromEntries(Object.entries(written).filter(([key]) => !shadowed.includes(key)));
  const spec = requireObject(reading, template.template, 'spec', template.path);
  const facts =
    spec === undefined
      ? { ports: [], hostNetwork: false, serviceAccount: 'default' }
      : readPodSpec(reading, spec, [...template.path, 'spec']);
  return {
    namespace: workload.namespace,
    name: workload.name,
    workload: workload.key,
    labels,
    ...(openLabels.length === 0 ? {} : { openLabels }),
    ...facts,
    addresses: [],
    real: false,
    object: carrier.object,
    specPath: [...template.path, 'spec'],
  };
}

function requireObject(reading: Reading, parent: JsonObject, key: string, path: Path): JsonObject | undefined {
  const value = parent[key];
  if (value === undefined || value === null) reportMissing(reading, [...path, key]);
  return objectAt(reading, parent, key, path);
}
