// Which rights a set of RBAC rules gives (kubernetes pkg/apis/rbac/v1/evaluation_helpers.go). Knows no subjects.

import type { AccessRule } from './access.ts';

/** A right: one verb on one resource; `name` where it is about one object, else any object will do. */
export interface Right {
  readonly verb: string;
  readonly apiGroup: string;
  /** With its subresource: `pods/status`. */
  readonly resource: string;
  readonly name?: string;
}

/** Rights with each of the verbs on each of the resources. */
export function rightsTo(verbs: readonly string[], apiGroup: string, ...resources: readonly string[]): Right[] {
  return resources.flatMap((resource) => verbs.map((verb) => ({ verb, apiGroup, resource })));
}

/**
 * The first right that the rules give, as a person says it: `create deployments.apps`. Undefined: none. Rules for objects
 * of some names give a right to create only together with the right to patch that name: requests to create carry no name,
 * but server-side apply is a patch that creates, and is authorised as both (apiserver endpoints/handlers/patch.go).
 */
export function firstRight(rules: readonly AccessRule[], wanted: readonly Right[]): string | undefined {
  for (const right of wanted) {
    const names = namesOf(rules, right);
    if (names === 'any') return printRight(right);
    if (right.verb !== 'create') {
      if (right.name === undefined ? names.length > 0 : names.includes(right.name)) return printRight(right);
      continue;
    }
    const patched = namesOf(rules, { ...right, verb: 'patch' });
    const name = names.find((one) => patched === 'any' || patched.includes(one));
    if (name !== undefined) return `${printRight(right)} named ${name}`;
  }
  return undefined;
}

/** The names of objects for which the rules give the right, whatever its own name; empty: none. */
export function namesOf(rules: readonly AccessRule[], right: Right): 'any' | readonly string[] {
  const giving = rules.filter((rule) => isGiven(rule, right));
  return giving.some(({ resourceNames }) => resourceNames.length === 0)
    ? 'any'
    : giving.flatMap(({ resourceNames }) => resourceNames);
}

function isGiven({ verbs, apiGroups, resources }: AccessRule, { verb, apiGroup, resource }: Right): boolean {
  const has = (list: readonly string[], word: string) => list.includes('*') || list.includes(word);
  const slash = resource.indexOf('/');
  const isOfAny = slash >= 0 && resources.includes(`*${resource.slice(slash)}`);
  return has(verbs, verb) && has(apiGroups, apiGroup) && (isOfAny || has(resources, resource));
}

function printRight({ verb, apiGroup, resource }: Right): string {
  const [name, ...sub] = resource.split('/');
  return `${verb} ${[`${name}${apiGroup === '' ? '' : `.${apiGroup}`}`, ...sub].join('/')}`;
}
