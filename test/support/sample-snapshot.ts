// A summary of a snapshot written by hand, with hostile names.

import { API_VERSION } from '../../src/engine/questions/documents.ts';
import type { SnapshotSummary } from '../../src/engine/questions/snapshot-document.ts';

/** Read with few rights, from a context whose name would steer a terminal. */
export const snapshotSummary: SnapshotSummary = {
  apiVersion: API_VERSION,
  kind: 'SnapshotSummary',
  taken: '2026-06-01T09:30:00.000Z',
  context: 'prod\u001b[31m',
  namespace: 'shop',
  server: { gitVersion: 'v1.36.3', groups: ['', 'apps'], unlisted: ['nodes'] },
  incomplete: [
    {
      reason: 'not-listable',
      message: '"dev" may list networkpolicies in namespace shop only',
      namespaces: ['bank'],
      lost: 'policies',
    },
  ],
  notes: [{ purpose: 'answers', message: '"dev" may not list nodes: addresses and labels of nodes are not known' }],
  kinds: [
    { apiVersion: 'apps/v1', kind: 'Deployment', objects: 1204, namespaces: 34 },
    { apiVersion: 'example.com/v1', kind: 'Thing\u202e', objects: 1 },
    { apiVersion: 'v1', kind: 'Pod', objects: 5400, namespaces: 34 },
  ],
};
