// Every source of evidence in manifests. The order does not matter: what they find is sorted.

import type { EvidenceSource } from './source-of-evidence.ts';
import { commandLines } from './sources/command-lines.ts';
import { configuration } from './sources/configuration.ts';
import { environment } from './sources/environment.ts';
import { exposedServices } from './sources/exposed-services.ts';
import { peers } from './sources/peers.ts';
import { probes } from './sources/probes.ts';

/** See the file's head. docs/evidence.md describes each. */
export const EVIDENCE_SOURCES: readonly EvidenceSource[] = [
  environment,
  commandLines,
  configuration,
  exposedServices,
  peers,
  probes,
];
