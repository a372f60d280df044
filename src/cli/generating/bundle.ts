// Generated policies as files: the manifests in two stages, a kustomize component, scripts that apply and take back in order,
// a README, and the whole document for programs. Pure: names and texts only.

import type { GeneratedPolicies, GeneratedPolicy } from '../../engine/questions/generated-document.ts';
import type { Layout } from './generate-flags.ts';

/** A file of a bundle. The path is relative, with slashes. */
export interface BundleFile {
  readonly path: string;
  readonly text: string;
  readonly isProgram?: boolean;
}

/** The file that says that a directory is a bundle, and of which files. */
export const INDEX_FILE = 'bundle.json';

/** Stages in order; `kubectl apply -R -f` takes directories in the order of their names. */
const STAGES = { workload: '1-workloads', 'default-deny': '2-default-deny' } as const;

/** Printers of what the bundle holds. */
export interface Printers {
  readonly objects: (values: readonly unknown[]) => string;
  readonly readme: (document: GeneratedPolicies) => string;
  readonly json: (document: GeneratedPolicies) => string;
}

/** The files of a bundle, by path. The same document gives the same bytes. */
export function bundleFiles(document: GeneratedPolicies, layout: Layout, print: Printers): BundleFile[] {
  const manifests = new Map<string, GeneratedPolicy[]>();
  for (const policy of document.policies) {
    const path = pathOf(policy, layout);
    const list = manifests.get(path);
    if (list === undefined) manifests.set(path, [policy]);
    else list.push(policy);
  }
  const order = [...manifests.keys()];
  return [
    ...order.map((path) => ({ path, text: print.objects(manifests.get(path)!.map(({ manifest }) => manifest)) })),
    { path: 'README.md', text: print.readme(document) },
    { path: 'apply.sh', text: applyScript(order, document.obsolete), isProgram: true },
    { path: INDEX_FILE, text: print.json(document) },
    { path: 'kustomization.yaml', text: kustomization(order, print) },
    { path: 'undo.sh', text: undoScript(order), isProgram: true },
  ];
}

function pathOf({ policy, purpose }: GeneratedPolicy, layout: Layout): string {
  const namespace = policy.namespace ?? '';
  const isWhole = layout === 'namespace' || purpose === 'default-deny';
  return `${STAGES[purpose]}/${isWhole ? namespace : `${namespace}/${policy.name}`}.yaml`;
}

function kustomization(order: readonly string[], { objects }: Printers): string {
  const apiVersion = 'kustomize.config.k8s.io/v1alpha1';
  const metadata = { name: 'network-policies', labels: { 'app.kubernetes.io/managed-by': 'netweir' } };
  return objects([{ apiVersion, kind: 'Component', metadata, resources: [...order].sort() }]);
}

/** Names of namespaces and policies are DNS labels: nothing in a path needs quotes. */
const lines = (order: readonly string[]): string => order.map((path) => `  ${path}`).join('\n');

const HEAD = `#!/bin/sh
# %WHAT%
# Arguments go to kubectl: --context NAME, --dry-run=server …
set -eu
cd "$(dirname "$0")"
`;

function applyScript(order: readonly string[], obsolete: GeneratedPolicies['obsolete']): string {
  const what =
    'Applies the policies one after the other: each allows all that its pods need, and what closes namespaces comes last.';
  return `${HEAD.replace('%WHAT%', what)}for file in \\
${lines(order).replaceAll('\n', ' \\\n')}
do
  "\${KUBECTL:-kubectl}" apply "$@" -f "$file"
done
${obsolete.length === 0 ? '' : `# Of an earlier run, and no longer part of the set.\n${obsolete.map(deletion).join('')}`}`;
}

function deletion({ namespace, name }: GeneratedPolicies['obsolete'][number]): string {
  return `"\${KUBECTL:-kubectl}" delete "$@" --ignore-not-found -n ${namespace} networkpolicy ${name}\n`;
}

function undoScript(order: readonly string[]): string {
  const what =
    'Takes the policies away, in the opposite order. What was there before the first apply.sh is not touched.';
  return `${HEAD.replace('%WHAT%', what)}for file in \\
${lines([...order].reverse()).replaceAll('\n', ' \\\n')}
do
  "\${KUBECTL:-kubectl}" delete "$@" --ignore-not-found -f "$file"
done
`;
}
