import type { Completable, Word } from './completable.js';

/** A script for zsh: to be found as `_naru` in `fpath`, or to be sourced. */
export function zshCompletion(commands: readonly Completable[]): string {
  const paths = commands.map(({ path }) => `"${path}"`).join('|');
  const withValue = commands
    .flatMap(({ path, options }) => options.filter(({ value }) => value).map(({ word }) => `"${path} ${word}"`))
    .join('|');
  return `#compdef naru
_naru() {
  local at="naru" option="" place=0 word
  local -a found
  for word in "\${(@)words[2,CURRENT-1]}"; do
    if [[ -n $option ]]; then option=""; continue; fi
    case "$at $word" in
      ${paths}) at="$at $word"; place=0 ;;
      ${withValue}) option="$word" ;;
      *" -"*) ;;
      *) place=$((place + 1)) ;;
    esac
  done
  if [[ -n $option ]]; then
    place="$option"
  elif [[ $words[CURRENT] == --*=* ]]; then
    place="\${words[CURRENT]%%=*}"
    compset -P '*='
  elif [[ $words[CURRENT] == -* ]]; then
    place="-"
  fi
  case "$at $place" in
${commands.flatMap(linesOf).join('\n')}
  esac
  if (( $#found )); then _describe naru found; fi
}
if [[ $funcstack[1] == _naru ]]; then _naru "$@"; else compdef _naru naru; fi
`;
}

function linesOf({ path, below, places, options }: Completable): string[] {
  const line = (place: string, words: readonly Word[]): string[] =>
    words.length === 0 ? [] : [`    "${path} ${place}") found=(${words.map(quoted).join(' ')}) ;;`];
  const bare = (words: readonly string[]): Word[] => words.map((word) => ({ word, meaning: '' }));
  return [
    ...line('-', options),
    ...line('0', below),
    ...places.flatMap((words, place) => line(String(place), bare(words))),
    ...options.flatMap(({ word, value }) =>
      value?.isFile ? [`    "${path} ${word}") _files ;;`] : line(word, bare(value?.choices ?? [])),
    ),
  ];
}

/** `'word:meaning'`, as `_describe` reads it. */
function quoted({ word, meaning }: Word): string {
  const text = meaning === '' ? word : `${word}:${meaning}`;
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
