// Lists as kubectl and an API server write them, and as somebody might: keys in any order, white space and escapes anywhere,
// keys twice, items of any kind and of none. As text; knows nothing of how they are read.

import fc from 'fast-check';

/** A JSON value, or an object whose keys may come twice: as pairs. */
export type Drawn =
  | string
  | number
  | boolean
  | null
  | readonly Drawn[]
  | { readonly pairs: readonly (readonly [string, Drawn])[] };

/** How a value is printed: white space, and which characters are escaped, drawn anew for each. */
export interface Style {
  readonly blanks: readonly string[];
  /** Every so many characters of a text are written as an escape; 0: none. */
  readonly escapes: number;
}

const word = fc.constantFrom(
  'a',
  'web',
  'shop',
  'é',
  '漢',
  '😀',
  '',
  'a"b',
  'c\\d',
  'x/y',
  '\u0000',
  '{{ .Values.x }}',
  '\ud800',
);
const anything: fc.Arbitrary<Drawn> = fc.letrec<{ value: Drawn }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    word,
    fc.constantFrom<Drawn>(null, true, false, 0, -1.5, 1e300, 1e21, 80),
    fc.array(tie('value'), { maxLength: 2 }),
    fc
      .array(fc.tuple(fc.constantFrom('name', 'ports', 'kind', '__proto__', 'items', 'constructor'), tie('value')), {
        maxLength: 3,
      })
      .map((pairs) => ({ pairs })),
  ),
})).value;

/** An object of these fields: some left out, in any order, now and then one twice or with a value of the wrong type. */
function objectOf(
  fields: Readonly<Record<string, fc.Arbitrary<Drawn>>>,
  others: readonly string[],
): fc.Arbitrary<Drawn> {
  const wanted = Object.entries(fields).map(([name, value]) =>
    fc.tuple(fc.constant(name), fc.oneof({ weight: 12, arbitrary: value }, { weight: 1, arbitrary: anything })),
  );
  const other = fc.tuple(fc.constantFrom(...others, '__proto__', ''), anything);
  return fc
    .tuple(
      fc.tuple(...wanted),
      fc.array(fc.oneof(...wanted, other), { maxLength: 2 }),
      fc.array(fc.nat(20), { minLength: 12, maxLength: 12 }),
      fc.integer({ min: 0, max: 9 }),
    )
    .map(([own, more, order, left]) => {
      const all = [...own, ...more].filter((_, index) => index !== left);
      return {
        pairs: all
          .map((pair, index) => ({ pair, rank: order[index % order.length]! }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ pair }) => pair),
      };
    });
}

const oneOf = (...texts: Drawn[]): fc.Arbitrary<Drawn> => fc.constantFrom(...texts);
const port = objectOf(
  {
    name: oneOf('http', 'dns', ''),
    containerPort: oneOf(80, 8080, 0, 70000, '80'),
    protocol: oneOf('TCP', 'UDP', 'tcp'),
  },
  ['hostPort'],
);
const container = objectOf(
  { name: word, ports: fc.array(port, { maxLength: 2 }), restartPolicy: oneOf('Always', 'Never') },
  ['image', 'env'],
);
const owner = objectOf(
  {
    apiVersion: oneOf('apps/v1', 'batch/v1'),
    kind: oneOf('ReplicaSet', 'Job', 'Node'),
    name: oneOf('web-1', 'a'),
    controller: oneOf(true, false),
  },
  ['uid'],
);
const labels = objectOf({ app: word, 'pod-template-hash': oneOf('1', '') }, ['a/b']);
const metadata = objectOf(
  {
    name: oneOf('web-1-a', 'web-1-b', 'db-0', '', 'é'),
    namespace: oneOf('shop', 'default', ''),
    labels,
    ownerReferences: fc.array(owner, { maxLength: 2 }),
    generateName: oneOf('web-1-', ''),
  },
  ['annotations', 'managedFields', 'uid'],
);
const pod = (typed: boolean): fc.Arbitrary<Drawn> =>
  objectOf(
    {
      ...(typed ? { apiVersion: oneOf('v1', 'v1', 'v1', 'v2'), kind: oneOf('Pod', 'Pod', 'Pod', 'Pods') } : {}),
      metadata,
      spec: objectOf(
        {
          containers: fc.array(container, { maxLength: 2 }),
          initContainers: fc.array(container, { maxLength: 1 }),
          hostNetwork: oneOf(true, false),
          nodeName: oneOf('n1', 'n2'),
          serviceAccountName: oneOf('sa', ''),
        },
        ['volumes', 'serviceAccount', 'tolerations'],
      ),
      status: objectOf(
        {
          phase: oneOf('Running', 'Failed', 'Pending'),
          podIP: oneOf('10.0.0.1', 'fd00::1', 'x'),
          podIPs: fc.array(objectOf({ ip: oneOf('10.0.0.1', 'fd00::1', '') }, ['x']), { maxLength: 2 }),
        },
        ['conditions', 'startTime'],
      ),
    },
    ['extra'],
  );
const other = objectOf(
  {
    apiVersion: oneOf('v1', 'networking.k8s.io/v1', 'apps/v1'),
    kind: oneOf('Namespace', 'NetworkPolicy', 'Deployment', 'Service'),
    metadata,
    spec: anything,
  },
  ['data'],
);
const nested = fc
  .array(pod(true), { maxLength: 2 })
  .chain((items) =>
    objectOf({ apiVersion: oneOf('v1'), kind: oneOf('List', 'PodList'), items: fc.constant(items) }, ['metadata']),
  );

/** A root: mostly a List of Pods and others. */
export const arbitraryRoot: fc.Arbitrary<Drawn> = fc
  .record({
    kind: oneOf('List', 'List', 'PodList', 'PodList', 'ServiceList', 'AllowList', 'Snapshot', 'Pod'),
    items: fc.array(
      fc.oneof(
        { weight: 4, arbitrary: pod(true) },
        { weight: 4, arbitrary: pod(false) },
        { weight: 1, arbitrary: other },
        { weight: 1, arbitrary: nested },
        { weight: 1, arbitrary: anything },
      ),
      { maxLength: 5 },
    ),
  })
  .chain(({ kind, items }) =>
    objectOf(
      {
        kind: fc.constant<Drawn>(kind),
        apiVersion: fc.constant<Drawn>(kind === 'Snapshot' ? 'netweir.dev/v1' : 'v1'),
        items: fc.constant<Drawn>(items),
        metadata: objectOf({ resourceVersion: oneOf('1'), continue: oneOf('', 'more') }, ['selfLink']),
      },
      ['incomplete', 'notes'],
    ),
  );

/** White space as programs and people write it. */
export const arbitraryStyle: fc.Arbitrary<Style> = fc.record({
  blanks: fc.oneof(
    fc.constant(['']),
    fc.array(fc.constantFrom('', ' ', '\n', '\r\n', '\t', '\n    '), { minLength: 1, maxLength: 7 }),
  ),
  escapes: fc.constantFrom(0, 0, 0, 1, 3),
});

/** The text of a value. */
export function printDrawn(value: Drawn, { blanks, escapes }: Style): string {
  let turn = 0;
  const blank = (): string => blanks[turn++ % blanks.length]!;
  const textOf = (text: string): string => {
    const quoted = JSON.stringify(text);
    if (escapes === 0 || quoted.includes('\\')) return quoted;
    let spelt = '"';
    for (let i = 1; i < quoted.length - 1; i++) {
      const code = quoted.charCodeAt(i);
      spelt += i % escapes === 0 ? `\\u${code.toString(16).padStart(4, '0')}` : quoted[i]!;
    }
    return `${spelt}"`;
  };
  const print = (inner: Drawn): string => {
    if (typeof inner === 'string') return textOf(inner);
    if (typeof inner !== 'object' || inner === null) return JSON.stringify(inner);
    const parts = Array.isArray(inner)
      ? (inner as readonly Drawn[]).map((item) => `${blank()}${print(item)}${blank()}`)
      : (inner as { pairs: readonly (readonly [string, Drawn])[] }).pairs.map(
          ([key, field]) => `${blank()}${textOf(key)}${blank()}:${blank()}${print(field)}${blank()}`,
        );
    const [open, close] = Array.isArray(inner) ? ['[', ']'] : ['{', '}'];
    return `${open}${parts.length === 0 ? blank() : parts.join(',')}${close}`;
  };
  return `${blank()}${print(value)}${blank()}`;
}
