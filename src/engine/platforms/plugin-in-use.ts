// The part of detection that costs little and that every verb may ask for: distribution, plugins, enforcement and --cni.

import { behaviourOf } from '../behaviours/index.ts';
import type { State } from '../state.ts';
import { suggestCni } from './cni-suggestion.ts';
import { findDistribution } from './distribution.ts';
import { findEnforcement } from './enforcement.ts';
import type { Known } from './fact.ts';
import { NOTHING_STATED, type PlatformFacts, type ServerSigns, type StatedPlatform } from './platform-facts.ts';
import { findPlugins } from './plugins.ts';

/** What is known of the plugin. */
export type PluginFacts = Pick<PlatformFacts, 'distribution' | 'plugins' | 'enforcement' | 'cni'>;

/** The plugin that a snapshot shows, and what it does. `server` stands in for what the state itself holds of its server. */
export function findPluginInUse(
  state: State,
  server: ServerSigns = {},
  platform: StatedPlatform = NOTHING_STATED,
): PluginFacts {
  const signs = { ...state.server, ...server };
  const distribution = findDistribution(state, signs, platform);
  const plugins = findPlugins(state, signs);
  const enforcement = findEnforcement(state, distribution, plugins);
  return { distribution, plugins, enforcement, cni: suggestCni(distribution, plugins, enforcement) };
}

/** The behaviour with which no ipBlock matches a node: the one that was named, or else the one that the snapshot suggests. */
export function findUnmatched(
  { behaviour }: Pick<State, 'behaviour'>,
  { cni }: Pick<PluginFacts, 'cni'>,
): string | undefined {
  const likely =
    behaviour.name === 'default' && cni.how !== 'unknown' ? behaviourOf(cni.value, behaviour.assumed) : behaviour;
  return likely.knobs.ipBlockMatchesNodes === false ? likely.name : undefined;
}

/** Reports whether the plugin judges what pods send before addresses of Services are translated, named or shown. */
export function judgesBeforeTranslation(
  { behaviour }: Pick<State, 'behaviour'>,
  { plugins }: Pick<PluginFacts, 'plugins'>,
): boolean {
  const isShown = plugins.some(({ value }) => value.name === 'aws-vpc-cni' && value.enforces !== 'no');
  return behaviour.knobs.serviceView === 'preDNAT' || (behaviour.name === 'default' && isShown);
}

/** What shows that nothing in the cluster enforces policies, where no plugin was named; undefined: nothing shows that. */
export function findNoEnforcement(state: State): Known<'no'> | undefined {
  if (state.behaviour.name !== 'default' || state.behaviour.assumed.length > 0) return undefined;
  const { enforcement } = findPluginInUse(state);
  return enforcement.how === 'shown' && enforcement.value === 'no' ? { ...enforcement, value: 'no' } : undefined;
}
