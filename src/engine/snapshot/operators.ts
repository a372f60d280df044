// Custom resources that make pods without carrying a pod template, and what is sure about the labels of those pods.
// The table holds only labels that the operator's API documents or sets unconditionally; configurable ones are left out.

import type { Labels } from '../model/selector.ts';
import type { ManifestObject } from '../model/source.ts';
import { groupOf } from './kinds.ts';
import { isObject, type JsonObject } from './reading.ts';

/** One kind of object that makes pods. */
export interface OperatorKind {
  readonly group: string;
  readonly kind: string;
  /** Labels that every pod of the object has; `$name` stands for the object's name. Empty: none is sure. */
  readonly labels: Labels;
  /** Where the object itself names labels for all of its pods; absent: nowhere that is sure. */
  readonly podLabels?: readonly string[];
}

const PROMETHEUS_OPERATOR = {
  'app.kubernetes.io/instance': '$name',
  'app.kubernetes.io/managed-by': 'prometheus-operator',
};
const POD_METADATA = ['spec', 'podMetadata', 'labels'];

function elastic(kind: string, group: string, nameLabel: string): OperatorKind {
  return { group, kind, labels: { [nameLabel]: '$name', 'common.k8s.elastic.co/type': kind.toLowerCase() } };
}

/** The operators that are known, by API group and kind. */
export const OPERATOR_KINDS: readonly OperatorKind[] = [
  {
    group: 'monitoring.coreos.com',
    kind: 'Prometheus',
    labels: {
      ...PROMETHEUS_OPERATOR,
      'app.kubernetes.io/name': 'prometheus',
      'operator.prometheus.io/name': '$name',
      prometheus: '$name',
    },
    podLabels: POD_METADATA,
  },
  {
    group: 'monitoring.coreos.com',
    kind: 'PrometheusAgent',
    labels: {
      ...PROMETHEUS_OPERATOR,
      'app.kubernetes.io/name': 'prometheus-agent',
      'operator.prometheus.io/name': '$name',
    },
    podLabels: POD_METADATA,
  },
  {
    group: 'monitoring.coreos.com',
    kind: 'Alertmanager',
    labels: { ...PROMETHEUS_OPERATOR, 'app.kubernetes.io/name': 'alertmanager', alertmanager: '$name' },
    podLabels: POD_METADATA,
  },
  {
    group: 'monitoring.coreos.com',
    kind: 'ThanosRuler',
    labels: { ...PROMETHEUS_OPERATOR, 'app.kubernetes.io/name': 'thanos-ruler', 'thanos-ruler': '$name' },
    podLabels: POD_METADATA,
  },
  { group: 'kafka.strimzi.io', kind: 'Kafka', labels: { 'strimzi.io/cluster': '$name' } },
  { group: 'kafka.strimzi.io', kind: 'KafkaConnect', labels: { 'strimzi.io/cluster': '$name' } },
  { group: 'kafka.strimzi.io', kind: 'KafkaBridge', labels: { 'strimzi.io/cluster': '$name' } },
  { group: 'kafka.strimzi.io', kind: 'KafkaMirrorMaker2', labels: { 'strimzi.io/cluster': '$name' } },
  elastic('Elasticsearch', 'elasticsearch.k8s.elastic.co', 'elasticsearch.k8s.elastic.co/cluster-name'),
  elastic('Kibana', 'kibana.k8s.elastic.co', 'kibana.k8s.elastic.co/name'),
  { group: 'apm.k8s.elastic.co', kind: 'ApmServer', labels: { 'apm.k8s.elastic.co/name': '$name' } },
  { group: 'agent.k8s.elastic.co', kind: 'Agent', labels: { 'agent.k8s.elastic.co/name': '$name' } },
  { group: 'beat.k8s.elastic.co', kind: 'Beat', labels: { 'beat.k8s.elastic.co/name': '$name' } },
  { group: 'logstash.k8s.elastic.co', kind: 'Logstash', labels: { 'logstash.k8s.elastic.co/name': '$name' } },
  {
    group: 'postgresql.cnpg.io',
    kind: 'Cluster',
    labels: { 'cnpg.io/cluster': '$name' },
    podLabels: ['spec', 'inheritedMetadata', 'labels'],
  },
  { group: 'postgresql.cnpg.io', kind: 'Pooler', labels: { 'cnpg.io/poolerName': '$name' } },
  { group: 'acid.zalan.do', kind: 'postgresql', labels: {} },
  {
    group: 'postgres-operator.crunchydata.com',
    kind: 'PostgresCluster',
    labels: { 'postgres-operator.crunchydata.com/cluster': '$name' },
  },
  {
    group: 'rabbitmq.com',
    kind: 'RabbitmqCluster',
    labels: {
      'app.kubernetes.io/name': '$name',
      'app.kubernetes.io/component': 'rabbitmq',
      'app.kubernetes.io/part-of': 'rabbitmq',
    },
  },
  { group: 'databases.spotahome.com', kind: 'RedisFailover', labels: {} },
  { group: 'redis.redis.opstreelabs.in', kind: 'Redis', labels: {} },
  { group: 'redis.redis.opstreelabs.in', kind: 'RedisCluster', labels: {} },
  { group: 'redis.redis.opstreelabs.in', kind: 'RedisReplication', labels: {} },
  { group: 'redis.redis.opstreelabs.in', kind: 'RedisSentinel', labels: {} },
  { group: 'app.redislabs.com', kind: 'RedisEnterpriseCluster', labels: {} },
  { group: 'mongodbcommunity.mongodb.com', kind: 'MongoDBCommunity', labels: { app: '$name-svc' } },
  { group: 'psmdb.percona.com', kind: 'PerconaServerMongoDB', labels: { 'app.kubernetes.io/instance': '$name' } },
  { group: 'pxc.percona.com', kind: 'PerconaXtraDBCluster', labels: { 'app.kubernetes.io/instance': '$name' } },
  { group: 'mysql.oracle.com', kind: 'InnoDBCluster', labels: { 'mysql.oracle.com/cluster': '$name' } },
  { group: 'k8s.mariadb.com', kind: 'MariaDB', labels: {} },
  { group: 'cassandra.datastax.com', kind: 'CassandraDatacenter', labels: {} },
  { group: 'k8ssandra.io', kind: 'K8ssandraCluster', labels: {} },
  {
    group: 'clickhouse.altinity.com',
    kind: 'ClickHouseInstallation',
    labels: { 'clickhouse.altinity.com/chi': '$name' },
  },
  { group: 'minio.min.io', kind: 'Tenant', labels: { 'v1.min.io/tenant': '$name' } },
  { group: 'ceph.rook.io', kind: 'CephCluster', labels: {} },
  { group: 'grafana.integreatly.org', kind: 'Grafana', labels: {} },
  { group: 'jaegertracing.io', kind: 'Jaeger', labels: {} },
  { group: 'opentelemetry.io', kind: 'OpenTelemetryCollector', labels: {} },
  { group: 'loki.grafana.com', kind: 'LokiStack', labels: {} },
  { group: 'tempo.grafana.com', kind: 'TempoStack', labels: {} },
  { group: 'k8s.keycloak.org', kind: 'Keycloak', labels: {} },
  { group: 'argoproj.io', kind: 'ArgoCD', labels: {} },
  { group: 'argoproj.io', kind: 'Workflow', labels: { 'workflows.argoproj.io/workflow': '$name' } },
  { group: 'argoproj.io', kind: 'CronWorkflow', labels: {} },
  { group: 'tekton.dev', kind: 'TaskRun', labels: { 'tekton.dev/taskRun': '$name' } },
  { group: 'tekton.dev', kind: 'PipelineRun', labels: { 'tekton.dev/pipelineRun': '$name' } },
  { group: 'sparkoperator.k8s.io', kind: 'SparkApplication', labels: { 'sparkoperator.k8s.io/app-name': '$name' } },
  { group: 'flink.apache.org', kind: 'FlinkDeployment', labels: { app: '$name' } },
  { group: 'kubevirt.io', kind: 'VirtualMachine', labels: { 'kubevirt.io': 'virt-launcher' } },
  { group: 'kubevirt.io', kind: 'VirtualMachineInstance', labels: { 'kubevirt.io': 'virt-launcher' } },
];

const BY_GROUP_AND_KIND: ReadonlyMap<string, OperatorKind> = new Map(
  OPERATOR_KINDS.map((entry) => [`${entry.kind}.${entry.group}`, entry]),
);

/** The table's entry for an apiVersion (any version of the group) and kind; undefined for kinds that it does not list. */
export function operatorKind(apiVersion: string, kind: string): OperatorKind | undefined {
  return BY_GROUP_AND_KIND.get(`${kind}.${groupOf(apiVersion)}`);
}

/**
 * The labels that the pods of an operator's object will surely carry: those it asks for, overridden by those that the
 * operator sets itself. Empty where nothing is sure, which does not mean that the pods have none.
 */
export function operatorPodLabels(object: ManifestObject): Labels {
  const value: unknown = object.value;
  if (!isObject(value) || typeof value.apiVersion !== 'string' || typeof value.kind !== 'string') return {};
  const entry = operatorKind(value.apiVersion, value.kind);
  if (entry === undefined) return {};
  const labels = new Map<string, string>();
  const asked = entry.podLabels === undefined ? undefined : follow(value, entry.podLabels);
  for (const [key, text] of Object.entries(asked ?? {})) if (typeof text === 'string') labels.set(key, text);
  const name = isObject(value.metadata) ? value.metadata.name : undefined;
  for (const [key, text] of Object.entries(entry.labels)) {
    if (!text.includes('$name')) labels.set(key, text);
    else if (typeof name === 'string') labels.set(key, text.split('$name').join(name));
    else labels.delete(key);
  }
  return Object.fromEntries(labels);
}

function follow(value: JsonObject, path: readonly string[]): JsonObject | undefined {
  let here: JsonObject = value;
  for (const key of path) {
    const next = here[key];
    if (!isObject(next)) return undefined;
    here = next;
  }
  return here;
}
