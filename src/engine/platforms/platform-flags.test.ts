import { describe, expect, it } from 'vitest';
import { UserError } from '../model/user-error.ts';
import { parseApiServer, parseDnsServer, parseMetadata, parsePlatformFlags } from './platform-flags.ts';

const failure = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError) return `${error.message} | ${error.hint ?? ''}`;
    throw error;
  }
  return 'no error';
};

describe('flags about a platform', () => {
  it('read nothing from nothing', () => {
    expect(parsePlatformFlags({})).toEqual({ apiServer: [], apiServerClients: [], dns: [], nodeResolvers: [] });
  });

  it.each([
    ['192.0.2.1:6443', '192.0.2.1/32', 6443],
    ['192.0.2.0/28:443', '192.0.2.0/28', 443],
    ['[2001:db8::1]:6443', '2001:db8::1/128', 6443],
    ['[2001:db8::/64]:6443', '2001:db8::/64', 6443],
  ])('--api-server %s', (text, cidr, port) => {
    expect(parseApiServer(text)).toEqual({ cidrs: [cidr], port });
  });

  it.each([
    ['192.0.2.1', '"192.0.2.1" has no port | write 192.0.2.1:6443'],
    ['2001:db8::1', '"2001:db8::1" has no port | write [2001:db8::1]:6443'],
    ['api.example:443', '--api-server: "api.example:443": '],
    ['192.0.2.1/28:443', 'is not written as it is meant | write 192.0.2.0/28'],
    ['192.0.2.1:70000', 'ports are from 1 to 65535'],
    ['', '--api-server'],
  ])('--api-server "%s" says what is wrong', (text, said) => {
    expect(failure(() => parseApiServer(text))).toContain(said);
  });

  it('--dns takes an address, or pods by namespace and labels, with the port of the pods', () => {
    expect(parseDnsServer('169.254.20.10')).toMatchObject({
      party: { cidrs: ['169.254.20.10/32'] },
      ports: [
        { protocol: 'UDP', port: 53 },
        { protocol: 'TCP', port: 53 },
      ],
    });
    expect(parseDnsServer('2001:db8::53')).toMatchObject({ party: { cidrs: ['2001:db8::53/128'] } });
    expect(parseDnsServer('openshift-dns/dns.operator.openshift.io/daemonset-dns=default:5353')).toMatchObject({
      party: { type: 'pods', pods: { of: [{ key: 'dns.operator.openshift.io/daemonset-dns', values: ['default'] }] } },
      ports: [{ port: 5353 }, { port: 5353 }],
    });
    expect(failure(() => parseDnsServer('kube-dns'))).toContain('--dns: "kube-dns"');
  });

  it('--metadata takes none, a cloud, or addresses', () => {
    expect(parseMetadata(['none'])).toEqual([]);
    expect(parseMetadata(['aws'])).toContainEqual({
      title: 'EKS Pod Identity agent',
      cidrs: ['169.254.170.23/32', 'fd00:ec2::23/128'],
      ports: [80],
    });
    expect(parseMetadata(['gce']).flatMap(({ ports }) => ports)).not.toContain(53);
    expect(parseMetadata(['169.254.170.2'])).toEqual([
      { title: 'stated metadata', cidrs: ['169.254.170.2/32'], ports: [80] },
    ]);
    expect(failure(() => parseMetadata(['none', 'aws']))).toContain('none stands alone');
    expect(failure(() => parseMetadata(['awss']))).toContain('there is no cloud "awss"');
  });

  it('--platform offers what was meant', () => {
    expect(parsePlatformFlags({ platform: 'EKS' }).distribution).toBe('eks');
    expect(failure(() => parsePlatformFlags({ platform: 'openshft' }))).toContain('did you mean openshift?');
  });
});
