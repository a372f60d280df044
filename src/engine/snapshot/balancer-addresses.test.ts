import { describe, expect, it } from 'vitest';
import { edgesOf, evidenceOf, loadTexts } from '../../../test/support/evidence.ts';
import { deployment, object } from '../../../test/support/scenario.ts';
import { balancerAddresses, servicesByAddress } from './balancer-addresses.ts';

const balanced = (name: string, ingress: string, spec = '') =>
  `${object('v1', 'Service', `shop/${name}`, `{type: LoadBalancer, ${spec}selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}`)}\nstatus: {loadBalancer: {ingress: ${ingress}}}`;
const servicesOf = (...texts: readonly string[]) => loadTexts(texts).cluster.services;

describe('addresses of a load balancer', () => {
  it.each([
    ['what it was given', '[{ip: 203.0.113.50}, {ip: "2001:DB8::50"}]', '', ['203.0.113.50', '2001:db8::50']],
    ['what is asked for', '[]', 'loadBalancerIP: 203.0.113.51, ', ['203.0.113.51']],
    ['no host names', '[{hostname: lb.example.com}]', '', []],
    [
      'none that the balancer itself has to see',
      '[{ip: 203.0.113.50, ipMode: Proxy}]',
      'loadBalancerIP: 203.0.113.50, ',
      [],
    ],
    ['nothing of nonsense', '{ip: 203.0.113.50}', '', []],
  ])('are %s', (_what, ingress, spec, expected) => {
    expect(balancerAddresses(servicesOf(balanced('web', ingress, spec))[0]!)).toEqual(expected);
  });

  it('mean no Service where two share one', () => {
    const [one, other] = [balanced('web', '[{ip: 203.0.113.50}]'), balanced('api', '[{ip: 203.0.113.50}]')];
    expect(servicesByAddress(servicesOf(one)).get('203.0.113.50')?.name).toBe('web');
    expect(servicesByAddress(servicesOf(one, other)).has('203.0.113.50')).toBe(false);
  });

  it('lead a pod to the pods behind it', () => {
    const caller = object(
      'v1',
      'Pod',
      'shop/caller',
      '{containers: [{name: c, env: [{name: WEB_URL, value: "http://203.0.113.50"}]}]}',
    );
    const texts = [deployment('shop/web', 'app=web', '8080'), balanced('web', '[{ip: 203.0.113.50}]'), caller];
    expect(edgesOf(evidenceOf(texts))).toContain('shop/caller -> shop/web:8080/TCP');
  });
});
