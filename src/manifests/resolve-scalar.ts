// What an untagged plain YAML scalar stands for, as kubectl resolves it: YAML 1.1 booleans and integers, but no
// base-60 numbers, and timestamps stay text. Knows no documents. The table in the test was taken from a real kubectl.

/** A resolved scalar. `merge` is the key `<<`; `invalid` is a number that JSON cannot hold. */
export type ResolvedScalar =
  | { readonly type: 'string' | 'merge' | 'invalid' }
  | { readonly type: 'null'; readonly value: null }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'integer' | 'float'; readonly value: number; readonly text: string };

const STRING: ResolvedScalar = { type: 'string' };
const NULL: ResolvedScalar = { type: 'null', value: null };
const WORD =
  /^(?:~|<<|null|Null|NULL|y|Y|yes|Yes|YES|on|On|ON|true|True|TRUE|n|N|no|No|NO|off|Off|OFF|false|False|FALSE)$/;
const NOT_FINITE = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const INTEGER = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/;
/** Sign, prefix, 64 binary digits and some leading zeros; without a bound, a long enough number stalls BigInt. */
const LONGEST_INTEGER = 100;
const LOWEST = -(2n ** 63n);
const HIGHEST = 2n ** 64n - 1n;

/** Resolves the text of a plain scalar without a tag. Empty text is null. */
export function resolveScalar(text: string): ResolvedScalar {
  if (text === '') return NULL;
  const first = text.charCodeAt(0);
  const isNumeric = (first >= 48 && first <= 57) || first === 43 || first === 45 || first === 46;
  if (!isNumeric) return WORD.test(text) ? resolveWord(text) : STRING;
  if (NOT_FINITE.test(text)) return { type: 'invalid' };
  const digits = first === 46 ? text : text.replaceAll('_', '');
  const integer = digits.length > LONGEST_INTEGER ? null : INTEGER.exec(digits);
  if (integer !== null) {
    const value = parseInteger(integer);
    if (value >= LOWEST && value <= HIGHEST) return { type: 'integer', value: Number(value), text: `${value}` };
  }
  if (!FLOAT.test(digits)) return STRING;
  const value = Number(digits);
  return Number.isFinite(value) ? { type: 'float', value: value === 0 ? 0 : value, text: printFloat(value) } : STRING;
}

function resolveWord(text: string): ResolvedScalar {
  if (text === '<<') return { type: 'merge' };
  const lower = text.toLowerCase();
  if (lower === '~' || lower === 'null') return NULL;
  return { type: 'boolean', value: lower === 'y' || lower === 'yes' || lower === 'on' || lower === 'true' };
}

function parseInteger(match: RegExpExecArray): bigint {
  const [, sign, hex, binary, octal, decimal] = match;
  const magnitude =
    hex !== undefined
      ? BigInt(`0x${hex}`)
      : binary !== undefined
        ? BigInt(`0b${binary}`)
        : octal !== undefined
          ? BigInt(`0o${octal}`)
          : BigInt(decimal ?? 0);
  return sign === '-' ? -magnitude : magnitude;
}

/** A float as the text of a key, as Go prints the shortest form: with an exponent below 1e-4 and from 1e+06 on. */
function printFloat(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude >= 1e-4 && magnitude < 1e6) return String(value);
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  return value.toExponential().replace(/e([-+])(\d)$/, 'e$10$2');
}
