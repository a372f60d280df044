// What plugins do: knobs, named behaviours, and where they put policies. The way in for the rest of the engine.

export type { ListedBehaviour } from './behaviour-of.ts';
export { behaviourOf, comparedBehaviours, listBehaviours } from './behaviour-of.ts';
export type { DescribedKnob } from './describe.ts';
export { assumptionsOf, behavioursMarkdown, describeBehaviour } from './describe.ts';
export { addressesOfName } from './domain-map.ts';
export { countedPorts, resolveEgressNames } from './egress-names.ts';
export { resolveIngressNames } from './ingress-names.ts';
export type { Assumption, KnobDefinition, KnobName } from './knobs.ts';
export { DEFAULT_KNOBS, describeKnob, KNOB_NAMES, KNOBS, parseAssumption, printKnob } from './knobs.ts';
export type { KnobInput } from './knobs-in-play.ts';
export { knobsInPlay } from './knobs-in-play.ts';
export { chainOf, placePolicies } from './place.ts';
export type { Confidence, KnownValue, Plugin, PluginVersion } from './plugins.ts';
export type { Feature, Support } from './support.ts';
export { FEATURES, supportOf } from './support.ts';
