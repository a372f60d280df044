// What pages of checks show, proved: every fix of a bad example makes its finding go away and nothing worse, and every flow
// that a finding names is decided.

import { describe, expect, it } from 'vitest';
import { checkPages } from '../support/check-page.ts';
import { problemsOf, verdictOn } from '../support/lint.ts';
import { proveFix } from '../support/prove-fix.ts';

const examples = checkPages().flatMap(({ id, path, examples: all }) =>
  all
    .filter(({ kind }) => kind === 'bad')
    .map(({ line, text, cni = 'default', assume }) => ({
      id,
      place: `${path}:${line}`,
      text,
      settings: { cni, assume },
    })),
);

describe('bad examples of checks', () => {
  it.each(examples)('$place: its fixes mend it', ({ id, text, settings }) => {
    for (const finding of problemsOf(text, id, settings)) {
      const { fix, alternatives = [] } = finding;
      for (const { title } of fix === undefined ? alternatives : [fix, ...alternatives]) {
        proveFix(text, finding, title, settings);
      }
    }
  });

  it.each(examples)('$place: its flows are decided', ({ id, text, settings }) => {
    for (const { example } of problemsOf(text, id, settings)) {
      if (example !== undefined) expect(['allowed', 'denied']).toContain(verdictOn(text, example, settings));
    }
  });
});
