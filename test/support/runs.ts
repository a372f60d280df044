// How many clusters a property draws: few by default, more by the environment variable NETWEIR_RUNS.

/** NETWEIR_RUNS if it is a positive number, else the default that keeps the suite short. */
export function runs(byDefault: number): { readonly numRuns: number } {
  const asked = Number(process.env.NETWEIR_RUNS ?? '');
  return { numRuns: Number.isInteger(asked) && asked > 0 ? asked : byDefault };
}
