// Why nothing answered, in words that say who has to mend what. Of the certificate a TLS client learns before it has sent anything: what it refuses was surely not done.

export interface NoAnswer {
  words: string;
  /** It may have been done all the same. */
  maybeDone: boolean;
}

/** Refused before anything was sent. */
const NOT_THERE = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
const LATE = new Set(['ECONNABORTED', 'ETIMEDOUT']);
/** Whoever asked has no time any more. */
const ABORTED = new Set(['ERR_CANCELED', 'ABORT_ERR']);

type Words = (whose: string) => string;
const waits = 'Until then everything waits here, and then goes by itself.';
const unknownSigner: Words = (whose) =>
  `The certificate of ${whose} is signed by nobody whom Continuo trusts. If it is your company’s own authority, let the operator name its certificate to crm-sync (NODE_EXTRA_CA_CERTS); if not, ${whose} has to send its whole chain of certificates. ${waits}`;
const noTls: Words = (whose) =>
  `What answers at the address of ${whose} speaks no TLS. Is the port right? Only where it is meant to be so the address begins with http:// (amqp://). ${waits}`;
const CERTIFICATE: Record<string, Words> = {
  CERT_HAS_EXPIRED: (whose) => `The certificate of ${whose} has expired: it has to be renewed there. ${waits}`,
  CERT_NOT_YET_VALID: (whose) =>
    `The certificate of ${whose} is not valid yet. Look at its dates, and at the clock of this installation. ${waits}`,
  CERT_REVOKED: (whose) => `The certificate of ${whose} was revoked: it has to be replaced there. ${waits}`,
  ERR_TLS_CERT_ALTNAME_INVALID: (whose) =>
    `The certificate of ${whose} is made out to another name than stands in the address in the settings: save the address with the name of the certificate, or have a new one made. ${waits}`,
  DEPTH_ZERO_SELF_SIGNED_CERT: unknownSigner,
  SELF_SIGNED_CERT_IN_CHAIN: unknownSigner,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownSigner,
  UNABLE_TO_GET_ISSUER_CERT: unknownSigner,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownSigner,
  CERT_UNTRUSTED: unknownSigner,
};
/** How OpenSSL names an answer that is no TLS. */
const NO_TLS = /wrong version number|packet length too long|http request/i;

interface Broken {
  code?: unknown;
  message?: unknown;
}

/**
 * @param who the CRM, or “The receiver”
 * @param late our own patience had ended; without it the code says so
 */
export function noAnswerOf(who: string, error: unknown, { url, late }: { url: string; late?: boolean }): NoAnswer {
  const { code: said, message } = (error ?? {}) as Broken;
  const code = said === undefined ? '' : String(said);
  const whose = who.replace(/^The /, 'the ');
  const certificate = CERTIFICATE[code] ?? (code === 'EPROTO' && NO_TLS.test(String(message)) ? noTls : undefined);
  if (certificate) return { words: certificate(whose), maybeDone: false };
  if (NOT_THERE.has(code))
    return {
      words: `${who} cannot be reached (${code}). Check that it runs and that its address in the settings is right.`,
      maybeDone: false,
    };
  if (ABORTED.has(code) || (late ?? LATE.has(code)))
    return { words: `${who} did not answer in time. It is tried again.`, maybeDone: true };
  // A server that wants TLS hangs up on whoever speaks without, or answers what is no HTTP.
  const secure = url.startsWith('http:') ? ' If it wants TLS, the address has to begin with https://.' : '';
  return {
    words: `The connection to ${whose} broke (${code || 'no code'}). It is tried again.${secure}`,
    maybeDone: true,
  };
}
