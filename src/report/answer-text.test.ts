import { describe, expect, it } from 'vitest';
import { answers } from '../../test/support/sample-documents.ts';
import { answerText } from './answer-text.ts';
import { PLAIN_STYLE } from './style.ts';

const print = (reason: string): string[] =>
  [...answerText({ ...answers.unknown, reason }, { style: PLAIN_STYLE })].slice(1).map((line) => line.trim());

describe('the headline', () => {
  it('does not say all ports where one was asked for', () => {
    const line = (to: string): string | undefined =>
      [...answerText({ ...answers.allowed, to, ports: 'all' }, { style: PLAIN_STYLE })][0];
    expect(line('shop/db:5432')).toBe('✓ allowed   shop/web → shop/db:5432\n');
    expect(line('shop/db')).toBe('✓ allowed   shop/web → shop/db   all ports\n');
  });
});

describe('the reason of an answer', () => {
  it('is a sentence and what settles it, for each word', () => {
    expect(print('icmp, sctp')).toEqual([
      'the API does not say what policies mean for ICMP (icmp)',
      'to settle it: pick the plugin with --cni, or say it with --assume icmp=portlessRules',
      'not every plugin enforces policies for SCTP (sctp)',
      'to settle it: pick the plugin with --cni, or say it with --assume sctp=enforced',
    ]);
  });

  it('stands for itself where it is no word of ours', () => {
    expect(print('no address family in common')).toEqual(['no address family in common']);
    expect(print('constructor')).toEqual(['constructor']);
    expect(print('\u001b[2J')).toEqual(['\\x1b[2J']);
  });
});
