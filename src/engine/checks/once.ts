// Tables that several checks of one run share: made when the first asks, gone with the run.

import type { CheckContext } from './context.ts';

/** The same function, computed once for each context. */
export function oncePerRun<T>(make: (context: CheckContext) => T): (context: CheckContext) => T {
  const made = new WeakMap<CheckContext, { readonly value: T }>();
  return (context) => {
    let known = made.get(context);
    if (known === undefined) {
      known = { value: make(context) };
      made.set(context, known);
    }
    return known.value;
  };
}
