// Bounds on what is read, so that hostile or absurd input ends in a finding and not in a crash or a hang.

/** Nesting levels of one document; kubectl stops at 10,000, real objects stay under 50. Later stages may recurse this deep. */
export const MAX_DEPTH: number = 500;

/** Values that the aliases of one YAML document may stand for in all; a reader of the plain value walks every one. */
export const MAX_ALIASED_NODES: number = 1_000_000;

/** Characters of one YAML document: parsing one takes about 80 bytes of memory for each. JSON has no such bound. */
export const MAX_YAML_DOCUMENT: number = 16 * 1024 * 1024;

/** Bytes of one file that is read as text: V8 holds no string of more than 2^29 - 24 characters. Lists in JSON have no such bound. */
export const MAX_FILE_BYTES: number = 2 ** 29 - 24;

/** Characters up to which JSON is scanned for duplicate keys: what people write by hand is far smaller. */
export const MAX_JSON_KEY_SCAN: number = 1024 * 1024;

/** Characters of text whose YAML syntax trees one reading keeps for `locate`: 80 MB of memory. */
export const MAX_KEPT_TREES: number = 1024 * 1024;

/** Characters up to which a text without any object is parsed to say what is wrong with it. */
export const MAX_EXPLAINED: number = 64 * 1024;

/**
 * Bytes from which on a file is read as a list in JSON first. Its text is longer than MAX_JSON_KEY_SCAN then, whatever its
 * characters, so that both readers say the same.
 */
export const MIN_LISTED_BYTES: number = 4 * 1024 * 1024;

/** Bytes of a file that stay in memory for `locate`; longer ones are read again. */
export const MAX_KEPT_BYTES: number = 64 * 1024 * 1024;

/** Bytes of a list that are held because they cannot be read again: what comes through a pipe, and what was packed. */
export const MAX_HELD_BYTES: number = 2 ** 31 - 1;
