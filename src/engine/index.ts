// The public API of the engine: pure functions over plain values. It runs in Node, browsers and workers alike.

export { type AttributeOptions, attributeFlows } from './attribution/attribute-flows.ts';
export type { Attribution, DeniedConnection, LeftAside, Unattributed } from './attribution/attribution.ts';
export {
  type Assumption,
  behaviourOf,
  comparedBehaviours,
  type DescribedKnob,
  describeBehaviour,
  KNOB_NAMES,
  type ListedBehaviour,
  listBehaviours,
} from './behaviours/index.ts';
export type { CheckScope } from './checks/check.ts';
export { type CheckInfo, listChecks } from './checks/list-checks.ts';
export { applyEdits } from './edits/apply-edits.ts';
export { PARTS, type Part } from './generate/categories.ts';
export { type FlowsGiven, type Gathered, gatherEvidence } from './generate/gather-evidence.ts';
export { GUARANTEES, type Guarantee, type GuaranteeRequest, parseGuarantee } from './guarantees/built-in.ts';
export type { Behaviour, Knobs } from './model/behaviour.ts';
export type { AddressPlan, Cluster, Gap } from './model/cluster.ts';
export type { Edit, Fix } from './model/edit.ts';
export type { Finding, Severity } from './model/finding.ts';
export type { FlowEnd, FlowPlace, FlowVerdict, ObservedFlow } from './model/flow.ts';
export type { Policy, PolicyRef } from './model/policy.ts';
export type { ManifestObject, Path, Source } from './model/source.ts';
export { UserError, type UserErrorCode } from './model/user-error.ts';
export type { Flow, Verdict } from './model/verdict.ts';
export { detectPlatform, type PlatformFacts, type StatedPlatform } from './platforms/index.ts';
export type {
  EndpointExpression,
  MapFilter,
  PairExpression,
  PortExpression,
  QuestionContext,
  TestCase,
} from './questions/ask.ts';
export { can } from './questions/can.ts';
export { diff } from './questions/diff.ts';
export {
  type Answer,
  type AnswerVerdict,
  API_VERSION,
  type ConnectivityDiff,
  type ConnectivityMap,
  type Document,
  type Explanation,
  type FindingDocument,
  type Findings,
  type TestReport,
  type WhoCan,
} from './questions/documents.ts';
export { type ExplainOptions, explain } from './questions/explain.ts';
export { type ExplainFlowOptions, explainFlow } from './questions/explain-flow.ts';
export { type ExposureFilter, exposure } from './questions/exposure.ts';
export { withAccess } from './questions/exposure-access.ts';
export type { Exposure } from './questions/exposure-document.ts';
export type { FlowExplanation } from './questions/flow-explanation-document.ts';
export { type GenerateRequest, generatePolicies } from './questions/generate.ts';
export type { GeneratedPolicies } from './questions/generated-document.ts';
export { findProblems, type LintOptions, lint } from './questions/lint.ts';
export { mapConnectivity } from './questions/map.ts';
export { parseEndpoint, printEndpoint } from './questions/parse-endpoint.ts';
export { type Destination, parseDestination, parsePair, printPair } from './questions/parse-pair.ts';
export { parsePort, printPort } from './questions/parse-ports.ts';
export { parseSelector } from './questions/parse-selector.ts';
export { type ParsedTests, parseTests } from './questions/parse-tests.ts';
export { explainPortable } from './questions/portable/explain-portable.ts';
export { mapPortable } from './questions/portable/map-portable.ts';
export type { PortableExplanation, PortableMap } from './questions/portable-document.ts';
export { type ReplayOptions, replay } from './questions/replay.ts';
export type { Replay } from './questions/replay-document.ts';
export { runTests } from './questions/run-tests.ts';
export { whoCan } from './questions/who-can.ts';
export { type LoadInput, loadState, type State } from './state.ts';
export type { EndNumbers } from './verdicts/end-numbers.ts';
export type { FlowBatch } from './verdicts/flow-batch.ts';
export { FLOW_PROTOCOLS, type FlowVerdicts, flowVerdicts, type NumberedEnd } from './verdicts/flow-verdicts.ts';
export { VERDICTS } from './verdicts/verdict-codes.ts';
export type { FlowReason, JudgedFlow, JudgedSide } from './verdicts/why-flow.ts';
