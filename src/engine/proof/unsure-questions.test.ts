import { describe, expect, it } from 'vitest';
import { generated, type Wanted } from '../../../test/support/generating.ts';
import { deployment, namespace, pod, policy } from '../../../test/support/scenario.ts';

const made = JSON.parse(deployment('shop/web', 'app=web'));
made.spec.template.spec.containers[0].env = [
  { name: 'DB_URL', value: '10.0.0.1:5432' },
  { name: 'PAY_URL', value: 'https://203.0.113.7' },
];
const SHOP = [namespace('shop'), JSON.stringify(made), pod('shop/db', { labels: 'app=db', ip: '10.0.0.1' })];

function asked(texts: readonly string[], wanted: Wanted = {}): string[] {
  const { document } = generated(texts, { confidence: 'certain', ...wanted });
  return document.questions
    .filter(({ about, says }) => about === 'unsure' && !says.includes('DNS'))
    .map(({ says, hint }) => `${says} | ${hint}`);
}

describe('a need that is less sure than was asked for', () => {
  it('is a question, all of a caller together', () => {
    const [only, ...more] = asked(SHOP);
    expect(more).toEqual([]);
    expect(only).toMatch(
      /^\d connections of shop\/web are only likely, such as shop\/web -> .*, and get no rule \| --confidence likely /,
    );
    expect(asked(SHOP, { confidence: 'likely' })).toEqual([]);
  });

  it('is none where it is allowed by hand, or by a policy that is there', () => {
    const open = policy('shop/open', '{podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{}], egress: [{}]}');
    expect(asked([...SHOP, open])).toEqual([]);
    expect(asked(SHOP, { allow: ['shop/web -> shop/db:5432', 'shop/web -> 203.0.113.7:443'] }).join()).not.toMatch(
      /5432|203\.0\.113\.7/,
    );
  });

  it('stands in the way of enforcing', () => {
    expect(generated(SHOP, { confidence: 'certain' }).document.readiness.map(({ about }) => about)).toContain(
      'open-questions',
    );
  });
});
