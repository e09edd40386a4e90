import { formatFailures, parseCommand, type Target, targetKey } from '@naru/core';
import { connectContextOf } from '../commands/connect-context.js';
import { GatewayError, type GatewayErrorCode } from '../gateway-error.js';
import type { ConnectResult } from '../orchestration/connect-context.js';
import type { StreamOrchestrator } from '../orchestration/stream-orchestrator.js';
import type { Ownership } from './ownership.js';

/** What the owner of a target answers to a command that another member forwards, in the form in which commands travel. */
export type ForwardedAnswer =
  /** The lease moved on meanwhile. */
  | { readonly kind: 'not_owner' }
  | { readonly kind: 'connected'; readonly result: ConnectResult['kind'] }
  | { readonly kind: 'disconnected'; readonly found: boolean }
  /** It can never be carried out as it is. A failure that passes is no answer: the command is asked for again. */
  | { readonly kind: 'refused'; readonly code: string; readonly message: string };

/** Carries out what another member forwards, as long as this one owns the target. */
export async function answerForwarded(
  question: unknown,
  streams: Pick<StreamOrchestrator, 'connectFromContext' | 'disconnect'>,
  ownership: Pick<Ownership, 'tokenOf'>,
): Promise<ForwardedAnswer> {
  const parsed = parseCommand(question);
  if (!parsed.ok) throw new Error(`this is no command that is known here: ${formatFailures(parsed.failures)}`);
  const command = parsed.value;
  const { target } = command;
  // Asked before any queue: two members that each take the other for the owner would wait for each other.
  if (ownership.tokenOf(target) === undefined) return { kind: 'not_owner' };
  try {
    if (command.action === 'disconnect') {
      const found = await streams.disconnect(target, command.correlation_id);
      return typeof found === 'boolean' ? { kind: 'disconnected', found } : { kind: 'not_owner' };
    }
    const result = await streams.connectFromContext(connectContextOf(command, command.correlation_id));
    return result.kind === 'elsewhere' ? { kind: 'not_owner' } : { kind: 'connected', result: result.kind };
  } catch (error) {
    if (!(error instanceof GatewayError) || error.retryable) throw error;
    return { kind: 'refused', code: error.code, message: error.message };
  }
}

/**
 * The answer as the owner gave it.
 *
 * @throws GatewayError what the owner refused the command with, or `owner_unreachable` for what is no answer.
 */
export function readAnswer(answer: unknown, target: Target): Exclude<ForwardedAnswer, { kind: 'refused' }> {
  const given = (typeof answer === 'object' && answer !== null ? answer : {}) as Record<string, unknown>;
  const { kind, result, found, code, message } = given;
  if (kind === 'refused') throw new GatewayError(String(code) as GatewayErrorCode, String(message));
  if (kind === 'not_owner') return { kind };
  if (kind === 'disconnected') return { kind, found: found === true };
  if (kind === 'connected' && (result === 'opened' || result === 'changed' || result === 'duplicate')) {
    return { kind, result };
  }
  throw new GatewayError('owner_unreachable', `The owner of ${targetKey(target)} answered what is not known here.`, {
    retryable: true,
  });
}
