// Semantics 1.11: which pods count, and what takes effect when.

import { describe, expect, it } from 'vitest';
import { diff } from '../../src/engine/questions/diff.ts';
import { namespace, pod, policy, scenario, XWZ } from '../support/scenario.ts';

const FROM_JOB = policy(
  'x/p',
  '{podSelector: {matchLabels: {pod: a}}, ingress: [{from: [{podSelector: {matchLabels: {app: job}}}]}]}',
);

describe('1.11 lifecycle', () => {
  it('L1: a policy applies to the whole pod: ports of init containers and sidecars too', () => {
    const own = pod('x/a', { ports: 'web=80', sidecar: 'metrics=9090', init: 'setup=7070' });
    const s = scenario([namespace('x'), own, pod('x/b'), policy('x/p', '{podSelector: {}}')]);
    expect([80, 9090, 7070].map((port) => s.can('x/b', `x/a:${port}`))).toEqual(['denied', 'denied', 'denied']);
  });

  it('L2: a pod that does not run yet is judged as if it did', () => {
    const s = scenario([
      namespace('x'),
      pod('x/a', { phase: 'Pending' }),
      pod('x/b'),
      policy('x/p', '{podSelector: {}}'),
    ]);
    expect(s.can('x/b', 'x/a')).toBe('denied');
  });

  it.each(['Succeeded', 'Failed'])(
    'L3: a %s pod is neither subject nor peer, though its address lives on in another',
    (phase) => {
      const done = pod('x/job', { labels: 'app=job', ip: '10.0.0.7', phase });
      const heir = pod('x/heir', { ip: '10.0.0.7' });
      const s = scenario([namespace('x'), pod('x/a'), done, heir, FROM_JOB]);
      expect(s.can('x/heir', 'x/a')).toBe('denied');
      expect(() => s.can('x/job', 'x/a')).toThrow('no workload "job"');
      const isolated = scenario([
        namespace('x'),
        pod('x/a'),
        done,
        heir,
        policy('x/p', '{podSelector: {matchLabels: {app: job}}}'),
      ]);
      expect(isolated.can('x/a', 'x/heir')).toBe('allowed');
    },
  );

  it('L3: a running pod with that label is a peer', () => {
    const s = scenario([namespace('x'), pod('x/a'), pod('x/job', { labels: 'app=job' }), FROM_JOB]);
    expect(s.can('x/job', 'x/a')).toBe('allowed');
  });

  it('L3: an unknown phase still counts: the pod may run', () => {
    const s = scenario([namespace('x'), pod('x/a'), pod('x/job', { labels: 'app=job', phase: 'Unknown' }), FROM_JOB]);
    expect(s.can('x/job', 'x/a')).toBe('allowed');
  });

  it('L4: without its last policy a pod is open again', () => {
    const deny = policy('x/p', '{podSelector: {}}');
    expect(scenario([...XWZ, deny]).can('w/a', 'x/a')).toBe('denied');
    expect(scenario(XWZ).can('w/a', 'x/a')).toBe('allowed');
  });

  it('L4: a new label on a pod or namespace takes effect at once', () => {
    const by = policy(
      'x/p',
      '{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: red}}, podSelector: {matchLabels: {app: web}}}]}]}',
    );
    const can = (team: string, labels: string) =>
      scenario([namespace('x'), namespace('w', team), pod('x/a'), pod('w/a', { labels }), by]).can('w/a', 'x/a');
    expect(can('', 'app=web')).toBe('denied');
    expect(can('team=red', 'pod=a')).toBe('denied');
    expect(can('team=red', 'app=web')).toBe('allowed');
  });

  it('L5: a diff is about new connections: what a policy takes away is removed, whatever is established', () => {
    const [before, after] = [scenario(XWZ), scenario([...XWZ, policy('x/p', '{podSelector: {}}')])];
    const changes = diff(before.state, after.state, { defaultNamespace: 'default', protocols: ['TCP'] });
    expect(changes.added).toEqual([]);
    expect(changes.removed.length).toBeGreaterThan(0);
  });
});
