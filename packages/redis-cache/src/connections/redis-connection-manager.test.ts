import {
  describeReal,
  describeRedisServer,
  type RedisServer,
  redisDatabase,
  startRedisServer,
} from '@naru/test-services';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { redisScript } from '../redis-script.js';
import { createRedisConnectionManager, RedisConnectionManager } from './redis-connection-manager.js';

const echo = redisScript('return ARGV[1]');

describe('without a server', () => {
  test('explains that nothing listens, and can be initialized again', async () => {
    const manager = createRedisConnectionManager({ url: 'redis://127.0.0.1:1' });
    const refused = {
      code: 'unavailable',
      retryable: true,
      message: expect.stringContaining('Nothing listens for Redis at redis://127.0.0.1:1'),
    };
    await expect(manager.initialize()).rejects.toMatchObject(refused);
    await expect(manager.initialize()).rejects.toMatchObject({ code: 'unavailable' });
    await manager.close();
    await expect(manager.initialize()).rejects.toMatchObject({ code: 'not_ready' });
  });

  test('explains a host name that does not exist', async () => {
    const manager = createRedisConnectionManager({ url: 'redis://no-such-host.invalid', initializeTimeoutMs: 3_000 });
    await expect(manager.initialize()).rejects.toThrow(/no-such-host\.invalid:6379/);
  });

  test('refuses to be used before it is initialized', async () => {
    const manager = createRedisConnectionManager();
    expect(() => manager.client).toThrow(/Await initialize\(\) first/);
    expect(() => manager.subscriber).toThrow(/initialize/);
    await expect(manager.subscribe('c', () => {})).rejects.toMatchObject({ code: 'not_ready' });
    await expect(manager.runScript(echo, [], ['x'])).rejects.toMatchObject({ code: 'not_ready' });
    expect(await manager.health()).toMatchObject({ healthy: false, roles: { command: [], subscriber: 'none' } });
    await manager.close();
    expect(() => manager.client).toThrow(/closed/);
  });

  test.each([
    [{ url: 'http://h' }, /^url /],
    [{ url: 'redis://h', cluster: [] }, /^url, cluster, sentinel /],
    [{ cluster: [] }, /^cluster /],
    [{ sentinel: { addresses: [], master: 'm' } }, /^sentinel.addresses /],
    [{ sentinel: { addresses: [{ host: 'h' }], master: '' } }, /^sentinel.master /],
    [{ commandConnections: 0 }, /^commandConnections is 0/],
    [{ commandTimeoutMs: 0.5 }, /^commandTimeoutMs is 0.5/],
    [{ reconnectMs: { min: 10, max: 5 } }, /^reconnectMs.max is 5/],
  ])('refuses the options %j', (options, message) => {
    expect(() => createRedisConnectionManager(options)).toThrow(message);
  });

  test('never repeats a password', async () => {
    expect(() => createRedisConnectionManager({ url: 'redis//u:canary@h' })).toThrow(/^(?!.*canary)/s);
    const manager = createRedisConnectionManager({ url: 'redis://u:canary@127.0.0.1:1', password: 'canary' });
    const error = await manager.initialize().catch((caught: unknown) => caught);
    expect(`${error}${JSON.stringify(error)}`).not.toContain('canary');
  });

  test('getInstance() answers one manager until it is closed', async () => {
    const first = RedisConnectionManager.getInstance({ url: 'redis://127.0.0.1:1' });
    expect(RedisConnectionManager.getInstance()).toBe(first);
    expect(() => RedisConnectionManager.getInstance({ url: 'redis://h' })).toThrow(/exists already/);
    await first.close();
    const second = RedisConnectionManager.getInstance();
    expect(second).not.toBe(first);
    await second.close();
  });
});

describeReal('with Redis', ['redis'], () => {
  test('spreads commands over its connections, by role', async () => {
    const manager = createRedisConnectionManager({
      url: redisDatabase(12),
      commandConnections: 2,
      connectionName: 'manager-test',
    });
    await Promise.all([manager.initialize(), manager.initialize()]);
    const [one, two, three] = [manager.client, manager.client, manager.client];
    expect(one).not.toBe(two);
    expect(three).toBe(one);
    const list = String(await manager.client.client('LIST'));
    expect(list.match(/name=manager-test:command /g)).toHaveLength(2);
    expect(list.match(/name=manager-test:subscriber /g)).toHaveLength(1);
    expect(await manager.health()).toMatchObject({
      healthy: true,
      roles: { command: ['ready', 'ready'], subscriber: 'ready' },
    });
    const blocking = await manager.openBlocking();
    const popped = blocking.blpop('queue', 0);
    await manager.client.rpush('queue', 'x');
    expect(await popped).toEqual(['queue', 'x']);
    await manager.close();
    await manager.close();
    expect(await manager.health()).toMatchObject({ healthy: false });
  });

  test('runs a script that the server does not know yet, or not any more', async () => {
    await using manager = createRedisConnectionManager({ url: redisDatabase(12) });
    await manager.initialize();
    await manager.client.script('FLUSH');
    expect(await manager.runScript(echo, [], ['one'])).toBe('one');
    expect(await manager.runScript(echo, [], ['two'])).toBe('two');
    await expect(manager.runScript(redisScript('return redis.call("NOPE")'), [], [])).rejects.toMatchObject({
      code: 'rejected',
      retryable: false,
    });
  });

  test('hears a channel once for each listener until it is left', async () => {
    await using manager = createRedisConnectionManager({ url: redisDatabase(12) });
    await manager.initialize();
    const heard: string[] = [];
    const leaveA = await manager.subscribe('manager-test', (message) => heard.push(`a ${message}`));
    const leaveB = await manager.subscribe('manager-test', (message) => heard.push(`b ${message}`));
    await manager.publish('manager-test', '1');
    await expect.poll(() => heard).toEqual(['a 1', 'b 1']);
    await leaveA();
    await leaveA();
    await manager.publish('manager-test', '2');
    await expect.poll(() => heard).toEqual(['a 1', 'b 1', 'b 2']);
    await leaveB();
    expect(await manager.publish('manager-test', '3')).toBe(0);
  });
});

describeRedisServer('with a server that fails', () => {
  let server: RedisServer;
  let manager: RedisConnectionManager;

  beforeEach(async () => {
    server = await startRedisServer();
    manager = createRedisConnectionManager({
      url: server.url,
      commandTimeoutMs: 300,
      connectTimeoutMs: 300,
      reconnectMs: { max: 100 },
    });
    await manager.initialize();
  });
  afterEach(async () => {
    await manager.close();
    server.thaw();
    await server.stop();
  });

  test('stopped: commands fail at once; started again: they work, and channels are heard', async () => {
    const heard: string[] = [];
    await manager.subscribe('news', (message) => heard.push(message));
    let reconnections = 0;
    const undo = manager.onReconnected(() => {
      reconnections += 1;
    });
    const { port } = server;
    await server.stop();
    await expect.poll(async () => (await manager.health()).roles.subscriber).not.toBe('ready');
    await expect(manager.runScript(echo, [], ['x'])).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    const late: string[] = [];
    await manager.subscribe('late news', (message) => late.push(message));
    server = await startRedisServer({ port });
    await expect.poll(() => reconnections, { timeout: 10_000 }).toBe(1);
    await expect.poll(async () => (await manager.health()).healthy, { timeout: 10_000 }).toBe(true);
    expect(await manager.runScript(echo, [], ['back'])).toBe('back');
    await manager.publish('news', 'again');
    await manager.publish('late news', 'too');
    await expect.poll(() => [heard, late]).toEqual([['again'], ['too']]);
    undo();
  });

  test('frozen: a command ends with a timeout, and works after the thaw', async () => {
    server.freeze();
    await expect(manager.runScript(echo, [], ['x'])).rejects.toMatchObject({ code: 'timeout', retryable: true });
    expect(await manager.health()).toMatchObject({
      healthy: false,
      problem: expect.stringContaining('did not answer in time'),
    });
    server.thaw();
    await expect.poll(async () => (await manager.health()).healthy, { timeout: 10_000 }).toBe(true);
    expect(await manager.runScript(echo, [], ['back'])).toBe('back');
  });

  test('given up by its client: a connection that ended is taken up again, and channels are heard', async () => {
    const heard: string[] = [];
    await manager.subscribe('news', (message) => heard.push(message));
    manager.client.disconnect();
    manager.subscriber.disconnect();
    await expect.poll(async () => (await manager.health()).healthy, { timeout: 10_000 }).toBe(true);
    await expect.poll(() => manager.publish('news', 'again').then(() => heard[0])).toBe('again');
  });

  test('frozen from the start: initialize() gives up and says so', async () => {
    server.freeze();
    const other = createRedisConnectionManager({ url: server.url, initializeTimeoutMs: 200, commandTimeoutMs: 5_000 });
    await expect(other.initialize()).rejects.toMatchObject({ code: 'unavailable' });
    await other.close();
  });

  test('failed over: a replica that refuses writes is left and the command repeated on the new master', async () => {
    await manager.client.replicaof('127.0.0.1', '1');
    const write = manager.client.set('k', 'v').then(
      (answer) => answer,
      (error: Error) => error.message,
    );
    const admin = createRedisConnectionManager({ url: server.url });
    await admin.initialize();
    await admin.client.replicaof('NO', 'ONE');
    await admin.close();
    // Depending on who was faster the command is resent after the promotion or refused by the replica; never both.
    expect(await write).toMatch(/^OK$|READONLY|Connection is closed|away|writeable|reconnect/);
    await expect.poll(async () => (await manager.health()).healthy, { timeout: 10_000 }).toBe(true);
    expect(await manager.client.set('k', 'v')).toBe('OK');
  });

  test('wrong password and missing rights are told apart from an absent server', async () => {
    await manager.client.call('ACL', 'SETUSER', 'reader', 'on', '>right', '~*', '&*', '+@connection', '+ping', '+info');
    const wrong = createRedisConnectionManager({ url: server.url, username: 'reader', password: 'wrong' });
    await expect(wrong.initialize()).rejects.toMatchObject({
      code: 'denied',
      message: expect.stringContaining('credentials'),
    });
    const reader = createRedisConnectionManager({ url: server.url, username: 'reader', password: 'right' });
    await reader.initialize();
    await expect(reader.runScript(echo, [], ['x'])).rejects.toMatchObject({ code: 'denied' });
    await Promise.all([wrong.close(), reader.close()]);
  });
});
