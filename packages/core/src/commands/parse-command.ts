import { createChecker } from '../checking/checker.js';
import type { CheckFailure } from '../checking/failure.js';
import { type ConnectAndSubscribe, connectAndSubscribeSchema } from './connect-and-subscribe.js';
import { type Disconnect, disconnectSchema } from './disconnect.js';

export type Command = ConnectAndSubscribe | Disconnect;

/** A command, the reasons why it is none, or a message of another kind, which is to be ignored. */
export type ParsedCommand =
  | { readonly ok: true; readonly value: Command }
  | { readonly ok: false; readonly ignored: false; readonly failures: readonly CheckFailure[] }
  | {
      readonly ok: false;
      readonly ignored: true;
      readonly type: string;
      readonly action: string;
      readonly failures: readonly CheckFailure[];
    };

const connectAndSubscribe = createChecker(connectAndSubscribeSchema);
const disconnect = createChecker(disconnectSchema);

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;

/**
 * Reads a decoded message of `ws.command` or `ws.disconnection`. `ignored` is true when `type` and `action` are
 * both strings and name something else: such a message is not ours to judge.
 */
export function parseCommand(value: unknown): ParsedCommand {
  const type = field(value, 'type');
  const action = field(value, 'action');
  const known = action === 'connect_and_subscribe' || action === 'disconnect';
  const checked = (action === 'disconnect' ? disconnect : connectAndSubscribe).parse(value);
  if (checked.ok) return checked;
  if (typeof type === 'string' && typeof action === 'string' && (type !== 'status' || !known)) {
    return { ok: false, ignored: true, type, action, failures: checked.failures };
  }
  return { ok: false, ignored: false, failures: checked.failures };
}
