import { RedisCacheError } from '../redis-cache-error.js';
import type { RedisScript, ScriptRunner } from '../redis-script.js';
import { ChannelSubscriptions } from './channel-subscriptions.js';
import { explainCommandFailure, explainConnectionFailure } from './explain-failure.js';
import { createClient, gatherWrites, keyNodes, type RedisClient, reconnectDelay } from './ioredis-clients.js';
import {
  describeTarget,
  type RedisConnectionOptions,
  type ResolvedConnectionOptions,
  resolveConnectionOptions,
} from './options.js';

/** What `health()` found. */
export interface RedisHealth {
  readonly healthy: boolean;
  /** Round trip of one PING, ms; absent when it failed. */
  readonly latencyMs?: number;
  /** State of each connection, by role. */
  readonly roles: { readonly command: readonly string[]; readonly subscriber: string };
  /** Why it is not healthy, in words. */
  readonly problem?: string;
}

type Phase = 'new' | 'starting' | 'ready' | 'closed';

let sharedManager: RedisConnectionManager | undefined;

/**
 * Connections to one Redis, separated by role: some for commands, one for subscriptions, and one more for each
 * blocking use. Commands fail fast while the server is away and the connections come back by themselves, for ever.
 */
export class RedisConnectionManager implements ScriptRunner, AsyncDisposable {
  readonly #options: ResolvedConnectionOptions;
  readonly #target: string;
  readonly #reconnected = new Set<() => void>();
  #commands: RedisClient[] = [];
  #subscriber: RedisClient | undefined;
  #subscriptions: ChannelSubscriptions | undefined;
  readonly #blocking = new Set<RedisClient>();
  #phase: Phase = 'new';
  #starting: Promise<void> | undefined;
  #next = 0;

  constructor(options: RedisConnectionOptions = {}) {
    this.#options = resolveConnectionOptions(options);
    this.#target = describeTarget(this.#options);
  }

  /**
   * The manager that this process shares. Only the first call's options count; later ones must be left out.
   * After its `close()` the next call builds a new one.
   */
  static getInstance(options?: RedisConnectionOptions): RedisConnectionManager {
    if (sharedManager && sharedManager.#phase !== 'closed') {
      if (options !== undefined) {
        throw new RedisCacheError(
          'The shared manager exists already with other options. Call getInstance() without any, or createRedisConnectionManager(options).',
          { code: 'invalid_argument' },
        );
      }
      return sharedManager;
    }
    sharedManager = new RedisConnectionManager(options);
    return sharedManager;
  }

  get cluster(): boolean {
    return this.#options.target.kind === 'cluster';
  }

  /** The next command connection, in turn. Throws `not_ready` before `initialize()` and after `close()`. */
  get client(): RedisClient {
    const client = this.#commands[this.#next++ % this.#commands.length];
    if (this.#phase !== 'ready' || !client) throw this.#notReady();
    return client;
  }

  /** The connection that is subscribed. Prefer {@link subscribe}, which survives reconnections. */
  get subscriber(): RedisClient {
    if (this.#phase !== 'ready' || !this.#subscriber) throw this.#notReady();
    return this.#subscriber;
  }

  /**
   * Connects every role and waits until each is ready. Rejects with the reason in words and leaves nothing open;
   * it can be called again. A second call while one is under way shares it.
   */
  initialize(): Promise<void> {
    if (this.#phase === 'closed') return Promise.reject(this.#notReady());
    if (this.#phase === 'ready') return Promise.resolve();
    this.#starting ??= this.#start().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  /** Runs a script on a command connection, by its digest; sends the source where the server does not know it. */
  async runScript(script: RedisScript, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    const client = this.client;
    return await this.#command(async () => {
      const begun = performance.now();
      try {
        gatherWrites(client);
        return await client.evalsha(script.sha1, keys.length, ...keys, ...args);
      } catch (error) {
        // NOSCRIPT is answered before anything ran, so sending the source cannot run it twice.
        if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
        // Two commands, but one call: together they have the time of one.
        const leftMs = this.#options.commandTimeoutMs - (performance.now() - begun);
        return await within(leftMs, client.eval(script.lua, keys.length, ...keys, ...args));
      }
    });
  }

  async *scanKeys(pattern: string): AsyncIterable<string> {
    const seen = new Set<string>();
    for (const node of keyNodes(this.client)) {
      let cursor = '0';
      do {
        const [next, keys] = await this.#command(() => node.scan(cursor, 'MATCH', pattern, 'COUNT', 500));
        cursor = next;
        for (const key of keys) {
          if (seen.has(key)) continue;
          seen.add(key);
          yield key;
        }
      } while (cursor !== '0');
    }
  }

  /** Publishes to whoever subscribed; answers how many clients of the addressed server heard it. */
  publish(channel: string, message: string): Promise<number> {
    const client = this.client;
    return this.#command(() => client.publish(channel, message));
  }

  /**
   * Hears a channel until the answer is called. While Redis is away nothing is heard; what must not be missed
   * is read again in `onReconnected`.
   */
  async subscribe(channel: string, listener: (message: string) => void): Promise<() => Promise<void>> {
    if (this.#phase !== 'ready' || !this.#subscriptions) throw this.#notReady();
    return await this.#subscriptions.add(channel, listener);
  }

  /** Called each time the subscriber is connected and subscribed again after a break. The answer ends it. */
  onReconnected(listener: () => void): () => void {
    this.#reconnected.add(listener);
    return () => void this.#reconnected.delete(listener);
  }

  /** A connection of its own for blocking commands (XREAD BLOCK, BLPOP …), without a command timeout. `close()` ends it. */
  async openBlocking(): Promise<RedisClient> {
    if (this.#phase !== 'ready') throw this.#notReady();
    const client = this.#create('blocking');
    this.#blocking.add(client);
    client.on('end', () => this.#blocking.delete(client));
    try {
      await client.connect();
    } catch (error) {
      client.disconnect();
      throw explainConnectionFailure(this.#target, error);
    }
    return client;
  }

  /** One PING, and the state of each connection. Never rejects. */
  async health(): Promise<RedisHealth> {
    const roles = {
      command: this.#commands.map((client) => client.status),
      subscriber: this.#subscriber?.status ?? 'none',
    };
    const begun = performance.now();
    try {
      const client = this.client;
      await this.#command(() => client.ping());
    } catch (error) {
      return { healthy: false, roles, problem: error instanceof Error ? error.message : String(error) };
    }
    const latencyMs = performance.now() - begun;
    if (roles.subscriber === 'ready') return { healthy: true, latencyMs, roles };
    return { healthy: false, latencyMs, roles, problem: `The subscriber connection is ${roles.subscriber}.` };
  }

  /** Ends every connection; commands under way are rejected. A second call does nothing. */
  async close(): Promise<void> {
    if (this.#phase === 'closed') return;
    this.#phase = 'closed';
    if (sharedManager === this) sharedManager = undefined;
    await this.#disconnect();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #start(): Promise<void> {
    this.#phase = 'starting';
    this.#commands = Array.from({ length: this.#options.commandConnections }, () => this.#create('command'));
    const subscriber = this.#create('subscriber');
    this.#subscriber = subscriber;
    const subscriptions = new ChannelSubscriptions(subscriber, (error) => this.#log('subscriber', error));
    this.#subscriptions = subscriptions;
    let lastError: unknown;
    const all = [...this.#commands, subscriber];
    for (const client of all) {
      client.on('error', (error: unknown) => {
        lastError = error;
      });
    }
    const cancel = { timeout: undefined as NodeJS.Timeout | undefined };
    try {
      const late = new Promise<never>((_, reject) => {
        cancel.timeout = setTimeout(
          () => reject(lastError ?? new Error(`no answer within ${this.#options.initializeTimeoutMs} ms`)),
          this.#options.initializeTimeoutMs,
        );
      });
      await Promise.race([Promise.all(all.map((client) => client.connect())), late]);
    } catch (error) {
      // `close()` may have come first; then it has the last word on the phase.
      if ((this.#phase as Phase) === 'starting') this.#phase = 'new';
      await this.#disconnect();
      // connect() rejects with a bare "Connection is closed."; the reason came as an event before it.
      throw explainConnectionFailure(this.#target, lastError ?? error);
    } finally {
      clearTimeout(cancel.timeout);
    }
    if ((this.#phase as Phase) === 'closed') {
      await this.#disconnect();
      throw this.#notReady();
    }
    this.#phase = 'ready';
    for (const client of all) client.on('end', () => this.#takeUpAgain(client));
    subscriber.on('ready', () => {
      void subscriptions.resubscribe().then(() => {
        for (const listener of this.#reconnected) listener();
      });
    });
  }

  #create(role: 'command' | 'subscriber' | 'blocking'): RedisClient {
    const client = createClient(this.#options, role);
    // Without a listener ioredis prints the error to the console; the state is what callers see.
    client.on('error', (error: unknown) => this.#log(role, error));
    return client;
  }

  /** ioredis gives a connection up for good when sentinels name a new master while it is being renewed; we do not. */
  #takeUpAgain(client: RedisClient): void {
    const wanted = (): boolean => this.#commands.includes(client) || client === this.#subscriber;
    const connect = (): void => {
      // What does not succeed ends again, and is taken up again.
      if (wanted() && client.status === 'end') client.connect().catch(() => {});
    };
    if (wanted()) setTimeout(connect, reconnectDelay(this.#options, 1));
  }

  /** Bounds the whole command: in a cluster one command may be several attempts, each with a timeout of its own. */
  async #command<T>(work: () => Promise<T>): Promise<T> {
    try {
      return this.cluster ? await within(this.#options.commandTimeoutMs, work()) : await work();
    } catch (error) {
      throw explainCommandFailure(this.#target, error);
    }
  }

  async #disconnect(): Promise<void> {
    const clients = [...this.#commands, ...(this.#subscriber ? [this.#subscriber] : []), ...this.#blocking];
    this.#commands = [];
    this.#subscriber = undefined;
    this.#subscriptions = undefined;
    this.#blocking.clear();
    for (const client of clients) client.disconnect();
  }

  #log(role: string, error: unknown): void {
    this.#options.logger.warn('redis connection error', {
      role,
      target: this.#target,
      error: error instanceof Error ? error.message : String(error),
    });
  }

  #notReady(): RedisCacheError {
    const text =
      this.#phase === 'closed'
        ? 'The Redis connection manager is closed. Create another one.'
        : 'The Redis connection manager is not connected. Await initialize() first.';
    return new RedisCacheError(text, { code: 'not_ready' });
  }
}

/** What ioredis says of one command that got no answer in time, of several. */
async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('Command timed out')), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A manager of its own, for those who pass collaborators in instead of sharing one through the process. */
export function createRedisConnectionManager(options: RedisConnectionOptions = {}): RedisConnectionManager {
  return new RedisConnectionManager(options);
}
