// One record of a flow log: who its ends are and how that is known, what the log says, what the policies say, and where they
// do not agree, what may be the reason.

import { makeAttributor } from '../attribution/attribute-flow.ts';
import { endText } from '../attribution/attribute-flows.ts';
import type { AttributedDestination, AttributedEnd, AttributedFlow } from '../attribution/attribution.ts';
import { ASIDE_SAYS, UNATTRIBUTED_SAYS } from '../attribution/reason-texts.ts';
import type { ObservedFlow } from '../model/flow.ts';
import type { State } from '../state.ts';
import { commonFields } from './describe.ts';
import { describeDirection } from './explain.ts';
import { differencesOf, newerPolicies } from './flow-differences.ts';
import type { FlowExplanation, RecognisedEndDocument, RecordSays } from './flow-explanation-document.ts';
import { agreement, judge } from './judge-record.ts';
import { endpointList, isoTime } from './replay-parts.ts';

/** What helps to recognise the ends of the record. */
export interface ExplainFlowOptions {
  /** Other flows of the log, for what they say of addresses; the record need not be among them. */
  readonly others?: readonly ObservedFlow[];
  /** Addresses that the log knows as nodes'. */
  readonly nodeAddresses?: readonly string[];
  /** What `--assume` says, for the behaviours that are tried where log and policies do not agree. */
  readonly assumptions?: readonly string[];
}

/** Explains one record. Never throws for what it says. */
export function explainFlow(state: State, flow: ObservedFlow, options: ExplainFlowOptions = {}): FlowExplanation {
  const { others = [], nodeAddresses = [] } = options;
  const what = makeAttributor(state, [...others, flow], nodeAddresses).attribute(flow);
  const endpoints = endpointList(state);
  const attributed = describeAttribution(flow, what, endpoints);
  const judged = what.kind === 'connection' ? judge(state, flow, what) : undefined;
  const agrees =
    judged === undefined || what.kind !== 'connection' ? undefined : agreement(flow, what, judged.compared);
  const because =
    judged === undefined || what.kind !== 'connection'
      ? []
      : agrees === 'no'
        ? differencesOf(state, flow, what, judged, options.assumptions ?? [])
        : // At the other end, of which the record says nothing, policies may be younger than it.
          flow.verdict.kind === 'allowed' && judged.verdict !== 'allowed'
          ? newerPolicies(flow, judged)
          : [];
  return {
    ...commonFields(state, []),
    kind: 'FlowExplanation',
    record: flow.place,
    says: whatItSays(flow),
    endpoints: endpoints.documents(),
    ...attributed,
    ...(judged === undefined
      ? {}
      : {
          verdict: judged.verdict,
          ...(judged.reasons.length === 0 ? {} : { reason: judged.reasons.join(', ') }),
          ...(judged.trace === undefined
            ? {}
            : { egress: describeDirection(judged.trace.egress), ingress: describeDirection(judged.trace.ingress) }),
        }),
    ...(agrees === undefined ? {} : { agrees }),
    because,
  };
}

function whatItSays(flow: ObservedFlow): RecordSays {
  const { source, destination, family, protocol, port, opened, verdict, seenAt, policies, foreignPolicies, first } =
    flow;
  return {
    source: endText(source),
    destination: endText(destination),
    family,
    protocol,
    ...(port === undefined ? {} : { port }),
    opened,
    verdict: verdict.kind,
    ...(verdict.kind === 'denied' ? { by: verdict.by } : {}),
    ...(verdict.kind === 'denied' && verdict.reason !== undefined ? { reason: verdict.reason } : {}),
    ...(seenAt === undefined ? {} : { seenAt }),
    ...(policies === undefined ? {} : { policies: [...policies] }),
    ...(foreignPolicies === undefined
      ? {}
      : {
          foreignPolicies: foreignPolicies.map(
            ({ kind, namespace, name }) => `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`,
          ),
        }),
    ...(first === undefined ? {} : { time: isoTime(first) }),
  };
}

function describeAttribution(
  flow: ObservedFlow,
  what: AttributedFlow,
  endpoints: ReturnType<typeof endpointList>,
): Pick<FlowExplanation, 'from' | 'to' | 'opened' | 'unattributed' | 'leftAside'> {
  if (what.kind === 'left-aside') {
    return { leftAside: { reason: what.reason, says: ASIDE_SAYS[what.reason] } };
  }
  if (what.kind === 'unattributed') {
    const { reason, end } = what;
    return { unattributed: { reason, end, says: UNATTRIBUTED_SAYS[reason] } };
  }
  const describe = ({ party, how, says }: AttributedEnd): RecognisedEndDocument => ({
    endpoint: endpoints.ofParty(party),
    how,
    says,
  });
  const destination = (one: AttributedDestination): RecognisedEndDocument => ({
    ...describe(one),
    port: one.port,
    ...(one.via === undefined ? {} : { via: one.via }),
  });
  const refused =
    flow.verdict.kind === 'denied' ? ' that was taken for a request, which says nothing of the connection' : '';
  const opened = what.turned ? `${what.opened}, so the record is an answer${refused}` : what.opened;
  return {
    from: describe(what.from),
    to: what.to.map(destination),
    opened: flow.opened === 'known' ? what.opened : opened,
  };
}
