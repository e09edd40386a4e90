import { expect, test } from 'vitest';
import { checkAddress, createGuardedLookup, isPrivateAddress, policyFor } from './address-policy.js';

const published = { isAllowed: (url: URL) => url.host === 'api.upbit.com' && url.pathname === '/websocket/v1' };
const strict = { allowedHosts: [], allowPrivateAddresses: false };

test("accepts the exchange's own address", () => {
  expect(checkAddress('wss://api.upbit.com/websocket/v1', published, strict).host).toBe('api.upbit.com');
});

test.each([
  ['another host', 'wss://example.com/websocket/v1'],
  ['a host that only begins alike', 'wss://api.upbit.com.example.com/websocket/v1'],
  ['the right host as a user name', 'wss://api.upbit.com@example.com/websocket/v1'],
  ['another path', 'wss://api.upbit.com/other'],
  ['another port', 'wss://api.upbit.com:8443/websocket/v1'],
  ['no encryption', 'ws://api.upbit.com/websocket/v1'],
  ['http', 'http://api.upbit.com/websocket/v1'],
  ['a unix socket', 'ws+unix:///var/run/docker.sock'],
  ['no URL', 'api.upbit.com'],
  ['a fragment', 'wss://api.upbit.com/websocket/v1#x'],
  ['a trailing dot', 'wss://api.upbit.com./websocket/v1'],
])('refuses %s', (_, text) => {
  expect(() => checkAddress(text, published, strict)).toThrow(expect.objectContaining({ code: 'address_not_allowed' }));
});

test.each([
  '127.0.0.1',
  '2130706433',
  '127.1',
  '0x7f.1',
  '[::1]',
  '[::ffff:127.0.0.1]',
  '169.254.169.254',
  '１２７.0.0.1',
])('refuses the private address %s even for an allowed host', (host) => {
  const name = new URL(`wss://${host}/`).hostname;
  const policy = { allowedHosts: [name], allowPrivateAddresses: false };
  expect(() => checkAddress(`wss://${host}/`, published, policy)).toThrow(/private address/);
  expect(checkAddress(`wss://${host}/`, published, { ...policy, allowPrivateAddresses: true }).hostname).toBe(name);
});

test('an operator may allow a host, or one port of it, also without encryption', () => {
  const policy = { allowedHosts: ['feed.example.com:9000'], allowPrivateAddresses: false };
  expect(checkAddress('ws://feed.example.com:9000/upbit', published, policy).port).toBe('9000');
  expect(() => checkAddress('ws://feed.example.com:9001/upbit', published, policy)).toThrow(/not one of/);
});

test('a message quotes no control characters and not without bound', () => {
  const text = `wss://evil\r\n${'x'.repeat(10_000)}`;
  try {
    checkAddress(text, published, strict);
    expect.unreachable();
  } catch (error) {
    const { message } = error as Error;
    expect(message).not.toMatch(/[\r\n]/);
    expect(message.length).toBeLessThan(500);
  }
});

test('a public address is not private', () => {
  expect(isPrivateAddress('8.8.8.8')).toBe(false);
  expect(isPrivateAddress('2606:4700::1111')).toBe(false);
});

test('a name that leads to loopback is refused on connect', async () => {
  const outcome = (allowPrivateAddresses: boolean) =>
    new Promise<string>((resolve) => {
      createGuardedLookup({ allowedHosts: [], allowPrivateAddresses })('localhost', {}, (error, address) =>
        resolve(error ? error.message : String(address)),
      );
    });
  expect(await outcome(false)).toMatch(/private address/);
  expect(await outcome(true)).toMatch(/127\.0\.0\.1|::1/);
});

test('an operator may let single networks through', () => {
  const policy = { allowedHosts: ['10.1.2.3', '10.2.2.3', '[::1]'], allowPrivateAddresses: false };
  const some = { ...policy, allowedPrivateAddresses: ['10.1.0.0/16', '::1'] };
  expect(checkAddress('ws://10.1.2.3/', published, some).hostname).toBe('10.1.2.3');
  expect(checkAddress('ws://[::1]/', published, some).hostname).toBe('[::1]');
  expect(() => checkAddress('ws://10.2.2.3/', published, some)).toThrow(/private address/);
  expect(() => checkAddress('ws://10.1.2.3/', published, policy)).toThrow(/private address/);
});

test('an operator may allow a host for one exchange alone', () => {
  const policy = { ...strict, exchangeHosts: { upbit: ['feed.example.com'] } };
  expect(checkAddress('wss://feed.example.com/', published, policyFor('upbit', policy)).host).toBe('feed.example.com');
  expect(() => checkAddress('wss://feed.example.com/', published, policyFor('okx', policy))).toThrow(/not one of/);
});
