// The flags that choose a cluster and say who asks, with kubectl's names and meanings.

import type { Flag } from './flags.ts';

/** All of them, in the order of help. */
export const CLUSTER_FLAGS: readonly Flag[] = [
  {
    name: 'context',
    value: 'NAME',
    group: 'Cluster',
    summary: 'kubeconfig context to read from',
    completes: 'contexts',
  },
  {
    name: 'kubeconfig',
    value: 'PATH',
    group: 'Cluster',
    summary: 'kubeconfig file to use',
    completes: 'files',
  },
  {
    name: 'cluster',
    value: 'NAME',
    group: 'Cluster',
    summary: 'cluster of the kubeconfig to use',
    completes: 'clusters',
  },
  {
    name: 'user',
    value: 'NAME',
    group: 'Cluster',
    summary: 'user of the kubeconfig to use',
    completes: 'users',
  },
  { name: 'server', short: 's', value: 'URL', group: 'Cluster', summary: 'address of the API server' },
  { name: 'token', value: 'TOKEN', group: 'Cluster', summary: 'bearer token to log in with' },
  { name: 'as', value: 'USER', group: 'Cluster', summary: 'user to impersonate' },
  {
    name: 'as-group',
    value: 'GROUP',
    repeatable: true,
    group: 'Cluster',
    summary: 'group to impersonate, beside --as',
  },
  { name: 'as-uid', value: 'UID', group: 'Cluster', summary: 'UID to impersonate, beside --as' },
  {
    name: 'certificate-authority',
    value: 'FILE',
    group: 'Cluster',
    summary: "certificate of the API server's authority",
    completes: 'files',
  },
  {
    name: 'client-certificate',
    value: 'FILE',
    group: 'Cluster',
    summary: 'certificate to log in with',
    completes: 'files',
  },
  {
    name: 'client-key',
    value: 'FILE',
    group: 'Cluster',
    summary: 'key of that certificate',
    completes: 'files',
  },
  {
    name: 'insecure-skip-tls-verify',
    group: 'Cluster',
    summary: 'believe any certificate; whoever is in between can then read and change everything',
  },
  {
    name: 'tls-server-name',
    value: 'NAME',
    group: 'Cluster',
    summary: 'name that the certificate of the API server has to be for (default: that of the address)',
  },
  {
    name: 'request-timeout',
    value: 'TIME',
    group: 'Cluster',
    summary: 'longest time for one request: 30s, 2m, 0 for ever (default: as long as something comes)',
  },
];
