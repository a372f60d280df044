// From what the user says (--cni, --assume) to a behaviour. Knows no plugin by name; plugins.ts does.

import type { Behaviour, Knobs } from '../model/behaviour.ts';
import { nearestNames } from '../model/nearest-names.ts';
import { UserError } from '../model/user-error.ts';
import type { Assumption } from './knobs.ts';
import { DEFAULT_KNOBS, parseAssumption } from './knobs.ts';
import type { Plugin, PluginVersion } from './plugins.ts';
import { PLUGINS } from './plugins.ts';

/** One line of `--cni list`. */
export interface ListedBehaviour {
  readonly behaviour: Behaviour;
  readonly title: string;
  /** Whether the plugin's plain name means this version; true for a behaviour without versions. */
  readonly newest: boolean;
}

/** Every behaviour that has a name, plugin by plugin, newest version first. */
export function listBehaviours(): readonly ListedBehaviour[] {
  return PLUGINS.flatMap((plugin) =>
    plugin.versions
      .map((version, i) => ({
        behaviour: makeBehaviour(plugin, version, [], []),
        title: plugin.title,
        newest: i === plugin.versions.length - 1,
      }))
      .reverse(),
  );
}

/**
 * The behaviour of `--cni`: a name alone means its newest version, `cilium@1.15` (also `@v1.15.19`) that one. A version
 * that is not known behaves as the nearest lower one, which {@link Behaviour.name} names. `assumptions` are the values of
 * `--assume` as typed; they come last, so they win over the plugin.
 * @throws UserError `invalid-behaviour`: no such plugin, a version below the lowest that is known or that is none, a knob
 * or value that does not exist, or one knob with two values.
 */
export function behaviourOf(cni: string, assumptions: readonly string[] = []): Behaviour {
  const at = cni.indexOf('@');
  const name = at < 0 ? cni : cni.slice(0, at);
  const plugin = PLUGINS.find((one) => one.name === name);
  if (plugin === undefined) throw new UserError('invalid-behaviour', `there is no plugin "${name}"`, hintForName(name));
  const version = at < 0 ? plugin.versions.at(-1)! : chooseVersion(plugin, cni.slice(at + 1));
  return makeBehaviour(plugin, version, readAssumptions(assumptions), assumptions);
}

/**
 * The behaviours that answers for several plugins compare, in the order given and none twice: those of a list with commas
 * as `--cni` has them; absent: the newest version of every plugin that enforces policies and of which something is known.
 * @throws UserError `invalid-behaviour` as {@link behaviourOf}, and for a list of fewer than two.
 */
export function comparedBehaviours(list?: string, assumptions: readonly string[] = []): readonly Behaviour[] {
  if (list === undefined) {
    const real = PLUGINS.filter(({ versions }) => {
      const { values } = versions.at(-1)!;
      return values.length > 0 && !values.some(({ knob, value }) => knob === 'enforces' && value === 'no');
    });
    return real.map(({ name }) => behaviourOf(name, assumptions));
  }
  const named = list.split(',').map((name) => behaviourOf(name.trim(), assumptions));
  const distinct = [...new Map(named.map((behaviour) => [behaviour.name, behaviour])).values()];
  if (distinct.length > 1) return distinct;
  throw new UserError('invalid-behaviour', `"${list}" is one plugin, and at least two are compared`, {
    hint: 'write a list such as calico,cilium, or leave it out to compare all plugins',
  });
}

/** What plugins.ts holds for a behaviour; undefined for one that was not made here. */
export function pluginOf(behaviour: Behaviour): { plugin: Plugin; version: PluginVersion } | undefined {
  for (const plugin of PLUGINS) {
    for (const version of plugin.versions) {
      if (nameOf(plugin, version) === behaviour.name) return { plugin, version };
    }
  }
  return undefined;
}

function nameOf(plugin: Plugin, { version }: PluginVersion): string {
  return version === undefined ? plugin.name : `${plugin.name}@${version}`;
}

function makeBehaviour(
  plugin: Plugin,
  version: PluginVersion,
  assumptions: readonly Assumption[],
  assumed: readonly string[],
): Behaviour {
  const knobs: Knobs = [...version.values, ...assumptions].reduce(withValue, DEFAULT_KNOBS);
  // Who says which APIs are enforced means all of their kinds.
  const kinds = assumptions.some(({ knob }) => knob === 'apis') ? undefined : version.kindsNotEnforced;
  return {
    name: nameOf(plugin, version),
    knobs,
    assumed,
    placement: plugin.placement,
    ...(kinds === undefined ? {} : { kindsNotEnforced: kinds }),
  };
}

function withValue(knobs: Knobs, { knob, value }: Assumption): Knobs {
  return { ...knobs, [knob]: value };
}

/** In the order given; the same assumption twice is one. */
function readAssumptions(texts: readonly string[]): readonly Assumption[] {
  const read = new Map<string, { assumption: Assumption; text: string }>();
  for (const text of texts) {
    const assumption = parseAssumption(text);
    const before = read.get(assumption.knob);
    if (before !== undefined && JSON.stringify(before.assumption, plain) !== JSON.stringify(assumption, plain)) {
      const message = `"${before.text}" and "${text}" contradict each other`;
      throw new UserError('invalid-behaviour', message, { hint: `leave one value for ${assumption.knob}` });
    }
    if (before === undefined) read.set(assumption.knob, { assumption, text });
  }
  return [...read.values()].map(({ assumption }) => assumption);
}

function plain(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

function chooseVersion(plugin: Plugin, text: string): PluginVersion {
  const known = plugin.versions.flatMap(({ version }) => (version === undefined ? [] : [version]));
  if (known.length === 0) {
    const message = `"${plugin.name}" has no versions`;
    throw new UserError('invalid-behaviour', message, { hint: `write ${plugin.name}` });
  }
  const hint = `known versions: ${known.join(', ')}; others behave as the nearest lower one`;
  const asked = parseVersion(text);
  if (asked === undefined) {
    throw new UserError('invalid-behaviour', `"${text}" is no version of ${plugin.name}`, { hint });
  }
  const chosen = plugin.versions.findLast(({ version }) => compareVersions(parseVersion(version ?? '')!, asked) <= 0);
  if (chosen === undefined) {
    throw new UserError('invalid-behaviour', `nothing is known of ${plugin.name} ${text} or lower`, { hint });
  }
  return chosen;
}

type Version = readonly [major: number, minor: number];

/** `1.15`, `v1.15.19`, `1.20.0-rc.1`; `1` is the newest 1.x. Undefined for anything else. */
function parseVersion(text: string): Version | undefined {
  const match = /^v?(\d{1,6})(?:\.(\d{1,6})(?:\.\d{1,6})?)?(?:[-+].*)?$/.exec(text);
  if (match === null) return undefined;
  return [Number(match[1]), match[2] === undefined ? Number.POSITIVE_INFINITY : Number(match[2])];
}

function compareVersions(a: Version, b: Version): number {
  return a[0] === b[0] ? a[1] - b[1] : a[0] - b[0];
}

function hintForName(name: string): { hint: string } {
  const names = PLUGINS.map((plugin) => plugin.name);
  const nearest = nearestNames(name, names);
  const known = `known: ${names.join(', ')}; --cni list shows each with its knobs`;
  return { hint: nearest.length > 0 ? `did you mean ${nearest.join(', ')}? ${known}` : known };
}
