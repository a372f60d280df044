import { describe, expect, it } from 'vitest';
import { networkPolicy, notes, refusals } from '../../../../test/support/decode-policy.ts';

const withPort = (port: unknown) => refusals(networkPolicy({ ingress: [{ ports: [port] }] }));
const withPeer = (peer: unknown, strictCIDR: 'reject' | 'warn' | 'accept' = 'reject') =>
  networkPolicy({ egress: [{ to: [peer] }] }, { strictCIDR });
const PORT = 'spec.ingress[0].ports[0]';
const PEER = 'spec.egress[0].to[0]';

describe('ports (semantics 1.13 rows 2-8)', () => {
  it.each(['TCP', 'UDP', 'SCTP'])('protocol %s is accepted', (protocol) => {
    expect(withPort({ protocol, port: 80 })).toEqual([]);
  });

  it.each(['tcp', 'ICMP', ''])('row 2: protocol %j is refused', (protocol) => {
    expect(withPort({ protocol })).toEqual([`invalid-protocol FieldValueNotSupported ${PORT}.protocol`]);
  });

  it.each([1, 80, 65535])('port %d is accepted', (port) => expect(withPort({ port })).toEqual([]));

  it.each([0, -1, 65536])('row 3: port %d is refused', (port) => {
    expect(withPort({ port })).toEqual([`invalid-port FieldValueInvalid ${PORT}.port`]);
  });

  it.each(['', 'a-name-of-16chrs', '80', 'a_b', 'Http', 'a--b', '-a', 'a-', '-'])(
    'row 4: name %j is refused',
    (port) => {
      expect(withPort({ port })).toEqual([`invalid-port-name FieldValueInvalid ${PORT}.port`]);
    },
  );

  it.each(['http', '1a', 'a-b', 'fifteen-letters'])('port name %j is accepted', (port) => {
    expect(withPort({ port })).toEqual([]);
  });

  it.each([
    ['row 5', 79],
    ['row 5', 0],
    ['row 6', 65536],
  ])('%s: endPort %d after port 80 is refused', (_, endPort) => {
    expect(withPort({ port: 80, endPort })).toEqual([`invalid-end-port FieldValueInvalid ${PORT}.endPort`]);
  });

  it.each([80, 81, 65535])('endPort %d after port 80 is accepted', (endPort) => {
    expect(withPort({ port: 80, endPort })).toEqual([]);
  });

  it('row 7: endPort with a port name is refused', () => {
    expect(withPort({ port: 'http', endPort: 90 })).toEqual([`invalid-end-port FieldValueInvalid ${PORT}.endPort`]);
  });

  it('row 8: endPort without a port is refused', () => {
    expect(withPort({ endPort: 90 })).toEqual([`invalid-end-port FieldValueInvalid ${PORT}.endPort`]);
    expect(withPort({ port: null, endPort: 90 })).toEqual([`invalid-end-port FieldValueInvalid ${PORT}.endPort`]);
  });
});

describe('peers (semantics 1.13 rows 9-14)', () => {
  it.each([[{}], [null], [{ podSelector: null }]])('row 9: peer %j is refused', (peer) => {
    expect(refusals(withPeer(peer))).toEqual([`empty-peer FieldValueRequired ${PEER}`]);
  });

  it.each([[{ podSelector: {} }], [{ namespaceSelector: {} }]])('row 10: ipBlock beside %j is refused', (selector) => {
    const peer = { ipBlock: { cidr: '10.0.0.0/8' }, ...selector };
    expect(refusals(withPeer(peer))).toEqual([`conflicting-peer FieldValueForbidden ${PEER}`]);
  });

  it.each([[{}], [{ cidr: '' }], [{ cidr: null, except: ['nonsense'] }]])(
    'row 11: ipBlock %j is refused',
    (ipBlock) => {
      expect(refusals(withPeer({ ipBlock }))).toEqual([`missing-field FieldValueRequired ${PEER}.ipBlock.cidr`]);
    },
  );

  it.each(['10.0.0.0', '10.0.0.0/33', '10.0.0.256/8', ' 10.0.0.0/8', '::/129', 'fe80::1%eth0/64', 'example.com'])(
    'row 12: cidr %j is refused',
    (cidr) => {
      expect(refusals(withPeer({ ipBlock: { cidr } }, 'accept'))).toEqual([
        `invalid-cidr FieldValueInvalid ${PEER}.ipBlock.cidr`,
      ]);
    },
  );

  it.each(['10.1.2.3/8', '010.0.0.0/8', '10.0.0.0/08', '::ffff:10.0.0.0/104', '2001:db8::1/32'])(
    'row 13: cidr %j is refused by strict servers only',
    (cidr) => {
      const peer = { ipBlock: { cidr } };
      expect(refusals(withPeer(peer))).toEqual([`sloppy-cidr FieldValueInvalid ${PEER}.ipBlock.cidr`]);
      for (const strictCIDR of ['warn', 'accept'] as const) {
        const decoded = withPeer(peer, strictCIDR);
        expect(refusals(decoded)).toEqual([]);
        expect(notes(decoded)).toEqual([`sloppy-cidr ${PEER}.ipBlock.cidr`]);
      }
    },
  );

  it('row 13: what is refused is a high finding, what is accepted a lower one', () => {
    const severity = (strictCIDR: 'reject' | 'warn' | 'accept') =>
      withPeer({ ipBlock: { cidr: '10.1.2.3/8' } }, strictCIDR).findings.map((finding) => finding.severity);
    expect([severity('reject'), severity('warn'), severity('accept')]).toEqual([['high'], ['medium'], ['low']]);
  });

  it('row 13: a sloppy cidr is masked', () => {
    const decoded = withPeer({ ipBlock: { cidr: '10.1.2.3/8' } }, 'warn');
    const peers = decoded.policy?.egress?.rules[0]?.peers;
    expect(peers?.[0]).toMatchObject({ cidr: '10.1.2.3/8', addresses: { v4: [0x0a000000, 0x0b000000] } });
  });

  it('an IPv6 block in unusual spelling is accepted with a remark', () => {
    const decoded = withPeer({ ipBlock: { cidr: '2001:DB8::/32' } });
    expect(refusals(decoded)).toEqual([]);
    expect(notes(decoded)).toEqual([`non-canonical-cidr ${PEER}.ipBlock.cidr`]);
  });

  it.each([
    ['10.0.0.0/8', '11.0.0.0/16'],
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['10.0.0.0/8', '10.0.0.0/7'],
    ['10.0.0.0/8', '2001:db8::/32'],
    ['::/0', '169.254.169.254/32'],
  ])('row 14: cidr %s except %s is refused', (cidr, except) => {
    expect(refusals(withPeer({ ipBlock: { cidr, except: [except] } }))).toEqual([
      `except-outside-cidr FieldValueInvalid ${PEER}.ipBlock.except[0]`,
    ]);
  });

  it('row 14: every exception is checked, repeated and overlapping ones are legal', () => {
    const except = ['10.1.0.0/16', '10.1.0.0/16', '10.1.1.0/24', '10.1.0.0'];
    expect(refusals(withPeer({ ipBlock: { cidr: '10.0.0.0/8', except } }))).toEqual([
      `invalid-cidr FieldValueInvalid ${PEER}.ipBlock.except[3]`,
    ]);
  });
});

describe('policyTypes (semantics 1.13 rows 15, 16)', () => {
  it('row 15: more than two are refused, and nothing more is said of them', () => {
    expect(refusals(networkPolicy({ policyTypes: ['Egress', 'Egress', 'ingress'] }))).toEqual([
      'invalid-policy-type FieldValueInvalid spec.policyTypes',
    ]);
  });

  it.each(['ingress', 'Both', ''])('row 16: type %j is refused', (type) => {
    expect(refusals(networkPolicy({ policyTypes: ['Ingress', type] }))).toEqual([
      'invalid-policy-type FieldValueNotSupported spec.policyTypes[1]',
    ]);
  });

  it('row 16: a null type is an empty one', () => {
    expect(refusals(networkPolicy({ policyTypes: [null] }))).toEqual([
      'invalid-policy-type FieldValueNotSupported spec.policyTypes[0]',
    ]);
  });
});

describe('selectors (semantics 1.13 rows 17-20)', () => {
  it.each(['spec.podSelector', 'spec.ingress[0].from[0].podSelector', 'spec.ingress[0].from[0].namespaceSelector'])(
    'rows 17-20: %s is validated',
    (at) => {
      const bad = { matchLabels: { 'a b': '-' }, matchExpressions: [{ key: 'a', operator: 'in' }] };
      const peer = { [at.split('.').at(-1)!]: bad };
      const spec = at === 'spec.podSelector' ? { podSelector: bad } : { ingress: [{ from: [peer] }] };
      expect(refusals(networkPolicy(spec))).toEqual([
        `invalid-selector FieldValueInvalid ${at}.matchLabels`,
        `invalid-selector FieldValueInvalid ${at}.matchLabels`,
        `invalid-selector FieldValueInvalid ${at}.matchExpressions[0].operator`,
      ]);
    },
  );
});

describe('unknown fields (semantics 1.13 row 21)', () => {
  const unknown = (spec: unknown) => {
    const [finding] = networkPolicy(spec).findings;
    return `${finding?.cause?.field}: ${finding?.message} / ${finding?.hint}`;
  };

  it.each([
    [{ ingress: [{ port: 80 }] }, 'spec.ingress[0].port', 'would open every port', 'an item of the list "ports"'],
    [{ podselector: {} }, 'spec.podselector', 'every pod of its namespace', 'did you mean "podSelector"?'],
    [{ egress: [{ from: [] }] }, 'spec.egress[0].from', 'every destination', 'has "to"'],
    [{ ingress: [{ podSelector: {} }] }, 'spec.ingress[0].podSelector', 'every source', 'the list "from"'],
    [{ podSelector: { app: 'web' } }, 'spec.podSelector.app', 'select everything', 'under "matchLabels"'],
    [{ podSelector: { matchlabels: {} } }, 'spec.podSelector.matchlabels', 'select everything', '"matchLabels"'],
    [
      { ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8', excepts: [] } }] }] },
      'ipBlock.excepts',
      'allowed',
      'except',
    ],
  ])('row 21: %j says what is meant and what would be lost', (spec, field, loss, hint) => {
    const text = unknown(spec);
    expect(text).toContain(`${field}: unknown field`);
    expect(text).toContain(loss);
    expect(text).toContain(hint);
  });

  it('row 21: nothing is lost where the right field stands beside it', () => {
    expect(unknown({ ingress: [{ port: 80, ports: [{ port: 80 }] }] })).toContain('would be dropped /');
  });

  it('row 21: what an unknown field leaves behind is not reported a second time', () => {
    expect(refusals(networkPolicy({ ingress: [{ from: [{ podselector: {} }] }] }))).toEqual([
      'unknown-field UnknownField spec.ingress[0].from[0].podselector',
    ]);
  });

  it('row 21: the place is the name of the field, and other problems are still found', () => {
    const decoded = networkPolicy({ podselector: {}, policyTypes: ['Both'] });
    expect(decoded.findings.map(({ check, severity, source }) => [check, severity, source.file])).toEqual([
      ['unknown-field', 'critical', 'key'],
      ['invalid-policy-type', 'high', 'value'],
    ]);
  });
});

describe('wrong types', () => {
  it.each([
    [{ ingress: {} }, 'spec.ingress', 'a list, not an object'],
    [{ ingress: [{ ports: 80 }] }, 'spec.ingress[0].ports', 'a list, not the number 80'],
    [{ ingress: [{ ports: [{ port: 80.5 }] }] }, 'spec.ingress[0].ports[0].port', 'not the number 80.5'],
    [{ ingress: [{ ports: [{ port: 2 ** 31 }] }] }, 'spec.ingress[0].ports[0].port', 'not the number 2147483648'],
    [{ ingress: [{ ports: [{ port: true }] }] }, 'spec.ingress[0].ports[0].port', 'not the boolean true'],
    [
      { ingress: [{ ports: [{ port: 80, endPort: '90' }] }] },
      'spec.ingress[0].ports[0].endPort',
      'not the string "90"',
    ],
    [{ policyTypes: 'Ingress' }, 'spec.policyTypes', 'a list, not the string "Ingress"'],
    [{ podSelector: [] }, 'spec.podSelector', 'an object, not a list'],
    ['nonsense', 'spec', 'an object, not the string'],
  ])('%j is refused as the wrong type', (spec, field, message) => {
    const { findings } = networkPolicy(spec);
    expect(findings.map(({ cause }) => cause)).toEqual([{ reason: 'WrongType', field }]);
    expect(findings[0]?.message).toContain(message);
  });

  it('a label value that is no string is refused for the whole map, with the cure', () => {
    const { findings } = networkPolicy({ podSelector: { matchLabels: { a: 1, b: 'x' } } });
    expect(findings[0]?.cause).toEqual({ reason: 'WrongType', field: 'spec.podSelector.matchLabels' });
    expect(findings[0]?.source.path).toBe('spec.podSelector.matchLabels.a');
    expect(findings[0]?.hint).toBe('write it with quotes: "1"');
  });

  it.each([
    [{ podSelector: { matchLabels: 'app:web' } }, 'write a space after the colon: app: VALUE'],
    [{ podSelector: 'matchLabels:x' }, 'write a space after the colon: matchLabels: VALUE'],
    [{ podSelector: { matchLabels: 'app web' } }, undefined],
  ])('%j lacks a space behind a colon, or not', (spec, hint) => {
    expect(networkPolicy(spec).findings[0]?.hint).toBe(hint);
  });
});
