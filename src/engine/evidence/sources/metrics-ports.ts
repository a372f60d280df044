// Ports for metrics that nobody asks for: a port called `metrics` is there to be scraped, and nothing says by whom.

import type { Evidence } from '../../model/evidence.ts';
import type { EvidenceContext } from '../context.ts';
import { metricsQuestion } from '../ports-question.ts';
import { scrapersOf } from '../scrapers.ts';
import type { EvidenceSource } from '../source-of-evidence.ts';
import { monitors } from './monitors.ts';
import { scrapeAnnotations } from './scrape-annotations.ts';

const NAME = /(?:^|-)(?:metrics|prometheus|prom)$/;

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
  if (open.length === 0) return;
  const [scraper, ...others] = scrapersOf(context);
  const client = scraper?.party.type === 'workload' && others.length === 0 ? scraper.title : 'MONITORING/NAME';
  findings.ask(
    metricsQuestion(
      open.map(({ workload, port, source }) => ({ workload, port, source: source() })),
      client,
    ),
  );
};

function portsOf(context: EvidenceContext) {
  const found = new Map<
    string,
    { id: string; workload: string; port: number; source: () => ReturnType<typeof locate> }
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
          source: () => locate(workload.key),
        });
      }
    }
  }
  return [...found.values()];
}
