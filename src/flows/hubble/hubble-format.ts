// Hubble's JSON, one record a line: as `hubble observe -o jsonpb` and exporters write it, wrapped, and as the old `-o json`
// did, bare. Knows how a log of it begins; what reads it stands beside.

import type { FlowFormat } from '../flow-format.ts';
import { openHubble } from './hubble-reader.ts';

const BEGINNING = /^\s*\{.*"(?:flow|lost_events|node_status|agent_event|debug_event|verdict|l4|IP)"\s*:/m;

/** Hubble's JSON lines. */
export const HUBBLE: FlowFormat = {
  name: 'hubble',
  title: "Hubble's JSON, one record a line (hubble observe -o jsonpb, or the exporter's events.log)",
  recognise: (head) => BEGINNING.test(head),
  open: (recorder) => openHubble(recorder),
};
