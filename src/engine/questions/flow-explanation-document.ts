// The document of one explained record of a flow log: exactly the JSON that programs read (docs/json.md, schemas/). Fields
// may be added, never changed.

import type { Direction, PolicyRef } from '../model/policy.ts';
import type { Family } from '../sets/ip-set.ts';
import type { Protocol } from '../sets/traffic-set.ts';
import type { Common, DirectionDocument, EndpointDocument } from './documents.ts';

/** What the record itself says, replies turned round. Absent fields are what it does not say. */
export interface RecordSays {
  /** The ends in its own words. */
  readonly source: string;
  readonly destination: string;
  readonly family: Family;
  readonly protocol: Protocol;
  readonly port?: number;
  /** Which end opened the connection; `unknown`: source and destination may be the other way round. */
  readonly opened: 'known' | 'unknown';
  readonly verdict: 'allowed' | 'denied' | 'unknown';
  /** For a denied one: whether a policy did it. */
  readonly by?: 'policy' | 'other';
  readonly reason?: string;
  /** At which end it was written down. */
  readonly seenAt?: Direction;
  readonly policies?: PolicyRef[];
  /** Policies of kinds that have no dialect here, as `Kind namespace/name`. */
  readonly foreignPolicies?: string[];
  /** ISO 8601. */
  readonly time?: string;
}

/** One end, and how it was recognised. */
export interface RecognisedEndDocument {
  readonly endpoint: number;
  /** A word of docs/replay.md. */
  readonly how: string;
  readonly says: string;
  /** Of a destination: the port of the pod or address itself, and the Service that was called. */
  readonly port?: number;
  readonly via?: { readonly namespace: string; readonly name: string; readonly port: number };
}

/** One possible reason why log and policies do not say the same. */
export interface DifferenceReason {
  readonly about:
    | 'policy-missing'
    | 'policy-newer'
    | 'foreign-policy'
    | 'plugin'
    | 'no-plugin'
    | 'pod-gone'
    | 'incomplete-input'
    | 'policy-removed';
  readonly says: string;
  readonly hint?: string;
}

/** Why one record of a flow log was dropped or let through. */
export interface FlowExplanation extends Common {
  readonly kind: 'FlowExplanation';
  /** Where the record stands; `<argument>` and line 1 for one that was given itself. */
  readonly record: { readonly file: string; readonly line: number };
  readonly says: RecordSays;
  readonly endpoints: EndpointDocument[];
  /** Absent where it could not be attributed, or needs no policy: `unattributed` or `leftAside` then says why. */
  readonly from?: RecognisedEndDocument;
  /** Several where a Service stands for several workloads or ports. */
  readonly to?: RecognisedEndDocument[];
  /** How it is known who opened the connection. */
  readonly opened?: string;
  readonly unattributed?: {
    readonly reason: string;
    readonly end: 'source' | 'destination' | 'both';
    readonly says: string;
  };
  readonly leftAside?: { readonly reason: string; readonly says: string };
  /** What the policies of the input say of the whole connection. Absent: nothing was judged. */
  readonly verdict?: 'allowed' | 'denied' | 'partly' | 'unknown';
  readonly reason?: string;
  readonly egress?: DirectionDocument;
  readonly ingress?: DirectionDocument;
  /**
   * Whether the policies say what the log says, at the end where it was written down. `unrelated`: it was dropped for a
   * reason that is no policy's. Absent: nothing can be compared.
   */
  readonly agrees?: 'yes' | 'no' | 'unrelated' | 'unknown';
  /** Where they do not agree: what may be the reason, likeliest first; empty where nothing is known. */
  readonly because: DifferenceReason[];
}
