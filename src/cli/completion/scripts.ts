// What shells source. Each asks the program itself (`netweir __complete WORDS…`), which answers as cobra programs do:
// one candidate a line, a tab before its description, and last a colon with what to do besides.

/** Shells with a script. */
export type Shell = 'bash' | 'zsh' | 'fish' | 'powershell';

const BASH = `# bash completion for netweir
_netweir() {
  local current="\${COMP_WORDS[COMP_CWORD]}" line directive=0
  local -a words=() lines=()
  # bash cuts words at : and =, which stand in endpoints and flags: the words are taken from the line instead.
  read -ra words <<<"\${COMP_LINE:0:COMP_POINT}"
  [[ "\${COMP_LINE:0:COMP_POINT}" == *[[:space:]] ]] && words+=("")
  local whole="\${words[-1]}"
  mapfile -t lines < <("\${words[0]}" __complete "\${words[@]:1}" 2>/dev/null)
  COMPREPLY=()
  for line in "\${lines[@]}"; do
    if [[ "$line" == :* ]]; then directive="\${line#:}"; continue; fi
    line="\${line%%$'\\t'*}"
    [[ "$line" == "$whole"* ]] && COMPREPLY+=("\${line:\${#whole}-\${#current}}")
  done
  if (( \${#COMPREPLY[@]} == 0 && (directive & 4) == 0 )); then compopt -o default; fi
  if (( (directive & 2) != 0 )); then compopt -o nospace; fi
}
complete -F _netweir netweir
`;

const ZSH = `#compdef netweir
# zsh completion for netweir
_netweir() {
  local -a lines candidates
  local line value directive=0
  lines=("\${(@f)$("\${words[1]}" __complete "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  for line in "\${lines[@]}"; do
    if [[ "$line" == :* ]]; then directive="\${line#:}"; continue; fi
    value="\${line%%$'\\t'*}"
    value="\${value//:/\\\\:}"
    if [[ "$line" == *$'\\t'* ]]; then value="$value:\${line#*$'\\t'}"; fi
    candidates+=("$value")
  done
  local -a options
  if (( directive & 2 )); then options=(-S ''); fi
  if (( \${#candidates} )); then _describe 'netweir' candidates "\${options[@]}"
  elif (( ! (directive & 4) )); then _files
  fi
}
if [[ "\${funcstack[1]}" == "_netweir" ]]; then _netweir; else compdef _netweir netweir; fi
`;

const FISH = `# fish completion for netweir
function __netweir_complete
  set -l words (commandline -opc) (commandline -ct)
  for line in ($words[1] __complete $words[2..-1] 2>/dev/null)
    if string match -q ':*' -- $line
      set -l directive (string sub -s 2 -- $line)
      if test (math "bitand($directive, 4)") -eq 0
        __fish_complete_path (commandline -ct)
      end
    else
      printf '%s\\n' $line
    end
  end
end
complete -c netweir -f -a '(__netweir_complete)'
`;

const POWERSHELL = `# PowerShell completion for netweir
Register-ArgumentCompleter -Native -CommandName netweir -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | ForEach-Object { $_.ToString() })
  $arguments = @($words | Select-Object -Skip 1)
  if ($wordToComplete -eq '') { $arguments += '""' }
  & $words[0] __complete @arguments 2>$null | Where-Object { $_ -notlike ':*' } | ForEach-Object {
    $value, $description = $_ -split "\`t", 2
    if (-not $description) { $description = $value }
    if ($value -like "$wordToComplete*") {
      [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $description)
    }
  }
}
`;

/** The script of each shell. */
export const COMPLETION_SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: BASH,
  zsh: ZSH,
  fish: FISH,
  powershell: POWERSHELL,
};
