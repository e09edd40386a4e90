// What goes over the bus, as JSON:
//   {"kind":"ask","id","from","body"}
//   {"kind":"reply","id","outcome":"answered","body"} | {…,"outcome":"failed","message"} | {…,"outcome":"busy"}

export interface Ask {
  readonly kind: 'ask';
  /** Unique for the member that asks. */
  readonly id: string;
  /** Who asks, and so where the reply goes. */
  readonly from: string;
  readonly body: unknown;
}

export type Reply = { readonly kind: 'reply'; readonly id: string } & (
  | { readonly outcome: 'answered'; readonly body: unknown }
  | { readonly outcome: 'failed'; readonly message: string }
  | { readonly outcome: 'busy' }
);

/** Longest message read or written, in characters. */
export const maxMessageLength: number = 2 * 1024 * 1024;

/** A member's name: it stands in channels, keys and logs. */
export const memberName: RegExp = /^[\x21-\x7e]{1,128}$/;

/** Undefined for whatever was not written by this package: anybody may publish. */
export function readMessage(text: string): Ask | Reply | undefined {
  if (text.length > maxMessageLength) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { kind, id, from, outcome, message } = value as Readonly<Record<string, unknown>>;
  if (typeof id !== 'string' || id.length > 128) return undefined;
  if (kind === 'ask') return typeof from === 'string' && memberName.test(from) ? (value as Ask) : undefined;
  if (kind !== 'reply') return undefined;
  const known = outcome === 'answered' || outcome === 'busy' || (outcome === 'failed' && typeof message === 'string');
  return known ? (value as Reply) : undefined;
}
