import { describe, expect, it } from 'vitest';
import { behaviourOf } from '../behaviours/index.ts';
import { parseAddress } from '../sets/ip-address.ts';
import { METADATA_ADDRESSES } from '../sets/named-ranges.ts';
import { platformsMarkdown } from './platforms-markdown.ts';
import { CLOUDS } from './profiles/clouds.ts';
import { DISTRIBUTIONS } from './profiles/distributions.ts';
import { IDENTITIES } from './profiles/identities.ts';
import { MESHES } from './profiles/meshes.ts';
import { NETWORK_PLUGINS } from './profiles/network-plugins.ts';

describe('docs/platforms.md', () => {
  it('is in step with the tables', async () => {
    await expect(platformsMarkdown()).toMatchFileSnapshot('../../../docs/platforms.md');
  });

  it('has tables whose rows all have their cells', () => {
    const tables = platformsMarkdown()
      .split('\n\n')
      .filter((part) => part.startsWith('|'));
    expect(tables).toHaveLength(7);
    for (const table of tables) {
      const widths = table
        .trim()
        .split('\n')
        .map((line) => line.replaceAll('\\|', '').split('|').length);
      expect(new Set(widths).size, table.slice(0, 60)).toBe(1);
    }
  });
});

describe('tables of platforms', () => {
  it.each([
    ['distributions', DISTRIBUTIONS],
    ['plugins', NETWORK_PLUGINS],
    ['meshes', MESHES],
    ['identities', IDENTITIES],
  ])('%s have distinct names and a source', (_, rows) => {
    expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
    for (const { source } of rows) expect(source).toMatch(/^https:\/\/\S+$/);
  });

  it('names behaviours that exist', () => {
    for (const { cni } of NETWORK_PLUGINS) if (cni !== undefined) expect(behaviourOf(cni).name.split('@')[0]).toBe(cni);
  });

  it('knows every address of clouds that hands out credentials as one that policies must not open by chance', () => {
    const known = new Map(METADATA_ADDRESSES.map(({ address, ports }) => [address, ports]));
    const points = [
      ...CLOUDS.flatMap(({ endpoints }) => endpoints.filter(({ gives }) => gives !== 'names')),
      ...IDENTITIES.flatMap(({ points: own }) => own.filter(({ addresses }) => !addresses.includes('169.254.169.252'))),
    ];
    for (const { addresses } of points) {
      for (const address of addresses) {
        expect(parseAddress(address).ok, address).toBe(true);
        expect([...known.keys()]).toContain(address);
      }
    }
  });
});
