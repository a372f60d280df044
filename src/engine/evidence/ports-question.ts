// A question about ports that nobody is known to call: all of them together, and fewer as they are settled.

import type { Evidence, OpenQuestion } from '../model/evidence.ts';
import { workloadName } from '../model/party-names.ts';

type Arrivals = NonNullable<OpenQuestion['arrivals']>;

const MOST_NAMED = 3;

/** The question about ports for metrics, at least one; `client` is who would ask for them, as `--allow` takes it. */
export function metricsQuestion(arrivals: Arrivals, client: string): OpenQuestion {
  const sorted = arrivals.map((one) => ({ ...one, name: `${workloadName(one.workload)}:${one.port}` }));
  sorted.sort((a, b) => (a.name < b.name ? -1 : 1));
  const names = sorted.map(({ name }) => name);
  const more = names.length - MOST_NAMED;
  const { source } = sorted[0]!;
  return {
    about: 'unknown-scraper',
    arrivals,
    client,
    says: `${names.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''} ${names.length === 1 ? 'is a port' : 'are ports'} for metrics by name, and nothing here asks for them`,
    hint: `if they are scraped: --allow "${client} -> ${names[0]}"`,
    ...(source === undefined ? {} : { source }),
  };
}

/** The question about the ports that are still open; undefined: none is. One that is about no ports stays as it is. */
export function narrowed(
  question: OpenQuestion,
  isOpen: (arrival: Arrivals[number]) => boolean,
): OpenQuestion | undefined {
  const { arrivals, client } = question;
  if (arrivals === undefined || client === undefined) return question;
  const open = arrivals.filter(isOpen);
  return open.length === 0 ? undefined : metricsQuestion(open, client);
}

/** Reports whether a connection is one to such a port. */
export function arrivesAt(
  { to, protocol, ports }: Pick<Evidence, 'to' | 'protocol' | 'ports'>,
  at: Arrivals[number],
): boolean {
  const isThere = to.type === 'workload' && to.key === at.workload && protocol === 'TCP';
  return isThere && ports[0] <= at.port && at.port <= ports[1];
}
