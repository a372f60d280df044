// The version of the package; a test compares it with package.json.

/** As in package.json, without a leading v. */
export const VERSION = '0.1.0';
