import type { Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { Logger } from '@naru/core';
import type { SocketRequest } from './sockets.js';

/** SASL as the cluster asks for it; passed through to kafkajs. */
export type SaslOptions =
  | {
      readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
      readonly username: string;
      readonly password: string;
    }
  | {
      readonly mechanism: 'oauthbearer';
      /** Called whenever a token is needed; it should cache. */
      readonly oauthBearerProvider: () => Promise<{
        readonly value: string;
        /** SASL extensions that go with the token, such as `logicalCluster`. */
        readonly extensions?: Readonly<Record<string, string>>;
      }>;
    };

export interface KafkaTransportOptions {
  /** `host:port` of some brokers; the others are found through them. */
  readonly brokers: readonly string[];
  /** Shown in the brokers' logs and quotas. Default 'naru'. */
  readonly clientId?: string | undefined;
  /** true for TLS with the system's authorities, or options of `node:tls`. Default false. */
  readonly ssl?: boolean | ConnectionOptions | undefined;
  readonly sasl?: SaslOptions | undefined;
  /** How long connecting to one broker may take, milliseconds. Default 5,000. */
  readonly connectionTimeoutMs?: number | undefined;
  /** Age at which knowledge of topics and leaders is refreshed, milliseconds. Default 300,000. */
  readonly metadataMaxAgeMs?: number | undefined;
  /** Whether asking for an unknown topic lets the brokers create it, if they are set so. Default false. */
  readonly createTopics?: boolean | undefined;
  /** Makes the sockets, for proxies and tests. `onConnect` is to be called when one is ready. Default TCP or TLS. */
  readonly connect?: ((request: SocketRequest) => Socket) | undefined;
  readonly logger?: Logger | undefined;
}
