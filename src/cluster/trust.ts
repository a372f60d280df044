// Whose certificates are believed, and how a TLS connection is set up. Reads files; opens no connection.

import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import * as tls from 'node:tls';
import { type Credentials, readMaterial } from './credentials.ts';
import type { Target } from './target.ts';

/** Where systems keep the authorities that they trust, the variable first. */
const BUNDLES = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt', '/etc/ssl/cert.pem'];

/** TLS options for a server. Throws UserError `unreadable` for an authority whose file cannot be read. */
export function tlsOptions(
  { cluster, server }: Pick<Target, 'cluster' | 'server'>,
  { certificate }: Credentials,
  env: Readonly<Record<string, string | undefined>>,
): ConnectionOptions {
  const { certificateAuthority, insecure, tlsServerName } = cluster;
  const host = server.hostname.replace(/^\[|\]$/g, '');
  const isAddress = /^[\d.]+$|:/.test(host);
  return {
    ...(certificateAuthority === undefined
      ? systemAuthorities(env)
      : { ca: readMaterial(certificateAuthority, 'certificate authority') }),
    // An authority need not be a root: kubectl believes any certificate that the kubeconfig names.
    ...({ allowPartialTrustChain: true } as ConnectionOptions),
    ...(certificate === undefined ? {} : { cert: certificate.cert, key: certificate.key }),
    // Without it a connection through a proxy would be checked for the name of the proxy, or for localhost.
    host,
    ...(tlsServerName !== undefined ? { servername: tlsServerName } : isAddress ? {} : { servername: host }),
    rejectUnauthorized: !insecure,
  };
}

/** kubectl asks the system; Node has a list of its own, which knows no company's authority. */
function systemAuthorities(env: Readonly<Record<string, string | undefined>>): { ca?: string[] } {
  const own = env['SSL_CERT_FILE'];
  for (const file of own ? [own] : BUNDLES) {
    try {
      return { ca: [...tls.rootCertificates, readFileSync(file, 'utf8')] };
    } catch {
      // The next one: systems differ in where it is.
    }
  }
  return {};
}
