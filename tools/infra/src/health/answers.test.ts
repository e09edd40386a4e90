import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { freePorts } from '../local/free-ports.js';
import { kafkaAnswers } from './kafka-answers.js';
import { redisAnswers } from './redis-answers.js';
import { registryAnswers } from './registry-answers.js';

describe('asking a server whether it is there', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });
  const listen = async (server: Server): Promise<number> => {
    servers.push(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return (server.address() as AddressInfo).port;
  };

  it('is a no when nothing listens', async () => {
    const [port] = await freePorts(1);
    expect(await redisAnswers(`redis://127.0.0.1:${port}`)).toBe(false);
    expect(await registryAnswers(`http://127.0.0.1:${port}`)).toBe(false);
    expect(await kafkaAnswers(`127.0.0.1:${port}`, 1)).toBe(false);
  });

  it('is a no when something else listens', async () => {
    const port = await listen(
      createServer((socket) => socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    );
    expect(await redisAnswers(`redis://127.0.0.1:${port}`)).toBe(false);
    expect(await registryAnswers(`http://127.0.0.1:${port}`)).toBe(false);
  });

  it.each(['+PONG\r\n', '-NOAUTH Authentication required.\r\n'])('is a yes when Redis says %j', async (answer) => {
    const port = await listen(createServer((socket) => socket.once('data', () => socket.end(answer))));
    expect(await redisAnswers(`redis://127.0.0.1:${port}`)).toBe(true);
  });

  it('is a yes when the registry lists its subjects', async () => {
    const port = await listen(
      createHttpServer((request, response) => response.end(request.url === '/v7/subjects' ? '[]' : '{}')),
    );
    expect(await registryAnswers(`http://127.0.0.1:${port}/v7/`)).toBe(true);
    expect(await registryAnswers(`http://127.0.0.1:${port}/other`)).toBe(false);
  });
});
