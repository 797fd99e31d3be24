import { Argument } from 'commander'
import type { Command } from 'commander'
import { completionScripts } from '../completion-scripts.ts'
import type { Shell } from '../completion-scripts.ts'
import type { Context } from '../context.ts'

const help = `
  bash:  keelan completion bash > ~/.local/share/bash-completion/completions/keelan
         or in ~/.bashrc: source <(keelan completion bash)
  zsh:   keelan completion zsh > "\${fpath[1]}/_keelan"
         or in ~/.zshrc, after compinit: source <(keelan completion zsh)
  fish:  keelan completion fish > ~/.config/fish/completions/keelan.fish`

export function configure(command: Command, { stdout }: Context): void {
  command
    .addArgument(new Argument('<shell>', 'your shell').choices(Object.keys(completionScripts)))
    .addHelpText('after', help)
    .action((shell: Shell) => void stdout.write(completionScripts[shell]))
}
