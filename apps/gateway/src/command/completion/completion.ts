import { type Command as AnyCommand, Argument, Command } from 'commander';
import { examples } from '../options/examples.js';

const shells = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof shells)[number];

/** Prints completion for a shell, made from the commands themselves. */
export function completionCommand(program: AnyCommand): Command {
  return new Command('completion')
    .description('Prints completion of commands and options for a shell.')
    .addArgument(new Argument('<shell>', 'which one').choices(shells))
    .addHelpText(
      'after',
      examples(
        'naru completion bash > ~/.local/share/bash-completion/completions/naru',
        'naru completion zsh > ~/.zsh/completions/_naru',
        'naru completion fish > ~/.config/fish/completions/naru.fish',
      ),
    )
    .action((shell: Shell) => {
      process.stdout.write(scripts[shell](wordsByCommand(program)));
    });
}

/** What may follow a command: `naru` → its commands, `naru dlq ls` → its options. */
type Words = readonly { readonly path: string; readonly words: readonly string[] }[];

function wordsByCommand(command: AnyCommand, parents: readonly string[] = []): Words {
  const path = [...parents, command.name()];
  const words = [
    ...command.commands.map((below) => below.name()),
    ...command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
    ...command.options.flatMap(({ long }) => long ?? []),
    '--help',
  ];
  return [{ path: path.join(' '), words }, ...command.commands.flatMap((below) => wordsByCommand(below, path))];
}

const scripts: Readonly<Record<Shell, (words: Words) => string>> = {
  bash: (words) => `_naru() {
  local path="naru" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path $word" in
      ${words.map(({ path }) => `"${path}"`).join('|')}) path="$path $word" ;;
    esac
  done
  local words=""
  case "$path" in
${words.map((entry) => `    "${entry.path}") words="${entry.words.join(' ')}" ;;`).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _naru naru
`,
  zsh: (words) => `#compdef naru
local path_="naru" word
for word in "\${(@)words[2,CURRENT-1]}"; do
  case "$path_ $word" in
    ${words.map(({ path }) => `"${path}"`).join('|')}) path_="$path_ $word" ;;
  esac
done
case "$path_" in
${words.map((entry) => `  "${entry.path}") compadd -- ${entry.words.join(' ')} ;;`).join('\n')}
esac
`,
  fish: (words) => `function __naru_at
  set -l path naru
  for word in (commandline -opc)[2..-1]
    if contains -- "$path $word" ${words.map(({ path }) => `"${path}"`).join(' ')}
      set path "$path $word"
    end
  end
  test "$path" = "$argv[1]"
end
complete -c naru -f
${words.map(({ path, words: all }) => `complete -c naru -n '__naru_at "${path}"' -a '${all.join(' ')}'`).join('\n')}
`,
};
