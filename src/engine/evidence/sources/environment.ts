// Addresses in the environment of containers: values, ConfigMaps, expansions, and hosts with the port of a sibling variable.

import type { Workload } from '../../model/cluster.ts';
import type { Mention } from '../addresses/mention.ts';
import { joinedName, nameSays, portNamesFor } from '../addresses/names.ts';
import { readValue } from '../addresses/read-value.ts';
import { scanText } from '../addresses/scan-text.ts';
import type { EvidenceContext } from '../context.ts';
import { portOf } from '../json-fields.ts';
import { addNamedAddress, callerOf, type Naming } from '../named-address.ts';
import { containersOf, podSpecs, titleOfWorkload } from '../pod-specs.ts';
import type { EvidenceSource, Findings } from '../source-of-evidence.ts';
import { type Environment, environmentOf, type Unread, type Variable } from '../variables.ts';

/** See the file's head. */
export const environment: EvidenceSource = (context, findings) => {
  for (const workload of context.cluster.workloads.values()) {
    const unread: Unread[] = [];
    for (const pod of podSpecs(context, workload)) {
      for (const container of containersOf(pod)) {
        const own = environmentOf(context, pod, container);
        unread.push(...own.unread);
        for (const variable of own.variables) addVariable(context, findings, workload, own, variable);
      }
    }
    askUnread(findings, workload, unread);
  }
};

function addVariable(
  context: EvidenceContext,
  findings: Findings,
  workload: Workload,
  environment: Environment,
  variable: Variable,
): void {
  const { name, value, from } = variable;
  const says = nameSays(name);
  if (says === 'listen' || says === 'never') return;
  const naming: Naming = {
    caller: callerOf(workload),
    kind: 'environment',
    name,
    subject: `${name} of ${titleOfWorkload(workload)}${from === undefined ? '' : ` (${from})`}`,
    isText: false,
    source: () => variable.source(),
  };
  if (isDocument(value)) {
    for (const mention of scanText(value)) {
      addNamedAddress(context, findings, { ...naming, isText: true, name: mention.key || name }, mention);
    }
    return;
  }
  for (const mention of readValue(value)) {
    addNamedAddress(context, findings, naming, withPortOf(environment, name, mention));
  }
}

/** Many lines, or JSON: a document in a variable. */
export function isDocument(value: string): boolean {
  return value.trim().includes('\n') || /^\s*(?:\{\s*"|\[\s*[{"])/.test(value);
}

/** A host without a port gets that of the variable beside it: `DB_HOST` and `DB_PORT`. */
function withPortOf(environment: Environment, name: string, mention: Mention): Mention {
  if (mention.form !== 'host' || mention.port !== undefined) return mention;
  const names = portNamesFor(name);
  for (const { name: other, value } of environment.variables) {
    if (!names.includes(joinedName(other))) continue;
    const port = portOf(value);
    if (port !== undefined) return { ...mention, port };
  }
  return mention;
}

/** Variables that nobody can read here, named in one question for each workload: only those that may be addresses. */
function askUnread(findings: Findings, workload: Workload, unread: readonly Unread[]): void {
  const title = titleOfWorkload(workload);
  const told = (what: Unread['what']) =>
    unread.filter((one) => one.what === what && (one.name === undefined || mayBeAddress(one.name)));
  const secrets = told('secret');
  const [secret] = secrets;
  if (secret !== undefined) {
    findings.ask({
      about: 'unread-secret',
      workload: workload.key,
      says: `${title} has ${describe(secrets)} from a Secret, which is never read and may name an address`,
      hint: `say what it calls with --allow "${title} -> NAMESPACE/NAME:PORT", or learn it from flows`,
      source: secret.source(),
    });
  }
  // An optional key that is not set leaves a default that only the program knows.
  const maps = told('config-map');
  const [map] = maps;
  if (map !== undefined) {
    const objects = [...new Set(maps.map(({ object }) => `ConfigMap ${object}`))].sort().join(', ');
    findings.ask({
      about: 'missing-configuration',
      workload: workload.key,
      says: `${title} has ${describe(maps)} from ${objects}, not to be found here, so defaults of the program may apply`,
      hint: `read the ConfigMap as well, or say what it calls with --allow "${title} -> NAMESPACE/NAME:PORT"`,
      source: map.source(),
    });
  }
}

function mayBeAddress(name: string): boolean {
  return nameSays(name) === 'address' || /(?:CONN|CONNECTION_?STRING|DATABASE)$/i.test(name);
}

const MOST_NAMED = 4;

function describe(unread: readonly Unread[]): string {
  const names = [...new Set(unread.map(({ name, object }) => name ?? `the variables in ${object}`))].sort();
  const shown = names.slice(0, MOST_NAMED).join(', ');
  return names.length > MOST_NAMED ? `${shown} and ${names.length - MOST_NAMED} more` : shown;
}
