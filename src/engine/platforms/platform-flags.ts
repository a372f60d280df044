// What people state about a platform, as they type it: --platform, --api-server, --api-server-clients, --dns, --node-dns and
// --metadata. Reads text alone; what it means for a snapshot is decided where facts are found.

import { dnsLabelProblem } from '../dialects/decoding/name-syntax.ts';
import { nearestNames } from '../model/nearest-names.ts';
import type { Selector } from '../model/selector.ts';
import { UserError } from '../model/user-error.ts';
import { parseSelector } from '../questions/parse-selector.ts';
import { parseAddress, parseCidr, printCidrs } from '../sets/ip-address.ts';
import { singleAddress } from '../sets/ip-set.ts';
import { NAME_LABEL } from '../snapshot/nodes.ts';
import { both } from './dns-ports.ts';
import type { ApiServerEndpoint, DnsServer, MetadataPoint, StatedPlatform } from './platform-facts.ts';
import { CLOUDS, cloudNamed } from './profiles/clouds.ts';
import { DISTRIBUTIONS, type DistributionName } from './profiles/distributions.ts';

/** The values of the flags, as typed. */
export interface PlatformFlags {
  readonly platform?: string;
  readonly apiServer?: readonly string[];
  readonly apiServerClients?: readonly string[];
  readonly dns?: readonly string[];
  readonly nodeDns?: readonly string[];
  readonly metadata?: readonly string[];
}

/** Every flag read. Throws UserError `usage` that names the flag, what is wrong with its value and what would be right. */
export function parsePlatformFlags(flags: PlatformFlags): StatedPlatform {
  const { platform, apiServer = [], apiServerClients = [], dns = [], nodeDns = [], metadata } = flags;
  return {
    ...(platform === undefined ? {} : { distribution: parsePlatform(platform) }),
    apiServer: apiServer.map(parseApiServer),
    apiServerClients: apiServerClients.map((text) => parseBlock('--api-server-clients', text)),
    dns: dns.map(parseDnsServer),
    nodeResolvers: nodeDns.map((text) => parseBlock('--node-dns', text)),
    ...(metadata === undefined || metadata.length === 0 ? {} : { metadata: parseMetadata(metadata) }),
  };
}

/** `--platform eks`. */
export function parsePlatform(text: string): DistributionName {
  const names = DISTRIBUTIONS.map(({ name }) => name);
  const found = names.find((name) => name === text.toLowerCase());
  if (found !== undefined) return found;
  const near = nearestNames(text, names);
  throw invalid(
    '--platform',
    `there is no platform "${text}"`,
    `${near.length > 0 ? `did you mean ${near.join(', ')}? ` : ''}known: ${names.sort().join(', ')}`,
  );
}

/** `--api-server 192.0.2.1:6443`, `192.0.2.0/28:443`, `[2001:db8::1]:6443`. The port is the endpoint's own and never guessed. */
export function parseApiServer(text: string): ApiServerEndpoint {
  const { block, port } = splitPort(text);
  if (port === undefined) {
    const example = block.includes(':') && !block.startsWith('[') ? `[${block}]` : block;
    throw invalid(
      '--api-server',
      `"${text}" has no port`,
      `write ${example}:6443, or 443 with most managed clusters; EndpointSlice default/kubernetes has it`,
    );
  }
  return { cidrs: [parseBlock('--api-server', block, text)], port };
}

/** `--dns 192.0.2.53`, `[2001:db8::53]:5353`, `openshift-dns/dns.operator.openshift.io/daemonset-dns=default:5353`. */
export function parseDnsServer(text: string): DnsServer {
  const { block, port = 53 } = splitPort(text);
  const slash = block.indexOf('/');
  const namespace = block.slice(0, Math.max(0, slash));
  if (slash < 0 || !block.includes('=') || dnsLabelProblem(namespace) !== undefined) {
    return {
      title: 'DNS',
      party: { type: 'addresses', cidrs: [parseBlock('--dns', block, text)], what: 'a DNS server' },
      ports: both(port),
    };
  }
  const pods: Selector = parseSelector(block.slice(slash + 1));
  const party = {
    type: 'pods',
    namespaces: { selector: { op: 'in', key: NAME_LABEL, values: [namespace] } },
    pods,
    what: `the DNS pods of ${namespace}`,
  } as const;
  return { title: 'DNS', party, ports: both(port) };
}

/** `--metadata none`, `aws`, `169.254.170.23:80`; several together are all of them. */
export function parseMetadata(texts: readonly string[]): readonly MetadataPoint[] {
  if (texts.includes('none')) {
    if (texts.length === 1) return [];
    throw invalid('--metadata', 'none stands alone', 'leave the others out');
  }
  return texts.flatMap((text): readonly MetadataPoint[] => {
    const cloud = cloudNamed(text.toLowerCase());
    if (cloud === undefined) {
      if (/^[a-z]+$/i.test(text)) {
        throw invalid(
          '--metadata',
          `there is no cloud "${text}"`,
          `write none, an address with a port, or one of ${CLOUDS.map(({ name }) => name).join(', ')}`,
        );
      }
      const { block, port = 80 } = splitPort(text);
      return [{ title: 'stated metadata', cidrs: [parseBlock('--metadata', block, text)], ports: [port] }];
    }
    return cloud.endpoints
      .filter(({ gives }) => gives === 'metadata' || gives === 'identity')
      .map(({ title, addresses, ports }) => {
        const [first, ...rest] = addresses.map((address) => parseBlock('--metadata', address));
        return { title, cidrs: [first!, ...rest], ports };
      });
  });
}

/** What stands before the port, without brackets, and the port. An IPv6 address without brackets has none. */
function splitPort(text: string): { readonly block: string; readonly port?: number } {
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(text);
  const plain = bracketed ?? /^([^:]*(?:\/[^:]*)?):(\d+)$/.exec(text);
  if (plain === null) return { block: text };
  const port = plain[2] === undefined ? undefined : Number(plain[2]);
  if (port !== undefined && (port < 1 || port > 65535)) throw invalid('port', `"${text}": ports are from 1 to 65535`);
  return { block: plain[1]!, ...(port === undefined ? {} : { port }) };
}

/** An address or CIDR in canonical text. */
function parseBlock(flag: string, block: string, typed: string = block): string {
  if (!block.includes('/')) {
    const address = parseAddress(block);
    if (address.ok) return printCidrs(singleAddress(address))[0]!;
    throw invalid(flag, `"${typed}": ${address.problem}`, 'write an address or a CIDR, IPv6 with a port in brackets');
  }
  const cidr = parseCidr(block);
  if (!cidr.ok) throw invalid(flag, `"${typed}": ${cidr.problem}`);
  if (cidr.sloppy.length > 0)
    throw invalid(flag, `"${typed}" is not written as it is meant`, `write ${cidr.canonical}`);
  return cidr.canonical;
}

function invalid(flag: string, message: string, hint?: string): UserError {
  return new UserError('usage', `${flag}: ${message}`, hint === undefined ? {} : { hint });
}
