// The data on plugins: complete, sourced and in order.

import { describe, expect, it } from 'vitest';
import { DEFAULT_KNOBS, parseAssumption, printKnob } from './knobs.ts';
import { PLUGINS } from './plugins.ts';

const VERSIONS = PLUGINS.flatMap((plugin) =>
  plugin.versions.map((version) => [`${plugin.name}@${version.version ?? ''}`, version] as const),
);

describe('plugins', () => {
  it.each(VERSIONS)('%s has each knob once, with a legal value', (_name, { values }) => {
    expect(values.map(({ knob }) => knob)).toEqual([...new Set(values.map(({ knob }) => knob))]);
    for (const { knob, value } of values) {
      const printed = printKnob({ ...DEFAULT_KNOBS, [knob]: value }, knob);
      expect(parseAssumption(`${knob}=${printed}`).value).toEqual(value);
    }
  });

  it.each(VERSIONS)('%s says where each value is known from', (_name, { values }) => {
    for (const value of values) {
      expect(value.source, value.knob).toMatch(value.confidence === 'measured' ? /^measured: / : /^https:\/\/\S+$/);
      expect(value.because, value.knob).toMatch(/^[a-zA-Z].{15,}[^.]$/);
    }
  });

  it.each(PLUGINS.map((plugin) => [plugin.name, plugin] as const))('%s: versions ascend', (_name, { versions }) => {
    const numbers = versions.map(({ version }) => (version ?? '0.0').split('.').map(Number));
    for (const pair of numbers) expect(pair).toHaveLength(2);
    for (let i = 1; i < numbers.length; i++) {
      const [before, after] = [numbers[i - 1]!, numbers[i]!];
      expect(after[0]! - before[0]! || after[1]! - before[1]!).toBeGreaterThan(0);
    }
  });

  it('calls measured only what was measured on the node', () => {
    const measured = PLUGINS.flatMap(({ name, versions }) =>
      versions.flatMap(({ version, values }) =>
        values.filter(({ confidence }) => confidence === 'measured').map(({ knob }) => `${name}@${version} ${knob}`),
      ),
    );
    expect(measured.sort()).toEqual([
      'cilium@1.15 egressNamedPorts',
      'cilium@1.15 endPort',
      'cilium@1.15 ipBlockMatchesPods',
      'cilium@1.15 localNodeIngress',
      'cilium@1.15 sctp',
      'cilium@1.15 unlistedDirectionRules',
    ]);
  });
});
