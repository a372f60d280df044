// Ports on which DNS is asked.

import type { ServerPort } from './platform-facts.ts';

/** A port over UDP and TCP: answers that do not fit into a datagram are asked for again over TCP. */
export function both(port: number): readonly ServerPort[] {
  return [
    { protocol: 'UDP', port },
    { protocol: 'TCP', port },
  ];
}
