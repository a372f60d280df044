// Words that stand in a value for what is known only in a pod: its own address, its node's, or nothing at all. They are
// labels of DNS names, so that they can stand wherever a part of a name can.

/** Stands for a template or a variable whose value nobody knows: `{{ .Values.db }}`, `${REGION}`. */
export const UNKNOWN_PART = 'netweir--unknown';

/** Values of the downward API that are addresses or names, by field path; other fields are {@link UNKNOWN_PART}. */
export const FIELD_MARKERS: Readonly<Record<string, string>> = {
  'metadata.name': 'netweir--own-pod',
  'spec.nodeName': 'netweir--own-node',
  'status.hostIP': 'netweir--own-node',
  'status.hostIPs': 'netweir--own-node',
  'status.podIP': 'netweir--own-pod',
  'status.podIPs': 'netweir--own-pod',
};

/** The pod itself: its address or its name. */
export const OWN_POD = 'netweir--own-pod';

/** The node that the pod runs on. */
export const OWN_NODE = 'netweir--own-node';

/** The text with every template and variable of a shell or a program replaced by {@link UNKNOWN_PART}. */
export function hideTemplates(text: string): string {
  if (!/[${<]/.test(text)) return text;
  return text
    .replace(/\{\{[^{}\n]*\}\}/g, UNKNOWN_PART)
    .replace(/\$\{[^{}\n]*\}/g, UNKNOWN_PART)
    .replace(/\$\([^()\n]*\)/g, UNKNOWN_PART)
    .replace(/\$[A-Za-z_]\w*/g, UNKNOWN_PART)
    .replace(/<[A-Z_a-z-]+>/g, UNKNOWN_PART);
}

/** The text as people read it: `http://NODE:8126`, `…` for what only a program knows. */
export function withoutMarkers(text: string): string {
  return text.replaceAll(OWN_NODE, 'NODE').replaceAll(OWN_POD, 'POD').replaceAll(UNKNOWN_PART, '…');
}
