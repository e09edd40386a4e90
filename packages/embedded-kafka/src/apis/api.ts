import type { Codec } from '../wire/codec.js';
import type { RequestContext } from './request-context.js';

/**
 * One API of the protocol: what travels, and what the broker does with it. Fields that only some versions carry are
 * versioned inside of the codecs.
 */
export interface Api<Request, Response> {
  readonly key: number;
  readonly name: string;
  readonly minVersion: number;
  readonly maxVersion: number;
  /** First version in flexible encoding. */
  readonly flexibleFrom: number;
  readonly request: Codec<Request>;
  readonly response: Codec<Response>;
  /** Groups or transactional ids that only their coordinator may answer for. */
  coordinated?(request: Request): readonly string[];
  /** Undefined when the client expects no answer. */
  handle(context: RequestContext, request: Request): Response | Promise<Response> | undefined;
  /** The answer that refuses the whole request with one error. */
  refuse(request: Request, errorCode: number): Response;
}

export type AnyApi = Api<unknown, unknown>;
