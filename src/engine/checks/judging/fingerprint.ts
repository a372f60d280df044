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

const OFFSET = 0xcbf29ce484222325n;
const PRIME = 0x100000001b3n;

/** FNV-1a over UTF-16 units, 64 bits, as 16 hexadecimal digits. */
function hash(text: string): string {
  let value = OFFSET;
  for (let i = 0; i < text.length; i++) {
    value ^= BigInt(text.charCodeAt(i));
    value = BigInt.asUintN(64, value * PRIME);
  }
  return value.toString(16).padStart(16, '0');
}
