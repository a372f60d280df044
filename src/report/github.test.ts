import { describe, expect, it } from 'vitest';
import { SAMPLES, testReport } from '../../test/support/sample-documents.ts';
import { fullFindings, hostileFindings } from '../../test/support/sample-findings.ts';
import { formatsOf, reporterFor } from './formats.ts';
import type { RunFacts } from './reporter.ts';
import { PLAIN_STYLE } from './style.ts';

const print = (document: (typeof SAMPLES)[string], run: RunFacts = {}): string =>
  [...reporterFor('github', document.kind)(document, { style: PLAIN_STYLE, run })].join('');

/** A command as the runner reads it: a name, properties split at commas, and what stands behind the next `::`. */
function read(line: string): { name: string; properties: Record<string, string>; message: string } {
  const [, name = '', properties = '', message = ''] = /^::(error|warning|notice) (.*?)::(.*)$/.exec(line) ?? [];
  if (name === '') throw new Error(`no command: ${line}`);
  const plain = (text: string) => text.replace(/%0D/g, '\r').replace(/%0A/g, '\n');
  return {
    name,
    properties: Object.fromEntries(
      properties.split(',').map((each) => {
        const [key = '', value = ''] = each.split('=', 2);
        return [key, plain(value).replace(/%3A/g, ':').replace(/%2C/g, ',').replace(/%25/g, '%')];
      }),
    ),
    message: plain(message).replace(/%25/g, '%'),
  };
}

const commandsOf = (document: (typeof SAMPLES)[string], run: RunFacts = {}) =>
  print(document, run).split('\n').slice(0, -1).map(read);

describe('GitHub annotations', () => {
  it.each(Object.entries(SAMPLES).filter(([, { kind }]) => formatsOf(kind).includes('github')))(
    'of %s are commands, one a line',
    (_, document) => {
      for (const { properties } of commandsOf(document)) {
        expect(Object.keys(properties)).toEqual(
          ['file', 'line', 'endLine', 'col', 'title'].filter((key) => Object.hasOwn(properties, key)),
        );
        expect(properties['title']).toBeTruthy();
      }
    },
  );

  it('say place, level, effect and fix, gravest first, without what was judged before', () => {
    const commands = commandsOf({ ...fullFindings, incomplete: [] }, { place: { cwd: '/src/a', root: '/src' } });
    expect(commands.map(({ name, properties }) => [name, properties['title']])).toEqual([
      ['error', 'critical: metadata-open'],
      ['error', 'high: rules-ignored'],
      ['error', 'high: rules-ignored'],
    ]);
    expect(commands[0]?.properties).toMatchObject({ file: 'a/k8s/egress.yaml', line: '8', endLine: '8', col: '7' });
    expect(commands[0]?.message.split('\n')[1]).toBe('effect: opens 412 pods in 19 namespaces to 169.254.169.254:80');
    expect(commands[1]?.message).toContain('NetworkPolicy ops/live spec.ingress: ');
    expect(commands[2]?.properties['file']).toBe('a/k8s/ä b#1%.yaml');
  });

  it('end with the last line that has something of the problem', () => {
    const [finding] = fullFindings.findings;
    const ending = (line: number, column: number) =>
      commandsOf({ ...fullFindings, findings: [{ ...finding!, end: { line, column } }], incomplete: [] })[0]
        ?.properties;
    expect([ending(11, 1), ending(11, 2), ending(8, 1)].map((each) => each?.['endLine'])).toEqual(['10', '11', '8']);
  });

  it('read back as what was said, whatever it is', () => {
    const messages = commandsOf(hostileFindings).map(({ message }) => message);
    expect(messages.some((message) => message.includes('%0A %25 =cmd()'))).toBe(true);
    expect(messages.some((message) => message.includes('::error file=x::forged\\x0a::warning::two'))).toBe(true);
    expect(commandsOf(hostileFindings).map(({ properties }) => properties['file'])).toContain('k8s/a,b:c%.yaml');
  });

  it('count what GitHub will not show', () => {
    const [finding] = fullFindings.findings;
    const many = Array.from({ length: 12 }, () => ({ ...finding!, severity: 'low' as const }));
    const lines = print({ ...fullFindings, findings: many, incomplete: [] }).split('\n');
    expect(lines.filter((line) => line.startsWith('::notice '))).toHaveLength(12);
    expect(lines.at(-2)).toBe('12 notices, of which GitHub shows 10 beside the code');
  });

  it('are nothing where nothing is wrong', () => {
    expect(print({ ...fullFindings, findings: [], incomplete: [] })).toBe('');
    expect(print({ ...testReport, tests: [] })).toBe('');
  });

  it('say what breaks a test, and warn of incomplete input where that is allowed', () => {
    expect(commandsOf(testReport)).toMatchObject([
      {
        name: 'error',
        properties: { file: 'tests/net.yaml', line: '4', title: 'test failed: only the API may reach the database' },
        message: expect.stringContaining('shop/web → shop/db   5432/TCP\n'),
      },
    ]);
    const gaps = { ...fullFindings, findings: [] };
    expect(commandsOf(gaps).map(({ name }) => name)).toEqual(['error']);
    expect(commandsOf(gaps, { allowIncomplete: true }).map(({ name }) => name)).toEqual(['warning']);
  });
});
