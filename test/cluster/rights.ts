// What the API server refuses to list, kind by kind: it is named, and weighs as docs/clusters.md says.

import { deepEqual, equal, match, ok } from 'node:assert/strict';
import type { Bench, Case } from './case.ts';

/** Kinds of a bare server, and how a verb ends without one of them. */
const KINDS: readonly (readonly [resource: string, weight: 'unknown' | 'incomplete' | 'note'])[] = [
  ['networkpolicies.networking.k8s.io', 'unknown'],
  ['pods', 'incomplete'],
  ['services', 'incomplete'],
  ['replicationcontrollers', 'incomplete'],
  ['deployments.apps', 'incomplete'],
  ['replicasets.apps', 'incomplete'],
  ['statefulsets.apps', 'incomplete'],
  ['daemonsets.apps', 'incomplete'],
  ['jobs.batch', 'incomplete'],
  ['cronjobs.batch', 'incomplete'],
  ['endpointslices.discovery.k8s.io', 'incomplete'],
  ['namespaces', 'note'],
  ['nodes', 'note'],
  ['ingresses.networking.k8s.io', 'note'],
];

/** A user who may list these, in all namespaces or in one. */
async function grant(bench: Bench, user: string, resources: readonly string[], namespace?: string): Promise<void> {
  const rules = resources.map((one) => {
    const [resource, ...group] = one.split('.');
    return { apiGroups: [group.join('.')], resources: [resource], verbs: ['list', 'get'] };
  });
  const kind = namespace === undefined ? 'ClusterRole' : 'Role';
  const metadata = { name: user, ...(namespace === undefined ? {} : { namespace }) };
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind, name: user };
  const subjects = [{ kind: 'User', name: user, apiGroup: 'rbac.authorization.k8s.io' }];
  const items = [
    { apiVersion, kind, metadata, rules },
    { apiVersion, kind: `${kind}Binding`, metadata, roleRef, subjects },
  ];
  await bench.kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
}

const ALL = KINDS.map(([resource]) => resource);
const QUESTION = ['can', 'shop/web', 'shop/cart:8080', '-n', 'monitoring'];

/** Refusals. */
export const CASES_OF_RIGHTS: readonly Case[] = [
  ...KINDS.map(([resource, weight]) => ({
    name: `${resource} may not be listed: ${weight}`,
    async run(bench: Bench) {
      const user = `without-${resource}`;
      await grant(
        bench,
        user,
        ALL.filter((one) => one !== resource),
      );
      const { stdout, stderr, code } = await bench.netweir([...QUESTION, '--as', user]);
      ok(stderr.includes(`"${user}" may not list ${resource}`), stderr);
      if (weight === 'unknown') match(stdout, /^\? unknown/);
      else if (resource !== 'namespaces') match(stdout, /^✓ allowed/);
      if (weight === 'note') match(stderr, /^note: "without-/m);
      // Labels of namespaces that nobody knows leave rules about them undecided, and this answer asks for none.
      equal(code, weight === 'note' ? 0 : 2, stderr);
      equal(
        (await bench.netweir([...QUESTION, '--as', user, '--allow-incomplete'])).code,
        weight === 'unknown' ? 2 : 0,
      );
    },
  })),
  {
    name: 'all of these and nothing else is enough',
    async run(bench) {
      await grant(bench, 'enough', ALL);
      const { stderr, code } = await bench.netweir(['map', '--as', 'enough']);
      ok(!stderr.includes('may not list'), stderr);
      equal(code, 0);
    },
  },
  {
    name: 'rights in one namespace answer about it',
    async run(bench) {
      await grant(
        bench,
        'shopper',
        ALL.filter((one) => one !== 'nodes' && one !== 'namespaces'),
        'shop',
      );
      const own = await bench.netweir(['can', 'shop/web', 'shop/cart:8080', '-n', 'shop', '--as', 'shopper']);
      deepEqual([own.stdout, own.code], ['✓ allowed   shop/web → shop/cart:8080   8080/TCP\n', 0]);
      match(own.stderr, /"shopper" may list networkpolicies\.networking\.k8s\.io in namespace shop only/);
      match(own.stderr, /the input is incomplete, which does not change this answer/);
      equal((await bench.netweir(['map', '-n', 'shop', '--as', 'shopper'])).code, 2);
    },
  },
  {
    name: 'rights in namespaces that may be listed are found',
    async run(bench) {
      await grant(bench, 'two-shops', ['namespaces']);
      for (const namespace of ['shop', 'monitoring']) await grant(bench, 'two-shops', ALL, namespace);
      const { stderr } = await bench.netweir(['map', '--as', 'two-shops']);
      match(stderr, /"two-shops" may list networkpolicies\.networking\.k8s\.io in namespaces monitoring and shop only/);
    },
  },
  {
    name: 'no rights at all are no map',
    async run(bench) {
      const { stdout, stderr, code } = await bench.netweir(['map', '--as', 'nobody']);
      match(stderr, /^error: nothing that answers are made from may be listed: .*User "nobody" cannot list/);
      deepEqual([stdout, code], ['', 2]);
    },
  },
  {
    name: 'who may not impersonate is told',
    async run(bench) {
      const token = (await bench.kubectl(['create', 'token', 'default', '-n', 'shop'])).trim();
      const user = { name: 'u', user: { token } };
      const config = await configOf(bench, [user], 'u');
      const { stderr } = await bench.netweir(['map', '--as', 'admin'], { KUBECONFIG: config });
      match(stderr, /^error: the API server lets nobody else be impersonated: .*cannot impersonate/);
    },
  },
  {
    name: 'policies of a plugin are gaps, and read only where they are installed',
    async run(bench) {
      const crd = definition('cilium.io', 'v2', 'CiliumNetworkPolicy', 'ciliumnetworkpolicies');
      await bench.kubectl(['apply', '-f', '-'], JSON.stringify(crd));
      await bench.kubectl([
        'wait',
        '--for=condition=Established',
        'crd/ciliumnetworkpolicies.cilium.io',
        '--timeout=20s',
      ]);
      try {
        equal((await bench.netweir(QUESTION)).code, 0);
        const policy = {
          apiVersion: 'cilium.io/v2',
          kind: 'CiliumNetworkPolicy',
          metadata: { name: 'l7', namespace: 'shop' },
          spec: {},
        };
        await bench.kubectl(['apply', '-f', '-'], JSON.stringify(policy));
        const { stderr, code } = await bench.netweir(QUESTION);
        match(stderr, /a CiliumNetworkPolicy of Cilium \(cilium\.io\/v2\) is not understood: shop\/l7/);
        equal(code, 2);
        const refused = await bench.netweir([...QUESTION, '--as', 'enough']);
        match(refused.stderr, /"enough" may not list ciliumnetworkpolicies\.cilium\.io/);
        match(refused.stdout, /^\? unknown/);
      } finally {
        await bench.kubectl(['delete', 'crd', 'ciliumnetworkpolicies.cilium.io']);
      }
    },
  },
];

/** A kubeconfig for the server with these users. */
export async function configOf(bench: Bench, users: readonly object[], user: string): Promise<string> {
  const own = JSON.parse(await bench.kubectl(['config', 'view', '--raw', '-o', 'json']));
  const contexts = [{ name: 'own', context: { cluster: 'netweir', user, namespace: 'shop' } }];
  return bench.file(`config-${user}`, { clusters: own.clusters, users, contexts, 'current-context': 'own' });
}

function definition(group: string, version: string, kind: string, plural: string): object {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, plural, singular: kind.toLowerCase() },
      versions: [{ name: version, served: true, storage: true, schema }],
    },
  };
}
