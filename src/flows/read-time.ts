// Times as logs write them: RFC 3339. One reading for texts and for bytes, so that both say the same. Knows no format.

const DIGIT_0 = 48;
const CUMULATED_DAYS = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334] as const;

/**
 * Milliseconds since 1970, cut off and not rounded, of `YYYY-MM-DDThh:mm:ss[.fraction]Z` at `start`; NaN where the bytes up
 * to `end` are anything else, other offsets from UTC among them.
 */
export function utcTimeOfBytes(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length < 20 || bytes[end - 1] !== 90) return Number.NaN;
  if (bytes[start + 4] !== 45 || bytes[start + 7] !== 45 || bytes[start + 10] !== 84) return Number.NaN;
  if (bytes[start + 13] !== 58 || bytes[start + 16] !== 58) return Number.NaN;
  const year = pair(bytes, start) * 100 + pair(bytes, start + 2);
  const month = pair(bytes, start + 5);
  const day = pair(bytes, start + 8);
  const hour = pair(bytes, start + 11);
  const minute = pair(bytes, start + 14);
  const second = pair(bytes, start + 17);
  if (!(year >= 1970 && month >= 1 && month <= 12 && day >= 1 && hour <= 23 && minute <= 59 && second <= 59)) {
    return Number.NaN;
  }
  if (day > daysOf(year, month)) return Number.NaN;
  let milliseconds = 0;
  if (length > 20) {
    if (bytes[start + 19] !== 46 || length < 22 || length > 30) return Number.NaN;
    let scale = 100;
    for (let at = start + 20; at < end - 1; at++) {
      const digit = bytes[at]! - DIGIT_0;
      if (!(digit >= 0 && digit <= 9)) return Number.NaN;
      milliseconds += digit * scale;
      scale = scale === 1 ? 0 : scale === 0 ? 0 : scale / 10;
    }
  }
  return ((daysSince1970(year, month, day) * 24 + hour) * 60 + minute) * 60_000 + second * 1000 + milliseconds;
}

/** Milliseconds since 1970 of an RFC 3339 time with any offset; NaN where it is none. */
export function timeOfText(text: string): number {
  const bytes = Buffer.from(text, 'latin1');
  const time = utcTimeOfBytes(bytes, 0, bytes.length);
  if (!Number.isNaN(time)) return time;
  const match = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d(?:\.\d{1,9})?)\s?(Z|z|UTC|[+-]\d\d:?\d\d)?$/.exec(text);
  if (match === null) return Number.NaN;
  const [, date, clock, zone = 'Z'] = match;
  // JavaScript takes the 31st of any month for a day.
  const noon = Buffer.from(`${date}T12:00:00Z`);
  if (Number.isNaN(utcTimeOfBytes(noon, 0, noon.length))) return Number.NaN;
  const offset = /^[+-]\d{4}$/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone;
  return Date.parse(`${date}T${clock}${/^[+-]/.test(offset) ? offset : 'Z'}`);
}

function pair(bytes: Uint8Array, at: number): number {
  const tens = bytes[at]! - DIGIT_0;
  const ones = bytes[at + 1]! - DIGIT_0;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function daysOf(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function daysSince1970(year: number, month: number, day: number): number {
  const before = year - 1;
  const leaps = ((before / 4) | 0) - ((before / 100) | 0) + ((before / 400) | 0) - 477;
  const isPastFebruary = month > 2 && isLeap(year) ? 1 : 0;
  return (year - 1970) * 365 + leaps + CUMULATED_DAYS[month - 1]! + isPastFebruary + day - 1;
}
