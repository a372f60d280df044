import { describe, expect, it } from 'vitest';
import { problemsOf, verdictOn } from '../../../../test/support/lint.ts';
import { proveFix } from '../../../../test/support/prove-fix.ts';
import { from, pod } from '../../../../test/support/shop-manifests.ts';

const ID = 'labels-in-another-namespace';

const PEER = '{podSelector: {matchLabels: {app: backup}}}';
const WEB = pod('web', 'shop', '', '{containerPort: 8080}');

describe(ID, () => {
  it.each([
    ['in one other', WEB + pod('backup', 'ops'), 1],
    ['in three others', `${WEB}${pod('backup', 'a')}${pod('backup', 'b')}${pod('backup', 'c')}`, 1],
    ['in more than three', `${WEB}${['a', 'b', 'c', 'd'].map((name) => pod('backup', name)).join('')}`, 0],
    ['here, too', `${WEB}${pod('backup', 'ops')}${pod('backup')}`, 0],
    ['nowhere', WEB, 0],
    ['elsewhere, with nothing known of here', pod('backup', 'ops'), 0],
  ])('labels %s', (_, pods, count) => {
    expect(problemsOf(pods + from(PEER), ID)).toHaveLength(count);
  });

  it('is silent where the peer names namespaces', () => {
    const there =
      '{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}, podSelector: {matchLabels: {app: backup}}}';
    expect(problemsOf(WEB + pod('backup', 'ops') + from(there), ID)).toEqual([]);
  });

  it.each([
    ['one namespace', pod('backup', 'ops'), 'namespace ops'],
    ['two namespaces', pod('backup', 'ops') + pod('backup', 'dev'), 'namespaces dev, ops'],
  ])('shows the denied flow of %s and is mended', (_, pods, where) => {
    const text = WEB + pods + from(PEER);
    const [finding] = problemsOf(text, ID);
    expect(finding!.message).toContain(`but pods of ${where} have`);
    expect(finding!.effect).toMatch(/^keeps [12] pods? in [12] namespaces? out$/);
    expect(verdictOn(text, finding!.example!)).toBe('denied');
    proveFix(text, finding!);
  });
});
