// Names in the kubeconfig for completion. Reads files, asks no server.

import type { Io } from '../io.ts';

/** The names of one list, sorted; empty where there is no kubeconfig, or none that can be read. */
export async function namesInKubeconfig(
  list: 'contexts' | 'clusters' | 'users',
  before: readonly string[],
  io: Io,
): Promise<readonly string[]> {
  const [{ loadKubeconfig }, { parse }] = await Promise.all([import('../../cluster/index.ts'), import('yaml')]);
  const at = before.lastIndexOf('--kubeconfig');
  const joined = before.findLast((word) => word.startsWith('--kubeconfig='))?.slice('--kubeconfig='.length);
  const named = at < 0 ? joined : before[at + 1];
  try {
    const config = loadKubeconfig(named, { cwd: io.cwd, env: io.env, parse });
    return config === undefined ? [] : [...config[list].keys()].sort();
  } catch {
    // Whoever presses a key to complete a word is told of a malformed file when the command runs.
    return [];
  }
}
