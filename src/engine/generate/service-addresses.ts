// Addresses of Services that flags or pods' DNS settings name, followed to whoever stands behind them: most plugins translate them
// before they judge, so that a rule for the address itself allows nothing. Knows no source of evidence.

import { evidenceContext } from '../evidence/context.ts';
import { arrivalsAt } from '../evidence/resolve/service-arrivals.ts';
import type { Service } from '../model/cluster.ts';
import type { Evidence, EvidenceFound, OpenQuestion } from '../model/evidence.ts';
import { parseCidr, printCidrs } from '../sets/ip-address.ts';
import { isSubset } from '../sets/ip-set.ts';
import { servicesByAddress } from '../snapshot/balancer-addresses.ts';
import type { State } from '../state.ts';

/**
 * The evidence with pods in place of Services' addresses. `isSeen`: the plugin judges before addresses are translated, which
 * then are needed as well. What leads nowhere is a question and no rule.
 */
export function throughServices(state: State, found: EvidenceFound, isSeen: boolean): EvidenceFound {
  const services = new Map<string, Service>();
  for (const [address, service] of servicesByAddress(state.cluster.services))
    services.set(singleCidr(address), service);
  const { plan } = state;
  const open = new Map<string, OpenQuestion>();
  const ask = (cidr: string, says: string, hint: string, { source }: Evidence): void => {
    const about = 'service-address';
    if (!open.has(cidr)) open.set(cidr, { about, says, hint, ...(source === undefined ? {} : { source }) });
  };
  const isOfServices = (cidr: string): boolean => {
    const parsed = parseCidr(cidr);
    return parsed.ok && isSubset(parsed.set, plan.services);
  };
  // Built where an address is a Service's, which is seldom.
  let context: ReturnType<typeof evidenceContext> | undefined;
  const evidence = found.evidence.flatMap((one): readonly Evidence[] => {
    if (one.to.type !== 'addresses') return [one];
    const { cidrs, ...party } = one.to;
    const arrivals: Evidence[] = [];
    const rest = cidrs.filter((cidr) => {
      const address = cidr.replace(/\/\d+$/, '');
      const service = services.get(cidr);
      if (service === undefined) {
        if (isOfServices(cidr)) {
          ask(cidr, `${one.says}; ${address} is an address of Services, and none here has it`, READ, one);
          return isSeen;
        }
        const usual = plan.assumed.includes('serviceCIDRs') ? usualServiceAt(address, one) : undefined;
        if (usual !== undefined) {
          const says = `${address} looks like the address of ${usual.what}, which most plugins translate before they judge: a rule for it allows nothing there`;
          ask(cidr, says, `${usual.hint}; if it is no Service: --assume serviceCIDRs=CIDR`, one);
        }
        return true;
      }
      context ??= evidenceContext(state);
      const wanted = { port: one.ports[0], protocol: one.protocol };
      const behind = arrivalsAt(context, service, wanted);
      arrivals.push(...behind.arrivals.map(({ to, ports }) => ({ ...one, to, ports })));
      const [problem] = behind.problems;
      if (problem !== undefined && behind.arrivals.length === 0) {
        ask(cidr, `${one.says}; ${address} is the address of a Service, and ${problem.says}`, READ, one);
      }
      return isSeen;
    });
    const [first, ...more] = rest;
    if (rest.length === cidrs.length && arrivals.length === 0) return [one];
    return first === undefined
      ? arrivals
      : [...arrivals, { ...one, to: { ...party, type: 'addresses', cidrs: [first, ...more] } }];
  });
  return { evidence, questions: [...found.questions, ...open.values()] };
}

const READ = 'read the Service with its pods and EndpointSlices, or name whoever is behind it';

/** As parties write one address. */
function singleCidr(address: string): string {
  const parsed = parseCidr(`${address}/${address.includes(':') ? 128 : 32}`);
  return parsed.ok ? printCidrs(parsed.set)[0]! : address;
}

/** Installers give the API server's Service the first address of a range, and that of the DNS the tenth. */
function usualServiceAt(
  address: string,
  { kind }: Evidence,
): { readonly what: string; readonly hint: string } | undefined {
  const isFirst = /^(?:10|172|192)\..*\.0\.1$/.test(address) || /^f[cd].*::1$/.test(address);
  const isTenth = /^(?:10|172|192)\..*\.0\.10$/.test(address) || /^f[cd].*::a$/.test(address);
  if (kind === 'dns' && isTenth) return { what: 'a DNS Service', hint: 'name its pods: --dns NAMESPACE/LABEL=VALUE' };
  if (kind === 'api-server' && isFirst) {
    return { what: 'Service default/kubernetes', hint: 'give its endpoints: --api-server ADDRESS:PORT' };
  }
  return undefined;
}
