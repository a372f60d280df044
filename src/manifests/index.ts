// Reading and writing manifests: YAML and JSON with positions. The public face of src/manifests.

export { decodeForEditing, type EditableBytes } from './decode-text.ts';
export { type EditedText, editText, openText, type Proof, type TextChange } from './edit/edit-text.ts';
export type { Refusal, RefusalReason } from './edit/refusal.ts';
export { STDIN_FILE } from './operand.ts';
export { printObjects } from './print-yaml.ts';
export type { ManifestSet, ReadingCheck, Skipped } from './problem.ts';
export { type ReadingProgress, type ReadOptions, readManifests } from './read-manifests.ts';
export type { SavedSnapshot } from './read-snapshot.ts';
export { readText } from './read-text.ts';
