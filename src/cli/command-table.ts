// Every verb as data: parsing, help, completion and docs/cli.md are made from it. The code of a verb is loaded only
// when it runs.

import type { DocumentKind } from '../report/index.ts';
import {
  EXPLAIN_FLAGS,
  EXPOSURE_FLAGS,
  type Flag,
  generateFlags,
  LINT_FLAGS,
  MAP_FLAGS,
  OTHER_FLAGS,
  PAIR_FLAGS,
  replayFlags,
  SNAPSHOT_FLAGS,
  TEST_FLAGS,
} from './flags.ts';
import { FLOWS_FLAGS, OWN_GENERATE_FLAGS } from './generating/generate-flags.ts';
import type { Command } from './invocation.ts';
import { OWN_REPLAY_FLAGS } from './replaying/replay-flags.ts';

/** What completion offers for an operand. */
export type OperandKind = 'endpoint' | 'destination' | 'file' | readonly string[];

/** One verb. */
export interface Verb {
  readonly name: string;
  /** Its operands, as help shows them. */
  readonly operands: string;
  /** Kinds of its operands in order; the last repeats where `maximum` allows more. */
  readonly completes: readonly OperandKind[];
  /** How many operands it takes. */
  readonly minimum: number;
  readonly maximum: number;
  /** One line: the question it answers. */
  readonly summary: string;
  /** Paragraphs of its help. */
  readonly details: readonly string[];
  /** When it exits with 1; absent: never. */
  readonly exitsOne?: string;
  readonly flags: readonly Flag[];
  readonly examples: readonly { readonly command: string; readonly what: string }[];
  /** The document it answers with; absent where it prints something else. */
  readonly document?: DocumentKind;
  load(): Promise<Command>;
}

const ENDPOINTS =
  'Endpoints: shop/web (workload or pod), shop/deployment/web, shop/service/web, shop/ (all pods of shop), ' +
  'shop/app=web,tier!=db, {team=a}/{app=web}, all, any-pod, anything, node/NAME, 10.1.2.3, ' +
  '10.0.0.0/8, internet, private, link-local, metadata, cluster.';

/** All verbs, in the order in which they are listed. */
export const VERBS: readonly Verb[] = [
  {
    name: 'map',
    operands: '',
    completes: [],
    minimum: 0,
    maximum: 0,
    summary: 'show what may talk to what',
    details: [
      'Lists every connection that the policies leave open, in groups: who may reach whom on which ports. -n and -l narrow what is shown to connections with an end there; --from, --to and --port narrow it further. Everything is read all the same, because a policy left unread is a wrong answer.',
      '--portable answers for every plugin at once, or for those of --cni calico,cilium, and shows only the connections on which they differ: who allows and who denies, what the plugin does otherwise, and the rule concerned.',
    ],
    flags: MAP_FLAGS,
    examples: [
      { command: 'map', what: 'the map of the cluster that kubectl talks to, too' },
      { command: 'map -f k8s/', what: 'the map of all manifests below k8s/' },
      { command: 'map -f k8s/ -n shop', what: 'what concerns namespace shop' },
      { command: 'map -f k8s/ --to shop/db --port 5432', what: 'who may reach the database' },
      { command: 'map -f k8s/ --portable', what: 'what works on some plugins only' },
      { command: 'map -f k8s/ -o json=map.json -o dot=map.dot', what: 'two files from one run' },
    ],
    document: 'ConnectivityMap',
    load: async () => (await import('./commands/map.ts')).map,
  },
  {
    name: 'can',
    operands: 'SRC DST[:PORT]',
    completes: ['endpoint', 'destination'],
    minimum: 1,
    maximum: 3,
    summary: 'say whether one endpoint may reach another',
    details: [
      'Over sets of pods, allowed means all of them, denied none, anything else is partly, with the exceptions. Without a port the ports that every pair may use are printed, and the answer is yes where every pair may use some. "SRC -> DST:PORT" in one argument works too.',
      ENDPOINTS,
    ],
    exitsOne: 'denied or partly; without a port: some pair may use none',
    flags: PAIR_FLAGS,
    examples: [
      { command: 'can shop/web shop/db:5432 -f k8s/', what: 'one pair and port' },
      { command: 'can shop/ internet:443 -f k8s/', what: 'may every pod of shop use HTTPS to the internet?' },
      { command: "can 'all -> metadata' -f k8s/", what: 'may any pod reach the metadata service?' },
    ],
    document: 'Answer',
    load: async () => (await import('./commands/can.ts')).can,
  },
  {
    name: 'explain',
    operands: 'SRC DST[:PORT] | --flow RECORD',
    completes: ['endpoint', 'destination'],
    minimum: 0,
    maximum: 3,
    summary: 'say why, per direction: tier, policy, rule, file and line',
    details: [
      'Shows what decides at each end, where nothing allows the connection the rule that came nearest to it, and the smallest change of policies that would allow it: where to write what, and what else it opens. With --close: the smallest change that would close it.',
      '--portable asks every plugin, or those of --cni calico,cilium, and shows what decides where they differ.',
      '--flow explains one record of a flow log, named as FILE:LINE, given as JSON, or - for one on standard input: who its ends are and how that is known, what the log says, what the policies say, and where both do not agree, what may be the reason.',
      ENDPOINTS,
    ],
    exitsOne:
      'denied or partly; with --portable also: the plugins differ; with --flow also: the log says something else',
    flags: [...EXPLAIN_FLAGS, FLOWS_FLAGS.flows, FLOWS_FLAGS.columns],
    examples: [
      { command: 'explain shop/web shop/db:5432 -f k8s/', what: 'why web may (not) reach the database' },
      { command: 'explain shop/api shop/db:5432 --close -f k8s/', what: 'and how to close that' },
      {
        command: 'explain --flow hubble.jsonl.gz:1234 -f k8s/',
        what: 'why this very record was dropped or let through',
      },
      { command: 'explain shop/web shop/db:5432 -f k8s/ --portable', what: 'whether every plugin has it so' },
    ],
    document: 'Explanation',
    load: async () => (await import('./commands/explain.ts')).explain,
  },
  {
    name: 'who-can',
    operands: 'reach DST[:PORT] | be-reached-by SRC',
    completes: [['reach', 'be-reached-by'], 'destination'],
    minimum: 2,
    maximum: 2,
    summary: 'list all sources of a destination, or all destinations of a source',
    details: [
      'who-can reach DST[:PORT] lists who may reach it; who-can be-reached-by SRC lists what it may reach. Addresses outside and nodes are listed too.',
      ENDPOINTS,
    ],
    exitsOne: 'nobody can',
    flags: PAIR_FLAGS,
    examples: [
      { command: 'who-can reach shop/db:5432 -f k8s/', what: 'every source' },
      { command: 'who-can be-reached-by shop/web -f k8s/', what: 'every destination' },
    ],
    document: 'WhoCan',
    load: async () => (await import('./commands/who-can.ts')).whoCan,
  },
  {
    name: 'exposure',
    operands: '',
    completes: [],
    minimum: 0,
    maximum: 0,
    summary: 'show what is open to pods, namespaces and addresses that are not in the input',
    details: [
      'Answers for every pod that anyone could create, in a namespace of the input or in a new one: whom each workload may be reached from and may reach, on which ports, told by selectors. Both sides count, and what a wider entry says is left out. Without workloads the subjects of policies are asked about. -n narrows which workloads are asked about, never whom they are open to.',
    ],
    exitsOne: 'something is open that --fail-on names',
    flags: EXPOSURE_FLAGS,
    examples: [
      { command: 'exposure -f k8s/', what: 'what is open beyond the manifests, and what is not isolated' },
      { command: 'exposure -f k8s/ -n shop -o wide', what: 'the workloads of one namespace, with the policies' },
      { command: 'exposure -f k8s/ --fail-on internet,unisolated', what: 'exit 1 for either, as a gate in CI' },
    ],
    document: 'Exposure',
    load: async () => (await import('./commands/exposure.ts')).exposure,
  },
  {
    name: 'diff',
    operands: 'BEFORE AFTER | -f PATH',
    completes: ['file'],
    minimum: 0,
    maximum: 2,
    summary: 'show connections gained, lost and changed between two states',
    details: [
      'BEFORE and AFTER are files or directories, each with a whole state; one of them may be - for standard input. git:REF is the current folder as a commit, branch or tag has it, git:REF:PATH another path of it; kustomize:DIR and helm:CHART are rendered first; cluster is the cluster that the flags choose, context/NAME another one. A policy that the API server would reject makes the exit code 2.',
      'diff -f PATH alone compares the cluster with what it would be once the manifests are applied (docs/clusters.md).',
    ],
    exitsOne: 'they differ',
    flags: PAIR_FLAGS,
    examples: [
      { command: 'diff before/ after/', what: 'what a change of manifests opens and closes' },
      { command: 'diff git:main .', what: 'what the files of this folder change against branch main' },
      { command: 'diff -f k8s/', what: 'what applying these manifests to the cluster opens and closes' },
      { command: 'diff context/staging context/prod', what: 'where two clusters differ' },
      { command: 'diff kustomize:overlays/staging kustomize:overlays/prod', what: 'where two overlays differ' },
    ],
    document: 'ConnectivityDiff',
    load: async () => (await import('./commands/diff.ts')).diff,
  },
  {
    name: 'test',
    operands: '[FILE…]',
    completes: ['file'],
    minimum: 0,
    maximum: Number.POSITIVE_INFINITY,
    summary: 'check assertions that must stay true',
    details: [
      'FILE holds ConnectivityTest objects (docs/test-files.md); -f names the manifests that are tested. allow asserts at least, only exactly, deny nothing; an unknown answer fails. A test that cannot be read, and a policy that the API server would reject, make the exit code 2.',
    ],
    exitsOne: 'one fails',
    flags: TEST_FLAGS,
    examples: [
      { command: 'test policy-tests.yaml -f k8s/', what: 'run the tests against the manifests' },
      { command: 'test policy-tests.yaml -f k8s/ --fix --dry-run', what: 'how failing tests would hold, as a patch' },
      {
        command: 'test --guarantee metadata-closed=aws -f k8s/',
        what: 'no pod that exists or could exist reaches instance metadata',
      },
    ],
    document: 'TestReport',
    load: async () => (await import('./commands/test.ts')).test,
  },
  {
    name: 'lint',
    operands: '',
    completes: [],
    minimum: 0,
    maximum: 0,
    summary: 'report problems in policies and manifests',
    details: [
      'Each finding has its place, a severity and the check that found it, and where there is one the fix. --fix writes those of which only one can have been meant; with --suggested those too that change what is allowed. What cannot be proved is not written (docs/lint.md).',
    ],
    exitsOne: 'there are findings of the severity of --fail-on or worse',
    flags: LINT_FLAGS,
    examples: [
      { command: 'lint -f k8s/', what: 'all findings; exit 1 for high and critical ones' },
      { command: 'lint -f k8s/ --fail-on info', what: 'exit 1 for any finding' },
      { command: 'lint -f k8s/ --fix --suggested --dry-run', what: 'what fixes would change, as a patch' },
      { command: 'lint --describe invalid-cidr', what: 'what a check is about' },
    ],
    document: 'Findings',
    load: async () => (await import('./commands/lint.ts')).lint,
  },
  {
    name: 'generate',
    operands: '',
    completes: [],
    minimum: 0,
    maximum: 0,
    summary: 'write the policies an application needs, proved first',
    details: [
      'Evidence comes from the manifests (addresses in variables, arguments and configuration, Services, Ingresses, monitors, webhooks …), from the platform (DNS, the API server) and from flow logs. Each workload gets one policy, complete in itself; then each namespace a default deny. Everything needed is allowed, which is proved for each step of the order; what is allowed beside is listed.',
      'What nobody can know is a question, and never a wider rule: answer it with --allow, --forbid or a flag that the question names. Without -n every namespace but those of the system gets policies.',
    ],
    exitsOne:
      'something needed would be denied, or something forbidden is allowed; with --strict also: something is allowed that nothing needs; with --require-ready also: something stands in the way of enforcing them',
    flags: generateFlags(OWN_GENERATE_FLAGS),
    examples: [
      { command: 'generate -f k8s/', what: 'the plan: who needs whom, why, and how sure that is' },
      {
        command: 'generate -f k8s/ --flows hubble.jsonl.gz --bundle policies',
        what: 'from manifests and flows, as files',
      },
      { command: 'generate -f k8s/ -n shop -o yaml', what: 'the policies of one namespace, in order' },
      { command: 'generate -f k8s/ --diff', what: 'what they would change' },
    ],
    document: 'GeneratedPolicies',
    load: async () => (await import('./commands/generate.ts')).generate,
  },
  {
    name: 'replay',
    operands: '',
    completes: [],
    minimum: 0,
    maximum: 0,
    summary: 'show which observed flows the policies would deny, and what nobody used',
    details: [
      'Each flow of the logs is attributed to workloads and to ports of their pods, and judged by the policies of the input. With --with the policies there are laid over those of -f, and what changes between the two is told apart. What cannot be attributed is listed and never judged.',
      'A connection that the log saw refused by a policy and that stays denied is no change, and does not make the exit code 1.',
    ],
    exitsOne: 'a connection that got through would be denied',
    flags: replayFlags(OWN_REPLAY_FLAGS),
    examples: [
      { command: 'replay -f k8s/ --flows hubble.jsonl.gz', what: 'what these policies would have broken' },
      {
        command: 'replay -f cluster.json --with policies/ --flows hubble.jsonl.gz',
        what: 'what a proposal would change',
      },
      { command: 'replay -f k8s/ --flows logs/ --since 24h -o wide', what: 'the last day of the logs, in full' },
      {
        command: 'replay -f k8s/ --flows flows.csv --columns source_ip=src,destination_ip=dst',
        what: 'a table with names of its own',
      },
    ],
    document: 'Replay',
    load: async () => (await import('./commands/replay.ts')).replay,
  },
  {
    name: 'snapshot',
    operands: 'save [FILE] | show FILE | compile FILE',
    completes: [['save', 'show', 'compile'], 'file'],
    minimum: 1,
    maximum: 2,
    summary: 'save the state of a cluster to a file, show what is in one, or compile manifests',
    details: [
      'save writes everything that answers are computed from, with what could not be listed and why; .gz packs it, - prints it. The file is read by -f and diff like the cluster itself. There are never Secrets in it.',
      'compile turns what -f names into a file that can reads in a fraction of the time: -f takes it in the place of the manifests in every question about connections, with the same answers. It holds what these need and no more; docs/compiled-snapshots.md says what that is.',
    ],
    flags: SNAPSHOT_FLAGS,
    examples: [
      { command: 'snapshot save', what: 'the current context, under its name and the date' },
      { command: 'snapshot save prod.json.gz --context prod', what: 'another context, packed' },
      { command: 'snapshot show prod.json.gz', what: 'when, where, and how many objects of which kind' },
      { command: 'snapshot compile prod.netweir -f prod.json.gz', what: 'for can -f prod.netweir, again and again' },
    ],
    document: 'SnapshotSummary',
    load: async () => (await import('./commands/snapshot.ts')).snapshot,
  },
  {
    name: 'completion',
    operands: 'bash|zsh|fish|powershell',
    completes: [['bash', 'zsh', 'fish', 'powershell']],
    minimum: 1,
    maximum: 1,
    summary: 'print a script that completes verbs, flags and names in your shell',
    details: ['Names of namespaces and workloads are completed from the files of -f, where these are quickly read.'],
    flags: OTHER_FLAGS,
    examples: [{ command: 'completion bash > /etc/bash_completion.d/netweir', what: 'for every bash session' }],
    load: async () => (await import('./commands/completion.ts')).completion,
  },
  {
    name: 'version',
    operands: '',
    completes: [],
    minimum: 0,
    maximum: 0,
    summary: 'print the version',
    details: [],
    flags: OTHER_FLAGS,
    examples: [],
    load: async () => (await import('./commands/version.ts')).version,
  },
];

/** Verbs that the interface has and this version has not. */
export const LATER_VERBS: readonly string[] = [
  'audit',
  'flows',
  'convert',
  'observe',
  'probe',
  'rollout',
  'drift',
  'ui',
  'controller',
  'lsp',
];
