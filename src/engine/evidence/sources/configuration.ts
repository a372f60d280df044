// Addresses in ConfigMaps that containers mount, whatever the format of the file.

import type { Workload } from '../../model/cluster.ts';
import type { ManifestObject, Source } from '../../model/source.ts';
import { nameSays } from '../addresses/names.ts';
import { scanText, type TextMention } from '../addresses/scan-text.ts';
import type { EvidenceContext } from '../context.ts';
import { type Fields, fieldsOf, listOf, textMapOf, textOf } from '../json-fields.ts';
import { addNamedAddress, callerOf } from '../named-address.ts';
import { containersOf, type PodSpec, podSpecs, titleOfWorkload } from '../pod-specs.ts';
import type { EvidenceSource, Findings } from '../source-of-evidence.ts';

/** A ConfigMap that a workload mounts. `keys` absent: all of them. */
export interface MountedMap {
  readonly workload: Workload;
  readonly namespace: string;
  readonly name: string;
  readonly keys?: readonly string[];
  readonly isOptional: boolean;
  source(): Source;
}

/** Names of ConfigMaps with certificates, keys and dashboards: none of them says whom a program calls. */
const NO_ADDRESSES = /(?:^|[-.])(?:ca|cas|crt|certs?|ca-bundle|known-hosts|gpg-keys?|dashboards?)(?:[-.]|$)/;

const DASHBOARD = /dashboard/i;

const MOST_NAMED = 4;

/** See the file's head. */
export const configuration: EvidenceSource = (context, findings) => {
  const scanned = new Map<string, readonly TextMention[]>();
  for (const workload of context.cluster.workloads.values()) {
    const missing: MountedMap[] = [];
    for (const mounted of mountedMaps(context, workload)) {
      const { namespace, name, keys } = mounted;
      const map = context.configMap(namespace, name);
      if (map === undefined) {
        if (!mounted.isOptional && !NO_ADDRESSES.test(name)) missing.push(mounted);
        continue;
      }
      for (const [key, text] of textMapOf(map.object.value['data'])) {
        if (keys !== undefined && !keys.includes(key)) continue;
        // Dashboards show names of Services as examples and as labels of time series; whoever draws them calls none.
        if (DASHBOARD.test(name) || DASHBOARD.test(key)) continue;
        const id = `${namespace}/${name}/${key}`;
        const mentions = scanned.get(id) ?? distinct(scanText(text));
        scanned.set(id, mentions);
        for (const mention of mentions) {
          addNamedAddress(
            context,
            findings,
            {
              caller: callerOf(workload),
              kind: 'configuration',
              name: mention.key,
              subject: `${key} in ConfigMap ${namespace}/${name}, which ${titleOfWorkload(workload)} mounts,`,
              isText: true,
              source: () => placeInText(map.object, key, mention),
            },
            mention,
          );
        }
      }
    }
    askSecrets(context, findings, workload);
    const [first] = missing;
    if (first === undefined) continue;
    const names = [...new Set(missing.map(({ namespace, name }) => `${namespace}/${name}`))].sort();
    const more = names.length - MOST_NAMED;
    const shown = names.slice(0, MOST_NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
    findings.ask({
      about: 'missing-configuration',
      workload: workload.key,
      says: `${titleOfWorkload(workload)} mounts ConfigMap ${shown}, which is not here and may name addresses`,
      hint: 'read the ConfigMap as well',
      source: first.source(),
    });
  }
};

/** Names of Secrets that hold configuration rather than keys: programs that have passwords among their settings. */
const SETTINGS = /(?:^|-)(?:config|conf|configuration|settings|datasources?|env|properties)(?:-|$)/;

function askSecrets(context: EvidenceContext, findings: Findings, workload: Workload): void {
  const found = podSpecs(context, workload).flatMap((pod) =>
    listOf(pod.spec['volumes']).flatMap((item, index) => {
      const name = textOf(fieldsOf(fieldsOf(item)['secret'])['secretName']);
      if (name === undefined || !SETTINGS.test(name) || NO_ADDRESSES.test(name)) return [];
      return [
        { name: `${workload.namespace}/${name}`, source: () => pod.object.locate([...pod.path, 'volumes', index]) },
      ];
    }),
  );
  const [first] = found;
  if (first === undefined) return;
  const title = titleOfWorkload(workload);
  const names = [...new Set(found.map(({ name }) => name))].sort();
  findings.ask({
    about: 'unread-secret',
    workload: workload.key,
    says: `${title} mounts Secret ${names.join(', ')}, which is never read and by its name holds settings`,
    hint: `say what it calls with --allow "${title} -> NAMESPACE/NAME:PORT", or learn it from flows`,
    source: first.source(),
  });
}

/** What says the same under keys that mean the same stands there once, at its first place. */
function distinct(mentions: readonly TextMention[]): readonly TextMention[] {
  const seen = new Set<string>();
  return mentions.filter(({ host, port, protocol, form, text, key }) => {
    const id = JSON.stringify([host, port, protocol, form, text, nameSays(key)]);
    if (seen.has(id)) return false;
    seen.add(id);
    return true;
  });
}

/** The ConfigMaps that containers of a workload mount, projected ones and single keys (subPath) included. */
export function mountedMaps(context: EvidenceContext, workload: Workload): readonly MountedMap[] {
  return podSpecs(context, workload).flatMap((pod) => mapsOf(pod));
}

function mapsOf(pod: PodSpec): readonly MountedMap[] {
  const volumes = listOf(pod.spec['volumes']);
  if (volumes.length === 0) return [];
  const mounts = containersOf(pod).flatMap(({ fields }) => listOf(fields['volumeMounts']).map(fieldsOf));
  return volumes.flatMap((item, index) => {
    const volume = fieldsOf(item);
    const used = mounts.filter((mount) => mount['name'] === volume['name']);
    if (used.length === 0) return [];
    const projected = listOf(fieldsOf(volume['projected'])['sources']).map((one) =>
      fieldsOf(fieldsOf(one)['configMap']),
    );
    const source = () => pod.object.locate([...pod.path, 'volumes', index]);
    return [fieldsOf(volume['configMap']), ...projected].flatMap((one) => mapOf(pod.workload, one, used, source));
  });
}

function mapOf(
  workload: Workload,
  reference: Fields,
  mounts: readonly Fields[],
  source: () => Source,
): readonly MountedMap[] {
  const name = textOf(reference['name']);
  if (name === undefined) return [];
  const items = listOf(reference['items']).map(fieldsOf);
  const paths = mounts.map((mount) => textOf(mount['subPath']));
  // Files are called like their keys, or as items say; a subPath that is a folder of such names has many.
  const files = items.map((one) => ({ key: textOf(one['key']) ?? '', path: textOf(one['path']) ?? '' }));
  const isMounted = (path: string) =>
    paths.some((sub) => sub === undefined || sub === path || path.startsWith(`${sub}/`));
  const subKeys = paths.filter((path): path is string => path !== undefined);
  const keys =
    files.length > 0
      ? files.filter(({ path }) => isMounted(path)).map(({ key }) => key)
      : paths.every((path) => path !== undefined)
        ? subKeys
        : undefined;
  return [
    {
      workload,
      namespace: workload.namespace,
      name,
      ...(keys === undefined ? {} : { keys }),
      isOptional: reference['optional'] === true,
      source,
    },
  ];
}

/** The line of the address itself where the text is written as a block (`|`), else where the text starts. */
export function placeInText(object: ManifestObject, key: string, { line, at }: TextMention): Source {
  const path = ['data', key];
  const start = object.locate(path);
  const written = object.written?.(path);
  if (start.line === undefined || written === undefined || !/^\|[\d+-]*[ \t]*(?:#.*)?\r?\n/.test(written)) return start;
  const lines = written.split('\n');
  const indents = lines
    .slice(1)
    .filter((one) => one.trim() !== '')
    .map((one) => /^ */.exec(one)![0].length);
  const { file } = start;
  return {
    ...(file === undefined ? {} : { file }),
    line: start.line + 1 + line,
    column: Math.min(...indents) + at + 1,
    path: start.path,
  };
}
