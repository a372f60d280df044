// The documents of answers under several plugins: exactly the JSON that programs read (docs/json.md, schemas/). Fields may
// be added, never changed.

import type { Direction, PolicyRef } from '../model/policy.ts';
import type { Source } from '../model/source.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Family } from '../sets/ip-set.ts';
import type { Protocol } from '../sets/traffic-set.ts';
import type {
  AnswerVerdict,
  Common,
  DirectionDocument,
  EndpointDocument,
  FindingDocument,
  Ports,
} from './documents.ts';

/** What some plugins do otherwise than those they are compared to. */
export interface CauseDocument {
  /** Several: only together they turn the verdict. `says` is a clause about `value`; `instead` is what the others have. */
  readonly knobs: { readonly knob: string; readonly value: string; readonly instead: string; readonly says: string }[];
  /** The rules concerned, judged on one pair and port of the difference. Without `rule`: what the policy isolates. */
  readonly rules: {
    readonly policy: PolicyRef;
    readonly direction: Direction;
    readonly rule?: { readonly index: number; readonly name?: string };
    readonly source?: Source;
  }[];
}

/** Plugins that come to the same verdict for the same causes. */
export interface PluginGroup {
  /** As in the document's `cnis`, in that order. */
  readonly cnis: string[];
  readonly verdict: Verdict;
  /** Why the verdict is unknown. */
  readonly reason?: string;
  readonly conditions?: Readonly<Record<string, unknown>>[];
  /** Each is enough to turn the verdict of the first group into this one. Absent: the plugins answer as the first group. */
  readonly because?: CauseDocument[];
  /** What either side decided for one pair and port, in explanations. */
  readonly egress?: DirectionDocument;
  readonly ingress?: DirectionDocument;
}

/** Ports of every source to every destination on which not all plugins agree. Family absent: every family of the pairs. */
export interface DifferenceDocument {
  readonly from: number[];
  readonly to: number[];
  readonly family?: Family;
  readonly ports: Ports;
  /** The first is what the others are compared to. */
  readonly groups: PluginGroup[];
}

/** Fields of answers under several plugins. */
interface Portable extends Common {
  /** The plugins compared; `cni` has the same as --cni takes it. */
  readonly cnis: string[];
  /** Plugins that answer everything alike, in the order of `cnis`. One list: nothing differs. */
  readonly alike: string[][];
  /** Ends of the differences. */
  readonly endpoints: EndpointDocument[];
  readonly differences: DifferenceDocument[];
}

/** Connections whose verdict depends on the plugin. */
export interface PortableMap extends Portable {
  readonly kind: 'PortableMap';
  readonly protocols: Protocol[];
  readonly findings: FindingDocument[];
}

/** May it, under each plugin, and why not under all? */
export interface PortableExplanation extends Portable {
  readonly kind: 'PortableExplanation';
  readonly from: string;
  readonly to: string;
  readonly verdicts: { readonly cnis: string[]; readonly verdict: AnswerVerdict; readonly reason?: string }[];
}
