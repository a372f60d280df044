// What several kinds print alike as Markdown: sets of endpoints, policies with their places, what is not known, and where
// it all comes from. Knows no kind.

import type { FindingDocument, GapDocument, PlacedPolicyRef } from '../../engine/questions/documents.ts';
import { hostPath } from '../ci-places.ts';
import type { EndpointNames } from '../endpoint-names.ts';
import { fateText, findingPolicyText } from '../finding-details.ts';
import { placeText } from '../place-text.ts';
import { policyText } from '../ports-text.ts';
import type { RunFacts } from '../reporter.ts';
import { type Block, details, text } from './blocks.ts';
import { code, count, plain } from './text.ts';

/** Gaps beyond these are counted. */
const MOST_GAPS = 10;

/** A set of endpoints, each name as code. */
export function endpointSet(names: EndpointNames, ids: readonly number[]): string {
  const { names: all, more } = names.list(ids);
  if (all.length === 0) return 'nobody';
  return `${all.map(code).join(', ')}${more === 0 ? '' : ` and ${more} more`}`;
}

/** `k8s/db.yaml:9` as code, from the root of the repository; empty text where there is no place at all. */
export function place(source: FindingDocument['source'], run: RunFacts | undefined, column = false): string {
  const file = hostPath(source, run);
  return code(placeText(file === undefined ? source : { ...source, file }, column));
}

/** Policies with their places: ``` `shop/db` (`k8s/db.yaml:9`) ```; empty text for none. */
export function policies(refs: readonly PlacedPolicyRef[], run: RunFacts | undefined): string {
  return refs
    .map((ref) => {
      const where = ref.source === undefined ? '' : place(ref.source, run);
      return `${code(policyText(ref))}${where === '' ? '' : ` (${where})`}`;
    })
    .join(', ');
}

/** Ports as plain text; `?` and `~` are explained by {@link legend}. */
export function ports(words: string): string {
  return plain(words);
}

/** What the signs in the texts mean; nothing where there is none. */
export function legend(texts: readonly string[]): Block[] {
  const has = (sign: string): boolean => texts.some((each) => new RegExp(`(^|[\\s:])\\${sign}[\\s\u00a0]`).test(each));
  const signs = [
    ...(has('?') ? ['`?` not decided, for the reason in brackets'] : []),
    ...(has('~') ? ['`~` allowed where the conditions in brackets hold'] : []),
  ];
  return signs.length === 0 ? [] : [text(`${signs.join('; ')}.\n`)];
}

/** What was not read or understood: the answer above it may be wrong. */
export function gaps(incomplete: readonly GapDocument[], run: RunFacts | undefined): Block[] {
  if (incomplete.length === 0) return [];
  const lines = incomplete.slice(0, MOST_GAPS).map(({ file, message }) => {
    const where = file === undefined ? '' : `${place({ file, path: '' }, run)}: `;
    return `> * ${where}${plain(message)}`;
  });
  const rest = incomplete.length - lines.length;
  const more = rest === 0 ? [] : [`> * and ${rest} more`];
  const head = '> **Incomplete:** something was not read or not understood, and could change this.\n>';
  return [text([head, ...lines, ...more, ''].join('\n'))];
}

/** Assumptions and notes, folded. */
export function remarks(assumptions: readonly string[], notes: readonly string[]): Block[] {
  const items = [
    ...assumptions.map((each) => `* assumed: ${plain(each)}\n`),
    ...notes.map((each) => `* ${plain(each)}\n`),
  ];
  return details('Assumptions and notes', '', items, 'note');
}

/** The last line: which version, which plugin, and the command to repeat it. */
export function footer(cni: string | undefined, run: RunFacts | undefined): Block[] {
  const facts = [
    `netweir${run?.version === undefined ? '' : ` ${plain(run.version)}`}`,
    ...(cni === undefined ? [] : [`behaviour ${code(cni)}`]),
    ...(run?.command === undefined ? [] : [`repeat it with ${code(run.command)}`]),
  ];
  return [text(`<sub>${facts.join(' · ')}</sub>`)];
}

/** One finding as an item of a list, with what belongs to it below. */
export function findingItem(finding: FindingDocument, run: RunFacts | undefined): string {
  const { severity, check, message, source, effect, example, hint, fix, alternatives = [] } = finding;
  const policy = findingPolicyText(finding);
  const where = place(source, run, true);
  const at = (
    source.object !== undefined ? [where] : source.file === undefined ? [code(policy), where] : [where, code(policy)]
  ).filter((each) => each !== '');
  const rejected = fateText(finding);
  const fixes = [...(fix === undefined ? [] : [fix]), ...alternatives].map(
    ({ title, safe }, index) =>
      `${index === 0 ? 'fix' : 'or'}: ${plain(title)} (\`--fix${safe ? '' : ' --suggested'}\`)`,
  );
  const below = [
    ...(effect === undefined ? [] : [`effect: ${plain(effect)}`]),
    ...(example === undefined ? [] : [`example: ${code(example)}`]),
    ...(hint === undefined ? [] : [`hint: ${plain(hint)}`]),
    ...fixes,
    ...(finding.related ?? []).map((one) => `see ${place(one.source, run, true)}: ${plain(one.message)}`),
  ];
  const head = `* **${severity}** ${at.map((each) => `${each} `).join('')}${code(check)}: ${plain(message)}${rejected}\n`;
  return head + below.map((line) => `  * ${line}\n`).join('');
}

/** `3 findings: 1 critical, 2 high`. */
export function severityCounts(findings: readonly FindingDocument[]): string {
  const counts = (['critical', 'high', 'medium', 'low', 'info'] as const).flatMap((severity) => {
    const number = findings.filter((finding) => finding.severity === severity).length;
    return number === 0 ? [] : [`${number} ${severity}`];
  });
  return `${count(findings.length, 'finding')}${counts.length === 0 ? '' : `: ${counts.join(', ')}`}`;
}
