// In which order a deployment applies objects, where annotations say so: Argo CD's phases and sync waves, Helm's hooks.

import { type ManifestObject, valueAt } from '../../model/source.ts';

/** When an object is applied: by phase, then by wave. Equal ones are applied together. */
export interface Turn {
  /** -1 before all that has no hook, 0 with it, 1 after it. */
  readonly phase: -1 | 0 | 1;
  readonly wave: number;
  /** The annotation that says so; absent: none does, which is phase 0 and wave 0. */
  readonly annotation?: string;
}

/** The annotation of Argo CD that names the wave, https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/. */
export const SYNC_WAVE = 'argocd.argoproj.io/sync-wave';

/** Annotations that name the phase, with that of the order within it. */
const HOOKS = [
  ['argocd.argoproj.io/hook', SYNC_WAVE],
  // https://helm.sh/docs/topics/charts_hooks/
  ['helm.sh/hook', 'helm.sh/hook-weight'],
] as const;

/** The turn of an object. Of several hooks the first that comes counts. */
export function turnOf(object: ManifestObject): Turn {
  for (const [hook, weight] of HOOKS) {
    const words = annotationOf(object, hook)
      ?.split(',')
      .map((word) => word.trim().toLowerCase());
    if (words === undefined) continue;
    const phase = words.some((word) => /^pre-?(sync|install|upgrade)$/.test(word))
      ? -1
      : words.some((word) => /^post-?(sync|install|upgrade)$/.test(word))
        ? 1
        : 0;
    if (phase !== 0) return { phase, wave: numberOf(object, weight), annotation: hook };
  }
  const wave = numberOf(object, SYNC_WAVE);
  return annotationOf(object, SYNC_WAVE) === undefined
    ? { phase: 0, wave: 0 }
    : { phase: 0, wave, annotation: SYNC_WAVE };
}

/** Negative where the first comes before the other, 0 where they come together. */
export function compareTurns(a: Turn, b: Turn): number {
  return a.phase - b.phase || a.wave - b.wave;
}

function annotationOf(object: ManifestObject, key: string): string | undefined {
  const value = valueAt(object, ['metadata', 'annotations', key]);
  return typeof value === 'string' ? value : undefined;
}

/** A number in an annotation; 0 where there is none. */
function numberOf(object: ManifestObject, key: string): number {
  const text = annotationOf(object, key);
  return text !== undefined && /^\s*[-+]?\d+\s*$/.test(text) ? Number(text) : 0;
}
