import kafkajs from 'kafkajs';
import type { SaslOptions } from './connection-options.js';

// Its types forget the message.
const Refused = kafkajs.KafkaJSSASLAuthenticationError as unknown as new (message: string) => Error;

interface SaslExchange {
  saslAuthenticate<T>(messages: {
    readonly request: { encode(): Promise<Buffer> };
    readonly response: { decode(raw: Buffer): Promise<T>; parse(decoded: T): Promise<T> };
  }): Promise<T>;
}

/** SASL in kafkajs's words. A copy, since kafkajs writes into what it is given. */
export function saslForKafkajs(sasl: SaslOptions): object {
  if (sasl.mechanism !== 'oauthbearer') return { ...sasl };
  return {
    ...sasl,
    authenticationProvider: (exchange: SaslExchange) => ({ authenticate: () => presentToken(sasl, exchange) }),
  };
}

/*
 * RFC 7628:
 *   client => "n,," SOH "auth=Bearer " token *(SOH key "=" value) SOH SOH
 *   server => nothing when it accepts, else JSON that says why not
 */
const SOH = '\u0001';

/**
 * kafkajs's own provider takes a refusal for a success: brokers refuse a token in the answer's text, not by an error
 * code, and then wait for the client to hang up.
 */
async function presentToken(
  { oauthBearerProvider }: Extract<SaslOptions, { mechanism: 'oauthbearer' }>,
  { saslAuthenticate }: SaslExchange,
): Promise<void> {
  const { value, extensions = {} } = await oauthBearerProvider();
  const pairs = [`auth=Bearer ${value}`, ...Object.entries(extensions).map(([key, one]) => `${key}=${one}`)];
  const message = Buffer.from(`n,,${SOH}${pairs.join(SOH)}${SOH}${SOH}`);
  const sized = Buffer.alloc(4 + message.length);
  sized.writeInt32BE(message.length, 0);
  message.copy(sized, 4);
  const refusal = await saslAuthenticate({
    request: { encode: async () => sized },
    response: { decode: async (raw) => raw.subarray(4).toString(), parse: async (text) => text },
  }).catch((error: Error) => {
    throw new Refused(`SASL OAUTHBEARER authentication failed: ${error.message}`);
  });
  if (refusal) throw new Refused(`SASL OAUTHBEARER authentication failed: ${refusal}`);
}
