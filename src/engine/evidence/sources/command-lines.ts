// Addresses in the commands and arguments of containers, and in the scripts that they hold.

import type { Path } from '../../model/source.ts';
import { nameSays } from '../addresses/names.ts';
import { expandShell, readCommand, wordsOfScript } from '../addresses/read-command.ts';
import { readValue } from '../addresses/read-value.ts';
import type { EvidenceContext } from '../context.ts';
import { listOf } from '../json-fields.ts';
import { addNamedAddress, callerOf } from '../named-address.ts';
import { type Container, containersOf, type PodSpec, podSpecs, titleOfWorkload } from '../pod-specs.ts';
import type { EvidenceSource, Findings } from '../source-of-evidence.ts';
import { environmentOf, expand, type Variable } from '../variables.ts';

/** See the file's head. */
export const commandLines: EvidenceSource = (context, findings) => {
  for (const workload of context.cluster.workloads.values()) {
    for (const pod of podSpecs(context, workload)) {
      for (const container of containersOf(pod)) addContainer(context, findings, pod, container);
    }
  }
};

/** One element of the command line as it is written. */
interface Element {
  readonly text: string;
  readonly path: Path;
}

function addContainer(context: EvidenceContext, findings: Findings, pod: PodSpec, container: Container): void {
  const { fields, path } = container;
  const elements = (['command', 'args'] as const).flatMap((key) =>
    listOf(fields[key]).flatMap((text, index): Element[] =>
      typeof text === 'string' ? [{ text, path: [...path, key, index] }] : [],
    ),
  );
  if (elements.length === 0) return;
  const environment = environmentOf(context, pod, container);
  // What a variable names by itself is evidence of the variable, and not again of every command that uses it.
  const named = new Set(environment.variables.filter(isAddress).map(({ name }) => name));
  const lookup = (name: string) => (named.has(name) ? undefined : environment.lookup(name));
  // Words of all elements in a row, so that a flag finds its value in the next one.
  const words: string[] = [];
  const places: Element[] = [];
  for (const element of elements) {
    const text = expand(element.text, lookup);
    const isScript = /\s/.test(text.trim());
    for (const word of isScript ? wordsOfScript(expandShell(text, lookup)) : [text]) {
      words.push(word);
      places.push(element);
    }
  }
  for (const mention of readCommand(words)) {
    const { name, word, isLoose, ...address } = mention;
    if (
      isLoose === true &&
      context.service(pod.workload.namespace, address.host) === undefined &&
      !isClusterName(address.host)
    ) {
      continue;
    }
    const place = places[word]!;
    const flag = name === '' ? 'an argument' : name.length === 1 ? `argument -${name}` : `argument ${name}`;
    addNamedAddress(
      context,
      findings,
      {
        caller: callerOf(pod.workload),
        kind: 'argument',
        name,
        subject: `${flag} of ${titleOfWorkload(pod.workload)}`,
        isText: isLoose === true,
        source: () => pod.object.locate(place.path),
      },
      isLoose === true ? { ...address, form: 'pair' } : address,
    );
  }
}

function isAddress({ name, value }: Variable): boolean {
  const says = nameSays(name);
  return says !== 'listen' && says !== 'never' && readValue(value).some(({ port }) => port !== undefined);
}

function isClusterName(host: string): boolean {
  return /\.svc(?:\.|$)/.test(host);
}
