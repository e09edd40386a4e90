import type { RedisClient } from './ioredis-clients.js';

type Listener = (message: string) => void;

/** The channels somebody listens to, and the one connection that is subscribed to them. */
export class ChannelSubscriptions {
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #client: RedisClient;
  readonly #onFailure: (error: unknown) => void;

  constructor(client: RedisClient, onFailure: (error: unknown) => void) {
    this.#client = client;
    this.#onFailure = onFailure;
    client.on('message', (channel: string, message: string) => {
      for (const listener of this.#listeners.get(channel) ?? []) listener(message);
    });
  }

  /** Subscribes to every wanted channel; called whenever the connection is new. */
  async resubscribe(): Promise<void> {
    const channels = [...this.#listeners.keys()];
    if (channels.length > 0) await this.#attempt(() => this.#client.subscribe(...channels));
  }

  /** Resolves when Redis confirmed, or at once when it is away: then the next connection subscribes. */
  async add(channel: string, listener: Listener): Promise<() => Promise<void>> {
    const known = this.#listeners.get(channel);
    if (known) {
      known.add(listener);
    } else {
      this.#listeners.set(channel, new Set([listener]));
      if (this.#client.status === 'ready') await this.#attempt(() => this.#client.subscribe(channel));
    }
    return () => this.#remove(channel, listener);
  }

  async #remove(channel: string, listener: Listener): Promise<void> {
    const listeners = this.#listeners.get(channel);
    if (!listeners?.delete(listener) || listeners.size > 0) return;
    this.#listeners.delete(channel);
    if (this.#client.status === 'ready') await this.#attempt(() => this.#client.unsubscribe(channel));
  }

  async #attempt(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      // The connection broke meanwhile; the next one subscribes to what is wanted then.
      this.#onFailure(error);
    }
  }
}
