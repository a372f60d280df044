// Reading and writing manifests: YAML and JSON with positions. The public face of src/manifests.

export { printObjects } from './print-yaml.ts';
export type { ManifestSet, ReadingCheck, Skipped } from './problem.ts';
export { type ReadOptions, readManifests, STDIN_FILE } from './read-manifests.ts';
export { readText } from './read-text.ts';
