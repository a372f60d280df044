// The words for reasons that documents carry, newer ones included. The table itself is the engine's.

import type { UnknownReason } from '../engine/model/endpoint.ts';
import { type ReasonText, UNKNOWN_REASONS } from '../engine/model/unknown-reasons.ts';
import { printable } from './printable.ts';

export type { ReasonText };

/** Every reason that the engine gives. */
export const REASONS: Readonly<Record<UnknownReason, ReasonText>> = UNKNOWN_REASONS;

/** The words for a reason; a word that is not in the table (a newer document) stands for itself. */
export function reasonText(reason: string): ReasonText {
  return Object.hasOwn(REASONS, reason) ? REASONS[reason as UnknownReason] : { sentence: printable(reason) };
}
