// What is known of a run, for reporters of formats that say it: the same for every golden, whatever checks there are.

import type { CheckInfo } from '../../src/engine/checks/list-checks.ts';
import type { RunFacts } from '../../src/report/reporter.ts';

const plain = { rejects: 'never', scope: 'object', controls: [] } as const;

/** Checks of every severity but `info`. */
export const sampleChecks: readonly CheckInfo[] = [
  {
    ...plain,
    id: 'document-separator',
    severity: 'medium',
    summary: 'content on the line of a document separator (---)',
  },
  {
    id: 'metadata-open',
    severity: 'critical',
    rejects: 'never',
    summary: 'egress that includes the metadata service of a cloud',
    scope: 'input',
    controls: ['CIS-5.3.2', 'T1552.005'],
  },
  { ...plain, id: 'protocol-omitted', severity: 'low', summary: 'a port without a protocol' },
  { ...plain, id: 'rules-ignored', severity: 'high', summary: 'rules of a direction that policyTypes does not list' },
  {
    ...plain,
    id: 'unknown-field',
    severity: 'high',
    rejects: 'sometimes',
    summary: 'a field that the API does not have, and drops',
  },
];

/** A run in a folder of a repository. */
export const sampleRun: RunFacts = {
  version: '1.2.3',
  command: 'netweir diff before/ after/ -o md',
  checks: sampleChecks,
  place: { cwd: '/src/deploy', root: '/src' },
};
