import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isLoopbackHost } from '../config/loopback-host.js';
import { ApiProblem } from './api-problem.js';

export interface AccessOptions {
  /** Where the server listens. */
  readonly host: string;
  readonly token: string | undefined;
}

/** `page`: files that hold no data and ask for the token themselves. */
export type Right = 'page' | 'read' | 'change';

/** Who may do what: the page is free, reading is on loopback, everything else asks for the token. */
export interface Access {
  /** @throws ApiProblem 401 or 403. */
  check(request: IncomingMessage, right: Right): void;
  allows(request: IncomingMessage, right: Right): boolean;
}

export function createAccess({ host, token }: AccessOptions): Access {
  const isLocal = isLoopbackHost(host);
  const wanted = token === undefined ? undefined : digest(token);
  const check = (request: IncomingMessage, right: Right): void => {
    // A page in a browser can have its own name lead to loopback; the name it was asked by gives it away.
    if (isLocal && !isLoopbackHost(hostNameOf(request.headers.host ?? ''))) {
      throw new ApiProblem(403, 'This server answers to loopback names only. Ask it as 127.0.0.1 or localhost.');
    }
    if (right === 'page' || (right === 'read' && isLocal)) return;
    if (wanted === undefined) {
      throw new ApiProblem(
        403,
        'Changes need a token and none is configured. Set NARU_OPERATIONS_TOKEN and start again.',
      );
    }
    const given = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    // Digests have one length, so that comparing tells nothing of the token's.
    if (given === undefined || !timingSafeEqual(digest(given), wanted)) {
      throw new ApiProblem(401, 'Send the token of NARU_OPERATIONS_TOKEN as "authorization: Bearer …".', {
        'www-authenticate': 'Bearer realm="naru"',
      });
    }
  };
  return {
    check,
    allows(request, right) {
      try {
        check(request, right);
        return true;
      } catch {
        return false;
      }
    },
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** The name in a `host` header, without port and brackets. */
function hostNameOf(header: string): string {
  return header.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
}
