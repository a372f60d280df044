// Reading flow logs: Hubble's JSON and tables, packed or not, of any size. The public face of src/flows.

export { STDIN_PATH } from './find-logs.ts';
export { FLOW_FIELDS, type FlowColumns, type FlowField, parseFlowColumns } from './flow-columns.ts';
export { FLOW_FORMATS } from './flow-formats.ts';
export { endKey, type FlowFacts, flowKey } from './flow-key.ts';
export {
  ASIDE_REASONS,
  ASIDE_SAYS,
  type AsideReason,
  type FlowProblem,
  type FlowSummary,
  type ResolvedName,
} from './flow-summary.ts';
export { type PartHelp, threadHelp } from './log-part/part-thread.ts';
export { type FlowProgress, HELD_FLOWS, type ReadFlowsOptions, readFlowLog } from './read-flow-log.ts';
export { type FlowsRead, readFlows } from './read-flows.ts';
