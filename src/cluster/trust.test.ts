// What a TLS connection is checked for.

import { expect, it } from 'vitest';
import { tlsOptions } from './trust.ts';

const options = (server: string, tlsServerName?: string) =>
  tlsOptions(
    {
      server: new URL(server),
      cluster: { insecure: false, ...(tlsServerName === undefined ? {} : { tlsServerName }) },
    },
    {},
    { SSL_CERT_FILE: '/none' },
  );

it.each([
  ['https://10.9.9.9:6443', undefined, { host: '10.9.9.9' }],
  ['https://[fd00::1]', undefined, { host: 'fd00::1' }],
  ['https://api.example.com', undefined, { host: 'api.example.com', servername: 'api.example.com' }],
  ['https://10.9.9.9:6443', 'k8s', { host: '10.9.9.9', servername: 'k8s' }],
])(
  'the certificate of %s with name %s has to be for it, whatever the connection goes through',
  (server, name, expected) => {
    const { host, servername } = options(server, name);
    expect({ host, ...(servername === undefined ? {} : { servername }) }).toEqual(expected);
  },
);
