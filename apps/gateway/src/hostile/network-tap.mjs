// Loaded into a gateway before anything else (`--import`): tells the test, over IPC, every name that is resolved and
// every address that is connected to, and plays the part of DNS and of the network beyond this machine.
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

/** Names of the test: what DNS says about them. */
const names = JSON.parse(process.env.NARU_TEST_NAMES ?? '{}');
/** A public address whose host is played by this machine. */
const playedHere = process.env.NARU_TEST_PUBLIC_ADDRESS;

process.channel?.unref();
const tell = (event) => process.send?.(event);

const systemLookup = dns.lookup;
dns.lookup = (hostname, options, callback) => {
  const done = callback ?? options;
  const known = names[hostname];
  tell({ kind: 'lookup', hostname });
  if (known === undefined) {
    if (net.isIP(hostname) || hostname === 'localhost') return systemLookup(hostname, options, callback);
    return process.nextTick(done, Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: 'ENOTFOUND' }));
  }
  const addresses = known.map((address) => ({ address, family: net.isIP(address) }));
  return process.nextTick(() =>
    options?.all ? done(null, addresses) : done(null, addresses[0].address, addresses[0].family),
  );
};

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...args) {
  // net.connect passes its normalized arguments as one array, options first.
  const options = Array.isArray(args[0]) ? args[0][0] : args[0];
  if (typeof options === 'object' && options !== null) {
    tell({ kind: 'dial', host: String(options.host ?? options.path ?? 'localhost'), port: Number(options.port ?? 0) });
    if (typeof options.lookup === 'function') options.lookup = routed(options.lookup);
  }
  this.once('connect', () => tell({ kind: 'connected', address: this.remoteAddress, port: this.remotePort }));
  return connect.apply(this, args);
};

/** What the gateway's own lookup lets through to the played address arrives on this machine. */
function routed(lookup) {
  return (hostname, options, callback) =>
    lookup(hostname, options, (error, found, family) => {
      if (error) return callback(error, found, family);
      const toHere = (address) => (address === playedHere ? '127.0.0.1' : address);
      if (Array.isArray(found))
        callback(
          null,
          found.map((entry) => ({ ...entry, address: toHere(entry.address) })),
        );
      else callback(null, toHere(found), family);
    });
}

syncBuiltinESMExports();
