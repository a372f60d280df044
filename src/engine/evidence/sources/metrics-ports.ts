// Ports for metrics that nobody asks for: a port called `metrics` is there to be scraped, and nothing says by whom.

import type { Evidence } from '../../model/evidence.ts';
import type { EvidenceContext } from '../context.ts';
import { titleOfWorkload } from '../pod-specs.ts';
import { scrapersOf } from '../scrapers.ts';
import type { EvidenceSource } from '../source-of-evidence.ts';
import { monitors } from './monitors.ts';
import { scrapeAnnotations } from './scrape-annotations.ts';

const NAME = /(?:^|-)(?:metrics|prometheus|prom)$/;
const MOST_NAMED = 3;

/** See the file's head. A name is no evidence: all such ports together are one question. */
export const metricsPorts: EvidenceSource = (context, findings) => {
  const ports = portsOf(context);
  if (ports.length === 0) return;
  const asked = new Set<string>();
  const note = ({ to, ports: [first] }: Evidence) => {
    if (to.type === 'workload') asked.add(`${to.key} ${first}`);
  };
  for (const source of [monitors, scrapeAnnotations]) source(context, { add: note, ask: () => undefined });
  const open = ports.filter(({ id }) => !asked.has(id));
  const [first] = open;
  if (first === undefined) return;
  const names = open.map(({ text }) => text).sort();
  const more = names.length - MOST_NAMED;
  const [scraper, ...others] = scrapersOf(context);
  const who = scraper?.party.type === 'workload' && others.length === 0 ? scraper.title : 'MONITORING/NAME';
  findings.ask({
    about: 'unknown-scraper',
    arrivals: open.map(({ workload, port }) => ({ workload, port })),
    says: `${names.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''} ${names.length === 1 ? 'is a port' : 'are ports'} for metrics by name, and nothing here asks for them`,
    hint: `if they are scraped: --allow "${who} -> ${names[0]}"`,
    source: first.source(),
  });
};

function portsOf(context: EvidenceContext) {
  const found = new Map<
    string,
    { id: string; text: string; workload: string; port: number; source: () => ReturnType<typeof locate> }
  >();
  const locate = (key: string) => {
    const [pod] = context.podsOf(key);
    return pod!.object.locate(pod!.specPath ?? ['spec']);
  };
  for (const workload of context.cluster.workloads.values()) {
    for (const pod of context.podsOf(workload.key)) {
      for (const { name, number, protocol, from } of pod.ports) {
        if (from === 'init' || protocol !== 'TCP' || name === undefined || !NAME.test(name)) continue;
        const id = `${workload.key} ${number}`;
        found.set(id, {
          id,
          workload: workload.key,
          port: number,
          text: `${titleOfWorkload(workload)}:${number}`,
          source: () => locate(workload.key),
        });
      }
    }
  }
  return [...found.values()];
}
