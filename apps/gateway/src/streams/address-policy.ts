import { lookup as resolve } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { GatewayError } from '../gateway-error.js';

/** What an operator allows beyond the addresses that the exchanges publish. */
export interface AddressPolicy {
  /** `host` or `host:port`, exactly as a parsed URL spells them. */
  readonly allowedHosts: readonly string[];
  /** More of them for single exchanges. */
  readonly exchangeHosts?: Readonly<Record<string, readonly string[]>>;
  /** Whether loopback, link-local and private addresses may be dialled. Off in production. */
  readonly allowPrivateAddresses: boolean;
  /** Those that may be dialled all the same: `address` or `address/prefix`. */
  readonly allowedPrivateAddresses?: readonly string[];
}

/** The part of an exchange's address table that the check asks. */
export interface PublishedAddresses {
  isAllowed(url: URL): boolean;
}

/**
 * A command's address is a claim to be checked, never a place to go because somebody said so.
 *
 * @throws GatewayError `address_not_allowed` when the text is no WebSocket URL, or neither the exchange publishes it nor an operator allows it.
 */
export function checkAddress(text: string, published: PublishedAddresses, policy: AddressPolicy): URL {
  const url = parse(text);
  if (url.username || url.password || url.hash) {
    refuse(text, 'it carries credentials or a fragment; send the bare address');
  }
  if (url.protocol !== 'wss:' && url.protocol !== 'ws:') {
    refuse(text, 'it is no WebSocket address; begin it with wss://');
  }
  const byOperator = policy.allowedHosts.includes(url.host) || policy.allowedHosts.includes(url.hostname);
  const byExchange = url.protocol === 'wss:' && published.isAllowed(url);
  if (!byOperator && !byExchange) {
    refuse(
      text,
      "it is not one of the exchange's addresses; use one of those, or let the operator add its host to NARU_ALLOWED_HOSTS",
    );
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) && !createAddressFilter(policy)(host)) refusePrivate(text);
  return url;
}

/** Resolves names like the system does, but refuses a name that leads to a private address. */
export function createGuardedLookup(policy: AddressPolicy): LookupFunction {
  const mayDial = createAddressFilter(policy);
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0);
      const usable = addresses.filter((entry) => mayDial(entry.address));
      const first = usable[0];
      if (!first) {
        return callback(
          new GatewayError(
            'address_not_allowed',
            `${hostname} leads to a private address only, which is refused. ${privateAdvice}`,
          ),
          '',
          0,
        );
      }
      if (options.all) callback(null, usable);
      else callback(null, first.address, first.family);
    });
  };
}

/** The policy as one command for an exchange meets it. */
export function policyFor(exchange: string, policy: AddressPolicy): AddressPolicy {
  const own = policy.exchangeHosts?.[exchange] ?? [];
  return own.length === 0 ? policy : { ...policy, allowedHosts: [...policy.allowedHosts, ...own] };
}

/** Which IP addresses a policy lets through. */
function createAddressFilter({ allowPrivateAddresses, allowedPrivateAddresses = [] }: AddressPolicy) {
  const allowed = new BlockList();
  for (const entry of allowedPrivateAddresses) {
    const [network = '', prefix] = entry.split('/');
    const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
    allowed.addSubnet(network, prefix === undefined ? (family === 'ipv6' ? 128 : 32) : Number(prefix), family);
  }
  return (address: string): boolean =>
    allowPrivateAddresses ||
    !isPrivateAddress(address) ||
    allowed.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/** Whether an IP address literal is loopback, link-local, private, shared, multicast or otherwise not public. */
export function isPrivateAddress(address: string): boolean {
  return privateRanges.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

const privateAdvice = 'Where that is meant, name it in NARU_ALLOWED_PRIVATE_ADDRESSES.';

function parse(text: string): URL {
  try {
    return new URL(text);
  } catch (cause) {
    throw new GatewayError(
      'address_not_allowed',
      `"${printable(text)}" is not a URL; send the exchange's WebSocket address.`,
      { cause },
    );
  }
}

function refuse(text: string, reason: string): never {
  throw new GatewayError('address_not_allowed', `"${printable(text)}" is refused: ${reason}.`);
}

function refusePrivate(text: string): never {
  throw new GatewayError('address_not_allowed', `"${printable(text)}" is a private address. ${privateAdvice}`);
}

/** Bounded, free of control characters and of credentials: the text comes from a command and goes into logs. */
function printable(text: string): string {
  // Whatever stands before the last @ may be a password, also where the text is no URL at all.
  const end = text.lastIndexOf('@');
  const bare = end < 0 ? text : `[redacted]${text.slice(end)}`;
  return bare.slice(0, 200).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');
}

const privateRanges = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  privateRanges.addSubnet(network, prefix, 'ipv4');
  // The same network written as an IPv4-mapped IPv6 address.
  privateRanges.addSubnet(`::ffff:${network}`, 96 + prefix, 'ipv6');
}
for (const [network, prefix] of [
  ['::', 128],
  ['::1', 128],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 32],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const) {
  privateRanges.addSubnet(network, prefix, 'ipv6');
}
