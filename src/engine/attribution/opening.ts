// Which end opened a connection, where the log does not say. Knows ports, no ends.

import type { ObservedFlow } from '../model/flow.ts';

/** From here on, ports are what clients get; a server here is one only if somebody says so (dialects 4.0, rule 3). */
export const FIRST_EPHEMERAL_PORT = 32_768;

/** Ports below are given out to servers only: their side is the server where nothing else tells. */
const FIRST_UNPRIVILEGED_PORT = 1024;

/** Which way round a flow is read, and why. */
export interface Opening {
  readonly turned: boolean;
  /** For sentences, without a full stop. */
  readonly says: string;
}

/**
 * Decides which end opened the connection; undefined where both readings stay possible. `serves` is asked where
 * the log does not say; `forward`: the destination is known to serve its port; `reverse`: the source is.
 */
export function readOpening(
  { opened, sourcePort }: Pick<ObservedFlow, 'opened' | 'sourcePort'>,
  port: number,
  serves: () => { readonly forward: boolean; readonly reverse: boolean },
): Opening | undefined {
  if (opened === 'known') return { turned: false, says: 'the log says which end opened the connection' };
  const known = serves();
  if (known.forward !== known.reverse) {
    const server = known.forward ? port : sourcePort!;
    return { turned: known.reverse, says: `${server} is a port that its end is known to serve` };
  }
  // Two servers' ports: a server that calls from its own port cannot be told from one that answers.
  if (known.forward) return undefined;
  if (sourcePort === undefined) {
    return port < FIRST_UNPRIVILEGED_PORT
      ? { turned: false, says: `${port} is a port that only servers have` }
      : undefined;
  }
  const [mayServe, mayAnswer] = [port < FIRST_EPHEMERAL_PORT, sourcePort < FIRST_EPHEMERAL_PORT];
  if (mayServe === mayAnswer) return undefined;
  const client = mayServe ? sourcePort : port;
  return {
    turned: mayAnswer,
    says: `${client} is a port that clients are given, and nothing says that it is a server's`,
  };
}
