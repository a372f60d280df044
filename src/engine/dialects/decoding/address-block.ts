// CIDR texts of all dialects: what the API server refuses, what is only sloppy, and what they match.

import type { Peer } from '../../model/policy.ts';
import type { Path } from '../../model/source.ts';
import type { CidrSloppiness, ParsedCidr } from '../../sets/ip-address.ts';
import { isStrictCidr, parseAddress, parseCidr, printAddress } from '../../sets/ip-address.ts';
import { type IpSet, isSubset, NO_ADDRESSES, subtract, unionAll } from '../../sets/ip-set.ts';
import type { DecodeOptions } from '../dialect.ts';
import type { Extras, FixDraft, Problems } from './problems.ts';

type Cidr = Extract<ParsedCidr, { ok: true }>;

const SLOPPY: Readonly<Record<CidrSloppiness, string>> = {
  'leading-zeros': 'has leading zeros',
  'ipv4-mapped': 'is an IPv4 block written as IPv6',
  'host-bits': 'has address bits beyond its prefix length',
};

/** Validates ipBlock of NetworkPolicy (ValidateIPBlock): an empty cidr hides all other problems of the block. */
export function validateIpBlock(
  cidr: string,
  except: readonly string[],
  path: Path,
  strictCIDR: DecodeOptions['strictCIDR'],
  problems: Problems,
): void {
  const at = [...path, 'cidr'];
  if (cidr === '') {
    problems.refuse('missing-field', at, 'FieldValueRequired', 'an ipBlock needs a cidr, such as "10.9.8.0/24"');
    return;
  }
  const whole = validateCidr(cidr, at, strictCIDR, problems);
  for (const [index, text] of except.entries()) {
    const part = validateCidr(text, [...path, 'except', index], strictCIDR, problems);
    if (part === undefined || whole === undefined) continue;
    if (isSubset(part.set, whole.set) && part.prefix > whole.prefix) continue;
    problems.refuse(
      'except-outside-cidr',
      [...path, 'except', index],
      'FieldValueInvalid',
      `${JSON.stringify(text)} is not a smaller block within ${JSON.stringify(cidr)}`,
    );
  }
}

/** Undefined where the text is no CIDR; that is reported. */
function validateCidr(
  text: string,
  path: Path,
  strictCIDR: DecodeOptions['strictCIDR'],
  problems: Problems,
): Cidr | undefined {
  const cidr = parseCidr(text);
  if (!cidr.ok) {
    const message = `${JSON.stringify(text)} is not an address block such as "10.9.8.0/24": ${cidr.problem}`;
    problems.refuse('invalid-cidr', path, 'FieldValueInvalid', message);
    return undefined;
  }
  const [first] = cidr.sloppy;
  if (first !== undefined && strictCIDR === 'reject') {
    const message = `${JSON.stringify(text)} ${SLOPPY[first]}, which Kubernetes 1.36 and later refuse`;
    problems.refuse('sloppy-cidr', path, 'FieldValueInvalid', message, spelling(text, cidr, path));
  } else noteSpelling(text, cidr, path, problems, strictCIDR === 'accept' ? 'low' : 'medium');
  return cidr;
}

/**
 * Validates one item of `networks` (CEL isCIDR): host bits are accepted, other sloppiness is not. `all`: the whole list,
 * in which no text may stand twice.
 */
export function validateNetwork(text: string, path: Path, problems: Problems, all: readonly string[]): void {
  const cidr = parseCidr(text);
  if (cidr.ok && isStrictCidr(text)) {
    noteSpelling(text, cidr, path, problems, 'medium', all);
    return;
  }
  const why = cidr.ok ? `it ${cidr.sloppy.map((kind) => SLOPPY[kind]).join(' and ')}` : cidr.problem;
  const message = `${JSON.stringify(text)} is not an address block such as "10.9.8.0/24": ${why}`;
  problems.refuse('invalid-cidr', path, 'FieldValueInvalid', message, cidr.ok ? spelling(text, cidr, path, all) : {});
}

function noteSpelling(
  text: string,
  cidr: Cidr,
  path: Path,
  problems: Problems,
  severity: 'medium' | 'low',
  all: readonly string[] = [],
): void {
  const [first] = cidr.sloppy;
  // Nearly all blocks are written well, and there are very many.
  if (first === undefined && cidr.canonical === text) return;
  const extras = spelling(text, cidr, path, all);
  if (first !== undefined) {
    const message = `${JSON.stringify(text)} ${SLOPPY[first]}; it is read as ${cidr.canonical}`;
    problems.note('sloppy-cidr', path, message, { ...extras, severity });
  } else {
    const message = `${JSON.stringify(text)} is written ${cidr.canonical} by RFC 5952; searches for one miss the other`;
    problems.note('non-canonical-cidr', path, message, extras);
  }
}

/**
 * The canonical text as hint and fix. An address with the bits of a host may have been meant as that host: of IPv6, where
 * the difference is a whole network, nobody can say, and of IPv4 it is an alternative.
 */
function spelling(text: string, cidr: Cidr, path: Path, all: readonly string[] = []): Extras {
  const write = (value: string, rest: Omit<FixDraft, 'title' | 'changes'>): FixDraft => ({
    title: `write ${value}`,
    changes: [{ op: 'set', path, value }],
    ...rest,
  });
  const hint = `write ${cidr.canonical}`;
  if (all.includes(cidr.canonical)) {
    const fix: FixDraft = {
      title: `take it away: ${cidr.canonical} is there`,
      changes: [{ op: 'remove', path }],
      safe: true,
    };
    return { hint, fix };
  }
  const address = parseAddress(text.slice(0, text.indexOf('/')));
  if (!cidr.sloppy.includes('host-bits') || !address.ok) {
    return { hint, fix: write(cidr.canonical, { safe: true }) };
  }
  const host = `${printAddress(address.family, address.value)}/${address.family === 'IPv4' ? 32 : 128}`;
  return {
    hint: `${hint}, or ${host} for the one address`,
    fix: write(cidr.canonical, { safe: address.family === 'IPv4' }),
    alternatives: [write(host, { safe: false, announced: 'changes' })],
  };
}

/** The peer of a validated block; an unreadable text matches no address. */
export function toAddressPeer(cidr: string, except: readonly string[], path: Path): Peer {
  const setOf = (text: string): IpSet => {
    const block = parseCidr(text);
    return block.ok ? block.set : NO_ADDRESSES;
  };
  const whole = setOf(cidr);
  const addresses = except.length === 0 ? whole : subtract(whole, unionAll(except.map(setOf)));
  return { type: 'addresses', addresses, cidr, except, path };
}
