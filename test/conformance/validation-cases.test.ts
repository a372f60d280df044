// Replays what a real API server answered to policies, valid and not: verdict, field paths, stored defaults, warnings.

import { readFileSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import type { Decoded, DecodeOptions } from '../../src/engine/dialects/dialect.ts';
import { dialectOf } from '../../src/engine/dialects/registry.ts';
import { manifestObject } from '../support/manifest-object.ts';
import { describeWithShared, sharedPath } from '../support/shared.ts';

interface Answer {
  readonly accepted: boolean;
  readonly stored?: Readonly<Record<string, unknown>>;
  readonly status?: number;
  readonly causes?: readonly { readonly reason: string; readonly field: string }[];
  readonly message?: string;
  readonly warnings?: string;
}

interface Case extends Answer {
  readonly title: string;
  readonly object: Readonly<Record<string, unknown>>;
  /** The answer with the CRDs of the experimental channel, where it differs. */
  readonly experimental?: Answer;
}

/** Refused for the request's namespace, of which a file knows nothing. */
const ABOUT_THE_REQUEST = 'namespace differs from request';

describeWithShared('answers of a real API server', () => {
  const text = readFileSync(sharedPath('conformance', 'validation-cases.json'), 'utf8');
  const { server, cases } = JSON.parse(text) as { server: string; cases: readonly Case[] };
  let replayed = 0;
  afterAll(() => {
    const except = `one of them, "${ABOUT_THE_REQUEST}", is refused for its request, and only decoded here`;
    console.log(`validation cases of API server ${server}: ${replayed} of ${cases.length} replayed; ${except}`);
  });

  for (const [index, one] of cases.entries()) {
    it(`${index} ${one.title}`, () => {
      if (one.title === ABOUT_THE_REQUEST) {
        expect(decode(one.object, 'standard').policy?.ref.namespace).toBe('other');
      } else {
        compare(decode(one.object, 'standard'), one);
        compare(decode(one.object, 'experimental'), one.experimental ?? one);
        const either = decode(one.object, 'either');
        expect(either.policy !== undefined).toBe(one.accepted || (one.experimental?.accepted ?? false));
      }
      replayed++;
    });
  }
});

function decode(value: Readonly<Record<string, unknown>>, channel: DecodeOptions['channel']): Decoded {
  const dialect = dialectOf(String(value.apiVersion), String(value.kind));
  return dialect!.decode(manifestObject(value), { defaultNamespace: 'default', strictCIDR: 'reject', channel });
}

function compare(decoded: Decoded, answer: Answer): void {
  const refusals = decoded.findings.filter((finding) => finding.rejectedByApi);
  expect({ accepted: decoded.policy !== undefined, refusals: refusals.length > 0 }).toEqual({
    accepted: answer.accepted,
    refusals: !answer.accepted,
  });
  expect(decoded.stored).toEqual(answer.stored);
  const causes = refusals.map(({ cause }) => `${cause?.reason} ${cause?.field}`);
  expect(new Set(causes.map(plain))).toEqual(new Set(expectedCauses(answer).map(plain)));
  const spelling = decoded.findings.filter(({ check }) => check === 'non-canonical-cidr');
  expect(spelling.map(({ source }) => source.path)).toEqual(warnedPaths(answer.warnings));

  // Go names the fields on the way to a value of a wrong type, but not the positions in lists.
  function plain(cause: string): string {
    return cause.startsWith('WrongType') ? cause.replaceAll(/\[\d+\]/g, '') : cause;
  }
}

function expectedCauses({ causes = [], message = '' }: Answer): readonly string[] {
  const unknown = [...message.matchAll(/unknown field "([^"]+)"/g)].map(([, field]) => `UnknownField ${field}`);
  const wrong = [...message.matchAll(/Go struct field \w+\.(\S+) of type/g)].map(([, field]) => `WrongType ${field}`);
  // `<nil>` is the object as a whole, or the remark that rules were not evaluated because of another cause.
  const named = causes.map(({ reason, field }) => `${reason} ${field === '<nil>' ? '' : field}`);
  const others = named.length > 1 ? named.filter((cause) => !cause.endsWith(' ')) : named;
  return [...unknown, ...wrong, ...others];
}

function warnedPaths(warnings: string | undefined): readonly string[] {
  return warnings === undefined ? [] : [...warnings.matchAll(/"([\w.[\]]+): /g)].map(([, path]) => path!);
}
