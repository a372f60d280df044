// Whether an end is known to serve a port: by what its pods declare, Services, probes, and what the log itself says of other
// connections. Decides nothing about a flow.

import { partyKey } from '../model/evidence.ts';
import type { FlowEnd } from '../model/flow.ts';
import type { Protocol } from '../sets/traffic-set.ts';
import type { AddressBook } from './address-book.ts';
import type { RecognisedEnd } from './recognise-end.ts';
import type { ServicePorts } from './service-ports.ts';

/** Answers whether an end serves a port. */
export type ServesPort = (end: RecognisedEnd, said: FlowEnd, protocol: Protocol, port: number) => boolean;

/** What a log's connection with a known opener says of its server, as a key; undefined where the server is not known. */
export function serverKey(end: RecognisedEnd, protocol: Protocol, port: number): string | undefined {
  return end.is === 'end' ? `${partyKey(end.end.party)} ${protocol}/${port}` : undefined;
}

/** `opened` holds keys of servers that the log is sure of. */
export function serverPorts(book: AddressBook, services: ServicePorts, opened: () => ReadonlySet<string>): ServesPort {
  return (end, said, protocol, port) => {
    if (end.is === 'service') {
      const named = said.service && services.named(said.service.namespace, said.service.name);
      const found = [
        ...(end.address === undefined ? [] : book.services(end.address)),
        ...(named === undefined ? [] : [named]),
      ];
      return found.some((service) => service.ports.some((one) => one.port === port && one.protocol === protocol));
    }
    if (end.is !== 'end') return false;
    if (opened().has(serverKey(end, protocol, port)!)) return true;
    const { party } = end.end;
    if (party.type === 'workload') {
      return services.listens(party.key, protocol, port) || services.fronts(party.key, protocol, port).length > 0;
    }
    if (party.type !== 'node') return false;
    const hosts = end.address === undefined ? [] : book.hostPods(end.address);
    return (
      book.nodePort(protocol, port).length > 0 ||
      book.hostPort(protocol, port, {
        ...(party.name === undefined ? {} : { node: party.name }),
        ...(end.address === undefined ? {} : { address: end.address }),
      }).length > 0 ||
      hosts.some((pod) => pod.ports.some((own) => own.number === port && own.protocol === protocol))
    );
  };
}
