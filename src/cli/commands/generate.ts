// `generate`: policies from evidence, proved before they are shown.

import { gatherEvidence } from '../../engine/generate/gather-evidence.ts';
import { applicationNamespaces, expectWorkloads } from '../../engine/generate/scope.ts';
import { diff, parsePair } from '../../engine/index.ts';
import { detectPlatform } from '../../engine/platforms/index.ts';
import { parsePlatformFlags } from '../../engine/platforms/platform-flags.ts';
import { generatePolicies } from '../../engine/questions/generate.ts';
import type { GeneratedPolicies } from '../../engine/questions/generated-document.ts';
import { printObjects } from '../../manifests/index.ts';
import { PLAIN_STYLE, reporterFor } from '../../report/index.ts';
import { EXIT, type ExitCode, exitCodeOf } from '../exit-codes.ts';
import { bundleFiles } from '../generating/bundle.ts';
import { budgetOf, confidenceOf, layoutOf, partsOf } from '../generating/generate-flags.ts';
import { checkFlowFlags, loadFlows } from '../generating/load-flows.ts';
import { checkBundle, writeBundle } from '../generating/write-bundle.ts';
import type { Invocation } from '../invocation.ts';
import { inputWords, loadInput, onlyNamespace } from '../load-input.ts';
import { writeRemarks } from '../messages.ts';
import { outputsOf, writeDocument } from '../output.ts';
import { pluginHints } from '../plugin-hints.ts';

/** Prints the plan, writes the bundle; exits 1 for what is unsound, or as --strict and --require-ready ask. */
export async function generate(invocation: Invocation): Promise<ExitCode> {
  const { options, progress, io } = invocation;
  const { generate: asked } = options;
  const outputs = outputsOf(invocation, asked.diff ? 'ConnectivityDiff' : 'GeneratedPolicies');
  const [parts, confidence, budget, layout] = [partsOf(asked), confidenceOf(asked), budgetOf(asked), layoutOf(asked)];
  checkFlowFlags(invocation);
  if (asked.bundle !== undefined) checkBundle(io.cwd, asked.bundle);
  const platform = parsePlatformFlags(asked.platform);
  const [allow, forbid] = [asked.allow, asked.forbid].map((texts) => texts.map((text) => parsePair([text])));
  const { state, skipped, context } = await loadInput(invocation, {
    purposes: ['answers', 'access', 'evidence', 'configmaps'],
    isWhole: true,
  });
  const namespace = onlyNamespace(options, state);
  const namespaces = namespace === undefined ? applicationNamespaces(state.cluster) : [namespace];
  expectWorkloads(state.cluster, namespaces);
  const observed = await loadFlows(invocation);
  progress.step('looking for evidence');
  const gathered = gatherEvidence(state, detectPlatform(state, state.server, platform), namespaces, observed?.given);
  progress.step('generating and proving');
  const { document, after } = generatePolicies(
    state,
    {
      ...gathered,
      namespaces,
      parts,
      allow: allow!,
      forbid: forbid!,
      confidence,
      budget,
    },
    context,
  );
  const { bundle } = asked;
  if (bundle !== undefined) {
    const readme = (one: GeneratedPolicies) => [...reporterFor('md', one.kind)(one, { style: PLAIN_STYLE })].join('');
    const json = (one: GeneratedPolicies) => [...reporterFor('json', one.kind)(one, { style: PLAIN_STYLE })].join('');
    await writeBundle(io.cwd, bundle, bundleFiles(document, layout, { objects: printObjects, readme, json }));
  }
  await writeDocument(asked.diff ? diff(state, after, context) : document, outputs, invocation);
  const { findings } = state;
  const gaps = [...state.gaps, ...(observed?.gaps ?? [])];
  const hints =
    bundle === undefined
      ? pluginHints(state, options)
      : [`the policies are in ${bundle}; try them first with: sh ${bundle}/apply.sh --dry-run=server`];
  await writeRemarks(
    {
      skipped,
      findings,
      gaps,
      notes: [...document.notes, ...(observed?.places ?? []), ...(observed?.notes ?? [])],
      assumptions: document.assumptions,
      hints,
      ...(bundle === undefined ? { next: ['generate', ...inputWords(options), '--bundle', 'policies'] } : {}),
    },
    invocation,
  );
  const { sound, safeOrder, tight } = document.proof;
  // What somebody forbade and some policy allows all the same.
  const isBroken = document.readiness.some(({ about }) => about === 'forbidden');
  const isFine = sound && safeOrder && !isBroken && (tight || !asked.strict) && (document.ready || !asked.requireReady);
  if (!isFine && !sound) return EXIT.no;
  return exitCodeOf({
    answer: isFine ? 'yes' : 'no',
    incomplete: gaps.length > 0,
    allowIncomplete: options.allowIncomplete,
  });
}
