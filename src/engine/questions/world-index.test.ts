import { describe, expect, it } from 'vitest';
import { namespace, node, pod, scenario, service } from '../../../test/support/scenario.ts';
import { worldOf } from '../endpoints/world.ts';
import { parseCidr } from '../sets/ip-address.ts';
import { ALL_ADDRESSES, type IpSet, NO_ADDRESSES, unionAll } from '../sets/ip-set.ts';
import { namedIn, nodesByName, onlyAddress, serviceAt, serviceNamed, unitsAround, unitsIn } from './world-index.ts';

const WORLD = worldOf(
  scenario([
    namespace('a'),
    namespace('b'),
    pod('a/one', { ip: '10.0.0.1 fd00::1' }),
    pod('a/two', { ip: '10.0.0.2' }),
    pod('b/one', { ip: '10.0.0.3' }),
    pod('b/host', { ip: '192.168.0.1', node: 'n1', hostNetwork: true }),
    node('n1', '192.168.0.1'),
    service('a/front', '{clusterIP: 172.20.0.1, selector: {pod: one}, ports: [{port: 80}]}'),
    service('b/front', '{clusterIP: 172.20.0.2, selector: {pod: one}, ports: [{port: 80}]}'),
  ]).state,
);

const set = (...texts: string[]): IpSet =>
  unionAll(
    texts.map((text) => {
      const parsed = parseCidr(text);
      return parsed.ok ? parsed.set : NO_ADDRESSES;
    }),
  );
const keys = (units: ReturnType<typeof unitsIn>) => units.map(({ endpoint }) => endpoint.key);

describe('what a world holds', () => {
  it('by namespace', () => {
    expect(keys(unitsIn(WORLD, 'a'))).toEqual(['a/Pod/one', 'a/Pod/two']);
    expect(keys(unitsIn(WORLD, 'c'))).toEqual([]);
  });

  it('by name', () => {
    const one = namedIn(WORLD, 'a', 'one');
    expect([keys(one.units), one.pods.map(({ namespace: of, name }) => `${of}/${name}`)]).toEqual([
      ['a/Pod/one'],
      ['a/one'],
    ]);
    expect(namedIn(WORLD, 'b', 'two')).toEqual({ units: [], pods: [] });
    expect(nodesByName(WORLD.state.cluster).get('n1')?.name).toBe('n1');
    expect(serviceNamed(WORLD, 'b', 'front')?.clusterIPs).toEqual(['172.20.0.2']);
    expect(serviceNamed(WORLD, 'a/front', '')).toBeUndefined();
  });

  it('by address, which of a hostNetwork pod is its node’s', () => {
    expect(keys(unitsAround(WORLD, set('10.0.0.2/32')))).toEqual(['a/Pod/two']);
    expect(keys(unitsAround(WORLD, set('fd00::1/128')))).toEqual(['a/Pod/one']);
    expect(keys(unitsAround(WORLD, set('192.168.0.1/32')))).toEqual(['node/n1']);
    expect(keys(unitsAround(WORLD, set('10.9.9.9/32')))).toEqual([]);
    expect(unitsAround(WORLD, set('10.0.0.0/24'))).toHaveLength(WORLD.pods.length + 1);
    expect(serviceAt(WORLD, set('172.20.0.2/32'))?.namespace).toBe('b');
    expect([set('172.20.0.2/31'), set('10.0.0.1/32'), NO_ADDRESSES].map((one) => serviceAt(WORLD, one))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

it('tells one address from several', () => {
  const cases: [IpSet, number | bigint | undefined][] = [
    [set('0.0.0.0/32'), 0],
    [set('255.255.255.255/32'), 2 ** 32 - 1],
    [set('::/128'), 0n],
    [set('10.0.0.0/31'), undefined],
    [set('10.0.0.0/32', '10.0.0.2/32'), undefined],
    [set('10.0.0.0/32', 'fd00::1/128'), undefined],
    [set('fd00::/127'), undefined],
    [NO_ADDRESSES, undefined],
    [ALL_ADDRESSES, undefined],
  ];
  for (const [asked, expected] of cases) expect(onlyAddress(asked)).toBe(expected);
});
