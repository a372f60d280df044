// Rules with the port of a Service in place of that of the pods behind it.

import type { Check } from '../check.ts';
import { forwardedPorts } from './forwarded-ports.ts';

/** Rule 81 of the catalogue. */
export const SERVICE_PORT: Check = {
  id: 'service-port',
  severity: 'high',
  scope: 'input',
  summary: 'the port of a Service in place of the port of the pods behind it',
  find: (context) => forwardedPorts(context, 'port'),
};
