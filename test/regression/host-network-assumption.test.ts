// What a plugin does with hostNetwork pods turns answers about them (semantics 1.9), so the default has to be said.

import { expect, it } from 'vitest';
import { runCli } from '../support/run-cli.ts';

/** A node agent and a policy of its namespace. */
function agent(hostNetwork: boolean, policy = true): string {
  const closed = `
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: agent, namespace: ops}
spec: {podSelector: {}, policyTypes: [Ingress]}`;
  return `
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, namespace: ops}
spec:
  selector: {matchLabels: {app: agent}}
  template: {metadata: {labels: {app: agent}}, spec: {hostNetwork: ${hostNetwork}, containers: [{name: a, image: a}]}}
${policy ? closed : ''}`;
}

async function ask(stdin: string, ...flags: string[]): Promise<{ verdict: string; assumptions: string[] }> {
  const { stdout } = await runCli(['can', 'internet', 'ops/agent:9100', '-f', '-', '-o', 'json', ...flags], { stdin });
  const { verdict, assumptions } = JSON.parse(stdout);
  return { verdict, assumptions: assumptions.filter((one: string) => one.includes('hostNetwork pods')) };
}

it('says that hostNetwork pods are taken as their nodes, where that decides', async () => {
  const { verdict, assumptions } = await ask(agent(true));
  expect(verdict).toBe('allowed');
  expect(assumptions).toEqual([
    'policies see hostNetwork pods as their nodes, as with most plugins (--cni names yours, or --assume hostNetwork=asPod)',
  ]);
});

it.each<[string, string, string[], string]>([
  ['no pod is on the host network', agent(false), [], 'denied'],
  ['there is no policy', agent(true, false), [], 'allowed'],
  ['the user said so', agent(true), ['--assume', 'hostNetwork=asNode'], 'allowed'],
  ['the user said otherwise', agent(true), ['--assume', 'hostNetwork=asPod'], 'denied'],
  ['the plugin is named', agent(true), ['--cni', 'calico'], 'allowed'],
])('says nothing where %s', async (_, stdin, flags, verdict) => {
  expect(await ask(stdin, ...flags)).toEqual({ verdict, assumptions: [] });
});
