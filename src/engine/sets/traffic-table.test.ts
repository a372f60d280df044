import { describe, expect, it } from 'vitest';
import { NO_TRAFFIC, traffic, union } from './traffic-set.ts';
import { trafficTable } from './traffic-table.ts';

const WEB = () => traffic('TCP', 80);
const ALL = () => traffic('TCP', 1, 65535);

describe('trafficTable', () => {
  it('has one value for equal sets, and another for others', () => {
    const table = trafficTable();
    expect(table.unique(WEB())).toBe(table.unique(WEB()));
    expect(table.unique(WEB())).not.toBe(table.unique(ALL()));
  });

  it('has no traffic from the start, and as the result of what leaves nothing', () => {
    const table = trafficTable();
    expect(table.unique({})).toBe(NO_TRAFFIC);
    expect(table.subtract(table.unique(WEB()), table.unique(ALL()))).toBe(NO_TRAFFIC);
  });

  it('makes what sets make, the same value each time', () => {
    const table = trafficTable();
    const [web, dns, all] = [WEB(), traffic('UDP', 53), ALL()].map(table.unique) as [object, object, object];
    expect(table.union(web, dns)).toEqual(union(WEB(), traffic('UDP', 53)));
    expect(table.union(web, dns)).toBe(table.union(dns, web));
    expect(table.union(NO_TRAFFIC, web)).toBe(web);
    expect(table.subtract(all, web)).toEqual({ TCP: [1, 80, 81, 65536] });
    expect(table.subtract(all, web)).toBe(table.subtract(all, web));
    expect(table.subtract(web, NO_TRAFFIC)).toBe(web);
  });
});
