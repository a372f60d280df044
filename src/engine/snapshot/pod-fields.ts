// Which fields of a Pod a snapshot is built from: a server's list of pods is five kilobytes for each, of which these are a
// tenth. Readers of files may leave out the others, and read them again when somebody asks for the whole value.

/** What is wanted of a value. One that is no object or list where fields or elements are wanted is wanted whole. */
export type Wanted =
  /**
   * All of it. `isAlike`: many values are the same from object to object, so that one may stand for all. `isOwn`: it tells
   * objects of one kind apart that say the same otherwise, and is kept beside what they share; not within elements.
   */
  | { readonly type: 'whole'; readonly isAlike: boolean; readonly isOwn: boolean }
  | { readonly type: 'fields'; readonly fields: Readonly<Record<string, Wanted>> }
  | { readonly type: 'elements'; readonly of: Wanted };

const OWN: Wanted = { type: 'whole', isAlike: false, isOwn: true };
const ALIKE: Wanted = { type: 'whole', isAlike: true, isOwn: false };
const OWN_AND_ALIKE: Wanted = { type: 'whole', isAlike: true, isOwn: true };

function fields(wanted: Readonly<Record<string, Wanted>>): Wanted {
  return { type: 'fields', fields: wanted };
}

/**
 * The fields; a test compares them with those that the snapshot's code asks for. `metadata.namespace`, like name and kind, is
 * also what recognises and counts objects.
 */
export const POD_FIELDS: Wanted = fields({
  apiVersion: ALIKE,
  kind: ALIKE,
  metadata: fields({
    name: OWN,
    generateName: ALIKE,
    namespace: ALIKE,
    labels: ALIKE,
    ownerReferences: ALIKE,
  }),
  spec: fields({
    containers: { type: 'elements', of: fields({ ports: ALIKE }) },
    initContainers: { type: 'elements', of: fields({ ports: ALIKE, restartPolicy: ALIKE }) },
    hostNetwork: ALIKE,
    nodeName: OWN_AND_ALIKE,
    serviceAccountName: ALIKE,
    serviceAccount: ALIKE,
  }),
  status: fields({
    phase: ALIKE,
    podIP: OWN,
    podIPs: OWN,
  }),
});
