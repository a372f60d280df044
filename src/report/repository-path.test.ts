import { describe, expect, it } from 'vitest';
import { isStream, pathUri, repositoryPath } from './repository-path.ts';

const place = { cwd: '/src/app/deploy', root: '/src/app' };
const windows = { cwd: 'C:\\src\\app\\deploy', root: 'C:\\src\\app' };

describe('repositoryPath', () => {
  it.each([
    ['k8s/db.yaml', place, 'deploy/k8s/db.yaml', true],
    ['./k8s//x/../db.yaml', place, 'deploy/k8s/db.yaml', true],
    ['../k8s/db.yaml', place, 'k8s/db.yaml', true],
    ['../../other/db.yaml', place, '/src/other/db.yaml', false],
    ['/src/app/k8s/db.yaml', place, 'k8s/db.yaml', true],
    ['/src/application/db.yaml', place, '/src/application/db.yaml', false],
    ['/../../etc/x', place, '/etc/x', false],
    ['a\\b.yaml', place, 'deploy/a\\b.yaml', true],
    ['k8s\\db.yaml', windows, 'deploy/k8s/db.yaml', true],
    ['C:\\src\\app\\db.yaml', windows, 'db.yaml', true],
    ['D:\\db.yaml', windows, 'D:/db.yaml', false],
    ['k8s/./db.yaml', undefined, 'k8s/db.yaml', true],
    ['../db.yaml', undefined, '../db.yaml', false],
    ['x/../../../db.yaml', undefined, '../../db.yaml', false],
    ['/etc/db.yaml', undefined, '/etc/db.yaml', false],
    ['db.yaml', { cwd: '/', root: '/' }, 'db.yaml', true],
  ])('%s from %j', (file, from, path, inside) => {
    expect(repositoryPath(file, from)).toEqual({ path, inside });
  });
});

describe('pathUri', () => {
  it.each([
    ['k8s/ä b#1%.yaml', true, 'k8s/%C3%A4%20b%231%25.yaml'],
    ['a:b/c?.yaml', true, 'a%3Ab/c%3F.yaml'],
    ["it's(1)*!.yaml", true, 'it%27s%281%29%2A%21.yaml'],
    ['\ud800.yaml', true, '%EF%BF%BD.yaml'],
    ['/etc/a b.yaml', false, 'file:///etc/a%20b.yaml'],
    ['D:/db.yaml', false, 'file:///D:/db.yaml'],
    ['../db.yaml', false, '../db.yaml'],
  ])('%s', (path, inside, uri) => {
    expect(pathUri({ path, inside })).toBe(uri);
  });
});

it('standard input is no file', () => {
  expect([isStream('<stdin>'), isStream('k8s/<a>.yaml')]).toEqual([true, false]);
  const derived = ['git:main:k8s/a.yaml', 'kustomize:.', 'helm:web/templates/a.yaml', './git:x', 'k8s/helm:x'];
  expect(derived.map(isStream)).toEqual([true, true, true, false, false]);
});
