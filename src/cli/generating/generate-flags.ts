// The flags of `generate` and what they are parsed to. Parsing of words is parse-arguments' business.

import { PARTS, type Part } from '../../engine/generate/categories.ts';
import { CONFIDENCES } from '../../engine/generate/needs.ts';
import type { AddressBudget } from '../../engine/generate/widen-addresses.ts';
import type { Confidence } from '../../engine/model/evidence.ts';
import { nearestNames } from '../../engine/model/nearest-names.ts';
import { UserError } from '../../engine/model/user-error.ts';
import type { PlatformFlags } from '../../engine/platforms/platform-flags.ts';
import type { Flag } from '../flags.ts';

/** Ways to lay out a bundle. */
export const LAYOUTS = ['workload', 'namespace'] as const;

/** See {@link LAYOUTS}. */
export type Layout = (typeof LAYOUTS)[number];

/** Flow logs, for every verb that reads them. */
export const FLOWS_FLAGS: Readonly<Record<'flows' | 'columns' | 'since' | 'until', Flag>> = {
  flows: {
    name: 'flows',
    value: 'PATH',
    repeatable: true,
    group: 'Input',
    summary: 'flow log: Hubble JSON or CSV with named columns, also packed, a directory of logs, or -',
    completes: 'files',
  },
  columns: {
    name: 'columns',
    value: 'FIELD=NAME,…',
    group: 'Input',
    summary: 'what the columns of a CSV flow log are called, where they have other names (docs/flows.md)',
  },
  since: {
    name: 'since',
    value: 'TIME',
    group: 'Question',
    summary: 'leave out flows that ended before: 2026-11-21T03:25:00Z, or 90m, 24h, 7d before the last record',
  },
  until: {
    name: 'until',
    value: 'TIME',
    group: 'Question',
    summary: 'leave out flows that began after; written as --since',
  },
};

const FLAGS = {
  include: {
    name: 'include',
    value: 'LIST',
    group: 'Question',
    summary: 'parts to write (default: all); what is left out is denied, and the proof says so',
    words: PARTS,
  },
  allow: {
    name: 'allow',
    value: '"SRC -> DST:PORT"',
    repeatable: true,
    group: 'Question',
    summary: 'a connection that is needed although nothing here says so',
  },
  forbid: {
    name: 'forbid',
    value: '"SRC -> DST[:PORT]"',
    repeatable: true,
    group: 'Question',
    summary: 'a connection that must not be, whatever was declared or observed',
  },
  confidence: {
    name: 'confidence',
    value: 'LEVEL',
    group: 'Question',
    summary: 'evidence that is less sure becomes a question and no rule (default: likely)',
    words: CONFIDENCES,
  },
  maxBlocks: {
    name: 'max-blocks',
    value: 'N',
    group: 'Question',
    summary: 'blocks of addresses in one rule beyond which --widen applies (default: 50)',
  },
  widen: {
    name: 'widen',
    value: 'FACTOR',
    group: 'Question',
    summary: 'how many times as many addresses as needed blocks may hold (default: 1, exactly those)',
  },
  platform: {
    name: 'platform',
    value: 'NAME',
    group: 'Platform',
    summary: 'what the cluster runs on: kubeadm, kind, k3s, rke2, eks, gke, aks, openshift … (default: detected)',
  },
  apiServer: {
    name: 'api-server',
    value: 'ADDRESS:PORT',
    repeatable: true,
    group: 'Platform',
    summary: 'where the API server answers, as pods see it (default: EndpointSlice default/kubernetes)',
  },
  apiServerClients: {
    name: 'api-server-clients',
    value: 'CIDR',
    repeatable: true,
    group: 'Platform',
    summary: 'from where the API server calls webhooks and aggregated APIs',
  },
  dns: {
    name: 'dns',
    value: 'SERVER[:PORT]',
    repeatable: true,
    group: 'Platform',
    summary: 'who answers DNS: an address, or pods as NAMESPACE/LABEL=VALUE (default: detected)',
  },
  nodeDns: {
    name: 'node-dns',
    value: 'CIDR',
    repeatable: true,
    group: 'Platform',
    summary: 'whom the nodes ask for names: pods with dnsPolicy Default ask them, and so does the DNS itself',
  },
  metadata: {
    name: 'metadata',
    value: 'CLOUD|ADDRESS:PORT|none',
    repeatable: true,
    group: 'Platform',
    summary: 'metadata and identity endpoints of the cloud (default: those of the platform)',
  },
  strict: { name: 'strict', group: 'Question', summary: 'exit 1 where something is allowed that nothing needs' },
  requireReady: {
    name: 'require-ready',
    group: 'Question',
    summary: 'exit 1 while something stands in the way of enforcing the policies',
  },
  diff: {
    name: 'diff',
    group: 'Question',
    summary: 'print what changes against the policies that exist, instead of the plan',
  },
  bundle: {
    name: 'bundle',
    value: 'DIR',
    group: 'Output',
    summary: 'write the policies there, with README, kustomization and scripts that apply and take back in order',
    completes: 'files',
  },
  layout: {
    name: 'layout',
    value: 'LAYOUT',
    group: 'Output',
    summary: 'one file for each workload or for each namespace (default: workload)',
    words: LAYOUTS,
  },
} as const satisfies Readonly<Record<string, Flag>>;

/** Flags of `generate` beside those of every question. */
export const OWN_GENERATE_FLAGS: readonly Flag[] = [
  FLOWS_FLAGS.flows,
  FLOWS_FLAGS.columns,
  FLOWS_FLAGS.since,
  FLOWS_FLAGS.until,
  FLAGS.include,
  FLAGS.allow,
  FLAGS.forbid,
  FLAGS.confidence,
  FLAGS.maxBlocks,
  FLAGS.widen,
  FLAGS.platform,
  FLAGS.apiServer,
  FLAGS.apiServerClients,
  FLAGS.dns,
  FLAGS.nodeDns,
  FLAGS.metadata,
  FLAGS.strict,
  FLAGS.requireReady,
  FLAGS.diff,
  FLAGS.bundle,
  FLAGS.layout,
];

/** Values of the flags above, as typed. Absent fields were not given. */
export interface GenerateOptions {
  readonly flows: readonly string[];
  readonly columns?: string;
  readonly since?: string;
  readonly until?: string;
  readonly include?: string;
  readonly allow: readonly string[];
  readonly forbid: readonly string[];
  readonly confidence?: string;
  readonly maxBlocks?: string;
  readonly widen?: string;
  /** As the parser of the platform's flags takes them. */
  readonly platform: PlatformFlags;
  readonly strict: boolean;
  readonly requireReady: boolean;
  readonly diff: boolean;
  readonly bundle?: string;
  readonly layout?: string;
}

/** The parts of `--include`; all where it was not given. Throws UserError for a word that is none. */
export function partsOf({ include }: GenerateOptions): ReadonlySet<Part> {
  if (include === undefined) return new Set(PARTS);
  const words = include.split(',').map((word) => word.trim());
  return new Set(words.map((word) => oneOf(word, PARTS, '--include')));
}

/** The least confidence that becomes a rule. Throws UserError. */
export function confidenceOf({ confidence }: GenerateOptions): Confidence {
  return confidence === undefined ? 'likely' : oneOf(confidence, CONFIDENCES, '--confidence');
}

/** How a bundle is laid out. Throws UserError, also where there is no bundle to lay out. */
export function layoutOf({ layout, bundle }: GenerateOptions): Layout {
  if (layout !== undefined && bundle === undefined)
    throw new UserError('usage', '--layout is about a bundle, and none is written', {
      hint: 'name one with --bundle DIR',
    });
  return layout === undefined ? 'workload' : oneOf(layout, LAYOUTS, '--layout');
}

/** What widening may do. Throws UserError for what is no number of at least 1. */
export function budgetOf({ maxBlocks, widen }: GenerateOptions): AddressBudget {
  return {
    blocks: maxBlocks === undefined ? 50 : number(maxBlocks, '--max-blocks', true),
    factor: widen === undefined ? 1 : number(widen, '--widen', false),
  };
}

function number(text: string, flag: string, whole: boolean): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 1 && (!whole || Number.isInteger(value))) return value;
  throw new UserError('usage', `${flag}: "${text}" is no ${whole ? 'whole ' : ''}number of at least 1`);
}

function oneOf<T extends string>(word: string, words: readonly T[], flag: string): T {
  const found = words.find((one) => one === word.toLowerCase());
  if (found !== undefined) return found;
  const near = nearestNames(word, words);
  const hint = near.length > 0 ? `did you mean ${near.join(' or ')}?` : `write one of ${words.join(', ')}`;
  throw new UserError('usage', `${flag}: "${word}" is not known`, { hint });
}
