// Who scrapes whom: monitors of the Prometheus operator, annotations, and what Prometheus objects call themselves.

import { describe, expect, it } from 'vitest';
import { edgesOf, evidenceOf } from '../../../../test/support/evidence.ts';
import { deployment, namespace, object, service } from '../../../../test/support/scenario.ts';
import { metricsPorts } from './metrics-ports.ts';
import { monitors } from './monitors.ts';
import { operators } from './operators.ts';
import { scrapeAnnotations } from './scrape-annotations.ts';

const V1 = 'monitoring.coreos.com/v1';
const labelled = (text: string, labels: string) => text.replace(/metadata: \{/, `metadata: {labels: {${labels}}, `);
const CLUSTER: readonly string[] = [
  namespace('shop', 'team=a'),
  namespace('ops'),
  deployment('shop/web', 'app=web', 'metrics=9100,8080'),
  labelled(
    service(
      'shop/web',
      '{selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}, {name: m, port: 91, targetPort: metrics}]}',
    ),
    'app: web',
  ),
];
const prometheus = (spec: string) => object(V1, 'Prometheus', 'ops/k8s', spec);
const ALL =
  '{serviceMonitorSelector: {}, serviceMonitorNamespaceSelector: {}, podMonitorSelector: {}, podMonitorNamespaceSelector: {}, probeSelector: {}, probeNamespaceSelector: {}}';
const SELECTOR = 'selector: {matchLabels: {app: web}}';
const FROM = 'pods of Prometheus ops/k8s';

describe('monitors', () => {
  it.each<[what: string, monitor: string, ...to: string[]]>([
    [
      'a port of the Service',
      object(V1, 'ServiceMonitor', 'shop/web', `{${SELECTOR}, endpoints: [{port: m}]}`),
      'shop/web:9100/TCP',
    ],
    [
      'a target port by name',
      object(V1, 'ServiceMonitor', 'shop/web', `{${SELECTOR}, endpoints: [{targetPort: metrics}]}`),
      'shop/web:9100/TCP',
    ],
    [
      'a target port by number',
      object(V1, 'ServiceMonitor', 'shop/web', `{${SELECTOR}, endpoints: [{targetPort: 9999}]}`),
      'shop/web:9999/TCP',
    ],
    [
      'two endpoints',
      object(V1, 'ServiceMonitor', 'shop/web', `{${SELECTOR}, endpoints: [{port: m}, {port: http}]}`),
      'shop/web:8080/TCP',
      'shop/web:9100/TCP',
    ],
    [
      'from another namespace, any',
      object(V1, 'ServiceMonitor', 'ops/web', `{namespaceSelector: {any: true}, ${SELECTOR}, endpoints: [{port: m}]}`),
      'shop/web:9100/TCP',
    ],
    [
      'from another namespace, by name',
      object(
        V1,
        'ServiceMonitor',
        'ops/web',
        `{namespaceSelector: {matchNames: [shop]}, ${SELECTOR}, endpoints: [{port: m}]}`,
      ),
      'shop/web:9100/TCP',
    ],
    [
      'pods',
      object(V1, 'PodMonitor', 'shop/web', `{${SELECTOR}, podMetricsEndpoints: [{port: metrics}]}`),
      'shop/web:9100/TCP',
    ],
    [
      'pods by number',
      object(V1, 'PodMonitor', 'shop/web', `{${SELECTOR}, podMetricsEndpoints: [{portNumber: 9101}]}`),
      'shop/web:9101/TCP',
    ],
    ['a prober', object(V1, 'Probe', 'ops/p', '{prober: {url: "web.shop.svc:80"}, targets: {}}'), 'shop/web:8080/TCP'],
    [
      'the API server',
      object(
        V1,
        'ServiceMonitor',
        'ops/a',
        '{namespaceSelector: {matchNames: [default]}, selector: {matchLabels: {component: apiserver, provider: kubernetes}}, endpoints: [{port: https}]}',
      ),
      'api-server:443/TCP',
    ],
  ])('%s', (_what, monitor, ...to) => {
    const found = evidenceOf([...CLUSTER, prometheus(ALL), monitor], monitors);
    expect(edgesOf(found)).toEqual(to.map((one) => `${FROM} -> ${one}`));
    expect(found.questions).toEqual([]);
  });

  it.each<[what: string, spec: string, isTaken: boolean]>([
    ['an empty selector takes all', '{serviceMonitorSelector: {}, serviceMonitorNamespaceSelector: {}}', true],
    ['no selector takes none', '{serviceMonitorNamespaceSelector: {}}', false],
    ['no namespace selector takes its own namespace', '{serviceMonitorSelector: {}}', false],
    [
      'a selector by labels',
      '{serviceMonitorSelector: {matchLabels: {own: "1"}}, serviceMonitorNamespaceSelector: {}}',
      true,
    ],
    [
      'a selector by other labels',
      '{serviceMonitorSelector: {matchLabels: {own: "2"}}, serviceMonitorNamespaceSelector: {}}',
      false,
    ],
    [
      'namespaces by labels',
      '{serviceMonitorSelector: {}, serviceMonitorNamespaceSelector: {matchLabels: {team: a}}}',
      true,
    ],
    [
      'namespaces by other labels',
      '{serviceMonitorSelector: {}, serviceMonitorNamespaceSelector: {matchLabels: {team: b}}}',
      false,
    ],
  ])('%s', (_what, spec, isTaken) => {
    const monitor = labelled(
      object(V1, 'ServiceMonitor', 'shop/web', `{${SELECTOR}, endpoints: [{port: m}]}`),
      'own: "1"',
    );
    const found = evidenceOf([...CLUSTER, prometheus(spec), monitor], monitors);
    expect(found.evidence.length).toBe(isTaken ? 1 : 0);
    expect(found.questions.map(({ about }) => about)).toEqual(isTaken ? [] : ['unknown-scraper']);
  });

  it('comes from the one Prometheus that runs here where no operator does', () => {
    const own = deployment('ops/prometheus', 'app.kubernetes.io/name=prometheus');
    const monitor = object(V1, 'ServiceMonitor', 'shop/web', `{${SELECTOR}, endpoints: [{port: m}]}`);
    expect(edgesOf(evidenceOf([...CLUSTER, own, monitor], monitors))).toEqual(['ops/prometheus -> shop/web:9100/TCP']);
    const more = deployment('ops/more', 'app.kubernetes.io/name=prometheus');
    expect(evidenceOf([...CLUSTER, own, more, monitor], monitors).evidence).toEqual([]);
  });

  it('asks about a monitor that leads nowhere', () => {
    const of = (spec: string) =>
      evidenceOf([...CLUSTER, prometheus(ALL), object(V1, 'ServiceMonitor', 'shop/x', spec)], monitors).questions.map(
        ({ says }) => says,
      );
    expect(of('{selector: {matchLabels: {app: gone}}, endpoints: [{port: m}]}')).toEqual([
      'ServiceMonitor shop/x selects no Service here',
    ]);
    expect(of(`{${SELECTOR}, endpoints: [{port: gone}]}`)).toEqual([
      'ServiceMonitor shop/x leads nowhere: Service shop/web has no port "gone", only 80, 91',
    ]);
  });
});

describe('annotations for scraping', () => {
  const annotated = (annotations: string, name = 'api') =>
    object(
      'apps/v1',
      'Deployment',
      `shop/${name}`,
      `{template: {metadata: {labels: {app: ${name}}, annotations: {${annotations}}}, spec: {containers: [{name: c, ports: [{containerPort: 8080}, {containerPort: 53, protocol: UDP}]}]}}}`,
    );
  const own = deployment('ops/prometheus', 'app.kubernetes.io/name=prometheus');

  it.each<[what: string, annotations: string, ...to: string[]]>([
    ['a port', 'prometheus.io/scrape: "true", prometheus.io/port: "9102"', 'shop/api:9102/TCP'],
    ['no port: those that are declared', 'prometheus.io/scrape: "true"', 'shop/api:8080/TCP'],
    ['not at all', 'prometheus.io/scrape: "false", prometheus.io/port: "9102"'],
    ['a port alone', 'prometheus.io/port: "9102"'],
  ])('%s', (_what, annotations, ...to) => {
    expect(edgesOf(evidenceOf([annotated(annotations), own], scrapeAnnotations))).toEqual(
      to.map((one) => `ops/prometheus -> ${one}`),
    );
  });

  it('on a Service', () => {
    const text = service('shop/web', '{selector: {app: web}, ports: [{port: 80}]}').replace(
      'metadata: {',
      'metadata: {annotations: {prometheus.io/scrape: "true", prometheus.io/port: "9100"}, ',
    );
    expect(edgesOf(evidenceOf([CLUSTER[2]!, text, own], scrapeAnnotations))).toEqual([
      'ops/prometheus -> shop/web:9100/TCP',
    ]);
  });

  it('are one question where nobody is there to scrape, or several', () => {
    const two = [annotated('prometheus.io/scrape: "true"'), annotated('prometheus.io/scrape: "true"', 'web')];
    const asked = (...texts: string[]) =>
      evidenceOf([...two, ...texts], scrapeAnnotations).questions.map(({ says }) => says);
    expect(asked()).toEqual(['shop/api, shop/web ask to be scraped by annotation, and no Prometheus is here']);
    expect(asked(own, deployment('ops/more', 'app.kubernetes.io/name=prometheus'))).toEqual([
      'shop/api, shop/web ask to be scraped by annotation, and ops/more and ops/prometheus may be meant',
    ]);
  });
});

describe('ports for metrics', () => {
  const MONITOR = object(V1, 'ServiceMonitor', 'shop/web', `{${SELECTOR}, endpoints: [{port: m}]}`);
  const own = deployment('ops/prometheus', 'app.kubernetes.io/name=prometheus');
  const asked = (...texts: string[]) =>
    evidenceOf([namespace('shop'), ...texts], metricsPorts).questions.map(({ says, hint }) => [says, hint]);

  it('are a question where nothing asks for them, and never evidence', () => {
    expect(asked(own)).toEqual([]);
    const named = deployment('shop/api', 'app=api', 'http=8080,http-metrics=9100');
    expect(asked(named, own)).toEqual([
      [
        'shop/api:9100 is a port for metrics by name, and nothing here asks for them',
        'if they are scraped: --allow "ops/prometheus -> shop/api:9100"',
      ],
    ]);
    expect(asked(named)[0]![1]).toContain('MONITORING/NAME -> shop/api:9100');
    expect(evidenceOf([named, own], metricsPorts).evidence).toEqual([]);
  });

  it('are none where a monitor takes them', () => {
    expect(asked(...CLUSTER, own)).toHaveLength(1);
    expect(asked(...CLUSTER, own, MONITOR)).toEqual([]);
  });
});

describe('objects of the Prometheus operator', () => {
  const alertmanager = object(V1, 'Alertmanager', 'ops/main', '{replicas: 2}');
  const alerts = service(
    'ops/alerts',
    '{selector: {alertmanager: main}, ports: [{name: web, port: 9093, targetPort: web}]}',
  );
  const AM = 'pods of Alertmanager ops/main';

  it('send alerts, write to remote storage, and gossip', () => {
    const spec =
      '{alerting: {alertmanagers: [{namespace: ops, name: alerts, port: web}]}, remoteWrite: [{url: "http://web.shop/api"}]}';
    const found = evidenceOf([...CLUSTER, prometheus(spec), alertmanager, alerts], operators);
    expect(edgesOf(found)).toEqual([
      `${AM} -> ${AM}:9094/TCP`,
      `${AM} -> ${AM}:9094/UDP`,
      `${FROM} -> ${AM}:9093/TCP`,
      `${FROM} -> shop/web:8080/TCP`,
    ]);
  });

  it('have nobody to gossip with where they are alone', () => {
    expect(evidenceOf([object(V1, 'Alertmanager', 'ops/main', '{replicas: 1}')], operators).evidence).toEqual([]);
  });

  it('ask about a Service that is not here', () => {
    const { evidence, questions } = evidenceOf(
      [prometheus('{alerting: {alertmanagers: [{name: gone, port: 1}]}}')],
      operators,
    );
    expect(evidence).toEqual([]);
    expect(questions.map(({ says }) => says)).toEqual([
      'Prometheus ops/k8s sends alerts to Service ops/gone, and no such Service is here',
    ]);
  });
});
