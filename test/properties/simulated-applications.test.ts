// Policies for simulated applications of forty workloads with noise, loss and doubles in their logs, against what each is meant
// to do. The table is in docs/generating-measured.md.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { attributeFlows } from '../../src/engine/attribution/attribute-flows.ts';
import { stateOf } from '../support/replay.ts';
import { ROOT } from '../support/shared.ts';
import { drawApplication, LARGE } from '../support/simulation/draw-application.ts';
import { drawFlows } from '../support/simulation/draw-flows.ts';
import { EVIDENCE_FROM, type EvidenceFrom, generateFrom } from '../support/simulation/generate-from.ts';
import type { LogStyle } from '../support/simulation/log-ends.ts';
import { manifestsOf } from '../support/simulation/manifests-of.ts';
import { type Measured, measure } from '../support/simulation/measure.ts';
import { measuredTable, withSection } from '../support/simulation/measured-page.ts';
import { truthOf } from '../support/simulation/truth-of.ts';

const PAGE = join(ROOT, 'docs/generating-measured.md');

/** From the best log there is to one that knows hardly anything; one application of the seed each. */
const LOGS: readonly Pick<
  LogStyle,
  'names' | 'isBeforeTranslation' | 'knowsOpener' | 'knowsVerdict' | 'loss' | 'doubles'
>[] = [
  { names: 'full', isBeforeTranslation: false, knowsOpener: true, knowsVerdict: true, loss: 0, doubles: 0 },
  { names: 'full', isBeforeTranslation: true, knowsOpener: true, knowsVerdict: true, loss: 0.05, doubles: 0.3 },
  { names: 'names', isBeforeTranslation: false, knowsOpener: true, knowsVerdict: true, loss: 0.3, doubles: 0.3 },
  { names: 'names', isBeforeTranslation: true, knowsOpener: false, knowsVerdict: false, loss: 0.05, doubles: 0 },
  { names: 'addresses', isBeforeTranslation: false, knowsOpener: true, knowsVerdict: true, loss: 0.05, doubles: 0.3 },
  { names: 'addresses', isBeforeTranslation: true, knowsOpener: false, knowsVerdict: false, loss: 0.3, doubles: 0.3 },
];

interface Simulated {
  readonly seed: number;
  readonly log: string;
  readonly measured: ReadonlyMap<EvidenceFrom, Measured>;
}

function simulate(seed: number): Simulated {
  const application = drawApplication(seed, LARGE);
  const style: LogStyle = { ...LOGS[seed - 1]!, calls: 6, noise: 60 };
  const flows = drawFlows(application, style).map(({ flow }) => flow);
  const state = stateOf(manifestsOf(application));
  const given = { flows, broken: 0, lost: 0, within: {} };
  const truth = truthOf(application);
  const measured = new Map(
    EVIDENCE_FROM.map((from) => [from, measure(generateFrom(state, given, from), truth, state)]),
  );
  const { records } = attributeFlows(state, flows);
  const log = `${describeStyle(style)}; ${records.total} records, ${records.unattributed} of them not attributed`;
  return { seed, log, measured };
}

function describeStyle({ names, isBeforeTranslation, knowsOpener, loss, doubles }: LogStyle): string {
  const known = { full: 'owners and labels', names: 'names of pods', addresses: 'addresses alone' }[names];
  return [
    known,
    isBeforeTranslation ? 'addresses of Services' : 'addresses of pods',
    knowsOpener ? 'says who opened' : 'does not say who opened',
    `${100 * loss} % of calls lost`,
    ...(doubles > 0 ? [`${100 * doubles} % double`] : []),
  ].join(', ');
}

describe('policies for simulated applications', () => {
  const all = LOGS.map((_, index) => simulate(index + 1));
  const each = all.flatMap(({ seed, measured }) => [...measured].map(([from, one]) => ({ seed, from, ...one })));

  it('are measured as docs/generating-measured.md says', async () => {
    const rows = all.flatMap(({ seed, measured }) =>
      [...measured].map(([from, one]) => ({ about: [`${seed}`, from], measured: one })),
    );
    const logs = ['| seed | log |', '|---|---|', ...all.map(({ seed, log }) => `| ${seed} | ${log} |`)];
    const text = [measuredTable(['seed', 'learned from'], rows), '', ...logs].join('\n');
    await expect(withSection(readFileSync(PAGE, 'utf8'), 'simulation', text)).toMatchFileSnapshot(PAGE);
  });

  it('allow whatever they were generated from', () => {
    expect(each.filter(({ claims }) => !claims.sound || !claims.safeOrder)).toEqual([]);
  });

  it('deny nothing of which they know', () => {
    // A node is learned by its address, and others like it are not: they are one end here, but not for policies.
    const isAboutNodes = (connection: string) => /^node ->|-> node:/.test(connection);
    for (const { seed, from, denied, missed } of each) {
      const wrong = denied.filter((one) => !missed.includes(one) && !isAboutNodes(one));
      expect({ seed, from, wrong }).toEqual({ seed, from, wrong: [] });
    }
  });

  it('know more from both than from either', () => {
    for (const { measured } of all) {
      const [manifests, flows, both] = EVIDENCE_FROM.map((from) => measured.get(from)!);
      expect(both!.found).toBeGreaterThanOrEqual(Math.max(manifests!.found, flows!.found));
      expect(both!.denied.length).toBeLessThanOrEqual(Math.min(manifests!.denied.length, flows!.denied.length));
    }
  });
});
