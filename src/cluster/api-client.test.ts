// Answers that are none, or not whole: each ends the reading or is told, and nothing counts as an empty list.

import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { sendJson } from '../../test/support/fake-api-server.ts';
import { readFake } from '../../test/support/read-fake.ts';

const POLICY = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'db', namespace: 'shop' },
};
const POD = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'db', namespace: 'shop' } };

/** Reads an API that answers so where it is asked for policies, or for whatever the path begins with. */
function readWhere(act: (response: ServerResponse, url: string) => void, path = '/apis/networking.k8s.io/v1/networkp') {
  return readFake({
    objects: [POLICY, POD],
    intercept: ({ url = '' }, response) => {
      if (!url.startsWith(path)) return false;
      act(response, url);
      return true;
    },
  });
}

const raw =
  (text: string, status = 200, type = 'application/json') =>
  (response: ServerResponse): void =>
    void response.writeHead(status, { 'content-type': type }).end(text);

describe('a list', () => {
  it.each<[string, string]>([
    ['{"kind":"NetworkPolicyList","metadata":{}}', 'the server answers with something that is no list'],
    ['{"kind":"NetworkPolicyList","items":{}}', 'the server answers with something that is no list'],
    [
      '{"kind":"NetworkPolicyList","items":[{"metadata":{}},null]}',
      'the server answers with something that is no list',
    ],
    [
      '{"kind":"NetworkPolicyList","metadata":{"continue":"c"},"items":[]}',
      'the server hands out the same page once more',
    ],
    ['{"kind":"Status","status":"Failure","message":"boo"}', 'boo'],
  ])('that is %s is a gap and not empty', async (text, why) => {
    const { reading } = await readWhere(raw(text));
    expect(reading?.gaps).toEqual([
      {
        reason: 'not-listable',
        message: `networkpolicies.networking.k8s.io cannot be listed: ${why}`,
        namespaces: 'all',
        lost: 'policies',
      },
    ]);
    expect(reading?.objects).toHaveLength(1);
  });

  it('of Go may be null where it is empty', async () => {
    const { reading } = await readWhere(raw('{"kind":"NetworkPolicyList","items":null}'));
    expect([reading?.gaps, reading?.objects.length]).toEqual([[], 1]);
  });

  it('that is not found counts as none only where its kind is gone', async () => {
    const notFound = raw('{"kind":"Status","message":"not found","code":404}', 404);
    const { reading } = await readWhere(notFound);
    expect(reading?.gaps.map(({ message }) => message)).toEqual([
      'networkpolicies.networking.k8s.io cannot be listed: not found',
    ]);
    const gone = await readWhere((response, url) => {
      if (url.includes('networkp')) notFound(response);
      else sendJson(response, 200, { kind: 'APIResourceList', resources: [] });
    }, '/apis/networking.k8s.io/v1');
    // Ingresses were intercepted as well, by what is no list.
    expect(gone.reading?.gaps).toEqual([]);
  });
});

describe('an answer', () => {
  it.each<[string, string, RegExp]>([
    [
      '{"kind":"NetworkPolicyList","items":[{"meta',
      'application/json',
      /^the answer of http:\S+ to \/apis\/networking.k8s.io\/v1\/networkpolicies is no whole JSON$/,
    ],
    ['[]', 'application/json', /networkpolicies is no JSON object$/],
    ['<html>', 'text/html', /is no Kubernetes API: status 200, text\/html$/],
  ])('that is %s in %s ends the reading', async (text, type, message) => {
    expect((await readWhere(raw(text, 200, type))).error?.message).toMatch(message);
  });

  it('that is packed and damaged ends it, too', async () => {
    const { error } = await readWhere((response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end('no gzip');
    });
    expect(error?.message).toMatch(/^an answer of the API server at \S+ is damaged: /);
  });

  it.each<[string, RegExp]>([
    ['{}', /^the server has no Kubernetes API: its answer names no versions and no groups$/],
    ['{"versions":["v1"],"groups":[]}', /^the server has none of the kinds that answers are made from/],
  ])('of %s to everything is no empty cluster', async (text, message) => {
    const { error } = await readFake({
      objects: [],
      intercept: ({ url = '' }, response) => {
        if (/^\/api\/v1$/.test(url)) raw('{"kind":"APIResourceList","resources":[]}')(response);
        else raw(text)(response);
        return true;
      },
    });
    expect(error?.message).toMatch(message);
  });

  it('that one version of a group is not there is told where the server has said that it is', async () => {
    const { reading } = await readFake({
      objects: [POD],
      aggregated: false,
      intercept: ({ url = '' }, response) => {
        if (url !== '/apis/networking.k8s.io/v1') return false;
        raw('404 page not found', 404, 'text/plain')(response);
        return true;
      },
    });
    expect(reading?.gaps.map(({ message }) => message)).toEqual([
      'the kinds of networking.k8s.io cannot be told: 404 page not found',
    ]);
  });
});

it('settings of platforms that cannot be read are told, whatever the reason', async () => {
  const { reading } = await readFake(
    {
      objects: [POD],
      intercept: ({ url = '' }, response) => {
        if (!url.includes('/configmaps/coredns')) return false;
        sendJson(response, 500, { kind: 'Status', message: 'etcd is gone', code: 500 });
        return true;
      },
    },
    { purposes: ['answers', 'evidence'] },
  );
  expect(reading?.limits.map(({ message }) => message)).toEqual([
    'ConfigMaps of kube-system cannot be read (etcd is gone): what platform and plugin say there of themselves is not known',
  ]);
});
