// A short text per finding that stays the same while the file around it changes: baselines and code scanning match by it.

import type { Finding } from '../../model/finding.ts';

/**
 * The findings, each with its fingerprint: a hash of the check, the policy (else the file), the fields that lead to the
 * place without their positions in lists, and the message. Equal ones are numbered in the order given. So messages must
 * not hold counts of pods: those belong into `effect`. Lines and columns behind a file's name are left out.
 */
export function withFingerprints(findings: readonly Finding[]): Finding[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const { check, policy, source, message } = finding;
    const home = policy === undefined ? (source.file ?? '') : `${policy.kind}/${policy.namespace ?? ''}/${policy.name}`;
    const base = hash([check, home, source.path.replace(/\[\d+\]/g, '[]'), message.replace(PLACE, '')].join('\n'));
    const before = seen.get(base) ?? 0;
    seen.set(base, before + 1);
    return { ...finding, fingerprint: before === 0 ? base : `${base}-${before + 1}` };
  });
}

/** `:12:3` behind the name of a file: it moves with every line above it. */
const PLACE = /:\d+(?::\d+)?(?=[,; ]|$)/g;

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
