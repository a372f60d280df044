// From YAML text to findings of one check, for the tests of checks. Suites in src/engine may use it: it is test code.

import {
  type AnswerVerdict,
  behaviourOf,
  can,
  type Findings,
  type LintOptions,
  lint,
  loadState,
  type ManifestObject,
  parsePair,
  type State,
} from '../../src/engine/index.ts';
import type { Finding } from '../../src/engine/model/finding.ts';
import { findProblems } from '../../src/engine/questions/lint.ts';
import { PORT_PROTOCOLS } from '../../src/engine/sets/traffic-set.ts';
import { readText } from '../../src/manifests/index.ts';

/** What plugin the cluster has; absent: the default. */
export interface LintSettings {
  readonly cni?: string;
  readonly assume?: readonly string[];
}

/** The state of one text of YAML documents, as the command line would load it. */
export function stateOf(text: string, { cni = 'default', assume = [] }: LintSettings = {}): State {
  const { objects, findings, gaps } = readText(text, 'test.yaml');
  return loadState({ objects, findings, gaps, behaviour: behaviourOf(cni, assume), defaultNamespace: 'default' });
}

/** Findings of one check over the text; of all checks and of reading where no id is given. */
export function problemsOf(text: string, id?: string, settings: LintSettings = {}): Finding[] {
  const findings = findProblems(stateOf(text, settings));
  return id === undefined ? findings : findings.filter(({ check }) => check === id);
}

/** What `can` answers to the example of a finding over the text; throws for one that names what is not there. */
export function verdictOn(text: string, example: string, settings: LintSettings = {}): AnswerVerdict {
  const context = { defaultNamespace: 'default', protocols: PORT_PROTOCOLS };
  return can(stateOf(text, settings), parsePair([example]), context).verdict;
}

/** The document of `lint` over one text, suppressions in it judged. */
export function judged(
  text: string,
  options: LintOptions = {},
  { cni = 'default', assume = [] }: LintSettings = {},
): Findings {
  const { objects, findings, gaps, ignores } = readText(text, 'test.yaml');
  const behaviour = behaviourOf(cni, assume);
  const state = loadState({ objects, findings, gaps, behaviour, defaultNamespace: 'default' });
  return lint(state, { objects, comments: ignores, ...options });
}

/** The objects of one text. */
export function objectsOf(text: string): readonly ManifestObject[] {
  return readText(text, 'test.yaml').objects;
}
