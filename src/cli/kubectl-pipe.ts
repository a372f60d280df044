// Where there is nothing to read: the exact command that reads a cluster with kubectl, wherever kubectl can. Runs nothing.

import { UserError } from '../engine/model/user-error.ts';
import { shellLine } from './shell-words.ts';

/** What decides an answer, as `kubectl get` names it. */
const RESOURCES = [
  'namespaces',
  'pods',
  'deployments.apps',
  'replicasets.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'jobs.batch',
  'cronjobs.batch',
  'services',
  'endpointslices.discovery.k8s.io',
  'ingresses.networking.k8s.io',
  'nodes',
  'networkpolicies.networking.k8s.io',
];

/** Custom resources: kubectl refuses the whole command where one of them is not installed. */
const CUSTOM_RESOURCES = [
  'clusternetworkpolicies.policy.networking.k8s.io',
  'adminnetworkpolicies.policy.networking.k8s.io',
  'baselineadminnetworkpolicies.policy.networking.k8s.io',
  'gateways.gateway.networking.k8s.io',
  'httproutes.gateway.networking.k8s.io',
  'grpcroutes.gateway.networking.k8s.io',
  'referencegrants.gateway.networking.k8s.io',
  'routes.route.openshift.io',
];

/** Flags that go to kubectl as they are. */
export interface ClusterFlags {
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly as?: string;
}

/** `kubectl get … -A -o json | netweir map -f -`. `own` is what was typed: verb, operands and flags but the cluster's. */
export function kubectlPipe(program: string, flags: ClusterFlags, own: readonly string[]): string {
  const chosen = (['context', 'kubeconfig', 'as'] as const).flatMap((name) =>
    flags[name] === undefined ? [] : [`--${name}`, flags[name]],
  );
  const get = shellLine(['kubectl', ...chosen, 'get', RESOURCES.join(','), '-A', '-o', 'json']);
  return `${get} | ${program} ${shellLine([...own, '-f', '-'])}`;
}

/** The error for a question without input. `isPiped`: standard input has something, and nothing names it. */
export function noInput(program: string, flags: ClusterFlags, own: readonly string[], isPiped: boolean): UserError {
  if (own[0] === 'diff' || own[0] === 'snapshot') {
    return new UserError('no-input', 'no kubeconfig says where a cluster is', {
      hint: 'name one with --kubeconfig or KUBECONFIG',
    });
  }
  // Tests that are piped in leave standard input to nothing else.
  if (own.includes('-'))
    return new UserError('no-input', 'no manifests were given', { hint: 'name files with -f PATH' });
  if (isPiped) {
    // Nothing can be written back into a pipe.
    const patch = own.includes('--fix') && !own.includes('--dry-run') ? ['--dry-run'] : [];
    const command = shellLine([...own, ...patch, '-f', '-']);
    return new UserError('no-input', 'no manifests were given', {
      hint: `name files with -f PATH, or read what is piped in with -f -:\n  ${program} ${command}`,
    });
  }
  return new UserError('no-input', 'no manifests were given, and there is no kubeconfig that says where a cluster is', {
    hint: [
      'name files with -f PATH, a kubeconfig with --kubeconfig or KUBECONFIG, or pipe in what kubectl reads elsewhere:',
      `  ${kubectlPipe(program, flags, own)}`,
      `and add, where they are installed: ${CUSTOM_RESOURCES.join(',')}`,
    ].join('\n'),
  });
}
