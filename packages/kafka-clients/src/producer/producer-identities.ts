import type { ProducerIdentity, TransportProducer } from '../transport/transport-producer.js';

/**
 * The idempotent producer's identity in the broker's eyes. When a broker has lost track of it (errors 45 and 59), or
 * when a batch was given up in doubt so that its sequences may or may not be used, it is retired and the next batch
 * asks for a new one.
 */
export class ProducerIdentities {
  readonly #transport: TransportProducer;
  #current: ProducerIdentity | undefined;
  #asking: Promise<ProducerIdentity> | undefined;

  constructor(transport: TransportProducer) {
    this.#transport = transport;
  }

  get current(): ProducerIdentity | undefined {
    return this.#current;
  }

  async get(): Promise<ProducerIdentity> {
    if (this.#current) return this.#current;
    this.#asking ??= this.#transport.initIdentity().finally(() => {
      this.#asking = undefined;
    });
    this.#current = await this.#asking;
    return this.#current;
  }

  /** Nothing new is written under `identity`; one retired before is no longer current and nothing happens. */
  retire(identity: ProducerIdentity): void {
    if (this.#current === identity) this.#current = undefined;
  }
}
