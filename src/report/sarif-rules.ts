// The rules of a SARIF log: one per check, described for people who have only the log. Knows no result.

import { CONTROLS } from '../engine/checks/controls.ts';
import type { CheckInfo } from '../engine/checks/list-checks.ts';
import type { Severity } from '../engine/model/finding.ts';

/** SARIF's three levels. */
export type Level = 'error' | 'warning' | 'note';

/** `reportingDescriptor` of SARIF 2.1.0, section 3.49, as far as it is used. */
export interface Rule {
  readonly id: string;
  readonly shortDescription: { readonly text: string };
  readonly fullDescription: { readonly text: string };
  readonly help: { readonly text: string; readonly markdown: string };
  readonly helpUri: string;
  readonly defaultConfiguration: { readonly level: Level };
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Pages of the checks; `/ID` follows. */
const PAGES = 'https://netweir.dev/docs/checks';

/** The rule that failed connectivity tests are results of. */
export const TEST_RULE = 'connectivity-test';

/** The level for a severity: what fails a run by default is an error. */
export function levelOf(severity: Severity): Level {
  if (severity === 'critical' || severity === 'high') return 'error';
  return severity === 'medium' ? 'warning' : 'note';
}

/**
 * GitHub's number for a severity: over 9.0 is critical, from 7.0 high, from 4.0 medium, below low. A rule without one is
 * no security rule.
 * https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
 */
const SECURITY_SEVERITY: Readonly<Record<Severity, string | undefined>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
  info: undefined,
};

/** GitHub shows the first ten. */
const MOST_TAGS = 10;

/** The rule of a check. */
export function ruleOf({ id, severity, rejects, summary, controls }: CheckInfo): Rule {
  const rejected = {
    always: 'The API server rejects such an object, and it counts as absent.',
    sometimes: 'Some API servers reject such an object; a rejected one counts as absent.',
    never: '',
  }[rejects];
  const full = `Reports ${summary}. ${rejected}`.trim();
  const asked = controls.length === 0 ? '' : ` Controls that ask for the same: ${controls.join(', ')}.`;
  const linked =
    controls.length === 0 ? '' : ` Controls that ask for the same: ${controls.map(linkControl).join(', ')}.`;
  const more = `netweir lint --describe ${id}`;
  return describedRule(id, severity, {
    short: summary,
    full,
    help: `${full}${asked} Severity: ${severity}. More: ${more}`,
    markdown: `${full}${linked}\n\nSeverity: **${severity}**. More: \`${more}\``,
    uri: `${PAGES}/${id}`,
    tags: controls,
  });
}

/** The id of a control with a link to where it is published. */
function linkControl(id: string): string {
  const control = CONTROLS[id];
  return control === undefined ? id : `[${id}](${control.source} "${control.by}: ${control.title}")`;
}

/** A rule for a check that this program does not know: the document is newer. */
export function unknownRule(id: string): Rule {
  const text = `The check ${id} of another version of netweir`;
  return describedRule(id, 'info', {
    short: text,
    full: `${text}.`,
    help: `${text}.`,
    markdown: `${text}.`,
    uri: `${PAGES}/${encodeURIComponent(id.replace(/[\ud800-\udfff]/gu, '\ufffd'))}`,
    tags: [],
  });
}

/** The rule of {@link TEST_RULE}. */
export function testRule(): Rule {
  const full = 'Reports an assertion about connectivity that does not hold, or that cannot be decided.';
  return describedRule(TEST_RULE, 'high', {
    short: 'an assertion about connectivity that does not hold',
    full,
    help: `${full} The message names a connection that breaks it.`,
    markdown: `${full} The message names a connection that breaks it.`,
    uri: 'https://netweir.dev/docs/test-files',
    tags: [],
  });
}

function describedRule(
  id: string,
  severity: Severity,
  texts: {
    readonly short: string;
    readonly full: string;
    readonly help: string;
    readonly markdown: string;
    readonly uri: string;
    readonly tags: readonly string[];
  },
): Rule {
  const score = SECURITY_SEVERITY[severity];
  const tags = [...(score === undefined ? [] : ['security']), 'kubernetes', 'network-policy', ...texts.tags];
  return {
    id,
    shortDescription: { text: texts.short.charAt(0).toUpperCase() + texts.short.slice(1) },
    fullDescription: { text: texts.full },
    help: { text: texts.help, markdown: texts.markdown },
    helpUri: texts.uri,
    defaultConfiguration: { level: levelOf(severity) },
    properties: {
      tags: tags.slice(0, MOST_TAGS),
      ...(score === undefined ? {} : { 'security-severity': score }),
    },
  };
}
