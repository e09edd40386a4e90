import { RedisCacheError } from '../redis-cache-error.js';

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/** The system's code (`ECONNREFUSED` …) of an error or of the one it wraps, as cluster errors do. */
function systemCode(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined;
  const { code, lastNodeError } = cause as Error & { code?: unknown; lastNodeError?: unknown };
  return typeof code === 'string' ? code : systemCode(lastNodeError);
}

/** Says in words why a connection to `target` could not be made and what mends it. */
export function explainConnectionFailure(target: string, cause: unknown): RedisCacheError {
  const message = messageOf(cause);
  const unavailable = (text: string): RedisCacheError =>
    new RedisCacheError(text, { code: 'unavailable', retryable: true, cause });
  const denied = (text: string): RedisCacheError => new RedisCacheError(text, { code: 'denied', cause });

  if (/WRONGPASS|NOAUTH|invalid username-password|without any password configured/i.test(message)) {
    return denied(`${target} refused the credentials. Check user and password (ACL LIST shows the users).`);
  }
  if (message.includes('NOPERM')) {
    return denied(
      `${target} lets this user in but not run what it needs. Grant the commands, keys and channels by ACL.`,
    );
  }
  if (message.includes('LOADING')) {
    return unavailable(`${target} is still loading its data set. Wait until it is done, then initialize again.`);
  }
  switch (systemCode(cause)) {
    case 'ECONNREFUSED':
      return unavailable(`Nothing listens for ${target}. Start the server, or correct the address.`);
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return unavailable(`The host name of ${target} cannot be resolved. Correct the address, or mend DNS.`);
    case 'ETIMEDOUT':
      return unavailable(`${target} did not answer in time. Check firewalls and the address.`);
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
    case 'CERT_HAS_EXPIRED':
      return denied(`The TLS certificate of ${target} was not accepted (${message}). Pass tls.ca or tls.servername.`);
  }
  return unavailable(`${target} cannot be reached (${message}). Check that it runs and that the address is right.`);
}

/** Wraps what a command rejected with. */
export function explainCommandFailure(target: string, cause: unknown): RedisCacheError {
  if (cause instanceof RedisCacheError) return cause;
  const message = messageOf(cause);
  if (message.includes('Command timed out')) {
    return new RedisCacheError(`${target} did not answer in time. Retry; the command may have been carried out.`, {
      code: 'timeout',
      retryable: true,
      cause,
    });
  }
  if (/^(NOPERM|NOAUTH|WRONGPASS)/.test(message)) return explainConnectionFailure(target, cause);
  if (cause instanceof Error && cause.name === 'ReplyError') {
    const transient = /^(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|BUSY|NOREPLICAS|OOM)/.test(message);
    if (!transient) {
      return new RedisCacheError(`${target} refused the command: ${message}. Look at the key and its type.`, {
        code: 'rejected',
        cause,
      });
    }
  }
  return new RedisCacheError(`${target} is away (${message}). Retry; the connection is being renewed.`, {
    code: 'unavailable',
    retryable: true,
    cause,
  });
}
