// Generated policies for programs that read lines: one for each need, and the policies themselves as YAML.

import type { GeneratedPolicies, NeedDocument } from '../engine/questions/generated-document.ts';
import { line, withHeader } from './csv.ts';
import { placeText } from './place-text.ts';
import { rangesText } from './ports-text.ts';
import type { ReportOptions } from './reporter.ts';

/** One line for each need, with its strongest evidence. */
export function generatedCsv({ needs }: GeneratedPolicies, options: ReportOptions): Iterable<string> {
  const header = 'from,to,ports,confidence,verdict,evidence,says,place,reasons';
  return withHeader(
    header,
    options,
    needs.map((need) => line(cells(need))),
  );
}

function cells({ from, to, protocol, ports, confidence, verdict, evidence }: NeedDocument): (string | number)[] {
  const [first] = evidence;
  const range = rangesText(protocol, [ports]);
  const { kind = '', says = '', source } = first ?? {};
  return [from.name, to.name, range, confidence, verdict, kind, says, placeText(source), evidence.length];
}

/** One need a line, as in the document. */
export function* generatedJsonl({ needs }: GeneratedPolicies): Iterable<string> {
  for (const need of needs) yield `${JSON.stringify(need)}\n`;
}

/** The objects, in the order in which they are to be applied. Empty where there are none. */
export function* generatedYaml({ policies }: GeneratedPolicies, { printObjects }: ReportOptions): Iterable<string> {
  if (printObjects === undefined) throw new TypeError('YAML needs a printer of objects');
  yield printObjects(policies.map(({ manifest }) => manifest));
}
