// Whether policies that are in force may be missing for what a test is about, so that passing it would prove nothing.
// Knows gaps and expressions, not how tests are run.

import type { Gap } from '../model/cluster.ts';
import type { EndpointExpression, QuestionContext } from './ask.ts';

/**
 * Reports whether policies about pods that any of the expressions means were not read. An expression that means pods of
 * whatever namespace there is may mean some of those, even where none of them is known.
 */
export function mayLackPolicies(
  gaps: readonly Gap[],
  expressions: readonly EndpointExpression[],
  context: Pick<QuestionContext, 'defaultNamespace'>,
): boolean {
  const lost = gaps.filter((gap) => gap.lost === 'policies');
  if (lost.length === 0) return false;
  return expressions.some((expression) => {
    const namespace = namespaceOf(expression, context.defaultNamespace);
    if (namespace === 'none') return lost.some((gap) => gap.namespaces === 'all');
    return lost.some(
      (gap) => namespace === 'any' || gap.namespaces === 'all' || gap.namespaces.includes(namespace.name),
    );
  });
}

/** The namespace whose pods an expression means; `any` of them, or `none`: what is no pod. */
function namespaceOf(expression: EndpointExpression, home: string): { readonly name: string } | 'any' | 'none' {
  switch (expression.type) {
    case 'workload':
    case 'service':
      return { name: expression.namespace ?? home };
    case 'namespace':
      return { name: expression.namespace };
    case 'pods':
      return 'name' in expression.namespaces ? { name: expression.namespaces.name } : 'any';
    case 'addresses':
    case 'node':
      return 'none';
    default:
      return 'any';
  }
}
