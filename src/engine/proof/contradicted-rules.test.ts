import { describe, expect, it } from 'vitest';
import { generated, type Wanted } from '../../../test/support/generating.ts';
import { namespace, pod, policy } from '../../../test/support/scenario.ts';

const SHOP = [
  namespace('shop'),
  pod('shop/web', { labels: 'app=web', ip: '10.0.0.1', ports: '8080' }),
  pod('shop/db', { labels: 'app=db', ip: '10.0.0.2', ports: '5432' }),
];
const IN = '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [PEER], ports: [{port: 5432}]}]}';
const WEB = '{podSelector: {matchLabels: {app: web}}}';
const WEB_TO_DB = policy('shop/db-from-web', IN.replace('PEER', WEB));
const nothing = { evidence: [], questions: [] };

/** Questions about rules that somebody wrote, as `SAYS | HINT`. */
function questions(texts: readonly string[], wanted: Wanted = {}): string[] {
  const { document } = generated(texts, { found: nothing, assume: ['podCIDRs=10.0.0.0/16'], ...wanted });
  return document.questions
    .filter(({ about }) => about === 'existing-rule')
    .map(({ says, hint }) => `${says} | ${hint}`);
}

describe('a rule that somebody wrote', () => {
  it('is a question where the policies generated leave nothing of it', () => {
    expect(questions([...SHOP, WEB_TO_DB])).toEqual([
      'shop/db-from-web has a rule for shop/web -> shop/db:5432, and nothing else here says that it is needed: it will be denied | if it is needed: --allow "shop/web -> shop/db:5432"',
    ]);
  });

  it('is one too where it lets out, and stands in the way of enforcing', () => {
    const out = policy(
      'shop/web-to-db',
      '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels: {app: db}}}]}]}',
    );
    expect(questions([...SHOP, out])).toHaveLength(1);
    const { document } = generated([...SHOP, out], { found: nothing });
    expect(document.readiness.map(({ about }) => about)).toContain('open-questions');
  });

  it('is one for each port that is closed, also where others of the rule are needed', () => {
    const several = WEB_TO_DB.replace('[{port: 5432}]', '[{port: 5432}, {port: 8008}, {port: 53, protocol: UDP}]');
    const asked = (allow: readonly string[]) =>
      questions([...SHOP, several], { allow }).map((text) => text.replace(/.*--allow /, ''));
    expect(asked([])).toEqual([
      '"shop/web -> shop/db:53/udp"',
      '"shop/web -> shop/db:5432"',
      '"shop/web -> shop/db:8008"',
    ]);
    expect(asked(['shop/web -> shop/db:5432'])).toEqual(['"shop/web -> shop/db:53/udp"', '"shop/web -> shop/db:8008"']);
    expect(asked(['shop/web -> shop/db:5432', 'shop/web -> shop/db:53/udp', 'shop/web -> shop/db:8008'])).toEqual([]);
  });

  it('is none for a port that was closed before, whatever others of the rule do', () => {
    const several = WEB_TO_DB.replace('[{port: 5432}]', '[{port: 5432}, {port: 8008}]');
    const out = policy(
      'shop/web-out',
      '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels: {app: db}}}], ports: [{port: 5432}]}]}',
    );
    expect(questions([...SHOP, several, out])).toEqual([]);
  });

  it('is one where two rules of the policy say the same', () => {
    const ports = '[{port: 5432}, {port: 5432}]';
    expect(questions([...SHOP, WEB_TO_DB.replace('[{port: 5432}]', ports)])).toHaveLength(1);
  });

  it('is one however many there are', () => {
    const ports = Array.from({ length: 650 }, (_, i) => `{port: ${2000 + i}}`).join(', ');
    expect(questions([...SHOP, WEB_TO_DB.replace('{port: 5432}', ports)])).toHaveLength(650);
  });

  it('is one for namespaces that somebody chose, where it names ports', () => {
    const ops = [namespace('ops'), pod('ops/tool', { labels: 'app=tool', ip: '10.0.0.3' })];
    const from = (peer: string, ports = ', ports: [{port: 5432}]') =>
      policy(
        'shop/open',
        `{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{namespaceSelector: ${peer}}]${ports}}]}`,
      );
    const chosen = '{matchLabels: {kubernetes.io/metadata.name: ops}}';
    expect(questions([...SHOP, ...ops, from(chosen)])).toEqual([
      'shop/open has a rule for ops/tool -> shop/db:5432, and nothing else here says that it is needed: it will be denied | if it is needed: --allow "ops/tool -> shop/db:5432"',
    ]);
    expect(questions([...SHOP, ...ops, from(chosen, '')])).toEqual([]);
    expect(questions([...SHOP, ...ops, from('{}')])).toEqual([]);
  });

  it('is none once it is allowed', () => {
    expect(questions([...SHOP, WEB_TO_DB], { allow: ['shop/web -> shop/db:5432'] })).toEqual([]);
  });

  it('is none where it is forbidden by hand', () => {
    expect(questions([...SHOP, WEB_TO_DB], { forbid: ['shop/web -> shop/db'] })).toEqual([]);
    expect(questions([...SHOP, WEB_TO_DB], { forbid: ['shop/db -> shop/web'] })).toHaveLength(1);
  });

  it('is none where it let nothing through before, as somebody else had closed the other side', () => {
    const closed = policy('shop/closed', '{podSelector: {}, policyTypes: [Egress]}');
    expect(questions([...SHOP, WEB_TO_DB, closed])).toEqual([]);
  });

  it('is asked about again where an earlier run is what closes the other side', () => {
    const [first] = generated(SHOP, { found: nothing }).document.policies.filter(
      ({ policy: { name } }) => name === 'web',
    );
    const earlier = JSON.stringify(first!.manifest);
    expect(questions([...SHOP, WEB_TO_DB, earlier])).toHaveLength(1);
  });

  it('is none where it is for everybody of a namespace, or was generated itself', () => {
    expect(questions([...SHOP, policy('shop/open', IN.replace('PEER', '{podSelector: {}}'))])).toEqual([]);
    const ours = WEB_TO_DB.replace('metadata: {', 'metadata: {labels: {app.kubernetes.io/managed-by: netweir}, ');
    expect(questions([...SHOP, ours])).toEqual([]);
  });
});
