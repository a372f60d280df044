// The API group of an object as it is written. Knows no kind.

/** The group of an apiVersion; empty for core and for what is no text. */
export function groupOfApiVersion(apiVersion: unknown): string {
  return typeof apiVersion === 'string' && apiVersion.includes('/') ? apiVersion.split('/')[0]! : '';
}
