// Every flag as data: help, completion, parsing and docs/cli.md are made from it. kubectl's names and letters win.

import { CLUSTER_FLAGS as CLUSTER } from './cluster-flags.ts';

/** Heading under which help lists a flag. */
export type FlagGroup = 'Input' | 'Question' | 'Platform' | 'Behaviour' | 'Output' | 'Cluster' | 'Other';

/** One flag. */
export interface Flag {
  /** Long name without dashes. */
  readonly name: string;
  /** One letter, without its dash. */
  readonly short?: string;
  /** What stands for its value in help; absent: a switch. */
  readonly value?: string;
  /** Whether it may be given several times. */
  readonly repeatable?: boolean;
  readonly group: FlagGroup;
  /** Lower-case start, no full stop. */
  readonly summary: string;
  /** Its legal values, where they are few: for completion and help. */
  readonly words?: readonly string[];
  /** What completion offers as its value where it is not words. */
  readonly completes?:
    | 'files'
    | 'namespaces'
    | 'endpoints'
    | 'behaviours'
    | 'knobs'
    | 'checks'
    | 'formats'
    | 'contexts'
    | 'clusters'
    | 'users';
}

/** Values of --fail-on, worst first. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;

/** What --fail-on of `exposure` may name. */
export const EXPOSURES = ['internet', 'any-namespace', 'unisolated'] as const;

const FLAGS = {
  filename: {
    name: 'filename',
    short: 'f',
    value: 'PATH',
    repeatable: true,
    group: 'Input',
    summary: 'file, directory, git:REF[:PATH] or - with manifests; YAML or JSON, all files below a directory',
    completes: 'files',
  },
  kustomize: {
    name: 'kustomize',
    short: 'k',
    value: 'DIR',
    repeatable: true,
    group: 'Input',
    summary: 'kustomization to build with the installed kustomize or kubectl; the same as -f kustomize:DIR',
    completes: 'files',
  },
  helm: {
    name: 'helm',
    value: 'CHART',
    repeatable: true,
    group: 'Input',
    summary: 'chart to render with the installed helm, in the namespace of -n; the same as -f helm:CHART',
    completes: 'files',
  },
  helmRelease: {
    name: 'helm-release',
    value: 'NAME',
    group: 'Input',
    summary: "name of the chart's release (default: that of helm, release-name)",
  },
  helmValues: {
    name: 'helm-values',
    value: 'FILE',
    repeatable: true,
    group: 'Input',
    summary: 'file of values for the chart; later ones win',
    completes: 'files',
  },
  helmSet: {
    name: 'helm-set',
    value: 'KEY=VALUE',
    repeatable: true,
    group: 'Input',
    summary: 'one value for the chart; wins over files',
  },
  recursive: {
    name: 'recursive',
    short: 'R',
    group: 'Input',
    summary: 'read directories below directories too (the default)',
  },
  noRecursive: {
    name: 'no-recursive',
    group: 'Input',
    summary: 'read only the files that stand in a directory itself',
  },
  namespace: {
    name: 'namespace',
    short: 'n',
    value: 'NAME',
    group: 'Question',
    summary:
      "namespace of names and objects without one (default: the context's, else default); reading is never narrowed",
    completes: 'namespaces',
  },
  onlyNamespace: {
    name: 'namespace',
    short: 'n',
    value: 'NAME',
    group: 'Question',
    summary: 'show what concerns this namespace; also the namespace of names and objects without one',
    completes: 'namespaces',
  },
  allNamespaces: {
    name: 'all-namespaces',
    short: 'A',
    group: 'Question',
    summary: 'ask about every namespace, although -n is given (the default without -n)',
  },
  selector: {
    name: 'selector',
    short: 'l',
    value: 'LABELS',
    group: 'Question',
    summary: 'show connections with an end among the pods with these labels: app=web,tier!=db',
  },
  from: {
    name: 'from',
    value: 'ENDPOINT',
    repeatable: true,
    group: 'Question',
    summary: 'show connections from this endpoint; several: from any of them',
    completes: 'endpoints',
  },
  to: {
    name: 'to',
    value: 'ENDPOINT',
    repeatable: true,
    group: 'Question',
    summary: 'show connections to this endpoint; several: to any of them',
    completes: 'endpoints',
  },
  port: {
    name: 'port',
    value: 'PORT',
    group: 'Question',
    summary: 'show connections that may use this port: 8080, 53/udp, 8000-8999, http',
  },
  protocols: {
    name: 'protocols',
    value: 'LIST',
    group: 'Question',
    summary: 'protocols to ask about (default: tcp,udp,sctp)',
    words: ['tcp', 'udp', 'sctp', 'icmp', 'all'],
  },
  flow: {
    name: 'flow',
    value: 'RECORD',
    group: 'Question',
    summary: 'explain this record of a flow log instead: FILE:LINE, the record as JSON, or - for standard input',
    completes: 'files',
  },
  portable: {
    name: 'portable',
    group: 'Question',
    summary: 'answer for all plugins, or those of --cni NAME,NAME, and show only what differs',
  },
  cni: {
    name: 'cni',
    value: 'NAME[@VERSION]',
    group: 'Behaviour',
    summary: 'answer as this plugin behaves; list shows all of them',
    completes: 'behaviours',
  },
  assume: {
    name: 'assume',
    value: 'KNOB=VALUE',
    repeatable: true,
    group: 'Behaviour',
    summary: 'set one knob of the behaviour, e.g. hostNetwork=asPod',
    completes: 'knobs',
  },
  allowIncomplete: {
    name: 'allow-incomplete',
    group: 'Behaviour',
    summary: 'exit with the normal code although something was not read, not understood or would be rejected',
  },
  failOn: {
    name: 'fail-on',
    value: 'SEVERITY',
    group: 'Question',
    summary: 'exit 1 for findings of this severity or worse (default: high)',
    words: SEVERITIES,
  },
  failOnExposure: {
    name: 'fail-on',
    value: 'LIST',
    group: 'Question',
    summary: 'exit 1 where something is open to the internet or any namespace, or not isolated (default: never)',
    words: EXPOSURES,
  },
  only: {
    name: 'only',
    value: 'ID',
    repeatable: true,
    group: 'Question',
    summary: 'run only this check; several: only these (problems of reading are always reported)',
    completes: 'checks',
  },
  baseline: {
    name: 'baseline',
    value: 'FILE',
    group: 'Question',
    summary: 'findings of this file (written with -o json=FILE) are known: only new ones make the exit code 1',
    completes: 'files',
  },
  close: {
    name: 'close',
    group: 'Question',
    summary: 'show the smallest change that closes the connection, instead of one that allows it',
  },
  fix: {
    name: 'fix',
    group: 'Question',
    summary: 'write the fixes that are safe into the files; each is proved first',
  },
  suggested: {
    name: 'suggested',
    group: 'Question',
    summary: 'with --fix, write suggestions too: they may change what is allowed',
  },
  repair: {
    name: 'fix',
    group: 'Question',
    summary: 'change the policies so that failing tests hold, each by the smallest change that breaks no other',
  },
  dryRun: {
    name: 'dry-run',
    group: 'Question',
    summary: 'with --fix, print what would be changed as a patch and write nothing',
  },
  rbac: {
    name: 'rbac',
    group: 'Question',
    summary: 'say who could make such pods, from the Roles and bindings of the input',
  },
  guarantee: {
    name: 'guarantee',
    value: 'NAME[=VALUE]',
    repeatable: true,
    group: 'Question',
    summary: 'test this too: metadata-closed[=aws,gke], tenants-apart=LABEL (of namespaces), database-clients',
    words: ['database-clients', 'metadata-closed', 'tenants-apart='],
  },
  existingNamespaces: {
    name: 'existing-namespaces',
    group: 'Question',
    summary: 'with --guarantee, pods that could exist are made in namespaces of the manifests, not in new ones',
  },
  with: {
    name: 'with',
    value: 'KIND',
    group: 'Question',
    summary: 'save configmaps too, which generate takes addresses from and which may hold passwords',
    words: ['configmaps'],
  },
  list: { name: 'list', group: 'Question', summary: 'list every check instead' },
  describe: {
    name: 'describe',
    value: 'ID',
    group: 'Question',
    summary: 'explain one check instead',
    completes: 'checks',
  },
  output: {
    name: 'output',
    short: 'o',
    value: 'FORMAT[=PATH]',
    repeatable: true,
    group: 'Output',
    summary: 'format of the result, and the file to write it to (default: table, to standard output)',
    completes: 'formats',
  },
  expand: {
    name: 'expand',
    group: 'Output',
    summary: 'in JSON, one entry for each pair of endpoints instead of sets',
  },
  noHeaders: { name: 'no-headers', group: 'Output', summary: 'leave out the line of column names' },
  color: { name: 'color', group: 'Output', summary: 'use colour although standard output is no terminal' },
  noColor: { name: 'no-color', group: 'Output', summary: 'use no colour; so does the environment variable NO_COLOR' },
  debug: { name: 'debug', group: 'Other', summary: 'show the stack of an internal error' },
  help: { name: 'help', short: 'h', group: 'Other', summary: 'show this help' },
} as const satisfies Readonly<Record<string, Flag>>;

const INPUT: readonly Flag[] = [
  FLAGS.filename,
  FLAGS.recursive,
  FLAGS.noRecursive,
  FLAGS.kustomize,
  FLAGS.helm,
  FLAGS.helmRelease,
  FLAGS.helmValues,
  FLAGS.helmSet,
];
const BEHAVIOUR: readonly Flag[] = [FLAGS.cni, FLAGS.assume, FLAGS.allowIncomplete];
const OUTPUT: readonly Flag[] = [FLAGS.output, FLAGS.noHeaders, FLAGS.color, FLAGS.noColor];
const OTHER: readonly Flag[] = [FLAGS.debug, FLAGS.help];

/** Flags of verbs that read manifests and ask a question, with those of the question itself. */
export function questionFlags(own: readonly Flag[], namespace: Flag = FLAGS.namespace): readonly Flag[] {
  return [
    ...INPUT,
    ...own,
    namespace,
    FLAGS.allNamespaces,
    FLAGS.protocols,
    ...BEHAVIOUR,
    ...OUTPUT,
    ...CLUSTER,
    ...OTHER,
  ];
}

/** Flags of `map`: what narrows it beside those of every question. */
export const MAP_FLAGS: readonly Flag[] = questionFlags(
  [FLAGS.from, FLAGS.to, FLAGS.port, FLAGS.selector, FLAGS.portable, FLAGS.expand],
  FLAGS.onlyNamespace,
);

/** Questions whose answer is a document with connections. */
export const PAIR_FLAGS: readonly Flag[] = questionFlags([FLAGS.expand]);

/** `explain`: which change to show beside, under one plugin or several. */
export const EXPLAIN_FLAGS: readonly Flag[] = questionFlags([FLAGS.close, FLAGS.portable, FLAGS.flow]);

/** `test`: guarantees beside the files. */
export const TEST_FLAGS: readonly Flag[] = questionFlags([
  FLAGS.guarantee,
  FLAGS.existingNamespaces,
  FLAGS.repair,
  FLAGS.dryRun,
]);

/** `exposure`: what makes it fail. */
export const EXPOSURE_FLAGS: readonly Flag[] = questionFlags([FLAGS.rbac, FLAGS.failOnExposure], FLAGS.onlyNamespace);

/** `replay`: what was observed is judged, whatever its protocol and namespace. */
export function replayFlags(own: readonly Flag[]): readonly Flag[] {
  return questionFlags(own).filter((flag) => flag !== FLAGS.protocols && flag !== FLAGS.allNamespaces);
}

/** `generate`: everything that decides what is generated, and where it goes. */
export function generateFlags(own: readonly Flag[]): readonly Flag[] {
  return questionFlags(own, FLAGS.onlyNamespace);
}

/** `lint`: no question about protocols. */
export const LINT_FLAGS: readonly Flag[] = [
  ...INPUT,
  FLAGS.failOn,
  FLAGS.only,
  FLAGS.baseline,
  FLAGS.fix,
  FLAGS.suggested,
  FLAGS.dryRun,
  FLAGS.list,
  FLAGS.describe,
  FLAGS.onlyNamespace,
  FLAGS.allNamespaces,
  ...BEHAVIOUR,
  ...OUTPUT,
  ...CLUSTER,
  ...OTHER,
];

/** `snapshot`: what is saved or compiled, and how what is in it is printed. */
export const SNAPSHOT_FLAGS: readonly Flag[] = [
  ...INPUT,
  FLAGS.with,
  FLAGS.namespace,
  ...BEHAVIOUR,
  ...OUTPUT,
  ...CLUSTER,
  ...OTHER,
];

/** Verbs that read nothing. */
export const OTHER_FLAGS: readonly Flag[] = OTHER;

/** Flags that the interface has and this version has not: answered with a sentence, not as a misspelling. */
export const LATER_FLAGS: readonly string[] = ['watch'];
