// What an API server says about itself and a snapshot keeps: for telling platforms apart, and for saying what is missing.

/** A server, as far as it was asked. */
export interface ServerFacts {
  /** As the server prints it: `v1.36.3`, `v1.30.4-gke.1348000`, `v1.29.3+k3s1`. Absent: it did not say. */
  readonly gitVersion?: string;
  /** Names of all API groups that it serves, sorted, whatever is in them: `cilium.io`. Empty text is the core group. */
  readonly groups: readonly string[];
  /** Kinds that the server has and that could not be listed everywhere, sorted: `networkpolicies.networking.k8s.io`. Empty: none. */
  readonly unlisted: readonly string[];
  /** True for what was read from the server just now, false for what comes from a saved snapshot. */
  readonly isLive: boolean;
}

/** What objects are read for: answers alone, also who may do what, or also what policies are made from. */
export type Purpose = 'answers' | 'access' | 'evidence' | 'configmaps';

/** Every purpose. */
export const PURPOSES: readonly Purpose[] = ['answers', 'access', 'evidence', 'configmaps'];

/** Something that could not be read and that no verdict depends on, in one sentence, and what it would have been for. */
export interface Limit {
  readonly purpose: Purpose;
  readonly message: string;
}
