import { isExchangeName, regionOf, type Target } from '@naru/core';
import type { ExchangeAdapter } from '@naru/exchanges';
import { GatewayError } from '../gateway-error.js';
import { type AddressPolicy, checkAddress, policyFor } from '../streams/address-policy.js';
import type { ConnectContext } from './connect-context.js';

/** The adapter of an exchange for a kind of data, or undefined. */
export type FindAdapter = (exchange: string, kind: Target['request_type']) => ExchangeAdapter | undefined;

export interface CommandCheckOptions {
  readonly findAdapter: FindAdapter;
  readonly addressPolicy: AddressPolicy;
}

/** What a command that can be carried out is carried out with. */
export interface CheckedCommand {
  readonly adapter: ExchangeAdapter;
  readonly url: URL;
}

/** As much as the fleet keeps of a stream. */
const maxSocketParamsBytes = 64 * 1024;

/**
 * Whether a command can be carried out by any member that is configured alike; asks nobody.
 *
 * @throws GatewayError `exchange_not_supported`, `address_not_allowed` or `command_too_large`.
 */
export function checkCommand(
  { target, url, socketParams }: Pick<ConnectContext, 'target' | 'url' | 'socketParams'>,
  { findAdapter, addressPolicy }: CommandCheckOptions,
): CheckedCommand {
  const adapter = adapterFor(target, findAdapter);
  if (Buffer.byteLength(JSON.stringify(socketParams)) > maxSocketParamsBytes) {
    throw new GatewayError(
      'command_too_large',
      `socket_params take more than ${maxSocketParamsBytes} bytes. Send what the exchange needs.`,
    );
  }
  const published = { isAllowed: (candidate: URL) => adapter.addresses.isAllowed(candidate, target.request_type) };
  return { adapter, url: checkAddress(url, published, policyFor(target.exchange, addressPolicy)) };
}

function adapterFor(target: Target, findAdapter: FindAdapter): ExchangeAdapter {
  const adapter = findAdapter(target.exchange, target.request_type);
  if (!adapter || !isExchangeName(target.exchange)) {
    throw new GatewayError(
      'exchange_not_supported',
      `"${target.exchange}" with ${target.request_type} is not supported. "naru exchanges" lists what is.`,
    );
  }
  const region = regionOf(target.exchange);
  if (region !== target.region) {
    throw new GatewayError(
      'exchange_not_supported',
      `${target.exchange} belongs to region ${region}, not ${target.region}.`,
    );
  }
  return adapter;
}
