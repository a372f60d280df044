// Whom the API server calls: admission webhooks, conversion webhooks of custom resources, aggregated APIs.

import type { EvidenceKind } from '../../model/evidence.ts';
import type { ManifestObject, Path } from '../../model/source.ts';
import { readValue } from '../addresses/read-value.ts';
import type { EvidenceContext } from '../context.ts';
import { type Fields, fieldsOf, listOf, portOf, textOf } from '../json-fields.ts';
import { resolveHost } from '../resolve/resolve-host.ts';
import { arrivalsAt } from '../resolve/service-arrivals.ts';
import type { EvidenceSource, Findings } from '../source-of-evidence.ts';

/** See the file's head. The port of a reference is the Service's, 443 where it is left out. */
export const webhooks: EvidenceSource = (context, findings) => {
  for (const kind of ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration']) {
    for (const { name, object } of context.othersOf(kind, 'admissionregistration.k8s.io')) {
      listOf(object.value['webhooks']).forEach((item, index) => {
        const hook = fieldsOf(item);
        const what = `webhook ${textOf(hook['name']) ?? index} of ${kind} ${name}`;
        addConfig(context, findings, object, ['webhooks', index, 'clientConfig'], fieldsOf(hook['clientConfig']), what);
      });
    }
  }
  for (const { name, object } of context.othersOf('CustomResourceDefinition', 'apiextensions.k8s.io')) {
    const conversion = fieldsOf(fieldsOf(object.value['spec'])['conversion']);
    const config = fieldsOf(fieldsOf(conversion['webhook'])['clientConfig']);
    const path = ['spec', 'conversion', 'webhook', 'clientConfig'];
    if (conversion['strategy'] === 'Webhook') {
      addConfig(context, findings, object, path, config, `the conversion of ${name}`);
    }
  }
  for (const { name, object } of context.othersOf('APIService', 'apiregistration.k8s.io')) {
    const service = fieldsOf(object.value['spec'])['service'];
    // Without a Service the API server serves the API itself.
    if (typeof service !== 'object' || service === null) continue;
    addService(context, findings, object, ['spec', 'service'], fieldsOf(service), `APIService ${name}`, 'api-service');
  }
};

function addConfig(
  context: EvidenceContext,
  findings: Findings,
  object: ManifestObject,
  path: Path,
  config: Fields,
  what: string,
): void {
  const service = config['service'];
  if (typeof service === 'object' && service !== null) {
    addService(context, findings, object, [...path, 'service'], fieldsOf(service), what, 'webhook');
    return;
  }
  // A URL that leads out of the cluster, or to the API server's own host, is no traffic to a pod.
  for (const { host, port } of readValue(textOf(config['url']) ?? '')) {
    const target = resolveHost(context, 'default', host);
    if (target.type !== 'service') continue;
    const { namespace, name } = target.service;
    const reference = { namespace, name, ...(port === undefined ? {} : { port }) };
    addService(context, findings, object, [...path, 'url'], reference, what, 'webhook');
  }
}

function addService(
  context: EvidenceContext,
  findings: Findings,
  object: ManifestObject,
  path: Path,
  reference: Fields,
  what: string,
  kind: EvidenceKind,
): void {
  const namespace = textOf(reference['namespace']);
  const name = textOf(reference['name']);
  if (namespace === undefined || name === undefined) return;
  const port = portOf(reference['port']) ?? 443;
  const says = `${what} is Service ${namespace}/${name}, port ${port}`;
  const service = context.service(namespace, name);
  const source = () => object.locate(path);
  const hint = `read namespace ${namespace} as well: the API server has to reach it`;
  if (service === undefined) {
    const nothing = `${says}, and no such Service is here`;
    findings.ask({ about: 'unresolved-name', says: nothing, hint, source: source() });
    return;
  }
  const { arrivals, problems } = arrivalsAt(context, service, { port, protocol: 'TCP' });
  for (const { to, protocol, ports, via } of arrivals) {
    findings.add({
      from: { type: 'api-server' },
      to,
      protocol,
      ports,
      kind,
      confidence: 'certain',
      says,
      source: source(),
      via,
    });
  }
  for (const { about, says: problem } of arrivals.length > 0 ? [] : problems) {
    findings.ask({ about, says: `${says}, and ${problem}`, hint, source: source() });
  }
}
