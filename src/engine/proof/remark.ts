// What is to be known before policies are enforced, one remark at a time.

/** One remark. */
export interface Remark {
  /** `blocks`: it stands in the way of enforcing the policies. */
  readonly level: 'blocks' | 'warns';
  /** A kebab-case word. */
  readonly about: string;
  /** Key of the workload; absent where it is about all. */
  readonly workload?: string;
  readonly says: string;
  readonly hint: string;
}

/** A remark that stands in the way. */
export function blocks(about: string, says: string, hint: string): Remark {
  return { level: 'blocks', about, says, hint };
}
