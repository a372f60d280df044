import { describe, expect, it } from 'vitest';
import { object, scenario } from '../../../test/support/scenario.ts';

function read(spec: string, apiVersion = 'route.openshift.io/v1') {
  const { state, findings } = scenario([object(apiVersion, 'Route', 'x/r', spec)], { mayRefuse: true });
  return { route: state.cluster.openShiftRoutes[0]!, findings, gaps: state.gaps };
}

describe('readOpenShiftRoute', () => {
  it('reads the Services behind it, each once; the kind and the weight have defaults', () => {
    const { route, findings } = read(
      '{host: shop.example.com, to: {kind: Service, name: web}, alternateBackends: [{name: api, weight: 1}, {kind: "", name: web}], tls: {termination: edge}}',
    );
    expect(findings).toEqual([]);
    expect(route.services).toEqual(['api', 'web']);
    expect(route.targetPort).toBeUndefined();
  });

  it('weight 0 suppresses requests', () => {
    expect(read('{to: {name: a, weight: 0}, alternateBackends: [{name: b, weight: 256}]}').route.services).toEqual([
      'b',
    ]);
  });

  it.each([
    ['8080', '8080'],
    ['"8080"', '8080'],
    ['http', 'http'],
  ])('targetPort %s is compared as text', (written, expected) => {
    expect(read(`{to: {name: a}, port: {targetPort: ${written}}}`).route.targetPort).toBe(expected);
  });

  it('v1, where OpenShift 3 had it, reads the same with a low finding', () => {
    const { route, findings } = read('{to: {name: a}}', 'v1');
    expect([route.services, findings]).toEqual([['a'], ['removed-api-version apiVersion']]);
  });

  it.each([
    ['{}', 'refused missing-field spec.to'],
    ['{to: web}', 'refused wrong-type spec.to'],
    ['{to: {}}', 'refused missing-field spec.to.name'],
    ['{to: {kind: Deployment, name: a}}', 'refused invalid-value spec.to.kind'],
    ['{to: {name: a, weight: 257}}', 'refused invalid-value spec.to.weight'],
    ['{to: {name: a, weight: half}}', 'refused wrong-type spec.to.weight'],
    ['{to: {name: a}, alternateBackends: [{weight: 1}]}', 'refused missing-field spec.alternateBackends[0].name'],
    ['{to: {name: a}, port: {}}', 'refused missing-field spec.port.targetPort'],
    ['{to: {name: a}, port: {targetPort: 0}}', 'refused invalid-port spec.port.targetPort'],
    ['{to: {name: a}, port: {targetPort: [80]}}', 'refused wrong-type spec.port.targetPort'],
  ])('%s is a finding with its place, and a gap', (spec, finding) => {
    const { findings, gaps } = read(spec);
    expect(findings).toEqual([finding]);
    expect(gaps.map(({ namespaces }) => namespaces)).toEqual([['x']]);
  });
});
