import { type Clock, type Logger, silentLogger, systemClock } from '@naru/core';
import { SchemaRegistryError } from '../registry-error.js';
import type { RegistryAuth } from './transport/authorization.js';
import { readBaseUrls } from './transport/base-urls.js';
import type { RegistryDispatcher, RegistryTlsOptions } from './transport/http.js';

export interface SchemaRegistryClientOptions {
  /**
   * Addresses of one registry, path prefix included: one, several, or several in one text with commas. Credentials in an
   * address are used as `auth`.
   */
  readonly urls: string | readonly string[];
  /** Basic or bearer. None by default. */
  readonly auth?: RegistryAuth;
  readonly tls?: RegistryTlsOptions;
  /** Your own undici dispatcher, for proxies and pools; it stays yours. Instead of `tls`. */
  readonly dispatcher?: RegistryDispatcher;
  /** Sent with every request, such as `target-sr-cluster`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Longest wait for one answer, in milliseconds. Default 10,000. */
  readonly timeoutMs?: number;
  /** Repetitions after network errors, 408, 429 and 5xx, each over all addresses. Deletes are not repeated. Default 3. */
  readonly retries?: number;
  /** First ceiling of the jittered wait between repetitions, in milliseconds; it doubles. Default 1,000. */
  readonly retryBaseMs?: number;
  /** Last ceiling, in milliseconds. Default 20,000. */
  readonly retryMaxMs?: number;
  /** Answers remembered of each kind; the least recently used goes first. Default 1,000. */
  readonly maxCached?: number;
  /** How long `latest` is believed, in milliseconds. Default 60,000. */
  readonly latestTtlMs?: number;
  /** How long "there is no such schema" is believed, in milliseconds; 0 asks every time. Default 5,000. */
  readonly missingTtlMs?: number;
  /** Larger answers are refused. Bytes, default 16 MiB. */
  readonly maxResponseBytes?: number;
  readonly clock?: Clock;
  /** Uniform from 0 to 1, for the jitter. Default Math.random. */
  readonly random?: () => number;
  readonly logger?: Logger;
}

export type ClientSettings = Omit<Required<SchemaRegistryClientOptions>, 'urls' | 'auth' | 'tls' | 'dispatcher'> & {
  readonly urls: readonly string[];
  readonly auth: RegistryAuth | undefined;
  readonly tls: RegistryTlsOptions | undefined;
  readonly dispatcher: RegistryDispatcher | undefined;
};

/** Fills the defaults and refuses what cannot be meant. */
export function readClientOptions(options: SchemaRegistryClientOptions): ClientSettings {
  const { urls, auth } = readBaseUrls(options.urls);
  if (options.tls && options.dispatcher)
    throw invalid('tls and dispatcher are both given. Put the TLS options into the dispatcher.');
  return {
    urls,
    auth: options.auth ?? auth,
    tls: options.tls,
    dispatcher: options.dispatcher,
    headers: options.headers ?? {},
    timeoutMs: atLeast(1, 'timeoutMs', options.timeoutMs ?? 10_000),
    retries: atLeast(0, 'retries', options.retries ?? 3),
    retryBaseMs: atLeast(0, 'retryBaseMs', options.retryBaseMs ?? 1_000),
    retryMaxMs: atLeast(0, 'retryMaxMs', options.retryMaxMs ?? 20_000),
    maxCached: atLeast(1, 'maxCached', options.maxCached ?? 1_000),
    latestTtlMs: atLeast(0, 'latestTtlMs', options.latestTtlMs ?? 60_000),
    missingTtlMs: atLeast(0, 'missingTtlMs', options.missingTtlMs ?? 5_000),
    maxResponseBytes: atLeast(1, 'maxResponseBytes', options.maxResponseBytes ?? 16 * 1024 * 1024),
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
    logger: options.logger ?? silentLogger,
  };
}

function atLeast(least: number, name: string, value: number): number {
  if (Number.isFinite(value) && value >= least) return value;
  throw invalid(`${name} is ${value}. Give a finite number of at least ${least}.`);
}

function invalid(message: string): SchemaRegistryError {
  return new SchemaRegistryError(message, { code: 'invalid_argument' });
}
