// Metrics that annotations ask for (`prometheus.io/scrape`), on pods and on Services.

import type { Pod } from '../../model/cluster.ts';
import { type ManifestObject, type Path, valueAt } from '../../model/source.ts';
import type { EvidenceContext } from '../context.ts';
import { portOf, textMapOf } from '../json-fields.ts';
import { podsBehind } from '../resolve/service-arrivals.ts';
import { type Scraper, scrapersOf } from '../scrapers.ts';
import type { EvidenceSource, Findings } from '../source-of-evidence.ts';

/** An annotated object, and the pods that it means. */
interface Wish {
  readonly title: string;
  readonly object: ManifestObject;
  readonly path: Path;
  readonly annotations: ReadonlyMap<string, string>;
  readonly pods: readonly Pod[];
}

const SCRAPE = 'prometheus.io/scrape';
const PORT = 'prometheus.io/port';

/**
 * See the file's head. Annotations are a convention between pods and the configuration of one Prometheus: where no collector
 * is here, or more than one could be meant, all wishes together are one question. A Prometheus that an operator runs takes
 * monitors and no annotations.
 */
export const scrapeAnnotations: EvidenceSource = (context, findings) => {
  const wishes = wishesOf(context);
  const [first] = wishes;
  if (first === undefined) return;
  const scrapers = scrapersOf(context).filter(({ operator }) => operator === undefined);
  const [scraper, ...others] = scrapers;
  if (scraper !== undefined && others.length === 0) {
    for (const wish of wishes) addWish(findings, scraper, wish);
    return;
  }
  const names = wishes.map(({ title }) => title).sort();
  const shown = names.slice(0, 3).join(', ') + (names.length > 3 ? ` and ${names.length - 3} more` : '');
  const who =
    scraper === undefined
      ? 'no Prometheus is here'
      : `${scrapers.map(({ title }) => title).join(' and ')} may be meant`;
  findings.ask({
    about: 'unknown-scraper',
    says: `${shown} ${names.length === 1 ? 'asks' : 'ask'} to be scraped by annotation, and ${who}`,
    hint: 'say who scrapes with --allow "monitoring/NAME -> NAMESPACE/NAME:PORT"',
    source: first.object.locate([...first.path, SCRAPE]),
  });
};

function addWish(findings: Findings, scraper: Scraper, { title, object, path, annotations, pods }: Wish): void {
  const asked = portOf(annotations.get(PORT));
  for (const pod of pods) {
    const declared = pod.ports.filter((own) => own.from !== 'init' && own.protocol === 'TCP').map((own) => own.number);
    for (const port of asked === undefined ? declared : [asked]) {
      if (scraper.party.type === 'workload' && scraper.party.key === pod.workload) continue;
      findings.add({
        from: scraper.party,
        to: { type: 'workload', key: pod.workload },
        protocol: 'TCP',
        ports: [port, port],
        kind: 'scrape',
        confidence: 'likely',
        says: `${title} asks by annotation to be scraped on port ${port}, and ${scraper.title} is the one collector here`,
        source: object.locate([...path, asked === undefined ? SCRAPE : PORT]),
      });
    }
  }
}

function wishesOf(context: EvidenceContext): readonly Wish[] {
  const wishes: Wish[] = [];
  const seen = new Set<string>();
  for (const pod of context.cluster.pods) {
    const path = [...(pod.specPath ?? ['spec']).slice(0, -1), 'metadata', 'annotations'];
    const annotations = textMapOf(valueAt(pod.object, path));
    if (annotations.get(SCRAPE) !== 'true') continue;
    // Pods of one workload say the same, but for a rollout that is under way.
    const key = `${pod.workload} ${annotations.get(PORT) ?? ''}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const title = `${pod.namespace}/${context.cluster.workloads.get(pod.workload)?.name ?? pod.name}`;
    wishes.push({ title, object: pod.object, path, annotations, pods: [pod] });
  }
  for (const service of context.cluster.services) {
    const path = ['metadata', 'annotations'];
    const annotations = textMapOf(valueAt(service.object, path));
    if (annotations.get(SCRAPE) !== 'true') continue;
    const title = `Service ${service.namespace}/${service.name}`;
    wishes.push({ title, object: service.object, path, annotations, pods: podsBehind(context, service) });
  }
  return wishes;
}
