import { describe, expect, it } from 'vitest';
import { parseOperand, unwritable } from './operand.ts';

describe('parseOperand', () => {
  it.each([
    ['-', { type: 'stdin' }],
    ['k8s', { type: 'path', path: 'k8s' }],
    ['./git:main', { type: 'path', path: './git:main' }],
    ['C:\\k8s', { type: 'path', path: 'C:\\k8s' }],
    ['https://example.com/a.yaml', { type: 'path', path: 'https://example.com/a.yaml' }],
    ['git:main', { type: 'git', revision: 'main', path: '.' }],
    ['git:HEAD~2', { type: 'git', revision: 'HEAD~2', path: '.' }],
    ['git:main:', { type: 'git', revision: 'main', path: '' }],
    ['git:origin/main:k8s/web.yaml', { type: 'git', revision: 'origin/main', path: 'k8s/web.yaml' }],
    ['git:main:./k8s:odd', { type: 'git', revision: 'main', path: './k8s:odd' }],
    ['kustomize:overlays/prod', { type: 'kustomize', directory: 'overlays/prod' }],
    ['helm:oci://example.com/web', { type: 'helm', chart: 'oci://example.com/web' }],
  ])('%s', (text, expected) => {
    expect(parseOperand(text)).toEqual(expected);
  });

  it('an empty path is not the current folder', () => {
    expect(() => parseOperand('')).toThrow('a path is empty');
  });

  it.each(['git:', 'git::k8s', 'kustomize:', 'helm:'])('%s names nothing', (text) => {
    expect(() => parseOperand(text)).toThrow(`"${text}" names nothing`);
  });
});

describe('unwritable', () => {
  it('says what files are that nobody can write', () => {
    const files = ['a.yaml', './git:x', '<stdin>', 'git:main:a.yaml', 'kustomize:.', 'helm:web/templates/a.yaml'];
    expect(files.map(unwritable)).toEqual([
      undefined,
      undefined,
      'standard input',
      'a commit',
      'what a kustomization was rendered to',
      'what a chart was rendered to',
    ]);
  });
});
