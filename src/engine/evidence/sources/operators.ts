// Whom pods of the Prometheus operator call by what their custom resources say: Alertmanagers, remote storage, peers.

import type { OperatorObject } from '../../model/cluster.ts';
import type { Party } from '../../model/evidence.ts';
import type { Path } from '../../model/source.ts';
import { readValue } from '../addresses/read-value.ts';
import type { EvidenceContext } from '../context.ts';
import { fieldsOf, listOf, portOf, textOf } from '../json-fields.ts';
import { addNamedAddress } from '../named-address.ts';
import { groupOfApiVersion } from '../resolve/group-of.ts';
import { operatorParty, operatorPorts } from '../resolve/operator-pods.ts';
import { arrivalsAt } from '../resolve/service-arrivals.ts';
import type { EvidenceSource, Findings } from '../source-of-evidence.ts';

/** See the file's head. */
export const operators: EvidenceSource = (context, findings) => {
  for (const one of context.cluster.operatorObjects) {
    if (groupOfApiVersion(one.object.value['apiVersion']) !== 'monitoring.coreos.com') continue;
    const party = operatorParty(context, one);
    if (party === undefined) continue;
    addAlertmanagers(context, findings, one, party);
    for (const field of ['remoteWrite', 'remoteRead']) addUrls(context, findings, one, party, field);
    if (one.kind === 'Alertmanager') addPeers(findings, one, party);
  }
};

function titleOf({ kind, namespace, name }: OperatorObject): string {
  return `${kind} ${namespace}/${name}`;
}

function addAlertmanagers(context: EvidenceContext, findings: Findings, one: OperatorObject, from: Party): void {
  const alerting = fieldsOf(fieldsOf(one.object.value['spec'])['alerting']);
  listOf(alerting['alertmanagers']).forEach((item, index) => {
    const { namespace = one.namespace, name, port } = fieldsOf(item);
    const home = textOf(namespace) ?? one.namespace;
    const called = textOf(name);
    if (called === undefined) return;
    const number = portOf(port);
    const portName = textOf(port);
    const service = context.service(home, called);
    const path: Path = ['spec', 'alerting', 'alertmanagers', index];
    const wanted = number !== undefined ? { port: number } : portName !== undefined ? { name: portName } : {};
    const found = service === undefined ? undefined : arrivalsAt(context, service, wanted);
    for (const { to, protocol, ports, via } of found?.arrivals ?? []) {
      findings.add({
        from,
        to,
        protocol,
        ports,
        kind: 'configuration',
        confidence: 'likely',
        says: `${titleOf(one)} sends alerts to Service ${home}/${called}, port ${via.port}`,
        source: one.object.locate(path),
        via,
      });
    }
    if (found === undefined || found.arrivals.length === 0) {
      findings.ask({
        about: 'unresolved-name',
        says: `${titleOf(one)} sends alerts to Service ${home}/${called}, and ${found?.problems[0]?.says ?? 'no such Service is here'}`,
        hint: 'read Alertmanager as well',
        source: one.object.locate(path),
      });
    }
  });
}

function addUrls(context: EvidenceContext, findings: Findings, one: OperatorObject, party: Party, field: string): void {
  listOf(fieldsOf(one.object.value['spec'])[field]).forEach((item, index) => {
    const url = textOf(fieldsOf(item)['url']);
    if (url === undefined) return;
    for (const mention of readValue(url)) {
      addNamedAddress(
        context,
        findings,
        {
          caller: {
            party,
            namespace: one.namespace,
            title: titleOf(one),
            ...(party.type === 'workload' ? { key: party.key } : {}),
          },
          kind: 'configuration',
          name: 'url',
          subject: `${field} of ${titleOf(one)}`,
          isText: false,
          source: () => one.object.locate(['spec', field, index, 'url']),
        },
        mention,
      );
    }
  });
}

/** Alertmanagers gossip over TCP and UDP; one alone has nobody to talk to. */
function addPeers(findings: Findings, one: OperatorObject, party: Party): void {
  const replicas = fieldsOf(one.object.value['spec'])['replicas'];
  if (typeof replicas !== 'number' || replicas < 2) return;
  for (const { name, protocol, number } of operatorPorts(one)) {
    if (!name.startsWith('mesh-')) continue;
    findings.add({
      from: party,
      to: party,
      protocol,
      ports: [number, number],
      kind: 'peers',
      confidence: 'likely',
      says: `${titleOf(one)} has ${replicas} replicas, which gossip on port ${number}`,
      source: one.object.locate(['spec', 'replicas']),
    });
  }
}
