// `npm run demo`: what Netweir says of the example in examples/01-first-look, the surprise in its policies first.
// Every answer is asked of the program itself; the prose around them is printed only if the answers bear it out.

import { processIo } from '../src/cli/io.ts';
import { run } from '../src/cli/run.ts';
import { behaviourOf, explain, loadState, parsePair } from '../src/engine/index.ts';
import { readManifests } from '../src/manifests/index.ts';

const EXAMPLE = 'examples/01-first-look';
const PROGRAM = 'node dist/bin/netweir.js';
const QUESTION = ['shop/orders-db', 'internet'];

const io = processIo();
// One width everywhere.
const quiet = { ...io, stderr: { write: async () => {} }, columns: 100 };
const say = (text: string) => io.stdout.write(`${text}\n`);

/** Prints a command and its answer. */
async function show(words: readonly string[], path: string = EXAMPLE): Promise<void> {
  await say(`$ ${PROGRAM} ${[...words, '-f', path].join(' ')}`);
  await run([...words, '-f', path], quiet);
}

/** The policy that lets the database out, as the engine finds it. Throws where nothing does: then the example changed. */
async function findSurprise(): Promise<string> {
  const { objects } = await readManifests([EXAMPLE], { recursive: true });
  const state = loadState({ objects, behaviour: behaviourOf('default'), defaultNamespace: 'default' });
  const answer = explain(state, parsePair(QUESTION), {
    defaultNamespace: 'default',
    protocols: ['TCP', 'UDP', 'SCTP'],
  });
  const step = answer.cases.flatMap((one) => one.egress.steps).find((one) => one.action === 'Accept');
  if (answer.verdict !== 'allowed' || step?.policy === undefined) {
    throw new Error(`${EXAMPLE} no longer lets ${QUESTION.join(' reach ')}: the demo's story is not true any more`);
  }
  return step.policy.name;
}

const name = await findSurprise();
await say(
  `A web shop behind eight NetworkPolicies: default deny, DNS, one policy a connection, metrics, and \`${name}\`,`,
);
await say('which its author wrote to keep pods away from the cloud metadata address. The surprise:\n');
await show(['explain', ...QUESTION]);
await say(
  `\nPolicies only ever add up. \`${name}\` denies nothing: it opens every other address, to the database too.`,
);
const bundle = 'dist/demo-policies';
const flows = ['--flows', 'examples/05-generate/flows.csv', '--assume', 'podCIDRs=10.244.0.0/16'];
const generate = ['generate', '-n', 'shop', ...flows, '--bundle', bundle];
await say(
  '\nThe policies that this shop needs, from its manifests and eight days of flows, each proved before it is shown:\n',
);
await show(generate, `${EXAMPLE}/workloads.yaml`);
await say(
  `\nThey are in ${bundle}, with a README. To try them without changing anything: sh ${bundle}/apply.sh --dry-run=server`,
);
await say('\nTry next (and -f your own manifests, a file or a directory):');
await say(`  ${PROGRAM} map -f ${EXAMPLE}                                     # all that its policies leave open`);
await say(`  ${PROGRAM} explain shop/cart shop/orders-db:5432 -f ${EXAMPLE}   # why not? the nearest rule`);
await say(`  ${PROGRAM} lint -f ${EXAMPLE}                                    # what nobody meant, with fixes`);
await say(`  ${PROGRAM} who-can reach shop/service/orders -f ${EXAMPLE}       # who gets through`);
await say(`  ${PROGRAM} --help`);
