import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTcpProxy, type TcpProxy } from './start-tcp-proxy.js';

describe('a TCP proxy', () => {
  let server: Server;
  let proxy: TcpProxy;
  const clients: Socket[] = [];

  beforeEach(async () => {
    server = createServer({ allowHalfOpen: true }, (socket) => socket.on('error', () => {}).pipe(socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    proxy = await startTcpProxy({ target: { port: (server.address() as AddressInfo).port } });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    await proxy.close();
    server.close();
  });

  async function dial(): Promise<Socket> {
    const client = connect({ port: proxy.port, host: '127.0.0.1' });
    clients.push(client);
    await once(client, 'connect');
    return client;
  }

  async function echo(client: Socket, bytes: Buffer): Promise<{ readonly back: Buffer; readonly pieces: number }> {
    const pieces: Buffer[] = [];
    let size = 0;
    const all = new Promise<void>((resolve, reject) => {
      client.once('close', () => reject(new Error('closed')));
      client.on('error', reject).on('data', (piece: Buffer) => {
        pieces.push(piece);
        size += piece.length;
        if (size >= bytes.length) resolve();
      });
    });
    client.write(bytes);
    await all;
    return { back: Buffer.concat(pieces), pieces: pieces.length };
  }

  const megabytes = Buffer.alloc(3_000_000, 'naru');

  it('carries bytes both ways unchanged and counts them', async () => {
    const { back } = await echo(await dial(), megabytes);
    expect(back.equals(megabytes)).toBe(true);
    expect(proxy.carried).toEqual({ up: megabytes.length, down: megabytes.length });
    expect([proxy.connections, proxy.accepted]).toEqual([1, 1]);
  });

  it.each([
    ['late', { delayMs: 20 }],
    ['slowly', { bytesPerSecond: 4_000_000 }],
    ['in pieces', { pieceBytes: 1_000 }],
  ])('carries bytes %s, still unchanged', async (_, toxics) => {
    proxy.spoil(toxics);
    const part = megabytes.subarray(0, 100_000);
    const { back } = await echo(await dial(), part);
    expect(back.equals(part)).toBe(true);
  });

  it('passes on that one side has ended', async () => {
    const client = await dial();
    const text: Buffer[] = [];
    client.on('data', (piece: Buffer) => text.push(piece));
    client.end('last words');
    await once(client, 'end');
    expect(Buffer.concat(text).toString()).toBe('last words');
  });

  it('holds everything back while frozen and delivers it when healed', async () => {
    const client = await dial();
    await echo(client, Buffer.from('before'));
    proxy.spoil({ frozen: true });
    const before = proxy.carried;
    const answer = echo(client, Buffer.from('after'));
    const other = await dial();
    await new Promise(setImmediate);
    expect(proxy.carried).toEqual(before);
    expect(other.destroyed).toBe(false);
    proxy.spoil({});
    expect((await answer).back.toString()).toBe('after');
  });

  it('resets all connections, or the one that is picked', async () => {
    const [first, second] = [await dial(), await dial()];
    await Promise.all([echo(first, Buffer.from('1')), echo(second, Buffer.from('2'))]);
    const closed = once(second, 'close').catch((error: NodeJS.ErrnoException) => error.code);
    expect(proxy.cut((open) => open - 1)).toBe(1);
    expect(await closed).toBe('ECONNRESET');
    expect(proxy.connections).toBe(1);
    const rest = once(first, 'close').catch((error: NodeJS.ErrnoException) => error.code);
    expect(proxy.cut()).toBe(1);
    expect(await rest).toBe('ECONNRESET');
  });

  it('resets a connection in the middle of an answer', async () => {
    proxy.spoil({ cutAfterBytes: 1_000, pieceBytes: 400 });
    await expect(echo(await dial(), megabytes.subarray(0, 10_000))).rejects.toThrow();
    expect(proxy.carried.down).toBe(1_200);
  });

  it('resets new connections while refusing, and closes a connection whose server is gone', async () => {
    proxy.spoil({ refusing: true });
    await expect(dial().then((client) => echo(client, Buffer.from('x')))).rejects.toThrow();
    proxy.spoil({});
    const nobody = await startTcpProxy({ target: { port: 1 } });
    const client = connect({ port: nobody.port, host: '127.0.0.1' }).on('error', () => {});
    await once(client, 'close').catch(() => {});
    expect(nobody.connections).toBe(0);
    await nobody.close();
    await nobody.close();
  });
});
