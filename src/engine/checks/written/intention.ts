// What the name of a policy promises, as far as a word in it does. Names are what people read in a list of policies.

import type { Direction, Policy } from '../../model/policy.ts';
import { valueAt } from '../../model/source.ts';

/** What a policy says of itself, and in which words. */
export interface Intention {
  readonly to: 'allow' | 'deny';
  /** The directions that it speaks of; both where it names none. */
  readonly directions: readonly Direction[];
  /** True where it speaks of everything: `deny-all`, `default-deny`. */
  readonly everything: boolean;
  /** For a message: `called "deny-all"`, `described as "Deny all traffic"`. */
  readonly says: string;
}

const DENY = /^(deny|denys|denies|denied|denyall|block|blocks|blocked|drop|drops|reject|forbid|forbidden|prohibit)$/;
const ALLOW = /^(allow|allows|allowed|allowall|permit|permits|open|accept|enable|whitelist|allowlist)$/;
/** In each word of the two. */
const STEM = /den[iy]|block|drop|reject|forbid|prohibit|allow|permit|open|accept|enable|whitelist/;
/** Words after which a denial has exceptions, or is about somebody else: the rules then say who is not meant. */
const BUT =
  /^(except|exceptions?|but|only|other|others|unless|external|outside|cross|non|not|from|unauthori[sz]ed|unknown)$/;

/**
 * The intention of a policy's name, else of its description. Undefined where neither says anything clear: no such word,
 * words for both, or a denial with exceptions.
 */
export function intentionOf({ ref, object }: Policy): Intention | undefined {
  const named = readIntention(ref.name, `called "${ref.name}"`);
  if (named !== undefined) return named;
  const annotations = valueAt(object, ['metadata', 'annotations']);
  if (typeof annotations !== 'object' || annotations === null) return undefined;
  const descriptions = Object.entries(annotations).filter(([key]) => /(^|[./-])description$/.test(key));
  for (const [, text] of descriptions.sort()) {
    if (typeof text !== 'string') continue;
    const said = readIntention(text, `described as "${text.trim()}"`);
    if (said !== undefined) return said;
  }
  return undefined;
}

function readIntention(text: string, says: string): Intention | undefined {
  const lower = text.toLowerCase();
  // Most names have no such word, and are not even split.
  if (!STEM.test(lower)) return undefined;
  const words = lower.split(/[^a-z]+/);
  const denies = words.some((word) => DENY.test(word));
  const allows = words.some((word) => ALLOW.test(word));
  if (denies === allows || (denies && words.some((word) => BUT.test(word)))) return undefined;
  const named = (['ingress', 'egress'] as const).filter((direction) => words.includes(direction));
  return {
    to: denies ? 'deny' : 'allow',
    directions: named.length === 0 ? ['ingress', 'egress'] : named,
    everything: words.some((word) => /^(all|any|everything|default|denyall|allowall)$/.test(word)),
    says,
  };
}
