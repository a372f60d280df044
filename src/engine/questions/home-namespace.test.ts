import { describe, expect, it } from 'vitest';
import { deployment, namespace, pod, scenario, service } from '../../../test/support/scenario.ts';
import { worldOf } from '../endpoints/world.ts';
import { PORT_PROTOCOLS } from '../sets/traffic-set.ts';
import { parseEndpoint } from './parse-endpoint.ts';
import { resolve } from './resolve.ts';

const s = scenario([
  namespace('shop'),
  namespace('lab'),
  deployment('shop/web', 'app=web', 'http=8080'),
  pod('lab/web', { labels: 'app=web' }),
  service('lab/shop', '{selector: {app: web}, ports: [{port: 80}]}'),
]);

/** What is said to a person about a name that cannot be meant. */
function refused(text: string, defaultNamespace = 'default'): string {
  try {
    resolve(worldOf(s.state), parseEndpoint(text), { defaultNamespace, protocols: PORT_PROTOCOLS });
    return 'no error';
  } catch (error) {
    const { message, hint } = error as { message: string; hint?: string };
    return hint === undefined ? message : `${message}; ${hint}`;
  }
}

describe('a workload that cannot be where it is looked for', () => {
  it.each([
    ['pod/web', 'there is no namespace "pod"; "pod" is a kind: write NAMESPACE/pod/web'],
    ['deploy/web', 'there is no namespace "deploy"; "deploy" is a kind: write NAMESPACE/deploy/web'],
    ['example.com', 'no workload is called "example.com"; for a host outside write its address, or internet'],
    [
      'web.shop.svc.cluster.local',
      'no workload is called "web.shop.svc.cluster.local"; for a Service write shop/service/web',
    ],
    ['web.shop.svc', 'no workload is called "web.shop.svc"; for a Service write shop/service/web'],
    [
      'shop',
      '"shop" is written without a namespace, and there is no namespace "default"; "shop" is a namespace: write shop/NAME for one workload, shop/ for all',
    ],
    [
      'lab',
      '"lab" is written without a namespace, and there is no namespace "default"; "lab" is a namespace: write lab/NAME for one workload, lab/ for all',
    ],
    [
      'wev',
      '"wev" is written without a namespace, and there is no namespace "default"; did you mean lab/pod/web or shop/deployment/web?',
    ],
    [
      'something',
      '"something" is written without a namespace, and there is no namespace "default"; write NAMESPACE/something, or name the namespace with -n',
    ],
  ])('%s', (text, message) => {
    expect(refused(text)).toBe(message);
  });

  it('is said in the namespace of -n too, where a Service of that name comes first', () => {
    expect(refused('lab', 'shop')).toBe(
      'namespace "shop" has no workload "lab"; "lab" is a namespace: write lab/NAME for one workload, lab/ for all',
    );
    expect(refused('shop', 'lab')).toBe(
      'namespace "lab" has no workload "shop"; to ask about the Service of that name, write lab/service/shop',
    );
    expect(refused('web', 'shpo')).toMatch(/^namespace "shpo" has no workload "web"; write lab\/pod\/web or/);
    expect(refused('nothing', 'shpo')).toBe('there is no namespace "shpo"; did you mean shop?');
  });
});
