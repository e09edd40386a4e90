import type { Completable } from './completable.js';

/** A script for fish, from 3.0 on. */
export function fishCompletion(commands: readonly Completable[]): string {
  const paths = commands.map(({ path }) => `"${path}"`).join(' ');
  const withValue = commands
    .flatMap(({ path, options }) => options.filter(({ value }) => value).map(({ word }) => `"${path} ${word}"`))
    .join(' ');
  return `# fish completion for naru
function __naru_at -d "Whether the command before the cursor is this one, and its argument the one at this place"
  set -l at naru
  set -l option ""
  set -l place 0
  for word in (commandline -opc)[2..-1]
    if test -n "$option"
      set option ""
    else if contains -- "$at $word" ${paths}
      set at "$at $word"
      set place 0
    else if contains -- "$at $word" ${withValue}
      set option $word
    else if not string match -q -- "-*" $word
      set place (math $place + 1)
    end
  end
  test "$at" = "$argv[1]"; and begin
    test (count $argv) -eq 1; or test "$place" = "$argv[2]"
  end
end
complete -c naru -f
${commands.flatMap(linesOf).join('\n')}
`;
}

function linesOf({ path, below, places, options }: Completable): string[] {
  const at = (place?: number): string =>
    `complete -c naru -n '__naru_at "${path}"${place === undefined ? '' : ` ${place}`}'`;
  return [
    ...below.map(({ word, meaning }) => `${at(0)} -a ${word} -d ${quoted(meaning)}`),
    ...places.flatMap((words, place) => (words.length === 0 ? [] : [`${at(place)} -a '${words.join(' ')}'`])),
    ...options.map(({ word, meaning, value }) => {
      const takes = value ? (value.isFile ? ' -r -F' : ' -x') : '';
      const choices = value && value.choices.length > 0 ? ` -a '${value.choices.join(' ')}'` : '';
      return `${at()} -l ${word.slice(2)}${takes}${choices} -d ${quoted(meaning)}`;
    }),
  ];
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
