// What the corpora's README says about `production`, and what is peculiar about the others: each remark has to come out of
// the answers that a person gets.

import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Explanation } from '../../src/engine/index.ts';
import { type Application, corpusFolder, loadApplication } from '../support/corpus.ts';
import { runCli } from '../support/run-cli.ts';
import { describeWithShared, sharedPath } from '../support/shared.ts';

/** `policy rule` of every rule that lets a case out or in. */
function rulesOf({ cases }: Explanation, side: 'egress' | 'ingress'): string[] {
  const rules = cases.flatMap((one) =>
    one[side].steps
      .filter(({ action }) => action === 'Accept')
      .map(({ policy, rule }) => `${policy?.name} ${rule?.index}`),
  );
  return [...new Set(rules)].sort();
}

describeWithShared('remarks about the corpora', () => {
  describe('production', () => {
    let app: Application;
    beforeAll(async () => {
      app = await loadApplication('production');
    });

    it('is not closed for egress: block-metadata adds every other destination, whatever default-deny-all says', () => {
      for (const pod of ['frontend', 'backend', 'database']) {
        for (const to of ['internet', '192.0.2.1', 'monitoring/prometheus']) {
          expect([pod, to, app.can(`production/${pod}`, to).verdict]).toEqual([pod, to, 'allowed']);
        }
        const why = app.explain(`production/${pod}`, 'internet:25');
        expect(rulesOf(why, 'egress')).toEqual(['block-metadata 0']);
        expect(why.cases[0]!.egress.isolatedBy.map(({ name }) => name)).toContain('default-deny-all');
      }
    });

    it('would be closed without block-metadata, but for what restrict-egress and allow-dns open', async () => {
      const folder = await copyOf('production');
      await rm(join(folder, 'block-metadata.yaml'));
      expect(await verdictOf(folder, 'production/frontend', 'internet')).toBe('denied');
      expect(await verdictOf(folder, 'production/frontend', 'production/backend:8080')).toBe('denied');
      expect(await verdictOf(folder, 'production/backend', '203.0.113.10:443')).toBe('allowed');
      expect(await verdictOf(folder, 'production/frontend', 'kube-system/coredns:53/udp')).toBe('allowed');
    });

    it('blocks 169.254.169.254 and, as "Azure", the address of Alibaba Cloud; Azure has 168.63.129.16 too, which is open', () => {
      for (const pod of ['frontend', 'backend', 'database']) {
        expect(app.can(`production/${pod}`, '169.254.169.254:80').verdict).toBe('denied');
        expect(app.can(`production/${pod}`, '100.100.100.200:80').verdict).toBe('denied');
        expect(app.can(`production/${pod}`, '168.63.129.16:80').verdict).toBe('allowed');
        expect(app.can(`production/${pod}`, 'metadata:80').verdict).toBe('partly');
      }
    });

    it('restrict-egress opens DNS over UDP only; TCP works for backend through allow-dns and block-metadata', () => {
      const rules = (to: string) => rulesOf(app.explain('production/backend', to), 'egress');
      expect(rules('kube-system/coredns:53/udp')).toEqual(['allow-dns 0', 'block-metadata 0', 'restrict-egress 2']);
      expect(rules('kube-system/coredns:53/tcp')).toEqual(['allow-dns 0', 'block-metadata 0']);
    });

    it('restrict-egress opens DNS to every pod of kube-system, not only to CoreDNS', () => {
      const why = app.explain('production/backend', 'kube-system/app=anything:53/udp');
      expect(why.verdict).toBe('allowed');
      expect(rulesOf(why, 'egress')).toContain('restrict-egress 2');
    });

    it('closes the LoadBalancer of frontend to preserved client addresses', async () => {
      expect(app.can('internet', 'production/frontend:80').verdict).toBe('denied');
      const { notes } = app.map();
      expect(notes.filter((note) => note.startsWith('unknown: source-nat'))).toHaveLength(1);
      const asked = app.can('internet', 'production/service/frontend-service:80');
      expect([asked.verdict, asked.reason]).toEqual(['unknown', 'source-nat']);
    });

    it('and with externalTrafficPolicy Local for sure, on the map and when asked', async () => {
      const folder = await copyOf('production');
      const file = join(folder, 'workloads.yaml');
      const text = await readFile(file, 'utf8');
      await writeFile(file, text.replace('{type: LoadBalancer,', '{type: LoadBalancer, externalTrafficPolicy: Local,'));
      expect(await verdictOf(folder, 'internet', 'production/service/frontend-service:80')).toBe('denied');
      const { stdout } = await runCli(['map', '-f', folder, '-o', 'json']);
      expect(stdout).toContain('production');
      expect(stdout).not.toContain('source-nat');
      expect(stdout).not.toContain('LoadBalancer');
    });

    it('opens port 9090 to monitoring on every pod, the database included', () => {
      for (const pod of ['frontend', 'backend', 'database']) {
        const why = app.explain('monitoring/prometheus', `production/${pod}:9090`);
        expect(why.verdict).toBe('allowed');
        expect(rulesOf(why, 'ingress')).toEqual(['allow-monitoring-scrape 0']);
      }
      expect(app.can('kube-system/coredns', 'production/database:9090').verdict).toBe('denied');
      expect(app.can('{purpose=monitoring}/{app=new}', 'production/database:9090').verdict).toBe('allowed');
    });

    it('has no egress rule from frontend to backend: only block-metadata makes the call work', () => {
      const why = app.explain('production/frontend', 'production/backend:8080');
      expect(why.verdict).toBe('allowed');
      expect(rulesOf(why, 'egress')).toEqual(['block-metadata 0']);
      expect(rulesOf(why, 'ingress')).toEqual(['backend-allow-frontend 0']);
    });

    it.each(['cilium', 'calico'])('that call with %s', async (cni) => {
      const there = await loadApplication('production', cni);
      const verdict = cni === 'cilium' ? 'denied' : 'allowed';
      expect(there.can('production/frontend', 'production/backend:8080').verdict).toBe(verdict);
      // Selectors work everywhere.
      expect(there.can('production/backend', 'production/database:5432').verdict).toBe('allowed');
      expect(there.can('production/frontend', 'kube-system/coredns:53/udp').verdict).toBe('allowed');
    });
  });

  describe('kube-prometheus', () => {
    let app: Application;
    beforeAll(async () => {
      app = await loadApplication('kube-prometheus');
    });

    it('notes the policies that select the pods of its operator, each with its own', () => {
      const notes = app.map().notes.filter((note) => note.includes('operator'));
      expect(notes).toEqual([
        'the pods of Alertmanager monitoring/main are made by its operator and not in the input; monitoring/alertmanager-main selects them, peers of monitoring/alertmanager-main name them',
        'the pods of Prometheus monitoring/k8s are made by its operator and not in the input; monitoring/prometheus-k8s selects them, peers of monitoring/alertmanager-main, monitoring/blackbox-exporter, monitoring/grafana, monitoring/kube-state-metrics, monitoring/node-exporter and 2 more name them',
      ]);
    });

    it('lets no policy select node-exporter on the host network, which a plugin that can would', async () => {
      expect(app.can('internet', 'monitoring/node-exporter:22').verdict).toBe('allowed');
      expect(app.can('monitoring/grafana', 'monitoring/node-exporter:22').verdict).toBe('allowed');
      const words = ['-f', corpusFolder('kube-prometheus'), '--assume', 'hostNetwork=asPod', '-o', 'json'];
      for (const [from, to, verdict] of [
        ['internet', 'monitoring/node-exporter:9100', 'denied'],
        ['monitoring/grafana', 'monitoring/node-exporter:9100', 'denied'],
        ['monitoring/app.kubernetes.io/name=prometheus', 'monitoring/node-exporter:9100', 'allowed'],
        ['monitoring/app.kubernetes.io/name=prometheus', 'monitoring/node-exporter:22', 'denied'],
      ] as const) {
        const { stdout } = await runCli(['can', from, to, ...words]);
        expect([from, to, JSON.parse(stdout).verdict]).toEqual([from, to, verdict]);
      }
    });

    it('leaves open whether node-exporter reaches pods that may run on its node, and says so in a note of the map', () => {
      const asked = app.can('monitoring/node-exporter', 'monitoring/grafana:3000');
      expect([asked.verdict, asked.reason]).toEqual(['unknown', 'local-node']);
      expect(asked.exceptions.flatMap((one) => one.unknown ?? []).map(({ ports }) => ports)).toEqual([
        { TCP: [[3000, 3000]] },
      ]);
      const { notes, connections, endpoints } = app.map();
      expect(notes.filter((note) => note.includes('(monitoring/node-exporter)'))).toHaveLength(1);
      const idOf = (name: string) => endpoints.find((one) => one.type === 'workload' && one.name === name)!.id;
      const edges = connections.filter(
        ({ from, to }) => from.includes(idOf('node-exporter')) && to.includes(idOf('grafana')),
      );
      expect(edges).toEqual([]);
    });
  });

  describe('argo-cd', () => {
    let app: Application;
    beforeAll(async () => {
      app = await loadApplication('argo-cd');
    });

    it('has the controller as Deployment and as StatefulSet: a bare name is ambiguous, each is its own endpoint', () => {
      expect(() => app.can('default/argocd-application-controller', 'default/argocd-redis:6379')).toThrow('ambiguous');
      for (const kind of ['deployment', 'statefulset']) {
        const from = `default/${kind}/argocd-application-controller`;
        expect(app.can(from, 'default/argocd-redis:6379').verdict).toBe('allowed');
        expect(app.can(from, 'default/argocd-dex-server:5556').verdict).toBe('denied');
      }
    });

    it('means pods of any namespace by an empty namespace selector, in undeclared ones too, and no address', () => {
      const to = 'default/argocd-repo-server:8084';
      expect(app.can('{team=a}/{app=new}', to).verdict).toBe('allowed');
      expect(app.can('default/app=new', to).verdict).toBe('allowed');
      expect(app.can('internet', to).verdict).toBe('denied');
      expect(app.can('10.1.2.3', to).verdict).toBe('denied');
      expect(app.can('{team=a}/{app=new}', 'default/argocd-repo-server:8081').verdict).toBe('denied');
    });

    it('decides everything although the namespace is not declared: no rule asks for its labels', () => {
      const { connections, findings, incomplete } = app.map();
      expect(connections.flatMap((one) => one.unknown ?? [])).toEqual([]);
      expect([findings, incomplete]).toEqual([[], []]);
    });

    it('isolates nobody for egress: all policies list Ingress only', () => {
      for (const to of ['internet', 'default/argocd-server', '169.254.169.254']) {
        expect(app.can('default/', to).verdict).toBe('allowed');
      }
    });
  });

  describe('online-boutique', () => {
    let app: Application;
    beforeAll(async () => {
      app = await loadApplication('online-boutique');
    });

    it('is open at its LoadBalancer, with or without source NAT', () => {
      expect(app.can('internet', 'default/service/frontend-external:80').verdict).toBe('allowed');
      const { connections, endpoints } = app.map();
      const entry = endpoints.find(({ type }) => type === 'entry')!;
      expect(connections.filter(({ from }) => from.includes(entry.id))).toEqual([
        { from: [entry.id], to: [expect.any(Number)], allowed: { TCP: [[8080, 8080]] } },
      ]);
    });

    it('is asked by Service port and decided by pod port', () => {
      const answer = app.can('default/checkoutservice', 'default/service/emailservice:5000');
      expect([answer.verdict, answer.ports]).toEqual(['allowed', { TCP: [[8080, 8080]] }]);
    });

    it('lets nobody reach the load generator, which default-deny closes and no rule opens', () => {
      for (const from of ['all', 'internet', '{team=a}/{app=new}']) {
        expect(app.can(from, 'default/loadgenerator').verdict).toBe('denied');
      }
    });
  });
});

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

/** A copy that a test may change. */
async function copyOf(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'netweir-corpus-'));
  folders.push(folder);
  await cp(sharedPath('corpus', name), folder, { recursive: true, mode: 0 });
  for (const file of ['workloads.yaml', 'block-metadata.yaml']) {
    const text = await readFile(join(folder, file));
    await rm(join(folder, file));
    await writeFile(join(folder, file), text);
  }
  return folder;
}

async function verdictOf(folder: string, from: string, to: string): Promise<string> {
  const { stdout } = await runCli(['can', from, to, '-f', folder, '-o', 'json']);
  return JSON.parse(stdout).verdict;
}
