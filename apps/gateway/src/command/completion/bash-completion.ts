import type { Completable } from './completable.js';

/** A script for bash, from 3.2 on. */
export function bashCompletion(commands: readonly Completable[]): string {
  const paths = commands.map(({ path }) => `"${path}"`).join('|');
  const withValue = commands
    .flatMap(({ path, options }) => options.filter(({ value }) => value).map(({ word }) => `"${path} ${word}"`))
    .join('|');
  return `# bash completion for naru
_naru() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" path="naru" option="" place=0 word words="" files=""
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    # Of --option=value bash makes three words.
    if [[ $word == "=" ]]; then continue; fi
    if [[ -n $option ]]; then option=""; continue; fi
    case "$path $word" in
      ${paths}) path="$path $word"; place=0 ;;
      ${withValue}) option="$word" ;;
      *" -"*) ;;
      *) place=$((place + 1)) ;;
    esac
  done
  if [[ $cur == "=" ]]; then cur=""; fi
  if [[ -n $option ]]; then place="$option"; elif [[ $cur == -* ]]; then place="-"; fi
  case "$path $place" in
${commands.flatMap(linesOf).join('\n')}
  esac
  if [[ -n $files ]]; then
    compopt -o filenames 2>/dev/null
    COMPREPLY=($(compgen -f -- "$cur"))
  else
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
  fi
}
complete -F _naru naru
`;
}

function linesOf({ path, below, places, options }: Completable): string[] {
  const line = (place: string, words: readonly string[]): string[] =>
    words.length === 0 ? [] : [`    "${path} ${place}") words="${words.join(' ')}" ;;`];
  return [
    ...line(
      '-',
      options.map(({ word }) => word),
    ),
    ...line(
      '0',
      below.map(({ word }) => word),
    ),
    ...places.flatMap((words, place) => line(String(place), words)),
    ...options.flatMap(({ word, value }) =>
      value?.isFile ? [`    "${path} ${word}") files=1 ;;`] : line(word, value?.choices ?? []),
    ),
  ];
}
