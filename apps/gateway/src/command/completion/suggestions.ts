import type { Argument } from 'commander';

const suggested = new WeakMap<Argument, readonly string[]>();

/** Words that a shell offers for an argument which takes others too. */
export function suggest(argument: Argument, words: readonly string[]): Argument {
  suggested.set(argument, words);
  return argument;
}

/** What a shell offers for an argument: its choices, or what was suggested. */
export function suggestionsOf(argument: Argument): readonly string[] {
  return argument.argChoices ?? suggested.get(argument) ?? [];
}
