// Ways in which manifests name what a workload calls: variables, arguments, ConfigMaps, in the forms that people use.

import type { SimService, SimWorkload } from './application.ts';
import type { Random } from './random.ts';

/** Writes down that a client calls a port of a Service. */
export function declareService(
  random: Random,
  client: SimWorkload,
  { namespace, name }: SimService,
  port: number,
): void {
  const forms = [`${name}.${namespace}`, `${name}.${namespace}.svc`, `${name}.${namespace}.svc.cluster.local`];
  const host = namespace === client.namespace && random.chance(0.5) ? name : random.pick(forms);
  write(random, client, `${name}_${client.env.length + client.args.length}`, `${host}:${port}`);
}

/** Writes down that a client calls an address. */
export function declareAddress(random: Random, client: SimWorkload, address: string, port: number): void {
  write(random, client, `partner_${client.env.length}`, `${address.includes(':') ? `[${address}]` : address}:${port}`);
}

function write(random: Random, client: SimWorkload, word: string, place: string): void {
  const written = random.chance(0.4) ? `http://${place}/v1` : place;
  const name = word.replaceAll(/[^a-z0-9]/gi, '_').toUpperCase();
  switch (random.below(4)) {
    case 0:
    case 1:
      client.env.push({ name: `${name}_ADDR`, value: written });
      break;
    case 2:
      client.args.push(`--${word.replaceAll('_', '-')}=${written}`);
      break;
    default:
      client.configMaps.push({
        name: `${client.name}-${client.configMaps.length}`,
        text: `upstream: http://${place}\n`,
      });
  }
}
