import { describe, expect, it } from 'vitest';
import { splitTemplates } from './split-templates.ts';

describe('splitTemplates', () => {
  it('gives each template its documents, those that stand apart together', () => {
    const text =
      '---\n# Source: web/templates/a.yaml\na: 1\n---\n# Source: web/templates/b.yaml\nb: 1\n---\n# Source: web/templates/a.yaml\na: 2\n';
    expect(splitTemplates(text, 'helm:web')).toEqual([
      {
        file: 'helm:web/templates/a.yaml',
        text: '---\n# Source: web/templates/a.yaml\na: 1\n---\n# Source: web/templates/a.yaml\na: 2\n',
      },
      { file: 'helm:web/templates/b.yaml', text: '---\n# Source: web/templates/b.yaml\nb: 1\n' },
    ]);
  });

  it('keeps documents that a template separates by itself, and what comes before all of them', () => {
    const text = 'x: 0\n---\n# Source: w/a.yaml\na: 1\n---\na: 2\n';
    expect(splitTemplates(text, 'helm:w').map(({ file }) => file)).toEqual(['helm:w', 'helm:w/a.yaml']);
    expect(splitTemplates(text, 'helm:w')[1]?.text).toContain('a: 2');
  });

  it('takes Windows line ends, and no header that is part of a text', () => {
    expect(splitTemplates('---\r\n# Source: w/a.yaml\r\na: 1\r\n', 'helm:w')).toMatchObject([
      { file: 'helm:w/a.yaml' },
    ]);
    const inside = '---\n# Source: w/a.yaml\na: |\n  ---\n  # Source: w/b.yaml\n';
    expect(splitTemplates(inside, 'helm:w')).toEqual([{ file: 'helm:w/a.yaml', text: inside }]);
  });

  it('is empty for an empty text', () => {
    expect(splitTemplates('\n', 'helm:w')).toEqual([]);
  });
});
