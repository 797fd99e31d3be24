/**
 * Each asks `keelan __complete WORD…`, the words up to the cursor, and gets candidates, one a line, with a tab and a description after
 * it; or `:files`, `:folders` or `:commands`, for which the shell has its own ways. What was typed is never evaluated.
 */
const bash = `# bash completion for keelan; works with bash 3.2 and without the bash-completion package
_keelan() {
  local line current="\${COMP_WORDS[COMP_CWORD]}"
  # bash makes --file=x three words; the answer is for the last one.
  [ "$current" = = ] && current=
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :files) compopt -o filenames 2>/dev/null; _keelan_add "$(compgen -f -- "$current")" ;;
      :folders) compopt -o filenames 2>/dev/null; _keelan_add "$(compgen -d -- "$current")" ;;
      :commands) _keelan_add "$(compgen -c -- "$current" | sort -u)" ;;
      *) COMPREPLY[\${#COMPREPLY[@]}]="\${line%%$'\\t'*}" ;;
    esac
  done < <(keelan __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
_keelan_add() {
  local each
  [ -z "$1" ] && return
  while IFS= read -r each; do COMPREPLY[\${#COMPREPLY[@]}]="$each"; done <<< "$1"
}
complete -F _keelan keelan
`

const zsh = `#compdef keelan
# zsh completion for keelan
_keelan() {
  local line
  local -a found
  while IFS= read -r line; do
    case $line in
      :files) compset -P '--*='; _files ;;
      :folders) compset -P '--*='; _files -/ ;;
      :commands) _command_names -e ;;
      *) found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}") ;;
    esac
  done < <(keelan __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  (( $#found )) && _describe keelan found
}
if [ "$funcstack[1]" = _keelan ]; then _keelan "$@"; else compdef _keelan keelan; fi
`

const fish = `# fish completion for keelan
function __keelan_complete
  set -l words (commandline -opc) (commandline -ct)
  set -l prefix (string match -r -- '^--[^=]+=' $words[-1])
  set -l path (string replace -r -- '^--[^=]+=' '' $words[-1])
  for line in (keelan __complete -- $words[2..-1] 2>/dev/null)
    switch $line
      case :files
        printf "$prefix%s\\n" (__fish_complete_path $path)
      case :folders
        printf "$prefix%s\\n" (__fish_complete_directories $path '')
      case :commands
        __fish_complete_command
      case '*'
        printf '%s\\n' $line
    end
  end
end
complete -c keelan -f -a '(__keelan_complete)'
`

/** The scripts that \`keelan completion\` prints. */
export const completionScripts = { bash, zsh, fish } as const
export type Shell = keyof typeof completionScripts
