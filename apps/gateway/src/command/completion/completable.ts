import type { Command, Option } from 'commander';
import { suggestionsOf } from './suggestions.js';

/** What a shell needs to know of one command. */
export interface Completable {
  /** Such as `naru dlq replay`. */
  readonly path: string;
  readonly below: readonly Word[];
  /** What may stand at each place of its arguments. */
  readonly places: readonly (readonly string[])[];
  readonly options: readonly CompletableOption[];
}

export interface Word {
  readonly word: string;
  readonly meaning: string;
}

export interface CompletableOption extends Word {
  /** What follows it; nothing where it is a switch. */
  readonly value: { readonly choices: readonly string[]; readonly isFile: boolean } | undefined;
}

const help: CompletableOption = { word: '--help', meaning: 'how it is used', value: undefined };

/** A command and all below it. Options of what is above stand for what is below as well. */
export function completables(
  command: Command,
  above: { readonly path: readonly string[]; readonly options: readonly CompletableOption[] } = {
    path: [],
    options: [],
  },
): readonly Completable[] {
  const path = [...above.path, command.name()];
  const own = command.options.flatMap((option) => describeOption(option) ?? []);
  const options = [...own, ...above.options];
  // `naru --version` is of the whole alone.
  const inherited = above.path.length === 0 ? [] : options;
  return [
    {
      path: path.join(' '),
      below: command.commands.map((one) => ({ word: one.name(), meaning: firstSentence(one.description()) })),
      places: command.registeredArguments.map(suggestionsOf),
      options: [...options, help],
    },
    ...command.commands.flatMap((one) => completables(one, { path, options: inherited })),
  ];
}

function describeOption(option: Option): CompletableOption | undefined {
  if (!option.long) return undefined;
  const takesValue = option.required || option.optional;
  return {
    word: option.long,
    meaning: option.description,
    value: takesValue
      ? { choices: option.argChoices ?? [], isFile: /<(?:file|path|folder)>/.test(option.flags) }
      : undefined,
  };
}

function firstSentence(text: string): string {
  return text.split(/[.;:] /)[0]?.replace(/\.$/, '') ?? '';
}
