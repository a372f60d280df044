// One call of the program, parsed: what every verb gets. Parsing is elsewhere; this is the vocabulary.

import type { ClusterFlags } from '../cluster/index.ts';
import type { QuestionContext } from '../engine/index.ts';
import { UserError } from '../engine/model/user-error.ts';
import { PORT_PROTOCOLS, PROTOCOLS, type Protocol } from '../engine/sets/traffic-set.ts';
import type { Verb } from './command-table.ts';
import type { ExitCode } from './exit-codes.ts';
import type { GenerateOptions } from './generating/generate-flags.ts';
import type { Io } from './io.ts';
import type { Progress } from './progress.ts';
import type { ReplayFlagValues } from './replaying/replay-flags.ts';

/** Values of flags. An absent field is a flag that was not given; lists are empty instead. */
export interface Options extends ClusterFlags {
  readonly filename: readonly string[];
  readonly recursive: boolean;
  readonly kustomize: readonly string[];
  readonly helm: readonly string[];
  readonly helmRelease?: string;
  readonly helmValues: readonly string[];
  readonly helmSet: readonly string[];
  readonly namespace?: string;
  readonly allNamespaces: boolean;
  readonly selector?: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly port?: string;
  readonly protocols?: string;
  readonly portable: boolean;
  readonly cni?: string;
  readonly assume: readonly string[];
  readonly allowIncomplete: boolean;
  readonly failOn?: string;
  readonly only: readonly string[];
  readonly baseline?: string;
  readonly close: boolean;
  readonly fix: boolean;
  readonly suggested: boolean;
  readonly dryRun: boolean;
  readonly rbac: boolean;
  readonly guarantee: readonly string[];
  readonly existingNamespaces: boolean;
  readonly generate: GenerateOptions;
  readonly replay: ReplayFlagValues;
  readonly with?: string;
  readonly list: boolean;
  readonly describe?: string;
  readonly output: readonly string[];
  readonly expand: boolean;
  readonly headers: boolean;
  readonly color?: boolean;
  readonly debug: boolean;
}

/** One call. */
export interface Invocation {
  readonly verb: Verb;
  readonly operands: readonly string[];
  readonly options: Options;
  readonly io: Io;
  readonly progress: Progress;
  /** What was typed after the program's name, verb first, without the flags that choose a cluster. */
  readonly typed: readonly string[];
}

/** A verb's code. */
export type Command = (invocation: Invocation) => Promise<ExitCode>;

/**
 * The context of the questions of a call; `home` is the namespace that the input itself stands for where -n names none.
 * Throws UserError `usage` for protocols that do not exist.
 */
export function contextOf({ namespace, protocols }: Options, home = 'default'): QuestionContext {
  return {
    defaultNamespace: namespace ?? home,
    protocols: protocols === undefined ? PORT_PROTOCOLS : parseProtocols(protocols),
  };
}

/** `icmp` is both ICMP and ICMPv6; `all` is every protocol. The result is in the order of printing. */
function parseProtocols(text: string): readonly Protocol[] {
  const chosen = new Set<Protocol>();
  for (const word of text.split(',').map((part) => part.trim().toLowerCase())) {
    const found = PROTOCOLS.filter(
      (protocol) => word === 'all' || protocol.toLowerCase() === word || (word === 'icmp' && protocol === 'ICMPv6'),
    );
    if (found.length === 0) {
      throw new UserError('usage', `--protocols: "${word}" is no protocol`, {
        hint: 'write a list of tcp, udp, sctp and icmp, or all',
      });
    }
    for (const protocol of found) chosen.add(protocol);
  }
  return PROTOCOLS.filter((protocol) => chosen.has(protocol));
}
