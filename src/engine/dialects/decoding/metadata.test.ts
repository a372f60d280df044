import { describe, expect, it } from 'vitest';
import { decodeObject, notes, policyOf, refusals } from '../../../../test/support/decode-policy.ts';

const withMetadata = (metadata: unknown) =>
  decodeObject({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata });
const clusterScoped = (metadata: unknown) =>
  decodeObject({
    apiVersion: 'policy.networking.k8s.io/v1alpha2',
    kind: 'ClusterNetworkPolicy',
    metadata,
    spec: { tier: 'Admin', priority: 1, subject: { namespaces: {} } },
  });

describe('metadata (semantics 1.13 row 1)', () => {
  it.each(['p', 'a.b', '1', 'x'.repeat(253)])('name %j is accepted', (name) => {
    expect(refusals(withMetadata({ name }))).toEqual([]);
  });

  it.each(['a_b', '-a', 'a-', 'A', 'a..b', 'x'.repeat(254)])('name %j is refused', (name) => {
    expect(refusals(withMetadata({ name }))).toEqual(['invalid-name FieldValueInvalid metadata.name']);
  });

  it.each(['a-$\u007bNAME}', '$(NAME)', 'db-$NAME', 'a_b'])(
    'name and namespace %j: a variable is said to be one',
    (name) => {
      const hints = withMetadata({ name, namespace: name }).findings.map(({ hint }) => hint);
      const hint = name.includes('$') ? 'a variable was not replaced: read the files as they are applied' : undefined;
      expect(hints).toEqual([hint, hint]);
    },
  );

  it.each([[undefined], [null], [{}], [{ name: '' }], [{ name: null }]])('metadata %j has no name', (metadata) => {
    expect(refusals(withMetadata(metadata))).toEqual(['invalid-name FieldValueRequired metadata.name']);
  });

  it('generateName takes the place of a name', () => {
    expect(policyOf(withMetadata({ generateName: 'p-' })).ref.name).toBe('p-');
    expect(refusals(withMetadata({ generateName: 'P-' }))).toEqual([
      'invalid-name FieldValueInvalid metadata.generateName',
    ]);
  });

  it.each(['a.b', 'A', 'x'.repeat(64)])('namespace %j is refused', (namespace) => {
    expect(refusals(withMetadata({ name: 'p', namespace }))).toEqual([
      'invalid-namespace FieldValueInvalid metadata.namespace',
    ]);
  });

  it('a namespace of a cluster-scoped kind is removed, with a remark', () => {
    const decoded = clusterScoped({ name: 'c', namespace: 'shop' });
    expect(policyOf(decoded).ref).toEqual({
      dialect: 'cluster-network-policy',
      kind: 'ClusterNetworkPolicy',
      name: 'c',
    });
    expect(notes(decoded)).toEqual(['cluster-scoped-namespace metadata.namespace']);
  });

  it('labels and annotations name the whole map, their place is the entry', () => {
    const decoded = withMetadata({
      name: 'p',
      labels: { a: '-', 'b/': '' },
      annotations: { 'a b': 'x', 'A.io/b': '' },
    });
    expect(decoded.findings.map(({ check, cause, source }) => [check, cause?.field, source.path])).toEqual([
      ['invalid-label', 'metadata.labels', 'metadata.labels.a'],
      ['invalid-label', 'metadata.labels', 'metadata.labels[b/]'],
      ['invalid-annotation', 'metadata.annotations', 'metadata.annotations[a b]'],
    ]);
  });

  it('annotations have at most 256 KiB together, counted in UTF-8', () => {
    const half = 'é'.repeat(64 * 1024);
    expect(refusals(withMetadata({ name: 'p', annotations: { a: half, b: half.slice(1) } }))).toEqual([]);
    expect(refusals(withMetadata({ name: 'p', annotations: { a: half, b: half } }))).toEqual([
      'invalid-annotation FieldValueTooLong metadata.annotations',
    ]);
  });

  it('what live objects carry is accepted', () => {
    const live = {
      name: 'p',
      uid: 'x',
      resourceVersion: '1',
      generation: 1,
      creationTimestamp: null,
      managedFields: [{ manager: 'kubectl', fieldsV1: { 'f:spec': {} } }],
      ownerReferences: [{ kind: 'X' }],
      finalizers: ['a/b'],
    };
    expect(withMetadata(live).findings).toEqual([]);
  });

  it('unknown fields and wrong types are refused, also in custom resources', () => {
    for (const decode of [withMetadata, clusterScoped]) {
      expect(refusals(decode({ name: 'p', lables: {} }))).toEqual(['unknown-field UnknownField metadata.lables']);
      expect(refusals(decode({ name: 5 }))).toEqual(['wrong-type WrongType metadata.name']);
      expect(refusals(decode({ name: 'p', labels: { a: 1 } }))).toEqual(['wrong-type WrongType metadata.labels']);
      expect(refusals(decode('p'))).toEqual(['wrong-type WrongType metadata']);
    }
  });

  it('names of Object.prototype are ordinary keys', () => {
    expect(refusals(withMetadata({ name: 'p', constructor: {} }))).toEqual([
      'unknown-field UnknownField metadata.constructor',
    ]);
    const labels = JSON.parse('{"__proto__": "x", "constructor": "y"}');
    expect(refusals(withMetadata({ name: 'p', labels }))).toEqual(['invalid-label FieldValueInvalid metadata.labels']);
  });
});
