// From an address that a variable, a flag or a file names to evidence, or to a question where the snapshot leaves it open.
// A value that resolves to nothing is never a connection. Knows no source of evidence.

import type { Service, Workload } from '../model/cluster.ts';
import { type EvidenceKind, type Party, partyKey } from '../model/evidence.ts';
import type { Source } from '../model/source.ts';
import { printHost } from './addresses/host-syntax.ts';
import { withoutMarkers } from './addresses/markers.ts';
import type { Mention } from './addresses/mention.ts';
import { isOwnPublicName, nameSays, wordsOf } from './addresses/names.ts';
import type { EvidenceContext } from './context.ts';
import { titleOfWorkload } from './pod-specs.ts';
import { resolveHost, type Target } from './resolve/resolve-host.ts';
import { type Arrival, arrivalsAt, podsBehind } from './resolve/service-arrivals.ts';
import type { Findings } from './source-of-evidence.ts';

/** Who calls: a workload, or pods that an operator makes. */
export interface Caller {
  readonly party: Party;
  /** The namespace in which names are resolved. */
  readonly namespace: string;
  /** For sentences: `shop/web`. */
  readonly title: string;
  /** Of its workload; absent where the snapshot has none. */
  readonly key?: string;
}

/** A workload as a caller. */
export function callerOf(workload: Workload): Caller {
  const { key, namespace } = workload;
  return { party: { type: 'workload', key }, namespace, title: titleOfWorkload(workload), key };
}

/** Who names addresses, and where. */
export interface Naming {
  readonly caller: Caller;
  readonly kind: EvidenceKind;
  /** The variable, flag or key; empty: none. */
  readonly name: string;
  /** For sentences: `CART_ADDR of shop/web`. */
  readonly subject: string;
  /** Whether the address stands somewhere in a text rather than being a value: then doubt is silence. */
  readonly isText: boolean;
  /** Asked for only where there is something to say. */
  source(): Source;
}

/** How many ExternalNames lead to another. */
const MAX_ALIASES = 4;

/** Adds what one address means. */
export function addNamedAddress(context: EvidenceContext, findings: Findings, naming: Naming, mention: Mention): void {
  const says = nameSays(naming.name);
  if (says === 'listen' || says === 'never') return;
  const isHinted = says === 'address';
  // A word alone is an address only where its name says so.
  if (mention.form === 'host' && !isHinted) return;
  follow(context, findings, naming, mention, resolveHost(context, naming.caller.namespace, mention.host), 0);
}

function follow(
  context: EvidenceContext,
  findings: Findings,
  naming: Naming,
  mention: Mention,
  target: Target,
  aliases: number,
): void {
  switch (target.type) {
    case 'own':
    case 'nothing':
      return;
    case 'service':
      if (target.service.type === 'ExternalName') {
        const alias = (target.service.externalName ?? '').toLowerCase().replace(/\.$/, '');
        if (aliases >= MAX_ALIASES || alias === '') return;
        // A name in a CNAME is complete: no search path is applied.
        const next = resolveHost(context, target.service.namespace, alias.includes('.') ? alias : `${alias}.`);
        follow(context, findings, naming, mention, next, aliases + 1);
      } else addService(context, findings, naming, mention, target);
      return;
    case 'missing':
      if (isWorthAsking(naming, mention)) ask(findings, naming, mention, 'unresolved-name', target.says);
      return;
    case 'domain': {
      // `orders:1` with a dot is no domain unless something says so.
      if (nameSays(naming.name) !== 'address' && (naming.isText || (mention.form === 'pair' && naming.name !== '')))
        return;
      const isDoubtful = naming.isText || isOwnPublicName(naming.name);
      addParty(findings, naming, mention, { type: 'domain', name: target.name }, isDoubtful ? 'possible' : 'likely');
      return;
    }
    case 'workload':
      if (target.key !== naming.caller.key) addParty(findings, naming, mention, target);
      return;
    case 'address':
      addParty(findings, naming, mention, { type: 'addresses', cidrs: [target.cidr] });
      return;
    case 'node':
      addParty(findings, naming, mention, target);
      return;
    case 'api-server':
      addParty(findings, naming, { ...mention, port: 443 }, target);
      return;
  }
}

function addParty(
  findings: Findings,
  naming: Naming,
  mention: Mention,
  to: Party,
  confidence: 'likely' | 'possible' = 'likely',
): void {
  const { caller, kind, subject } = naming;
  if (mention.port === undefined) {
    if (nameSays(naming.name) === 'address' && confidence === 'likely' && !naming.isText) {
      ask(findings, naming, mention, 'unknown-port', 'its port is not known');
    }
    return;
  }
  findings.add({
    from: caller.party,
    to,
    protocol: mention.protocol ?? 'TCP',
    ports: [mention.port, mention.port],
    kind,
    confidence,
    says: `${subject} names ${to.type === 'api-server' ? 'the API server' : shown(mention)}`,
    brief: briefly(subject),
    source: naming.source(),
  });
}

/** `CART_ADDR of shop/web` where it is plain whose it is. */
function briefly(subject: string): string {
  return subject.replace(/ of \S+$/, '');
}

function addService(
  context: EvidenceContext,
  findings: Findings,
  naming: Naming,
  mention: Mention,
  { service, pod, portName }: Extract<Target, { type: 'service' }>,
): void {
  const { caller, kind, subject } = naming;
  // `http://minio-0.minio`: nothing translates 80, and where nobody has it the one port there is was meant.
  const isMeant = mention.isDefaultPort !== true || !service.headless || hasPort(context, service, mention.port);
  const wanted = {
    ...(mention.port === undefined || portName !== undefined || !isMeant ? {} : { port: mention.port }),
    ...(portName === undefined ? {} : { name: portName }),
    ...(mention.protocol === undefined ? {} : { protocol: mention.protocol }),
  };
  const { arrivals, problems } = arrivalsAt(context, service, wanted);
  for (const arrival of narrowed(context, arrivals, pod)) {
    const { to, protocol, ports, via } = arrival;
    const isSelf = partyKey(to) === partyKey(caller.party);
    // Its own Service is an address that it gives to others; the names of single pods are those of its peers.
    if (isSelf && !service.headless && pod === undefined) continue;
    const title = `${service.namespace}/${service.name}`;
    findings.add({
      from: caller.party,
      to,
      protocol,
      ports,
      kind: isSelf ? 'peers' : kind,
      confidence: 'likely',
      says: `${subject} names Service ${title}, port ${via.port}`,
      brief: briefly(subject),
      source: naming.source(),
      via,
    });
  }
  if (problems.length === 0 || podsBehind(context, service).some((one) => one.workload === caller.key)) return;
  const isTag = mention.form === 'pair' && nameSays(naming.name) !== 'address';
  for (const { about, says } of problems) {
    // `redis:7` is more often an image than a port that does not exist.
    if (about === 'missing-port' && (isTag || (naming.isText && mention.form !== 'url'))) continue;
    if (arrivals.length === 0) ask(findings, naming, mention, about, says);
  }
}

function hasPort(context: EvidenceContext, service: Service, number: number | undefined): boolean {
  const isDeclared = service.ports.some(({ port }) => port === number);
  return isDeclared || podsBehind(context, service).some(({ ports }) => ports.some((own) => own.number === number));
}

/** A pod's name belongs to the StatefulSet before its number, or to the pod itself. */
function narrowed(context: EvidenceContext, arrivals: readonly Arrival[], pod: string | undefined): readonly Arrival[] {
  if (pod === undefined) return arrivals;
  const owner = pod.replace(/-\d+$/, '');
  const fitting = arrivals.filter(({ to }) => {
    const workload = to.type === 'workload' ? context.cluster.workloads.get(to.key) : undefined;
    return workload !== undefined && (workload.name === owner || workload.name === pod);
  });
  return fitting.length > 0 ? fitting : arrivals;
}

const SETTINGS: ReadonlySet<string> = new Set(
  'true false yes no on off none null nil auto default disabled enabled memory inmemory file local internal external all any'.split(
    ' ',
  ),
);

function isWorthAsking(naming: Naming, { form, host }: Mention): boolean {
  if (form === 'url') return !naming.isText || host.includes('.') || nameSays(naming.name) === 'address';
  if (nameSays(naming.name) !== 'address') return false;
  if (form === 'pair') return true;
  const last = wordsOf(naming.name).at(-1) ?? '';
  return !naming.isText && /(?:HOST|HOSTNAME|ADDR|ADDRESS|ENDPOINT|URL|URI)S?$/.test(last) && !SETTINGS.has(host);
}

function ask(findings: Findings, naming: Naming, mention: Mention, about: string, clause: string): void {
  const { caller, subject } = naming;
  findings.ask({
    about,
    ...(caller.key === undefined ? {} : { workload: caller.key }),
    says: `${subject} names ${shown(mention)}, and ${clause}`,
    hint: `read what is missing as well, or say what it means with --allow "${caller.title} -> NAMESPACE/NAME:PORT"`,
    ...(mention.port === undefined ? {} : { callOn: mention.port }),
    source: naming.source(),
  });
}

function shown(mention: Mention): string {
  return withoutMarkers(asWritten(mention));
}

function asWritten({ text, host, port }: Mention): string {
  if (port === undefined || text.includes(`:${port}`)) return text;
  return text.includes('://') || text.includes('=') ? `${text} (port ${port})` : printHost({ host, port });
}
