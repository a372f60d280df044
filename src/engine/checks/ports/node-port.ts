// Rules with the port that a Service opens on nodes in place of that of the pods behind it.

import type { Check } from '../check.ts';
import { forwardedPorts } from './forwarded-ports.ts';

/** Rule 82 of the catalogue. */
export const NODE_PORT: Check = {
  id: 'node-port',
  severity: 'high',
  scope: 'input',
  summary: 'the port that a Service opens on nodes in place of the port of the pods behind it',
  find: (context) => forwardedPorts(context, 'nodePort'),
};
