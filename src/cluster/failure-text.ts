// Why a server could not be asked, in plain words, and what to do. Knows error codes, not what was asked.

import type { PeerCertificate } from 'node:tls';
import { UserError } from '../engine/model/user-error.ts';
import type { Target } from './target.ts';
import { SilenceError } from './transport.ts';

const CONTEXTS = 'kubectl config get-contexts lists the contexts, and --context chooses one';

/** The error for a request that got no answer. A UserError is handed back as it is. */
export function connectionFailure(error: unknown, target: Target): UserError {
  if (error instanceof UserError) return error;
  const { message, hint } = explain(error, target);
  return new UserError('not-available', message, { hint, cause: error });
}

function explain(error: unknown, target: Target): { message: string; hint: string } {
  const { server, title, timeout } = target;
  const where = `the API server at ${server.origin}`;
  if (error instanceof SilenceError) {
    const seconds = timeout === undefined ? '' : ` within ${timeout / 1000} s`;
    if (error.during === 'connection') {
      return {
        message: `no connection to ${where}${seconds}`,
        hint: `is a VPN needed, or is ${title} not the one you mean? ${CONTEXTS}`,
      };
    }
    const what = error.during === 'answer' ? 'does not answer' : 'stopped in the middle of an answer';
    return {
      message: `${where} ${what}${seconds}`,
      hint: 'try again; --request-timeout says how long to wait, 0 for ever',
    };
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const text = error instanceof Error ? error.message : String(error);
  switch (code) {
    case 'ECONNREFUSED':
      return {
        message: `nothing listens at ${server.origin}, where ${title} has its API server (connection refused)`,
        hint: `start the cluster, or choose another: ${CONTEXTS}`,
      };
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return {
        message: `the name "${server.hostname}" of the API server cannot be resolved`,
        hint: `is a VPN needed, or is ${title} gone? ${CONTEXTS}`,
      };
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return { message: `${where} cannot be reached (${code})`, hint: `is a VPN needed? ${CONTEXTS}` };
    case 'CERT_HAS_EXPIRED':
      return { message: `the certificate of ${where} has expired`, hint: 'whoever runs the cluster has to renew it' };
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return {
        message: `the certificate of ${where} is for other names${namesOf(error)}`,
        hint: 'write one of them as --tls-server-name, or as tls-server-name into the kubeconfig',
      };
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'CERT_SIGNATURE_FAILURE':
      return {
        message: `the certificate of ${where} is signed by an authority that is not known (${code})`,
        hint: `name the authority with --certificate-authority FILE, or as certificate-authority-data into the kubeconfig; the cluster may have been made anew since ${title} was written`,
      };
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'EPROTO':
      return {
        message: `what answers at ${server.origin} speaks no TLS (${code})`,
        hint: 'its address may begin with http://, or its port be another one',
      };
    case 'ECONNRESET':
    case 'EPIPE':
    case 'ERR_STREAM_PREMATURE_CLOSE':
      return { message: `${where} closes the connection before its answer is complete`, hint: 'try again' };
  }
  if (code.startsWith('Z_')) {
    return {
      message: `an answer of ${where} is damaged: ${text}`,
      hint: 'try again; a proxy in between may change it',
    };
  }
  if (/key values mismatch|bad decrypt|PEM|no start line|asn1|DECODER/i.test(`${code} ${text}`)) {
    return {
      message: `a certificate or key of ${title} cannot be used: ${text}`,
      hint: 'is it PEM without a passphrase, and do both belong together?',
    };
  }
  return { message: `no answer from ${where}: ${text}`, hint: CONTEXTS };
}

function namesOf(error: unknown): string {
  const cert = error instanceof Error && 'cert' in error ? (error.cert as Partial<PeerCertificate>) : {};
  const names = (cert.subjectaltname ?? '').replace(/(DNS|IP Address):/g, '');
  return names === '' ? '' : `: ${names}`;
}
