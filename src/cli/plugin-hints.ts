// A hint at the behaviour that the snapshot suggests, where nobody named one. It changes no answer.

import type { State } from '../engine/index.ts';
import { findPluginInUse } from '../engine/platforms/index.ts';
import { printable } from '../report/index.ts';
import type { Options } from './invocation.ts';

/** Hints of states that do not hold all that shows a plugin: compiled snapshots bring theirs with them. */
const known = new WeakMap<State, readonly string[]>();

/** Says what the hints of a state are where none of its questions names a plugin. */
export function rememberHints(state: State, hints: readonly string[]): void {
  known.set(state, hints);
}

/** One hint at most; none where --cni was given, or the snapshot shows no plugin. */
export function pluginHints(state: State, { cni, portable }: Pick<Options, 'cni' | 'portable'>): readonly string[] {
  if (cni !== undefined || portable) return [];
  const remembered = known.get(state);
  if (remembered !== undefined) return remembered;
  const { cni: suggested, enforcement, plugins } = findPluginInUse(state);
  if (suggested.how === 'unknown') return [];
  if (enforcement.how !== 'unknown' && enforcement.value === 'no') {
    return [
      printable(`nothing in this cluster enforces network policies (${enforcement.because}); --cni none answers so`),
    ];
  }
  const [plugin] = plugins.filter(({ value }) => value.cni !== undefined && suggested.value.startsWith(value.cni));
  const what =
    plugin === undefined
      ? suggested.value
      : `${plugin.value.title}${plugin.value.version === undefined ? '' : ` ${plugin.value.version}`}`;
  const verb = suggested.how === 'assumed' ? 'perhaps has' : 'has';
  return [
    printable(`the cluster ${verb} ${what} (${suggested.because}); --cni ${suggested.value} answers as it behaves`),
  ];
}
