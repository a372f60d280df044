// A short text per finding that stays the same while the file around it changes: baselines and code scanning match by it.

import { isMapping } from '../../edits/same-value.ts';
import type { Finding } from '../../model/finding.ts';

/**
 * The findings, each with its fingerprint: a hash of the check, the object (else the file), the fields that lead to the
 * place without their positions in lists, and the message. Equal ones are numbered in the order given. So messages must
 * not hold counts of pods: those belong into `effect`. Lines and columns behind a file's name are left out.
 */
export function withFingerprints(findings: readonly Finding[]): Finding[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const { check, source, message } = finding;
    const home = homeOf(finding);
    const base = hash([check, home, source.path.replace(/\[\d+\]/g, '[]'), message.replace(PLACE, '')].join('\n'));
    const before = seen.get(base) ?? 0;
    seen.set(base, before + 1);
    return { ...finding, fingerprint: before === 0 ? base : `${base}-${before + 1}` };
  });
}

/** The object that the finding is about, as `kind/namespace/name`; the file where it is about none. */
export function homeOf({ policy, object, source }: Finding): string {
  if (policy !== undefined) return `${policy.kind}/${policy.namespace ?? ''}/${policy.name}`;
  const { kind, metadata } = object?.value ?? {};
  const { namespace, name } = isMapping(metadata) ? metadata : {};
  if (typeof kind !== 'string' || typeof name !== 'string') return source.file ?? '';
  return `${kind}/${typeof namespace === 'string' ? namespace : ''}/${name}`;
}

/** `:12:3` behind the name of a file, not a port behind that of a pod: it moves with every line above it. */
const PLACE = /(?<=\.(?:ya?ml|json)|<stdin>):\d+(?::\d+)?(?=[,; ]|$)/g;

/** FNV-1a over UTF-16 units, 64 bits, as 16 hexadecimal digits; in two halves, as numbers hold 53 bits exactly. */
function hash(text: string): string {
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  for (let i = 0; i < text.length; i++) {
    low = (low ^ text.charCodeAt(i)) >>> 0;
    // The prime is 2^40 + 435.
    const product = low * 435;
    high = (high * 435 + Math.floor(product / TWO_32) + low * 256) >>> 0;
    low = product >>> 0;
  }
  return hex(high) + hex(low);
}

const TWO_32 = 2 ** 32;

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}
