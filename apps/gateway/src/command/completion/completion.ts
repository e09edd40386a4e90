import { type Command as AnyCommand, Argument, Command } from 'commander';
import { examples } from '../options/examples.js';
import { bashCompletion } from './bash-completion.js';
import { type Completable, completables } from './completable.js';
import { fishCompletion } from './fish-completion.js';
import { zshCompletion } from './zsh-completion.js';

const shells = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof shells)[number];

const scripts: Readonly<Record<Shell, (commands: readonly Completable[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** Prints completion for a shell, made from the commands themselves. */
export function completionCommand(program: AnyCommand): Command {
  return new Command('completion')
    .description('Prints completion of commands, options and what they take for a shell.')
    .addArgument(new Argument('<shell>', 'which one').choices(shells))
    .addHelpText(
      'after',
      examples(
        'naru completion bash > ~/.local/share/bash-completion/completions/naru',
        'naru completion zsh > "$fpath[1]/_naru"',
        'naru completion fish > ~/.config/fish/completions/naru.fish',
        'source <(naru completion bash)    # for this shell alone; zsh too',
      ),
    )
    .action((shell: Shell) => {
      process.stdout.write(scripts[shell](completables(program)));
    });
}
