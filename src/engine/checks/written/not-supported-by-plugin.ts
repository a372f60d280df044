// What a policy asks for and the plugin does not do. Speaks only of what is known of the plugin.

import { FEATURES, type Feature, type Support, supportOf } from '../../behaviours/index.ts';
import type { Fix } from '../../model/edit.ts';
import type { State } from '../../state.ts';
import type { Check, Problem } from '../check.ts';
import { type FeatureUse, featuresUsed } from './features-used.ts';

/**
 * Rule 20 of the catalogue, and policies that the plugin does not enforce at all. A behaviour that nobody looked up, or
 * named, is taken as the API has it, and says nothing here.
 */
export const NOT_SUPPORTED_BY_PLUGIN: Check = {
  id: 'not-supported-by-plugin',
  severity: 'high',
  scope: 'plugin',
  summary: 'something that a policy asks for and the plugin that was named does not do',
  *find(context) {
    const { state } = context;
    if (state.behaviour.knobs.enforces === 'no') {
      yield* nothingEnforced(state);
      return;
    }
    yield* notEnforced(state);
    const lacking = new Map(
      FEATURES.map((feature) => [feature, supportOf(state.behaviour, feature)] as const).filter(
        ([, { known, is }]) => known && is !== 'yes',
      ),
    );
    if (lacking.size === 0) return;
    for (const use of featuresUsed(context)) {
      const support = lacking.get(use.feature);
      if (support !== undefined) yield problemOf(state, use, support);
    }
  },
};

function pluginName({ behaviour: { name } }: State): string {
  return name === 'none' || name === 'default' ? 'the plugin' : name;
}

/** One finding for all policies. */
function* nothingEnforced(state: State): Generator<Problem> {
  const [first] = state.policies;
  if (first === undefined) return;
  const count = state.policies.length;
  yield {
    object: first.object,
    policy: first,
    path: ['kind'],
    severity: 'critical',
    message: `${pluginName(state)} enforces no policies: neither this one nor any other has an effect`,
    hint: 'install a plugin that enforces policies, or name the one that is there (--cni)',
    effect: `${count} ${count === 1 ? 'policy has' : 'policies have'} no effect`,
  };
}

function* notEnforced(state: State): Generator<Problem> {
  for (const policy of state.placement.notEnforced) {
    // One policy of a kind that is enforced has a reason of its own.
    if (supportOf(state.behaviour, policy.ref.kind as Feature).is === 'yes') continue;
    yield {
      object: policy.object,
      policy,
      path: ['kind'],
      message: `${pluginName(state)} does not enforce ${policy.ref.kind}: this policy has no effect`,
      hint: 'say it with a kind that the plugin enforces',
    };
  }
}

const HINTS: Readonly<Partial<Record<Feature, string>>> = {
  endPort: 'list the ports one by one',
  except: 'write blocks that leave the exceptions out',
  SCTP: 'if it is switched on there, write --assume sctp=enforced',
  portNames: 'write the number of the port',
  egressPortNames: 'write the number of the port',
  sidecarPortNames: 'write the number of the port',
  hostNetworkPods: 'protect the nodes instead, by the means of the plugin or the platform',
  standalonePods: 'let a Deployment, or another workload, own the pods',
};

function problemOf(state: State, use: FeatureUse, support: Support): Problem {
  const { policy, path, feature, what } = use;
  const fix = support.is === 'no' && feature === 'endPort' ? listPorts(use) : undefined;
  const hint = HINTS[feature];
  return {
    object: policy.object,
    policy,
    path,
    ...(support.is === 'no' && feature !== 'hostNetworkPods' ? {} : { severity: 'medium' }),
    message: `${what} may not do what it says with ${pluginName(state)}: ${support.says}`,
    hint: `${hint === undefined ? '' : `${hint}; `}see ${support.source}`,
    ...(fix === undefined ? {} : { fix }),
  };
}

/** How many single ports are offered in place of a range. */
const FEW = 8;

function listPorts({ policy, port }: FeatureUse): Fix | undefined {
  if (port?.type !== 'range' || port.last - port.first >= FEW) return undefined;
  const { object } = policy;
  const list = port.path.slice(0, -1);
  const at = Number(port.path.at(-1));
  const more = Array.from({ length: port.last - port.first }, (_, i) => port.first + 1 + i);
  return {
    title: `list ports ${port.first}-${port.last} one by one`,
    edits: [
      { op: 'remove', object, path: [...port.path, 'endPort'] },
      ...more.map((number) => ({
        op: 'insert' as const,
        object,
        path: [...list, at + 1],
        value: { protocol: port.protocol, port: number },
      })),
    ],
    announced: 'opens',
    safe: false,
  };
}
