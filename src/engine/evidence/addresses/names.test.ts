import { describe, expect, it } from 'vitest';
import { isOwnPublicName, nameSays, portNamesFor } from './names.ts';

describe('what a name says', () => {
  it.each([
    ['CART_ADDR', 'address'],
    ['ELASTICSEARCH_URL', 'address'],
    ['OPENSEARCH_HOSTS', 'address'],
    ['SEARCH_ADDR', 'address'],
    ['searchServiceUrl', 'address'],
    ['DNS_SEARCH', 'never'],
    ['SEARCH_DOMAINS', 'never'],
    ['NO_PROXY', 'never'],
    ['LISTEN_ADDR', 'listen'],
    ['HOSTNAME', 'listen'],
    ['IMAGE_URL', 'never'],
    ['CRON_SCHEDULE', 'never'],
    ['GREETING', 'nothing'],
  ])('%s: %s', (name, says) => {
    expect(nameSays(name)).toBe(says);
  });

  it('tells the own address of a program from one that it calls', () => {
    expect(isOwnPublicName('PUBLIC_URL')).toBe(true);
    expect(isOwnPublicName('CART_URL')).toBe(false);
  });

  it('finds the port beside a host', () => {
    expect(portNamesFor('DB_HOST')).toContain('DBPORT');
    expect(portNamesFor('GREETING')).toEqual([]);
  });
});
