// All sources that reach a destination, or all destinations that a source reaches.

import { worldOf } from '../endpoints/world.ts';
import * as traffic from '../sets/traffic-set.ts';
import type { State } from '../state.ts';
import type { EndpointExpression, PortExpression, QuestionContext } from './ask.ts';
import { commonFields, describeUnit } from './describe.ts';
import type { WhoCan } from './documents.ts';
import { decisionsOf, describeRectangles, endsOf, mapUnits } from './map.ts';
import { stateNotes, unknownNotes } from './notes.ts';

/** Lists who can reach the subject (on the port), or whom the subject can reach. Entry points count as sources. */
export function whoCan(
  state: State,
  question: WhoCan['question'],
  subject: EndpointExpression,
  port: PortExpression | undefined,
  context: QuestionContext,
): WhoCan {
  const side = question === 'reach' ? { to: [subject] } : { from: [subject] };
  const filter = { ...side, protocols: context.protocols, ...(port === undefined ? {} : { port }) };
  const { units, rectangles } = mapUnits(state, filter, context);
  const used = endsOf(rectangles);
  return {
    ...commonFields(state, [...stateNotes(worldOf(state)), ...unknownNotes(decisionsOf(rectangles))]),
    kind: 'WhoCan',
    question,
    subject: port === undefined ? subject.text : `${subject.text}:${port.text}`,
    endpoints: units
      .map((unit, id) => ({ unit, id }))
      .filter(({ id }) => used.has(id))
      .map(({ unit, id }) => describeUnit(unit, id, state)),
    connections: describeRectangles(rectangles, traffic.allTraffic(context.protocols)),
  };
}
