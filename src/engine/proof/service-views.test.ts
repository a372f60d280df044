import { describe, expect, it } from 'vitest';
import { namespace, pod, policy, scenario, service } from '../../../test/support/scenario.ts';
import { worldOf } from '../endpoints/world.ts';
import type { Evidence } from '../model/evidence.ts';
import { courtOf } from './prove.ts';
import { judgeNeed } from './soundness.ts';

const NEED = {
  from: { type: 'workload', key: 'shop/Pod/web' },
  to: { type: 'workload', key: 'shop/Pod/db' },
  protocol: 'TCP',
  ports: [5432, 5432],
} as const;

const THROUGH: Evidence = {
  ...NEED,
  kind: 'environment',
  confidence: 'likely',
  says: 'DB of shop/web names Service shop/db',
  via: { namespace: 'shop', name: 'db', port: 5432 },
};

const PODS = [
  namespace('shop'),
  pod('shop/web', { labels: 'app=web', ip: '10.0.0.1', ports: '8080' }),
  pod('shop/db', { labels: 'app=db,role=main', ip: '10.0.0.2', ports: '5432' }),
];
const SERVICE = service('shop/db', '{clusterIP: 10.96.0.9, selector: {app: db}, ports: [{port: 5432}]}');
const TO_DB = (labels: string) =>
  policy(
    'shop/web',
    `{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels: {${labels}}}}], ports: [{port: 5432}]}]}`,
  );

function judge(objects: readonly string[], knob: string, evidence: readonly [Evidence]): string {
  const { state } = scenario([...PODS, ...objects], { assume: [`serviceView=${knob}`] });
  const judged = judgeNeed(courtOf(worldOf(state)), { ...NEED, evidence });
  return 'witness' in judged ? `${judged.verdict}: ${judged.witness.trace.reasons.join()}` : judged.verdict;
}

describe('a need that goes through a Service', () => {
  it('is judged as a call to the pod where plugins translate first', () => {
    expect(judge([SERVICE, TO_DB('role: main')], 'postDNAT', [THROUGH])).toBe('allowed');
  });

  it('is unknown where the plugin may see the Service, which the peer does not select as its own', () => {
    expect(judge([SERVICE, TO_DB('role: main')], 'preDNAT', [THROUGH])).toBe('unknown: service-view');
  });

  it('is allowed where the pod is called by its own address', () => {
    const { via: _, ...direct } = THROUGH;
    expect(judge([SERVICE, TO_DB('role: main')], 'preDNAT', [direct])).toBe('allowed');
  });

  it('is allowed where nothing isolates the caller', () => {
    expect(judge([SERVICE], 'preDNAT', [THROUGH])).toBe('allowed');
  });

  it('is allowed through a headless Service, which only names its pods', () => {
    const headless = service('shop/db', '{clusterIP: None, selector: {app: db}, ports: [{port: 5432}]}');
    expect(judge([headless, TO_DB('role: main')], 'preDNAT', [THROUGH])).toBe('allowed');
  });
});
