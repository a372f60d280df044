// One address as a text names it, before anybody knows whether something of that name exists.

import type { Protocol } from '../../sets/traffic-set.ts';

/** How sure it is that the text is an address at all. */
export type MentionForm =
  /** It stands in a URL, a JDBC URL or a DSN, or is a cluster name that ends in `.svc`. */
  | 'url'
  /** A host and a port with a colon between them. */
  | 'pair'
  /** A host by itself. */
  | 'host';

/** An address that a text names. */
export interface Mention {
  /** In lower case, without brackets and without the final dot; never empty. */
  readonly host: string;
  /** As written, or the default of the scheme; absent: not known. */
  readonly port?: number;
  /** Set where the port is the scheme's and nobody wrote it. */
  readonly isDefaultPort?: true;
  /** A name of a port, from an SRV name. */
  readonly portName?: string;
  /** Only where the text says it (`udp://`); absent: that of the Service's port, else TCP. */
  readonly protocol?: Protocol;
  readonly form: MentionForm;
  /** For sentences: scheme, host and port, never a password. */
  readonly text: string;
  /** Where it starts in the text, from 0. */
  readonly at: number;
}
