import { isIP } from 'node:net';
import { topicNames, usdQuotes } from '@naru/core';
import { exchanges } from '@naru/exchanges';
import {
  compressions,
  krwConversions,
  krwExchanges,
  logLevels,
  type SettingValues,
  saslMechanisms,
} from './gateway-config.js';
import type { Setting, SettingsOf } from './setting.js';
import { address, choice, decimal, flag, integer, list, listsByName, pem, secret, text } from './setting-kinds.js';

const kafkaBroker = /^[^\s:,/@]+:\d{1,5}$|^\[[0-9a-f:]+\]:\d{1,5}$/i;
const host = /^[^\s/@,=]+$/;
const topicName = { takes: 'letters, digits, . _ -', pattern: /^[A-Za-z0-9._-]{1,200}$/ };
const hosts = { isEntry: (entry: string) => host.test(entry) };

/**
 * Everything that can be configured: one entry each, nested as in the configuration file. Defaults, reading,
 * help and the README's table come from here; its type is in `SettingValues`.
 */
export const settings: SettingsOf<SettingValues> = {
  kafka: {
    brokers: list({
      env: 'KAFKA_BROKERS',
      meaning: 'Kafka bootstrap addresses',
      takes: 'host:port[,host:port…]',
      isEntry: (entry) => kafkaBroker.test(entry),
      default: 'embedded' as const,
    }),
    clientId: text({ env: 'NARU_CLIENT_ID', meaning: 'client id shown by Kafka', default: 'naru-gateway' }),
    groupId: text({
      env: 'NARU_GROUP_ID',
      meaning: 'consumer groups of the fleet, with -connect and -disconnect behind it',
      default: 'naru-gateway',
    }),
    sessionTimeoutMs: integer({
      env: 'NARU_SESSION_TIMEOUT_MS',
      meaning:
        "time without a sign of life after which a member's commands go to others, ms; brokers take 6000 at least",
      min: 1_000,
      max: 300_000,
      default: 10_000,
    }),
    partitions: integer({
      env: 'NARU_TOPIC_PARTITIONS',
      meaning: 'partitions of created topics',
      min: 1,
      max: 1_000,
      default: 6,
    }),
    replication: integer({
      env: 'NARU_TOPIC_REPLICATION',
      meaning: 'replicas of created topics; -1 leaves it to the broker',
      min: -1,
      max: 10,
      default: -1,
    }),
    tls: {
      enabled: flag({
        env: 'KAFKA_TLS',
        meaning: 'speak TLS with the brokers; on by itself with an authority or a certificate',
        default: false,
      }),
      ca: pem({
        env: 'KAFKA_TLS_CA',
        meaning: "authorities of the brokers' certificates",
        defaultText: "the system's",
      }),
      cert: pem({ env: 'KAFKA_TLS_CERT', meaning: "the client's certificate" }),
      key: pem({ env: 'KAFKA_TLS_KEY', meaning: 'key of that certificate', secret: true }),
    },
    sasl: {
      mechanism: choice({
        env: 'KAFKA_SASL_MECHANISM',
        meaning: 'how the gateway proves itself to the brokers',
        choices: saslMechanisms,
        default: 'none',
      }),
      username: text({ env: 'KAFKA_SASL_USERNAME', meaning: 'user of PLAIN and SCRAM', default: undefined }),
      password: secret({ env: 'KAFKA_SASL_PASSWORD', meaning: 'password of PLAIN and SCRAM' }),
      tokenFile: text({
        env: 'KAFKA_SASL_TOKEN_FILE',
        meaning: 'file with the token of OAUTHBEARER, read again whenever a broker asks for it',
        takes: 'path',
        default: undefined,
      }),
    },
  },
  topics: {
    prefix: text({
      env: 'NARU_TOPIC_PREFIX',
      meaning: 'put before every topic name',
      takes: topicName.takes,
      pattern: /^[A-Za-z0-9._-]{0,100}$/,
      default: '',
      defaultText: 'none',
    }),
    command: topic('COMMAND', 'commands that open streams', topicNames.command),
    disconnection: topic('DISCONNECTION', 'commands that end streams', topicNames.disconnection),
    connectSuccess: topic('CONNECT_SUCCESS', 'acknowledgements of symbols', topicNames.connectSuccess),
    metrics: topic('METRICS', 'metrics of every minute', topicNames.metrics),
    error: topic('ERROR', 'error events', topicNames.error),
    dlq: topic('DLQ', 'dead letters', topicNames.dlq),
    backpressure: topic('BACKPRESSURE', 'backpressure events', topicNames.backpressure),
    batchPerformance: topic('BATCH_PERFORMANCE', 'batch performance', topicNames.batchPerformance),
    ticker: topic('TICKER', 'tickers, with .REGION behind it', topicNames.ticker),
    trade: topic('TRADE', 'trades, with .REGION behind it', topicNames.trade),
    orderbook: topic('ORDERBOOK', 'order books, with .REGION behind it', topicNames.orderbook),
  },
  registry: {
    url: address({
      env: 'SCHEMA_REGISTRY_URL',
      meaning: 'schema registry with the Confluent API',
      protocols: ['http:', 'https:'],
      takes: 'http(s) URL',
      default: 'embedded',
    }),
    register: flag({ env: 'NARU_REGISTER_SCHEMAS', meaning: 'register missing schemas at start', default: true }),
    username: text({ env: 'SCHEMA_REGISTRY_USERNAME', meaning: 'user of basic authentication', default: undefined }),
    password: secret({ env: 'SCHEMA_REGISTRY_PASSWORD', meaning: 'password of basic authentication' }),
    token: secret({ env: 'SCHEMA_REGISTRY_TOKEN', meaning: 'bearer token, in place of a user' }),
    tls: {
      ca: pem({
        env: 'SCHEMA_REGISTRY_TLS_CA',
        meaning: "authorities of the registry's certificate",
        defaultText: "the system's",
      }),
    },
  },
  redis: {
    url: address({
      env: 'REDIS_URL',
      meaning: 'Redis for connection state',
      protocols: ['redis:', 'rediss:'],
      takes: 'redis(s) URL',
      default: 'memory',
    }),
    leaseMs: integer({
      env: 'NARU_LEASE_MS',
      meaning: 'time after which the streams of a gateway that is gone are taken over, ms',
      min: 500,
      max: 600_000,
      default: 10_000,
    }),
    whenAway: choice({
      env: 'NARU_WHEN_REDIS_IS_AWAY',
      meaning: 'streams whose lease cannot be confirmed: stop duplicates nothing, continue loses nothing',
      choices: ['stop', 'continue'] as const,
      default: 'stop',
    }),
    shareEveryMs: integer({
      env: 'NARU_SHARE_EVERY_MS',
      meaning:
        'how often a gateway that has at least two streams fewer than another takes one over from it, ms; each move is a gap in that feed; 0 never',
      min: 0,
      max: 86_400_000,
      default: 0,
    }),
    username: text({ env: 'REDIS_USERNAME', meaning: "ACL user, before the URL's", default: undefined }),
    password: secret({ env: 'REDIS_PASSWORD', meaning: "password, before the URL's" }),
    tls: {
      ca: pem({
        env: 'REDIS_TLS_CA',
        meaning: 'authorities of the certificate of Redis, for rediss',
        defaultText: "the system's",
      }),
      cert: pem({ env: 'REDIS_TLS_CERT', meaning: "the client's certificate" }),
      key: pem({ env: 'REDIS_TLS_KEY', meaning: 'key of that certificate', secret: true }),
    },
  },
  commands: {
    proofTimeoutMs: integer({
      env: 'NARU_PROOF_TIMEOUT_MS',
      meaning: 'time for an exchange to prove a subscription, ms',
      min: 100,
      max: 600_000,
      default: 10_000,
    }),
  },
  connections: {
    allowedHosts: list({
      env: 'NARU_ALLOWED_HOSTS',
      meaning: 'hosts that commands may name beyond those of the exchanges',
      takes: 'host[:port][,…]',
      ...hosts,
      default: [],
    }),
    exchangeHosts: listsByName({
      env: 'NARU_EXCHANGE_HOSTS',
      meaning: 'hosts that commands for one exchange may name',
      takes: 'exchange=host[:port][,…]; in YAML a list for each exchange',
      isName: (name) => exchanges.names.some((exchange) => exchange === name),
      ...hosts,
    }),
    allowPrivateAddresses: flag({
      env: 'NARU_ALLOW_PRIVATE_ADDRESSES',
      meaning: 'dial any loopback and private address',
      default: false,
    }),
    allowedPrivateAddresses: list({
      env: 'NARU_ALLOWED_PRIVATE_ADDRESSES',
      meaning: 'loopback and private addresses that may be dialled',
      takes: 'address[/prefix][,…]',
      isEntry: isNetwork,
      default: [],
    }),
    maxPayloadBytes: integer({
      env: 'NARU_MAX_PAYLOAD_BYTES',
      meaning: 'largest WebSocket message, bytes; a larger one closes the socket',
      min: 1_024,
      max: 64 * 1024 * 1024,
      default: 1024 * 1024,
    }),
    handshakeTimeoutMs: integer({
      env: 'NARU_HANDSHAKE_TIMEOUT_MS',
      meaning: 'longest opening of a WebSocket, ms',
      min: 100,
      max: 120_000,
      default: 10_000,
    }),
  },
  orderbooks: {
    depth: integer({
      env: 'NARU_ORDERBOOK_DEPTH',
      meaning: 'levels of each side of a published order book',
      min: 1,
      max: 5_000,
      default: 30,
    }),
    intervalMs: integer({
      env: 'NARU_ORDERBOOK_INTERVAL_MS',
      meaning: 'shortest time between two published order books of a market, ms; 0 publishes every change',
      min: 0,
      max: 600_000,
      default: 0,
    }),
  },
  publishing: {
    maxBatchRecords: integer({
      env: 'NARU_BATCH_RECORDS',
      meaning: 'records of a market in one message',
      min: 1,
      max: 10_000,
      default: 100,
    }),
    maxBatchWaitMs: integer({
      env: 'NARU_BATCH_WAIT_MS',
      meaning: 'longest wait of a record for its message, ms',
      min: 0,
      max: 60_000,
      default: 20,
    }),
    lingerMs: integer({
      env: 'NARU_LINGER_MS',
      meaning: 'wait of a message for others of its partition, ms',
      min: 0,
      max: 60_000,
      // Batches are closed in rounds, so messages come together already.
      default: 0,
    }),
    compression: choice({
      env: 'NARU_COMPRESSION',
      meaning: 'packing of record batches; best is lz4, or else zstd or gzip; stock kafkajs reads none and gzip only',
      choices: compressions,
      default: 'none',
    }),
    maxMemoryBytes: integer({
      env: 'NARU_MEMORY_BYTES',
      meaning: 'messages in memory on their way to Kafka, bytes',
      min: 1024 * 1024,
      max: 16 * 1024 ** 3,
      default: 64 * 1024 * 1024,
    }),
    stallMs: integer({
      env: 'NARU_STALL_MS',
      meaning: 'nothing acknowledged for so long sends records to the spool, ms',
      min: 100,
      max: 600_000,
      default: 2_000,
    }),
    shedLagMs: integer({
      env: 'NARU_SHED_LAG_MS',
      meaning: 'delay of the event loop (p99) above which only the latest ticker of a market is sent, ms; 0 never',
      min: 0,
      max: 600_000,
      default: 200,
    }),
  },
  krw: {
    conversion: choice({
      env: 'NARU_KRW_CONVERSION',
      meaning: 'adds what dollar prices are in won, at a fixed rate or that of a ticker the fleet streams',
      choices: krwConversions,
      default: 'off',
    }),
    rate: decimal({ env: 'NARU_KRW_RATE', meaning: 'won for a dollar, for fixed', max: 1_000_000, default: undefined }),
    exchange: choice({
      env: 'NARU_KRW_RATE_EXCHANGE',
      meaning: 'exchange of that ticker',
      choices: krwExchanges,
      default: 'upbit',
    }),
    market: text({
      env: 'NARU_KRW_RATE_MARKET',
      meaning: 'market whose last price is taken for that of a dollar',
      takes: `KRW- and one of ${usdQuotes.join(', ')}`,
      pattern: new RegExp(`^KRW-(?:${usdQuotes.join('|')})$`),
      default: 'KRW-USDT',
    }),
    staleMs: integer({
      env: 'NARU_KRW_RATE_STALE_MS',
      meaning: 'how long after its receipt that price is used, ms; then records have no amounts in won',
      min: 100,
      max: 86_400_000,
      default: 60_000,
    }),
  },
  spool: {
    directory: text({
      env: 'NARU_SPOOL_DIRECTORY',
      meaning: 'where records wait on disk while Kafka takes none; one for each process',
      takes: 'path',
      default: undefined,
      defaultText: 'no spool',
    }),
    maxBytes: integer({
      env: 'NARU_SPOOL_BYTES',
      meaning: 'size of the spool, bytes',
      min: 1024 * 1024,
      max: 1024 ** 4,
      default: 1024 ** 3,
    }),
    fsyncIntervalMs: integer({
      env: 'NARU_SPOOL_FSYNC_MS',
      meaning: 'longest time from a write into the spool to its fsync, ms; 0 syncs each',
      min: 0,
      max: 60_000,
      default: 1_000,
    }),
  },
  operations: {
    host: text({
      env: 'NARU_OPERATIONS_HOST',
      meaning: 'address of health, metrics and the operations API; beyond loopback it needs a token',
      takes: 'host',
      pattern: /^[A-Za-z0-9.:_-]{1,255}$/,
      default: '127.0.0.1',
    }),
    port: integer({
      env: 'NARU_OPERATIONS_PORT',
      meaning: 'port of the same; 0 takes a free one',
      min: 0,
      max: 65_535,
      default: 9464,
    }),
    token: secret({ env: 'NARU_OPERATIONS_TOKEN', meaning: 'bearer token that the operations API asks for' }),
  },
  shutdownDeadlineMs: integer({
    env: 'NARU_SHUTDOWN_DEADLINE_MS',
    meaning: 'longest time to drain, ms',
    min: 100,
    max: 600_000,
    default: 30_000,
  }),
  logLevel: choice({ env: 'NARU_LOG_LEVEL', meaning: 'least level logged', choices: logLevels, default: 'info' }),
};

function topic(variable: string, carries: string, name: string): Setting<string> {
  return text<string>({ env: `NARU_TOPIC_${variable}`, meaning: `topic of ${carries}`, ...topicName, default: name });
}

function isNetwork(entry: string): boolean {
  const [ip = '', prefix, ...rest] = entry.split('/');
  const bits = isIP(ip) === 6 ? 128 : isIP(ip) === 4 ? 32 : -1;
  const length = prefix === undefined ? bits : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1;
  return rest.length === 0 && bits > 0 && length >= 0 && length <= bits;
}
