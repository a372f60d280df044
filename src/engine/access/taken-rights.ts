// Rights that one does not hold and may take: by binding a role, by writing more into one, by acting as somebody else.
// https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping

import type { Access, AccessRule, AccessSubject } from './access.ts';
import { firstRight, namesOf, type Right, rightsTo } from './held-rights.ts';

/** The rules of one subject: those that hold everywhere, and all that hold in the namespace in question. */
export interface HeldRules {
  readonly everywhere: readonly AccessRule[];
  readonly here: readonly AccessRule[];
}

const GROUP = 'rbac.authorization.k8s.io';
const CHANGE = ['update', 'patch'];

/**
 * How one gets a wanted right, as a person says it: `bind clusterroles.rbac.authorization.k8s.io`; undefined: not so.
 * `holders` hold one. Not followed: what the service accounts may that pods can be run as.
 */
export function takenRight(
  { everywhere, here }: HeldRules,
  { roles }: Access,
  wanted: readonly Right[],
  holders: readonly AccessSubject[],
): string | undefined {
  const first = (rules: readonly AccessRule[], ...rights: Right[]) => firstRight(rules, rights);
  const [bindRole, bindClusterRole] = [right('bind', 'roles'), right('bind', 'clusterroles')];
  /** A role by one of the names gives what is wanted; any name: one that does can be found, or made before. */
  const bound = (rules: readonly AccessRule[], bind: Right): string | undefined => {
    const names = namesOf(rules, bind);
    const isEnough =
      names === 'any' ||
      roles.some((role) => names.includes(role.name) && firstRight(role.rules, wanted) !== undefined);
    return isEnough ? firstRight(rules, [bind]) : undefined;
  };
  const maySetBindings = (rules: readonly AccessRule[], resource: string) =>
    first(rules, ...rightsTo(['create', ...CHANGE], GROUP, resource)) !== undefined;
  if (maySetBindings(everywhere, 'clusterrolebindings')) {
    const found = bound(everywhere, bindClusterRole);
    if (found !== undefined) return found;
  }
  if (maySetBindings(here, 'rolebindings')) {
    const found = bound(here, bindClusterRole) ?? bound(here, bindRole);
    if (found !== undefined) return found;
  }
  // Whoever may write a role that is bound to them has what they write there.
  for (const [rules, resource] of [
    [everywhere, 'clusterroles'],
    [here, 'roles'],
  ] as const) {
    const escalate = first(rules, right('escalate', resource));
    if (escalate !== undefined && first(rules, ...rightsTo(CHANGE, GROUP, resource)) !== undefined) return escalate;
  }
  return actingAs(everywhere, holders);
}

const right = (verb: string, resource: string): Right => ({ verb, apiGroup: GROUP, resource });

/** Users and service accounts of the whole cluster; a group can be taken only together with one of these. */
function actingAs(rules: readonly AccessRule[], holders: readonly AccessSubject[]): string | undefined {
  for (const [resource, kind] of [
    ['users', 'User'],
    ['serviceaccounts', 'ServiceAccount'],
  ] as const) {
    const act: Right = { verb: 'impersonate', apiGroup: '', resource };
    const names = namesOf(rules, act);
    const isEnough = names === 'any' || holders.some((one) => one.kind === kind && names.includes(one.name));
    if (isEnough) return firstRight(rules, [act]);
  }
  return undefined;
}
