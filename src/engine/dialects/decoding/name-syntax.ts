// What names may look like: labels, DNS names, port names (apimachinery pkg/util/validation). Knows no field names.
// Each function returns what is wrong, worded to follow the value ("must …"), or undefined.

const LABEL_PART = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** A label key: `name` or `dns.prefix/name`, the name of at most 63 characters. */
export function labelKeyProblem(key: string): string | undefined {
  const parts = key.split('/');
  if (parts.length > 2) return 'must have at most one "/" (a DNS prefix, then a name)';
  const name = parts.at(-1)!;
  if (parts.length === 2) {
    if (parts[0] === '') return 'must have a DNS name before the "/"';
    const prefix = dnsSubdomainProblem(parts[0]!);
    if (prefix !== undefined) return `must have a DNS name before the "/", which ${prefix}`;
  }
  if (name === '') return 'must not be empty';
  if (name.length > 63) return 'must have at most 63 characters (after the "/")';
  if (!LABEL_PART.test(name)) return 'must be of letters, digits and -_. and begin and end with a letter or digit';
  return undefined;
}

/** Whether neither key nor value of a label has a problem; few differ, and those that are good are remembered. */
export function isGoodLabel(key: string, value: string): boolean {
  return isGood(key, goodKeys, labelKeyProblem) && isGood(value, goodValues, labelValueProblem);
}

const goodKeys = new Set<string>();
const goodValues = new Set<string>();
/** More than clusters have; a process that reads many begins anew. */
const MAX_GOOD = 20_000;

function isGood(text: string, good: Set<string>, problemOf: (text: string) => string | undefined): boolean {
  if (good.has(text)) return true;
  if (problemOf(text) !== undefined) return false;
  if (good.size >= MAX_GOOD) good.clear();
  good.add(text);
  return true;
}

/** A label value: empty, or at most 63 characters. */
export function labelValueProblem(value: string): string | undefined {
  if (value === '') return undefined;
  if (value.length > 63) return 'must have at most 63 characters';
  if (!LABEL_PART.test(value)) return 'must be of letters, digits and -_. and begin and end with a letter or digit';
  return undefined;
}

/** A DNS-1123 subdomain: at most 253 characters, labels of lower-case letters, digits and hyphens with dots between. */
export function dnsSubdomainProblem(name: string): string | undefined {
  if (name.length > 253) return 'must have at most 253 characters';
  if (!name.split('.').every((label) => DNS_LABEL.test(label))) {
    return 'must be of lower-case letters, digits, "-" and "." and begin and end with a letter or digit';
  }
  return undefined;
}

/** A DNS-1123 label: at most 63 lower-case letters, digits and hyphens. */
export function dnsLabelProblem(name: string): string | undefined {
  if (name.length > 63) return 'must have at most 63 characters';
  if (!DNS_LABEL.test(name)) {
    return 'must be of lower-case letters, digits and "-" and begin and end with a letter or digit';
  }
  return undefined;
}

/** A port name (RFC 6335 service name in lower case). */
export function portNameProblem(name: string): string | undefined {
  if (name === '') return 'must not be empty';
  if (name.length > 15) return 'must have at most 15 characters';
  if (!/^[-a-z0-9]+$/.test(name)) return 'must be of lower-case letters, digits and "-"';
  if (/^[0-9]+$/.test(name)) return 'must contain a letter (for the number, write it without quotes)';
  if (!/[a-z]/.test(name)) return 'must contain a letter';
  if (name.includes('--')) return 'must not contain "--"';
  if (name.startsWith('-') || name.endsWith('-')) return 'must not begin or end with "-"';
  return undefined;
}
