// NetworkPolicy read naively from the specification (docs/semantics/network-policy.md), on plain manifests: one connection at a
// time between running pods with addresses. It must share no code with src/: it is the judge of what all evaluators share.

/* A manifest is read as it is written; these types only say which fields the specification has. */
type Text = Readonly<Record<string, string>>;
type Optional<T> = T | null | undefined;

interface LabelSelector {
  readonly matchLabels?: Optional<Text>;
  readonly matchExpressions?: Optional<
    readonly { readonly key: string; readonly operator: string; readonly values?: Optional<readonly string[]> }[]
  >;
}

interface Peer {
  readonly podSelector?: Optional<LabelSelector>;
  readonly namespaceSelector?: Optional<LabelSelector>;
  readonly ipBlock?: Optional<{ readonly cidr: string; readonly except?: Optional<readonly string[]> }>;
}

interface Port {
  readonly protocol?: Optional<string>;
  readonly port?: Optional<number | string>;
  readonly endPort?: Optional<number>;
}

interface Rule {
  readonly from?: Optional<readonly Peer[]>;
  readonly to?: Optional<readonly Peer[]>;
  readonly ports?: Optional<readonly Port[]>;
}

interface Policy {
  readonly metadata: { readonly namespace: string };
  readonly spec: {
    readonly podSelector?: Optional<LabelSelector>;
    readonly policyTypes?: Optional<readonly string[]>;
    readonly ingress?: Optional<readonly Rule[]>;
    readonly egress?: Optional<readonly Rule[]>;
  };
}

interface ContainerPort {
  readonly name?: string;
  readonly protocol?: string;
  readonly containerPort: number;
}

/** A Pod manifest as far as it matters; it must have addresses in `status.podIPs`. */
export interface OraclePod {
  readonly metadata: { readonly namespace: string; readonly name: string; readonly labels?: Text };
  readonly spec: {
    readonly nodeName?: string;
    readonly containers: readonly { readonly ports?: readonly ContainerPort[] }[];
    readonly initContainers?: readonly { readonly restartPolicy?: string; readonly ports?: readonly ContainerPort[] }[];
  };
  readonly status: { readonly podIPs: readonly { readonly ip: string }[] };
}

/** One end of a connection: a pod with one of its addresses, or an address outside of the pod network, a node's with its name. */
export interface OracleEnd {
  readonly pod?: OraclePod;
  readonly ip: string;
  readonly node?: string;
}

/** The manifests of a cluster by kind, and answers about it. */
export interface Oracle {
  readonly pods: readonly OraclePod[];
  /** Undefined: the pods share no address family, so that there is no connection to judge. */
  allows(from: OraclePod, to: OraclePod, family: 'IPv4' | 'IPv6', protocol: string, port: number): boolean | undefined;
  /** The same between any two ends, whose addresses must be of one family. Pods need not be among {@link pods}. */
  connects(from: OracleEnd, to: OracleEnd, protocol: string, port: number): boolean;
}

/** Reads manifests of kinds Namespace, Pod and NetworkPolicy; every namespace must be declared. */
export function oracleOf(manifests: readonly Readonly<Record<string, unknown>>[]): Oracle {
  const ofKind = <T>(kind: string): T[] => manifests.filter((one) => one.kind === kind) as unknown as T[];
  const pods = ofKind<OraclePod>('Pod');
  const policies = ofKind<Policy>('NetworkPolicy');
  const namespaces = new Map(
    ofKind<{ metadata: { name: string; labels?: Text } }>('Namespace').map(({ metadata }) => [
      metadata.name,
      // "The API server sets the label kubernetes.io/metadata.name on all namespaces; its value is the name."
      { ...metadata.labels, 'kubernetes.io/metadata.name': metadata.name },
    ]),
  );

  /** "allow iff both allow": each side by the policies that isolate it in that direction. */
  const directionAllows = (
    type: 'Ingress' | 'Egress',
    subject: OraclePod,
    other: OraclePod | undefined,
    connection: { ip: bigint; v6: boolean; to: OraclePod | undefined; protocol: string; port: number },
  ): boolean => {
    const isolating = policies.filter(
      ({ metadata, spec }) =>
        metadata.namespace === subject.metadata.namespace &&
        selects(spec.podSelector ?? {}, subject.metadata.labels ?? {}) &&
        typesOf(spec).includes(type),
    );
    if (isolating.length === 0) return true;
    return isolating.some(({ metadata, spec }) =>
      ((type === 'Ingress' ? spec.ingress : spec.egress) ?? []).some((rule) => {
        const peers = (type === 'Ingress' ? rule.from : rule.to) ?? [];
        const ports = rule.ports ?? [];
        const peerMatches = peers.length === 0 || peers.some((peer) => isPeer(peer, metadata.namespace, other));
        return peerMatches && (ports.length === 0 || ports.some((port) => opens(port)));
      }),
    );

    function isPeer(peer: Peer, ownNamespace: string, pod: OraclePod | undefined): boolean {
      if (peer.ipBlock) {
        const { cidr, except } = peer.ipBlock;
        const { ip, v6 } = connection;
        return inCidr(cidr, ip, v6) && !(except ?? []).some((one) => inCidr(one, ip, v6));
      }
      if (pod === undefined) return false;
      const { namespace } = pod.metadata;
      const inScope = peer.namespaceSelector
        ? selects(peer.namespaceSelector, namespaces.get(namespace)!)
        : namespace === ownNamespace;
      return inScope && selects(peer.podSelector ?? {}, pod.metadata.labels ?? {});
    }

    function opens(entry: Port): boolean {
      const protocol = entry.protocol ?? 'TCP';
      if (protocol !== connection.protocol) return false;
      if (entry.port === undefined || entry.port === null) return true;
      if (typeof entry.port === 'number') {
        return entry.port <= connection.port && connection.port <= (entry.endPort ?? entry.port);
      }
      // A name means what the destination pod calls so, sidecars included, with the same protocol.
      const { containers, initContainers = [] } = connection.to?.spec ?? { containers: [] };
      const serving = [...containers, ...initContainers.filter((one) => one.restartPolicy === 'Always')];
      return serving
        .flatMap((container) => container.ports ?? [])
        .some(
          (own) =>
            own.name === entry.port && (own.protocol ?? 'TCP') === protocol && own.containerPort === connection.port,
        );
    }
  };

  return {
    pods,
    connects(from, to, protocol, port) {
      if (from.pod !== undefined && from.pod === to.pod) return true;
      const connection = { v6: to.ip.includes(':'), to: to.pod, protocol, port };
      // "Traffic to and from the node where a Pod is running is always allowed" as far as it comes from the node.
      const isOwnNode = from.pod === undefined && from.node !== undefined && from.node === to.pod?.spec.nodeName;
      return (
        (from.pod === undefined ||
          directionAllows('Egress', from.pod, to.pod, { ...connection, ip: parseIp(to.ip) })) &&
        (to.pod === undefined ||
          isOwnNode ||
          directionAllows('Ingress', to.pod, from.pod, { ...connection, ip: parseIp(from.ip) }))
      );
    },
    allows(from, to, family, protocol, port) {
      const v6 = family === 'IPv6';
      const ipOf = (pod: OraclePod) => pod.status.podIPs.map(({ ip }) => ip).find((ip) => ip.includes(':') === v6);
      const [source, destination] = [ipOf(from), ipOf(to)];
      if (source === undefined || destination === undefined) return undefined;
      // "Pod to its own address: never leaves the pod."
      if (from === to) return true;
      const connection = { v6, to, protocol, port };
      return (
        directionAllows('Egress', from, to, { ...connection, ip: parseIp(destination) }) &&
        directionAllows('Ingress', to, from, { ...connection, ip: parseIp(source) })
      );
    },
  };
}

/** "If not specified, Ingress is set always, and Egress if the policy has any egress rules." */
function typesOf({ policyTypes, egress }: Policy['spec']): readonly string[] {
  if (policyTypes && policyTypes.length > 0) return policyTypes;
  return egress && egress.length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
}

function selects(selector: LabelSelector, labels: Text): boolean {
  const has = (key: string) => Object.hasOwn(labels, key);
  const byLabels = Object.entries(selector.matchLabels ?? {}).every(
    ([key, value]) => has(key) && labels[key] === value,
  );
  const byExpressions = (selector.matchExpressions ?? []).every(({ key, operator, values }) => {
    switch (operator) {
      case 'In':
        return has(key) && (values ?? []).includes(labels[key]!);
      case 'NotIn':
        return !has(key) || !(values ?? []).includes(labels[key]!);
      case 'Exists':
        return has(key);
      case 'DoesNotExist':
        return !has(key);
      default:
        throw new Error(`no operator: ${operator}`);
    }
  });
  return byLabels && byExpressions;
}

/** "Families never mix"; bits behind the prefix are ignored. */
function inCidr(cidr: string, ip: bigint, v6: boolean): boolean {
  const [base, prefix] = cidr.split('/') as [string, string];
  if (base.includes(':') !== v6) return false;
  const shift = BigInt((v6 ? 128 : 32) - Number(prefix));
  return parseIp(base) >> shift === ip >> shift;
}

/** Dotted IPv4, or IPv6 with at most one `::` and without dots. */
function parseIp(text: string): bigint {
  if (!text.includes(':')) return text.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  const [head = '', tail] = text.split('::');
  const groups = (part: string | undefined) => (part === undefined || part === '' ? [] : part.split(':'));
  const before = groups(head);
  const after = groups(tail);
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...zeros, ...after].reduce((sum, part) => sum * 65536n + BigInt(`0x${part}`), 0n);
}
