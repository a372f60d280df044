// Every source of evidence in manifests. The order does not matter: what they find is sorted.

import type { EvidenceSource } from './source-of-evidence.ts';
import { apiAccess } from './sources/api-access.ts';
import { commandLines } from './sources/command-lines.ts';
import { configuration } from './sources/configuration.ts';
import { environment } from './sources/environment.ts';
import { exposedServices } from './sources/exposed-services.ts';
import { hostPorts } from './sources/host-ports.ts';
import { metricsPorts } from './sources/metrics-ports.ts';
import { monitors } from './sources/monitors.ts';
import { operators } from './sources/operators.ts';
import { peers } from './sources/peers.ts';
import { probes } from './sources/probes.ts';
import { routes } from './sources/routes.ts';
import { scrapeAnnotations } from './sources/scrape-annotations.ts';
import { webhooks } from './sources/webhooks.ts';

/** See the file's head. docs/evidence.md describes each. */
export const EVIDENCE_SOURCES: readonly EvidenceSource[] = [
  environment,
  commandLines,
  configuration,
  exposedServices,
  hostPorts,
  routes,
  webhooks,
  apiAccess,
  monitors,
  scrapeAnnotations,
  metricsPorts,
  operators,
  peers,
  probes,
];
