import type { Socket } from 'node:net';
import type { Cluster } from '../cluster/cluster.js';
import type { Faults } from '../faults/faults.js';
import { FaultyOutput } from '../faults/faulty-output.js';
import { ProtocolError } from '../wire/protocol-error.js';
import { type Caller, dispatch, type Outcome } from './dispatch.js';
import { FrameSplitter, type PendingBytes } from './frame-splitter.js';

/** Requests of one connection that wait for their turn before no more is read. */
const MAX_WAITING_FRAMES = 64;
/** Bytes of answers the client has not taken before no more of its requests are handled. */
const MAX_UNSENT_BYTES = 4 * 1024 * 1024;

/**
 * One client's connection. Requests are handled one after the other, as Kafka does: an answer that waits, such as that
 * to a long poll, holds up those behind it.
 */
export class Connection implements Caller {
  readonly nodeId: number;
  readonly clientHost: string;
  readonly #socket: Socket;
  readonly #cluster: Cluster;
  readonly #faults: Faults;
  readonly #splitter: FrameSplitter;
  readonly #output: FaultyOutput | undefined;
  readonly #onDisconnect = new Set<() => void>();
  #waiting: Buffer[] = [];
  #isBusy = false;
  #isPaused = false;
  #isClosed = false;

  constructor(socket: Socket, nodeId: number, cluster: Cluster, faults: Faults, pending: PendingBytes) {
    this.nodeId = nodeId;
    this.#socket = socket;
    this.#cluster = cluster;
    this.#faults = faults;
    this.clientHost = `/${socket.remoteAddress ?? ''}`;
    this.#splitter = new FrameSplitter(cluster.settings.maxFrameBytes, pending);
    const fault = faults.forConnection(nodeId);
    this.#output = fault && new FaultyOutput(socket, fault, cluster.clock);
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('drain', () => this.#handleNext());
    // A reset by the client is its right; "close" follows.
    socket.on('error', () => {});
    socket.on('close', () => this.#closed());
  }

  /** Stops handling requests without closing anything. */
  pause(): void {
    this.#isPaused = true;
    this.#socket.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#socket.resume();
    this.#handleNext();
  }

  /** Cuts the connection; nothing that came over it is handled from here on. */
  close(): void {
    this.#isClosed = true;
    this.#socket.destroy();
  }

  onDisconnect(callback: () => void): () => void {
    this.#onDisconnect.add(callback);
    return () => {
      this.#onDisconnect.delete(callback);
    };
  }

  #receive(chunk: Buffer): void {
    try {
      this.#splitter.push(chunk, (frame) => this.#waiting.push(frame));
    } catch (error) {
      this.#refuse(error);
      return;
    }
    if (this.#waiting.length > MAX_WAITING_FRAMES) this.#socket.pause();
    this.#handleNext();
  }

  #handleNext(): void {
    while (!this.#isBusy && !this.#isPaused && !this.#isClosed && this.#socket.writableLength < MAX_UNSENT_BYTES) {
      const frame = this.#waiting.shift();
      if (!frame) return;
      if (this.#waiting.length === 0 && this.#socket.isPaused()) this.#socket.resume();
      this.#handle(frame);
    }
  }

  #handle(frame: Buffer): void {
    try {
      const outcome = dispatch(frame, this.#cluster, this, (request) => this.#faults.decide(request));
      if (!(outcome instanceof Promise)) {
        this.#send(outcome);
        return;
      }
      this.#isBusy = true;
      outcome.then(
        (settled) => {
          this.#isBusy = false;
          this.#send(settled);
          this.#handleNext();
        },
        (error: unknown) => this.#refuse(error),
      );
    } catch (error) {
      this.#refuse(error);
    }
  }

  #send(outcome: Outcome): void {
    if (this.#isClosed || outcome === 'no answer') return;
    if (outcome === 'disconnect') {
      this.close();
    } else if (this.#output) {
      this.#output.write(outcome);
    } else if (outcome.length === 1) {
      this.#socket.write(outcome[0]!);
    } else {
      this.#socket.cork();
      for (const part of outcome) this.#socket.write(part);
      this.#socket.uncork();
    }
  }

  #refuse(error: unknown): void {
    this.#cluster.counters.protocolErrors++;
    const isClients = error instanceof ProtocolError;
    const { logger } = this.#cluster.settings;
    const fields = { node: this.nodeId, client: this.clientHost, error: isClients ? error.message : error };
    if (isClients) logger.warn('closed a connection because of what it sent', fields);
    else logger.error('closed a connection because its request could not be handled', fields);
    this.close();
  }

  #closed(): void {
    this.#isClosed = true;
    this.#waiting = [];
    this.#splitter.clear();
    for (const callback of [...this.#onDisconnect]) callback();
    this.#onDisconnect.clear();
  }
}
