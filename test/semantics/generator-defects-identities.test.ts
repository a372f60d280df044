// Defects of other generators about whom a selector means, each by its number: what goes wrong elsewhere, and that it does not
// here. Each set of policies is asked again in a cluster of later: after a rollout, in the next run, beside a second release.

import { describe, expect, it } from 'vitest';
import { afterwards, generated, selectorText } from '../support/generating.ts';
import { observed } from '../support/observed.ts';
import { deployment, namespace, object, pod, service } from '../support/scenario.ts';

/** A pod that a controller made. */
function made(path: string, labels: string, ip: string, owner: { kind: string; name: string }, ports = ''): string {
  const value = JSON.parse(pod(path, { labels, ip, ports }));
  value.metadata.ownerReferences = [{ apiVersion: 'v1', ...owner, controller: true }];
  return JSON.stringify(value);
}

function cronJob(path: string, labels: Readonly<Record<string, string>>): string {
  return JSON.stringify({
    ...JSON.parse(pod(path)),
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    spec: {
      schedule: '0 3 * * *',
      jobTemplate: { spec: { template: { metadata: { labels }, spec: { containers: [{ name: 'main' }] } } } },
    },
    status: {},
  });
}

describe('D4 the next run of a Job is allowed what this one was', () => {
  const run = (name: string, ip: string, uid: string) => [
    object('batch/v1', 'Job', `shop/${name}`, '{}').replace(
      'spec: {}',
      `spec: {template: {metadata: {labels: {app: report}}, spec: {containers: [{name: main}]}}}`,
    ),
    made(
      `shop/${name}-x`,
      `app=report,job-name=${name},batch.kubernetes.io/job-name=${name},controller-uid=${uid},batch.kubernetes.io/controller-uid=${uid}`,
      ip,
      { kind: 'Job', name },
    ),
  ];
  const jobOfCron = (texts: readonly string[]) => {
    const [job, own] = texts;
    return [
      `${job}`.replace(
        'metadata: {',
        'metadata: {ownerReferences: [{apiVersion: batch/v1, kind: CronJob, name: report, controller: true}], ',
      ),
      own!,
    ];
  };
  const base = [
    namespace('shop'),
    deployment('shop/db', 'app=db', '5432'),
    made('shop/db-1', 'app=db,pod-template-hash=abc', '10.0.0.20', { kind: 'ReplicaSet', name: 'db-abc' }, '5432'),
    cronJob('shop/report', { app: 'report' }),
  ];
  const texts = [...base, ...jobOfCron(run('report-28618366', '10.0.0.30', '1111'))];
  const flows = [observed('10.0.0.30 -> 10.0.0.20:5432')];

  // The rival's golden file names batch.kubernetes.io/controller-uid and job-name: the run of the next night is denied.
  it('names no label of one run', () => {
    const outcome = generated(texts, { flows });
    expect(outcome.rules('shop/db')).toEqual(['from app=report: 5432/TCP']);
    expect(JSON.stringify(outcome.document.policies.map(({ manifest }) => manifest['spec']))).not.toMatch(
      /job-name|controller-uid|28618366/,
    );
  });

  it('allows the run of the next night, and isolates it', () => {
    const outcome = generated(texts, { flows });
    const night = afterwards(outcome, [...base, ...jobOfCron(run('report-28619806', '10.0.0.31', '2222'))]);
    expect(night.can('shop/pod/report-28619806-x', 'shop/db:5432')).toBe('allowed');
    expect(night.can('shop/db', 'shop/pod/report-28619806-x:80')).toBe('denied');
  });
});

describe('D8 labels are not stripped until everybody is meant', () => {
  // The rival's list of removed labels may leave none (`podSelector: {}`, the whole namespace), and takes away
  // app.kubernetes.io/instance, by which two releases of a chart differ.
  it('selects nobody where no label lasts, asks, and does not close the namespace over it', () => {
    const texts = [
      namespace('shop'),
      pod('shop/one', { labels: 'pod-template-hash=abc' }),
      deployment('shop/db', 'app=db'),
    ];
    const outcome = generated(texts, { allow: ['shop/one -> shop/db:5432'] });
    const spec = JSON.stringify(outcome.document.policies.map(({ manifest }) => manifest['spec']));
    expect(spec).not.toContain('"podSelector":{}');
    expect(outcome.names).toEqual(['shop/db']);
    expect(outcome.remarks).toContainEqual(expect.stringMatching(/^unselectable: shop\/one gets no policy/));
    expect(outcome.remarks).toContainEqual(expect.stringMatching(/^unselectable: namespace shop gets no default deny/));
    expect(outcome.rules('shop/db')).toEqual([]);
    expect(outcome.document.proof.sound).toBe(false);
  });

  it('keeps two releases of one chart apart', () => {
    const release = (name: string) =>
      ['api', 'db'].map((part) =>
        deployment(
          `shop/${name}-${part}`,
          `app.kubernetes.io/name=chart,app.kubernetes.io/instance=${name},app.kubernetes.io/component=${part}`,
          part === 'db' ? '5432' : '8080',
        ),
      );
    const texts = [namespace('shop'), ...release('blue'), ...release('green')];
    const allow = ['shop/blue-api -> shop/blue-db:5432', 'shop/green-api -> shop/green-db:5432'];
    const after = afterwards(generated(texts, { allow }), texts);
    expect(after.can('shop/blue-api', 'shop/blue-db:5432')).toBe('allowed');
    expect(after.can('shop/blue-api', 'shop/green-db:5432')).toBe('denied');
    expect(after.can('shop/green-api', 'shop/blue-db:5432')).toBe('denied');
  });

  it('keeps a second release apart that is installed later', () => {
    // The controller selects by the name of the chart only, and its pods have the instance as well.
    const release = (name: string) => {
      const made = JSON.parse(deployment(`shop/${name}`, 'app.kubernetes.io/name=chart', '8080'));
      made.spec.template.metadata.labels['app.kubernetes.io/instance'] = name;
      return [JSON.stringify(made)];
    };
    const base = [namespace('shop'), deployment('shop/client', 'app=client')];
    const outcome = generated([...base, ...release('blue')], { allow: ['shop/client -> shop/blue:8080'] });
    const later = afterwards(outcome, [...base, ...release('blue'), ...release('green')]);
    expect(later.can('shop/client', 'shop/blue:8080')).toBe('allowed');
    expect(later.can('shop/client', 'shop/green:8080')).toBe('denied');
    expect(outcome.document.proof.surprises).toEqual([]);
  });
});

describe('D15 a Service is followed to pods by its selector', () => {
  // The rival's sample names the labels of the DNS Service (kubernetes.io/name: CoreDNS), which no pod has: no DNS at all.
  const dns = [
    namespace('kube-system'),
    deployment('kube-system/coredns', 'k8s-app=kube-dns', 'dns=53/UDP,dns-tcp=53'),
    service(
      'kube-system/kube-dns',
      '{clusterIP: 10.96.0.10, selector: {k8s-app: kube-dns}, ports: [{name: dns, port: 53, protocol: UDP}, {name: dns-tcp, port: 53}]}',
    ).replace('metadata: {', 'metadata: {labels: {kubernetes.io/name: CoreDNS}, '),
  ];

  it('allows the DNS pods of the cluster, and they exist', () => {
    const texts = [...dns, namespace('shop'), deployment('shop/web', 'app=web')];
    const outcome = generated(texts, {});
    expect(JSON.stringify(outcome.manifest('shop/web').spec.egress)).not.toContain('CoreDNS');
    const after = afterwards(outcome, texts);
    for (const port of ['53/udp', '53/tcp']) {
      expect([port, after.can('shop/web', `kube-system/coredns:${port}`)]).toEqual([port, 'allowed']);
    }
  });

  it('names the pods behind a Service whose labels are other than theirs', () => {
    const web = JSON.parse(deployment('shop/web', 'app=web'));
    web.spec.template.spec.containers[0].env = [{ name: 'CART', value: 'http://basket' }];
    const texts = [
      namespace('shop'),
      JSON.stringify(web),
      deployment('shop/cart', 'app=cart', 'http=7070'),
      service('shop/basket', '{selector: {app: cart}, ports: [{port: 80, targetPort: http}]}').replace(
        'metadata: {',
        'metadata: {labels: {app: basket}, ',
      ),
    ];
    expect(generated(texts).rules('shop/web')).toEqual(['to app=cart: 7070/TCP']);
  });
});

describe('D16 the next rollout stays isolated', () => {
  // The rival copies all labels of a running pod, pod-template-hash among them: after a rollout nobody is selected.
  const replica = (hash: string, ip: string, app = 'web', ports = '8080') =>
    made(
      `shop/${app}-${hash}-x`,
      `app=${app},pod-template-hash=${hash}`,
      ip,
      { kind: 'ReplicaSet', name: `${app}-${hash}` },
      ports,
    );
  const base = [
    namespace('shop'),
    deployment('shop/web', 'app=web', '8080'),
    deployment('shop/cart', 'app=cart', '7070'),
  ];

  it('selects by labels that the rollout keeps', () => {
    const texts = [...base, replica('aaa', '10.0.0.10'), replica('bbb', '10.0.0.11', 'cart', '7070')];
    const outcome = generated(texts, { flows: [observed('10.0.0.10 -> 10.0.0.11:7070')] });
    expect(selectorText(outcome.manifest('shop/web').spec.podSelector)).toBe('app=web');
    const later = afterwards(outcome, [
      ...base,
      replica('ccc', '10.0.0.12'),
      replica('ddd', '10.0.0.13', 'cart', '7070'),
    ]);
    expect(later.can('shop/web', 'shop/cart:7070')).toBe('allowed');
    expect(later.can('shop/cart', 'shop/web:8080')).toBe('denied');
    expect(later.can('shop/web', '203.0.113.7:443')).toBe('denied');
  });

  it('does so for pods of a StatefulSet, whatever their ordinal', () => {
    const set = object('apps/v1', 'StatefulSet', 'shop/db', '{}').replace(
      'spec: {}',
      'spec: {serviceName: db, replicas: 2, selector: {matchLabels: {app: db}}, template: {metadata: {labels: {app: db}}, spec: {containers: [{name: main, ports: [{containerPort: 5432}]}]}}}',
    );
    const ordinal = (index: number) =>
      made(
        `shop/db-${index}`,
        `app=db,statefulset.kubernetes.io/pod-name=db-${index},apps.kubernetes.io/pod-index=${index}`,
        `10.0.0.2${index}`,
        { kind: 'StatefulSet', name: 'db' },
        '5432',
      );
    const texts = [...base, replica('aaa', '10.0.0.10'), set, ordinal(0)];
    const outcome = generated(texts, { flows: [observed('10.0.0.10 -> 10.0.0.20:5432')] });
    expect(outcome.rules('shop/db')).toEqual(['from app=web: 5432/TCP']);
    const scaled = afterwards(outcome, [...texts, ordinal(1)]);
    expect(scaled.can('shop/web', 'shop/pod/db-1:5432')).toBe('allowed');
    expect(scaled.can('shop/cart', 'shop/pod/db-1:5432')).toBe('denied');
  });
});

describe('D24 ports are exact, and no pod is changed to fit', () => {
  // The rival opens every port of a workload it names, and puts labels of its own on pods for its selectors.
  it('opens the one port that is needed, of its protocol', () => {
    const texts = [namespace('shop'), deployment('shop/web', 'app=web'), deployment('shop/db', 'app=db', '5432,9187')];
    const outcome = generated(texts, { allow: ['shop/web -> shop/db:5432', 'shop/web -> 198.51.100.7:514/udp'] });
    expect(outcome.rules('shop/db')).toEqual(['from app=web: 5432/TCP']);
    const after = afterwards(outcome, texts);
    expect(after.can('shop/web', 'shop/db:9187')).toBe('denied');
    expect(after.can('shop/web', 'shop/db:5432/udp')).toBe('denied');
    expect(after.can('shop/web', '198.51.100.7:514/udp')).toBe('allowed');
    expect(after.can('shop/web', '198.51.100.7:514/tcp')).toBe('denied');
  });

  it('writes NetworkPolicies and nothing else', () => {
    const { document } = generated([namespace('shop'), deployment('shop/web', 'app=web')]);
    expect(new Set(document.policies.map(({ manifest }) => manifest['kind']))).toEqual(new Set(['NetworkPolicy']));
  });
});
