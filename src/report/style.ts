// What colours a reporter may use, as plain functions, and the signs of verdicts. Knows no terminal: the caller decides.

/** Paints a piece of text. The plain style returns it unchanged. Colour is never the only signal. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
}

const asIs = (text: string): string => text;

/** No colour: what files, pipes and tests get. */
export const PLAIN_STYLE: Style = { bold: asIs, dim: asIs, red: asIs, green: asIs, yellow: asIs };

/** The signs that stand before a verdict and between two ends. */
export interface Signs {
  readonly allowed: string;
  readonly denied: string;
  readonly partly: string;
  readonly unknown: string;
  readonly arrow: string;
  readonly nearest: string;
  readonly minus: string;
}

const UNICODE_SIGNS: Signs = {
  allowed: '✓',
  denied: '✗',
  partly: '~',
  unknown: '?',
  arrow: '→',
  nearest: '←',
  minus: '−',
};
const ASCII_SIGNS: Signs = {
  allowed: '+',
  denied: 'x',
  partly: '~',
  unknown: '?',
  arrow: '->',
  nearest: '<-',
  minus: '-',
};

/** The signs of a terminal: `ascii` for those that cannot show others. */
export function signs(ascii: boolean | undefined): Signs {
  return ascii === true ? ASCII_SIGNS : UNICODE_SIGNS;
}

/** The sign and the colour of a verdict; a word that is no verdict of ours counts as unknown. */
export function verdictMark(
  verdict: string,
  style: Style,
  ascii: boolean | undefined,
): { readonly sign: string; readonly paint: (text: string) => string } {
  const known = signs(ascii);
  if (verdict === 'allowed') return { sign: known.allowed, paint: style.green };
  if (verdict === 'denied') return { sign: known.denied, paint: style.red };
  if (verdict === 'partly' || verdict === 'conditional') return { sign: known.partly, paint: style.yellow };
  return { sign: known.unknown, paint: style.yellow };
}
