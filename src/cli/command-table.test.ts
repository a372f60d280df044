import { describe, expect, it } from 'vitest';
import { LATER_VERBS, VERBS } from './command-table.ts';
import { LATER_FLAGS } from './flags.ts';
import { parseArguments } from './parse-arguments.ts';

describe('the command table', () => {
  it('names nothing twice', () => {
    const names = VERBS.map(({ name }) => name);
    expect(new Set([...names, ...LATER_VERBS]).size).toBe(names.length + LATER_VERBS.length);
    for (const { flags } of VERBS) {
      expect(new Set(flags.map(({ name }) => name)).size).toBe(flags.length);
      const letters = flags.flatMap(({ short }) => short ?? []);
      expect(new Set(letters).size).toBe(letters.length);
      expect(flags.filter(({ name }) => LATER_FLAGS.includes(name))).toEqual([]);
    }
  });

  it("keeps kubectl's letters", () => {
    const letters = new Map(VERBS.flatMap(({ flags }) => flags.map(({ name, short }) => [name, short] as const)));
    expect(Object.fromEntries([...letters].filter(([, short]) => short !== undefined))).toEqual({
      'all-namespaces': 'A',
      filename: 'f',
      help: 'h',
      kustomize: 'k',
      namespace: 'n',
      output: 'o',
      recursive: 'R',
      selector: 'l',
      server: 's',
    });
  });

  it('has examples that parse', () => {
    for (const { name, examples } of VERBS) {
      for (const { command } of examples) {
        const words = command
          .replace(/ > .*/, '')
          .match(/'[^']*'|\S+/g)!
          .map((word) => word.replaceAll("'", ''));
        expect(parseArguments(words).verb.name).toBe(name);
      }
    }
  });

  it('loads every verb', async () => {
    for (const verb of VERBS) expect(await verb.load(), verb.name).toBeTypeOf('function');
  });
});

describe('words', () => {
  const parse = (...words: string[]) => {
    const { verb, operands, options, typed } = parseArguments(words);
    return { verb: verb.name, operands, options, typed };
  };

  it.each([
    ['map -f a -f b -n shop -A'],
    ['-f a map -f b -n shop -A'],
    ['-f a --filename=b --namespace shop -A map'],
    ['-fa -fb -nshop map -A'],
    ['-Af a map -f b -n shop'],
    ['-RAf a -f b --namespace=shop map'],
  ])('%s', (line) => {
    const { verb, operands, options } = parse(...line.split(' '));
    expect(verb).toBe('map');
    expect(operands).toEqual([]);
    expect(options).toMatchObject({ filename: ['a', 'b'], namespace: 'shop', allNamespaces: true, recursive: true });
  });

  it('have defaults', () => {
    expect(parse('map').options).toEqual({
      filename: [],
      recursive: true,
      kustomize: [],
      helm: [],
      helmValues: [],
      helmSet: [],
      allNamespaces: false,
      from: [],
      to: [],
      generate: {
        flows: [],
        allow: [],
        forbid: [],
        platform: { apiServer: [], apiServerClients: [], dns: [], nodeDns: [], metadata: [] },
        strict: false,
        requireReady: false,
        diff: false,
      },
      replay: { proposed: [] },
      assume: [],
      allowIncomplete: false,
      only: [],
      portable: false,
      close: false,
      fix: false,
      suggested: false,
      dryRun: false,
      rbac: false,
      guarantee: [],
      existingNamespaces: false,
      list: false,
      output: [],
      expand: false,
      headers: true,
      asGroup: [],
      insecureSkipTlsVerify: false,
      debug: false,
    });
  });

  it('switch things off', () => {
    const { options } = parse('map', '--no-recursive', '--no-headers', '--no-color');
    expect(options).toMatchObject({ recursive: false, headers: false, color: false });
    expect(parse('map', '--color').options.color).toBe(true);
  });

  it('after -- are operands', () => {
    expect(parse('can', '--', '-a', 'b').operands).toEqual(['-a', 'b']);
  });

  it('are repeated without the flags that choose a cluster', () => {
    const { typed } = parse('--context', 'x', 'can', 'a', 'b', '--as=me', '-n', 'shop', '--kubeconfig', 'y');
    expect(typed).toEqual(['can', 'a', 'b', '-n', 'shop']);
  });

  it('ask for help whatever else is missing', () => {
    expect(parseArguments(['can', '--help']).wantsHelp).toBe(true);
    expect(parseArguments(['-h', 'can']).verb.name).toBe('can');
  });
});
