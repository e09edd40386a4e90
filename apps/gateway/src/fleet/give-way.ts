import type { Target } from '@naru/core';

/** What a member that has `held` streams asks one that has more. */
export interface GiveWay {
  readonly kind: 'give_way';
  readonly held: number;
}

export type GivenWay = { readonly kind: 'gave'; readonly target: Target } | { readonly kind: 'kept' };

/**
 * How many streams more a member must have before it gives one away: with fewer the move would only exchange who has
 * more.
 */
export const leastDifference = 2;

/** The question, when it is one; what else travels between members are commands. */
export function readGiveWay(question: unknown): GiveWay | undefined {
  const { kind, held } = fieldsOf(question);
  return kind === 'give_way' && Number.isSafeInteger(held) && Number(held) >= 0
    ? { kind, held: Number(held) }
    : undefined;
}

/** The target that was given away; undefined when none was, or the answer is not known here. */
export function readGivenWay(answer: unknown): Target | undefined {
  const { kind, target } = fieldsOf(answer);
  const { exchange, region, request_type } = fieldsOf(target);
  const given = { exchange, region, request_type };
  return kind === 'gave' && Object.values(given).every((part) => typeof part === 'string')
    ? (given as Target)
    : undefined;
}

const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
