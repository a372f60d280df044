// What a reading of flow logs has to say beside the flows: how much was read, what was left aside and why, what was broken,
// what the log does not hold. Knows no format.

/** Why a record that was understood became no flow. The words are stable. */
export const ASIDE_REASONS = [
  'agent-event',
  'debug-event',
  'node-status',
  'lost-events',
  'before-translation',
  'translated-reply',
  'no-address',
  'no-protocol',
  'other-protocol',
  'link-protocol',
  'icmp-error',
] as const;

/** See {@link ASIDE_REASONS}. */
export type AsideReason = (typeof ASIDE_REASONS)[number];

/** What each reason means, for people. */
export const ASIDE_SAYS: Readonly<Record<AsideReason, string>> = {
  'agent-event': 'an event of the agent, no flow',
  'debug-event': 'a debug event, no flow',
  'node-status': 'the state of a node, no flow',
  'lost-events': 'the log says that events were lost',
  'before-translation': 'seen before addresses were translated; seen again after it',
  'translated-reply': 'an answer seen after addresses were translated back: its port may be a Service port',
  'no-address': 'without addresses',
  'no-protocol': 'without protocol',
  'other-protocol': 'neither TCP, UDP, SCTP nor ICMP',
  'link-protocol': 'neighbour discovery and other traffic of the link itself',
  'icmp-error': 'an error message that belongs to another connection',
};

/** Something that is wrong with a log or that its reader should know. */
export interface FlowProblem {
  readonly file: string;
  /** Counts from 1; absent where it is about the whole file. */
  readonly line?: number;
  /** One sentence without a full stop. */
  readonly message: string;
  /** The beginning of the line, control characters and all; absent where the problem is no line's. */
  readonly text?: string;
}

/** A name that DNS answers in the log resolve, and its addresses, sorted. */
export interface ResolvedName {
  readonly name: string;
  readonly addresses: readonly string[];
}

/** What was read. Lists are sorted, so the same records in any order give the same summary but for places. */
export interface FlowSummary {
  /** Logs read, in the order of reading, as the person named them. */
  readonly files: readonly string[];
  /** Lines or rows that hold something; flows, what was left aside and what is broken add up to it. */
  readonly records: number;
  /** Records that became flows. */
  readonly flows: number;
  /** Records that were understood and became no flow. Reasons that did not occur are absent. */
  readonly aside: Readonly<Partial<Record<AsideReason, number>>>;
  /** Records that were not understood. */
  readonly broken: number;
  /** Logs whose last line is only begun, or whose compressed data are damaged: they are being written, or were cut off. */
  readonly truncated: number;
  /** Logs that were not read, or not to their end: damaged, packed in a way that is not read, not permitted. */
  readonly unread: number;
  /** Of broken lines and of files, the first of each file; see `broken` for all. */
  readonly problems: readonly FlowProblem[];
  /** Events that the log says were lost before it could record them. */
  readonly lostEvents: number;
  /** Flows that a policy in audit mode would have denied. They count as allowed. */
  readonly audited: number;
  /** Milliseconds since 1970 of the first and the last record; absent where no record has a time. */
  readonly firstTime?: number;
  readonly lastTime?: number;
  /** Names of the nodes that recorded something, without the cluster's name. */
  readonly nodes: readonly string[];
  /** Names of nodes that the log says were unreachable or gone at some time. */
  readonly missingNodes: readonly string[];
  /** Addresses that some record knows as a node's, whatever others call them. */
  readonly nodeAddresses: readonly string[];
  /** What DNS answers in the log say. */
  readonly resolved: readonly ResolvedName[];
  /** Columns of tables that say nothing here, with the file in which they were met first. */
  readonly ignoredColumns: readonly { readonly file: string; readonly name: string }[];
}
