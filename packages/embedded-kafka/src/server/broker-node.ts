import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Cluster } from '../cluster/cluster.js';
import { EmbeddedKafkaError } from '../embedded-kafka-error.js';
import type { Faults } from '../faults/faults.js';
import type { NodeAddress } from '../options.js';
import { Connection } from './connection.js';
import type { PendingBytes } from './frame-splitter.js';

/** One node of the cluster: a listening port and its connections. */
export class BrokerNode {
  readonly id: number;
  readonly #cluster: Cluster;
  readonly #faults: Faults;
  readonly #pending: PendingBytes;
  readonly #connections = new Set<Connection>();
  #server: Server | undefined;
  #port: number;
  #isPaused = false;

  constructor(id: number, port: number, cluster: Cluster, faults: Faults, pending: PendingBytes) {
    this.id = id;
    this.#port = port;
    this.#cluster = cluster;
    this.#faults = faults;
    this.#pending = pending;
  }

  get isRunning(): boolean {
    return this.#server !== undefined;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Where it listens; a stopped node keeps its port for the next start. */
  get address(): NodeAddress {
    return { nodeId: this.id, host: this.#cluster.settings.host, port: this.#port };
  }

  async start(): Promise<void> {
    if (this.#server) return;
    const server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
    this.#server = server;
    const { host } = this.#cluster.settings;
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen({ host, port: this.#port }, () => {
          server.off('error', reject);
          resolve();
        });
      });
    } catch (cause) {
      this.#server = undefined;
      throw new EmbeddedKafkaError(
        `Node ${this.id} cannot listen on ${host}:${this.#port}; choose another port, or 0 for a free one.`,
        { code: 'listen_failed', retryable: true, cause },
      );
    }
    server.on('error', (error) =>
      this.#cluster.settings.logger.error('the listening socket failed', { node: this.id, error }),
    );
    this.#port = (server.address() as AddressInfo).port;
    const advertised = this.#cluster.settings.advertise?.(this.address) ?? this.address;
    this.#cluster.nodeStarted({ nodeId: this.id, host: advertised.host, port: advertised.port });
  }

  /** Closes the port and cuts all connections. */
  async stop(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    this.#isPaused = false;
    this.#cluster.nodeStopped(this.id);
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    for (const connection of this.#connections) connection.close();
    await closed;
  }

  /** Leaves all requests unanswered, without closing anything, until `resume`. */
  pause(): void {
    this.#isPaused = true;
    for (const connection of this.#connections) connection.pause();
  }

  resume(): void {
    this.#isPaused = false;
    for (const connection of this.#connections) connection.resume();
  }

  #accept(socket: Socket): void {
    const { counters, settings } = this.#cluster;
    if (this.#connections.size >= settings.maxConnections) {
      counters.connectionsRefused++;
      settings.logger.warn('refused a connection above the limit', { node: this.id, limit: settings.maxConnections });
      socket.on('error', () => {});
      socket.destroy();
      return;
    }
    const connection = new Connection(socket, this.id, this.#cluster, this.#faults, this.#pending);
    counters.connectionsOpened++;
    counters.connectionsOpen++;
    this.#connections.add(connection);
    if (this.#isPaused) connection.pause();
    socket.on('close', () => {
      counters.connectionsOpen--;
      this.#connections.delete(connection);
    });
  }
}
