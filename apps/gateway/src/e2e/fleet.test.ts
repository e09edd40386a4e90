import { silentLogger, type Target } from '@naru/core';
import { createEmbeddedKafka, type EmbeddedKafka } from '@naru/embedded-kafka';
import { createExchangeSimulator, type ExchangeSimulator } from '@naru/exchange-simulator';
import { createRedisConnectionManager, type RedisConnectionManager, WebsocketConnectionCache } from '@naru/redis-cache';
import { createEmbeddedRegistry } from '@naru/schema-registry/testing';
import { describeReal, redisDatabase, startTcpProxy, type TcpProxy } from '@naru/test-services';
import { Kafka, logLevel } from 'kafkajs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createGateway, type Gateway } from '../composition/create-gateway.js';

const target: Target = { exchange: 'upbit', region: 'korea', request_type: 'trade' };
const leaseMs = 2_000;
const patience = { timeout: 20_000 };

/** A gateway with its own way to Redis. */
interface Member {
  readonly gateway: Gateway;
  readonly network: TcpProxy;
}

describeReal('gateways that share Redis and Kafka', ['redis'], () => {
  let kafka: EmbeddedKafka;
  let registry: Awaited<ReturnType<typeof createEmbeddedRegistry>>;
  let simulator: ExchangeSimulator;
  let redis: RedisConnectionManager;
  let cache: WebsocketConnectionCache;
  const members: Member[] = [];
  const database = new URL(redisDatabase(13));

  async function join(): Promise<Member> {
    const network = await startTcpProxy({ target: { host: database.hostname, port: Number(database.port) } });
    const ownWay = new URL(database);
    ownWay.host = network.address;
    const gateway = await createGateway({
      config: {
        kafka: { brokers: [...kafka.bootstrap], partitions: 2 },
        registry: { url: registry.url },
        redis: { url: ownWay.href, leaseMs },
        connections: { allowedHosts: [`127.0.0.1:${simulator.port}`], allowPrivateAddresses: true },
        operations: { port: 0 },
      },
      overrides: { logger: silentLogger },
    });
    const member = { gateway, network };
    members.push(member);
    return member;
  }

  async function leave(member: Member): Promise<void> {
    members.splice(members.indexOf(member), 1);
    await member.gateway.close();
    await member.network.close();
  }

  const streamOf = ({ gateway }: Member) => gateway.report()[0]?.stream ?? null;
  const streaming = (): Member[] => members.filter((member) => streamOf(member) !== null);
  const theOwner = async (): Promise<Member> => {
    await expect.poll(() => streaming().length, patience).toBe(1);
    return streaming()[0]!;
  };
  const other = (member: Member): Member => members.find((one) => one !== member)!;

  async function command(partition: number, symbols: readonly string[]): Promise<void> {
    const producer = new Kafka({ brokers: [...kafka.bootstrap], logLevel: logLevel.NOTHING }).producer();
    await producer.connect();
    const connection = { url: simulator.url('upbit'), socket_params: { isOnlyRealtime: true } };
    const value = JSON.stringify({
      type: 'status',
      action: 'connect_and_subscribe',
      target,
      symbols,
      connection,
      projection: ['trade_price'],
    });
    await producer.send({ topic: 'ws.command', messages: [{ partition, value }] });
    await producer.disconnect();
  }

  beforeEach(async () => {
    redis = createRedisConnectionManager({ url: database.href });
    await redis.initialize();
    await redis.client.flushdb();
    cache = new WebsocketConnectionCache(redis);
    kafka = await createEmbeddedKafka({ defaultPartitions: 2 });
    registry = await createEmbeddedRegistry();
    simulator = createExchangeSimulator({ rate: 200, seed: 3 });
    await simulator.start();
    await join();
    await join();
  });
  afterEach(async () => {
    for (const member of [...members]) await leave(member);
    await simulator?.close();
    await registry?.close();
    await kafka?.close();
    await redis?.close();
  });

  test('each takes commands from a partition of its own', async () => {
    await expect
      .poll(
        () => Promise.all(members.map(async ({ gateway }) => (await fetch(`${gateway.operations}/readyz`)).status)),
        patience,
      )
      .toEqual([200, 200]);
  });

  /** The stream is open: who has it. */
  async function opened(symbols: readonly string[]): Promise<Member> {
    await command(0, symbols);
    const owner = await theOwner();
    await expect.poll(() => streamOf(owner)?.confirmed, patience).toBe(symbols.length);
    return owner;
  }

  test('one of them opens the stream, under a lease that everybody can see', async () => {
    const owner = await opened(['KRW-BTC']);
    await expect
      .poll(() => cache.getConnectionSpec(target), patience)
      .toMatchObject({ status: 'connected', ownerToken: streamOf(owner)?.leaseToken, projection: ['trade_price'] });
    expect(members.map(({ gateway }) => gateway.fleet().leases).sort()).toEqual([0, 1]);
  });

  test('a command that reaches the other one changes the stream where it is, without a reconnect', async () => {
    const owner = await opened(['KRW-BTC']);
    for (const partition of [0, 1]) await command(partition, ['KRW-BTC', 'KRW-ETH']);
    await expect.poll(() => streamOf(owner)?.symbols, patience).toEqual(['KRW-BTC', 'KRW-ETH']);
    // The one partition is the owner's, so of these two one was forwarded, whichever it is.
    await command(0, ['KRW-ETH', 'KRW-XRP']);
    await expect.poll(() => streamOf(owner)?.symbols, patience).toEqual(['KRW-ETH', 'KRW-XRP']);
    await command(1, ['KRW-XRP']);
    await expect.poll(() => streamOf(owner)?.symbols, patience).toEqual(['KRW-XRP']);
    expect(streamOf(owner)).toMatchObject({ reconnects: 0, connections: [{ epoch: 1 }] });
    expect(streaming()).toEqual([owner]);
  });

  test('one that is cut off stops before the other takes over, and its late write is refused', async () => {
    const owner = await opened(['KRW-XRP']);
    const taker = other(owner);
    const token = streamOf(owner)?.leaseToken ?? 0;
    let both = false;
    owner.network.spoil({ frozen: true });
    await expect
      .poll(
        () => {
          both ||= streaming().length > 1;
          return streamOf(taker)?.symbols;
        },
        { ...patience, interval: 10 },
      )
      .toEqual(['KRW-XRP']);
    expect(both).toBe(false);
    expect(streamOf(taker)?.leaseToken).toBeGreaterThan(token);
    await expect
      .poll(() => cache.getConnectionSpec(target), patience)
      .toMatchObject({ ownerToken: streamOf(taker)?.leaseToken });
    await expect(cache.updateState(target, { status: 'disconnected' }, { token })).rejects.toMatchObject({
      code: 'stale_token',
    });
    await expect.poll(() => owner.gateway.fleet().store, patience).toBe('away');
    owner.network.spoil({});
    await expect.poll(() => owner.gateway.fleet().store, patience).toBe('available');
    expect(streaming()).toEqual([taker]);
  });

  test('one that is closed hands its stream over', async () => {
    const owner = await opened(['KRW-XRP']);
    const heir = other(owner);
    const token = streamOf(owner)?.leaseToken ?? 0;
    await leave(owner);
    await expect.poll(() => streamOf(heir)?.confirmed, patience).toBe(1);
    expect(streamOf(heir)?.leaseToken).toBeGreaterThan(token);
  });

  test('the stream resumes when the whole fleet was closed and one starts again', async () => {
    const owner = await opened(['KRW-XRP']);
    await leave(other(owner));
    await leave(owner);
    expect(await cache.getConnectionSpec(target)).toMatchObject({ status: 'disconnected' });
    const fresh = await join();
    await expect.poll(() => streamOf(fresh)?.symbols, patience).toEqual(['KRW-XRP']);
    await expect.poll(() => fresh.gateway.totals().acknowledged, patience).toBeGreaterThan(0);
  });
});
