// What a platform is, in plain values: what detection finds, what flags state and what evidence is made from. Knows no
// object's fields and no policy.

import type { Party } from '../model/evidence.ts';
import type { ServerFacts } from '../model/server-facts.ts';
import type { Family } from '../sets/ip-set.ts';
import type { Fact, Known } from './fact.ts';
import type { CloudName } from './profiles/clouds.ts';
import type { DistributionName } from './profiles/distributions.ts';
import type { MeshName } from './profiles/meshes.ts';
import type { PluginName } from './profiles/network-plugins.ts';

/** A network plugin, or the part of one that enforces policies. */
export interface NetworkPlugin {
  readonly name: PluginName;
  /** As a person calls it. */
  readonly title: string;
  /** As its image or annotation has it, without a leading v; absent where neither says. */
  readonly version?: string;
  /** Whether this very installation enforces NetworkPolicies. */
  readonly enforces: 'yes' | 'no' | 'unknown';
  /** Why, where that is not the plugin's name alone. */
  readonly enforcesBecause?: string;
  /** The value of --cni for it; absent where Netweir has no behaviour of it. */
  readonly cni?: string;
}

/** A port of a server, at the server itself: the pod's, never a Service's. */
export interface ServerPort {
  readonly protocol: 'TCP' | 'UDP';
  readonly port: number;
}

/** Something that answers DNS. */
export interface DnsServer {
  readonly title: string;
  readonly party: Party;
  /** At least one; UDP and TCP as far as it answers both. */
  readonly ports: readonly ServerPort[];
  /** True where it is a process of the node to policies, whatever its address. */
  readonly isOnNode?: true;
}

/** Where pods ask for names. */
export interface DnsFacts {
  /** Who answers pods that use the cluster's DNS; all of them, never an empty list. */
  readonly servers: Fact<readonly DnsServer[]>;
  /** Caches on the nodes that pods ask before those or instead of them; empty: none known. */
  readonly caches: readonly Known<DnsServer>[];
  /** Whom the nodes themselves ask, as canonical CIDRs: pods with dnsPolicy Default ask them too, and so does the DNS itself. */
  readonly nodeResolvers: Fact<readonly [string, ...string[]]>;
}

/** Addresses with the port on which the API server answers there. */
export interface ApiServerEndpoint {
  /** Canonical CIDRs. */
  readonly cidrs: readonly [string, ...string[]];
  readonly port: number;
}

/** The API server as policies see it. */
export interface ApiServerFacts {
  /** Its own addresses and ports, behind Service `default/kubernetes`; never empty. */
  readonly endpoints: Fact<readonly ApiServerEndpoint[]>;
  /** That Service's own addresses, where the plugin judges before they are translated; absent: they do not matter. */
  readonly service?: ApiServerEndpoint;
  /** Whether it runs on nodes of the cluster, as far as its addresses and theirs are known. */
  readonly isOnNodes: boolean;
  /** Who calls webhooks and aggregated APIs on behalf of it: addresses of its own, or an agent's pods; never empty. */
  readonly clients: Fact<readonly Party[]>;
}

/** A service mesh that is installed. */
export interface Mesh {
  readonly name: MeshName;
  readonly title: string;
  /** Its control plane's pods; undefined where the snapshot does not show them. */
  readonly controlPlane?: Party;
}

/** Pods of the platform that call others: controllers behind Ingresses, collectors of metrics. */
export interface AddOn {
  readonly title: string;
  /** Key of the workload. */
  readonly workload: string;
}

/** Where a cloud hands out metadata or identities: only for whoever needs them. */
export interface MetadataPoint {
  readonly title: string;
  readonly cidrs: readonly [string, ...string[]];
  /** TCP. */
  readonly ports: readonly number[];
}

/** Everything known of a platform. */
export interface PlatformFacts {
  readonly distribution: Fact<DistributionName>;
  readonly cloud: Fact<CloudName>;
  readonly plugins: readonly Known<NetworkPlugin>[];
  /** The value of --cni that the snapshot suggests. */
  readonly cni: Fact<string>;
  /** Whether anything here enforces policies. `no` only where that is shown or stated, never for lack of a sign. */
  readonly enforcement: Fact<'yes' | 'no'>;
  readonly dns: DnsFacts;
  readonly apiServer: ApiServerFacts;
  readonly families: Fact<readonly Family[]>;
  readonly podCIDRs: Fact<readonly string[]>;
  readonly serviceCIDRs: Fact<readonly string[]>;
  /** Of the nodes themselves, each address as far as it is known. */
  readonly nodeCIDRs: Fact<readonly string[]>;
  /** The behaviour, named or suggested, with which no ipBlock matches a node; absent: one does, or nobody knows. */
  readonly nodesUnmatchedBy?: string;
  /** Addresses from which nodes reach pods on other nodes, where those are not their own; empty: none known. */
  readonly tunnelCIDRs: readonly Known<string>[];
  readonly meshes: readonly Known<Mesh>[];
  readonly ingressControllers: readonly Known<AddOn>[];
  readonly monitoring: readonly Known<AddOn>[];
  /** Metadata and identity endpoints stated by a flag; undefined: those of the cloud's profile. */
  readonly metadata?: readonly MetadataPoint[];
  /** Nodes on which the plugin enforces nothing (Fargate, virtual kubelets). */
  readonly unenforcedNodes: readonly Known<string>[];
}

/** What a live server says beside its objects, as far as detection asks. Absent fields are not known. */
export type ServerSigns = Partial<Pick<ServerFacts, 'gitVersion' | 'groups'>>;

/** What flags state; see platform-flags.ts. Undefined and empty: nothing. */
export interface StatedPlatform {
  readonly distribution?: DistributionName;
  readonly apiServer: readonly ApiServerEndpoint[];
  readonly apiServerClients: readonly string[];
  readonly dns: readonly DnsServer[];
  readonly nodeResolvers: readonly string[];
  /** `none`: no pod needs any. Undefined: not stated. */
  readonly metadata?: readonly MetadataPoint[];
}

/** Nothing stated. */
export const NOTHING_STATED: StatedPlatform = { apiServer: [], apiServerClients: [], dns: [], nodeResolvers: [] };
