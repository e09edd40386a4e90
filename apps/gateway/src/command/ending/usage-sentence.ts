import { nearestName } from '../../config/nearest-name.js';

/** What commander says of wrong use. */
export interface WrongUse {
  readonly code: string;
  readonly message: string;
}

/**
 * Wrong use as a sentence that says what to do.
 *
 * @param path the command that was asked for, such as `naru dlq show`
 */
export function usageSentence({ code, message }: WrongUse, path: string): string {
  const help = `"${path} --help" shows how it is used.`;
  // Nothing was asked for: commander has shown the help on stderr.
  if (code === 'commander.help') return `Name a command. ${help}`;
  const [problem = '', meant] = message.replace(/^error: /, '').split(/\s*\n\s*/);
  const parts = [
    asSentence(readable(problem)),
    // "(Did you mean --json?)"
    ...(meant ? [meant.replace(/^\(|\)$/g, '')] : []),
    help,
  ];
  return parts.join(' ');
}

/** A value that cannot be, in the words of who gave it. */
function readable(problem: string): string {
  const argument = /^command-argument value '(.*)' is invalid for argument '(.*)'\. (.*)$/.exec(problem);
  if (argument) return `"${argument[1]}" is no ${argument[2]}. ${withNearest(argument[3] ?? '', argument[1] ?? '')}`;
  const option = /^option '(?:-\w, )?(--[\w-]+).*?' argument '(.*)' is invalid\. (.*)$/.exec(problem);
  if (option) return `${option[1]} cannot be "${option[2]}". ${withNearest(option[3] ?? '', option[2] ?? '')}`;
  return problem;
}

/** "Allowed choices are a, b." with the one that may be meant. */
function withNearest(advice: string, given: string): string {
  const choices = /^Allowed choices are (.*)\.$/.exec(advice)?.[1]?.split(', ');
  if (!choices) return advice;
  const nearest = nearestName(given, choices);
  return `Choose one of ${choices.join(', ')}.${nearest ? ` Is ${nearest} meant?` : ''}`;
}

function asSentence(text: string): string {
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.?]$/.test(sentence) ? sentence : `${sentence}.`;
}
