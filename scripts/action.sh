#!/usr/bin/env bash
# What action.yml runs: one call of netweir for a step of GitHub Actions. Reads inputs from NETWEIR_* and writes outputs as
# GitHub documents them. A difference that diff finds is its answer and fails nothing; what cannot be answered does.
set -uo pipefail

directory="${RUNNER_TEMP:?}/netweir-${NETWEIR_COMMAND//[^a-z]/}"
mkdir -p "$directory"
sarif="$directory/results.sarif"
comment="$directory/comment.md"
table="$directory/table.txt"
rm -f "$sarif" "$comment" "$table"

# Lines of a text as words; blanks around them and empty lines do not count.
lines=()
split() {
  lines=()
  local line
  while IFS= read -r line || [ -n "$line" ]; do
    line="${line#"${line%%[![:space:]]*}"}"
    line="${line%"${line##*[![:space:]]}"}"
    [ -n "$line" ] && lines+=("$line")
  done <<<"$1"
  return 0
}

words=("$NETWEIR_COMMAND")
split "$NETWEIR_PATHS"
paths=(${lines[@]+"${lines[@]}"})
case "$NETWEIR_COMMAND" in
  lint | test)
    split "$NETWEIR_TESTS"
    words+=(${lines[@]+"${lines[@]}"})
    for path in ${paths[@]+"${paths[@]}"}; do words+=(-f "$path"); done
    words+=(-o github -o "sarif=$sarif")
    ;;
  diff)
    words+=("$NETWEIR_BEFORE" ${paths[@]+"${paths[@]}"})
    ;;
  *)
    echo "::error title=netweir::command is lint, test or diff"
    exit 2
    ;;
esac
[ -n "$NETWEIR_FAIL_ON" ] && words+=(--fail-on "$NETWEIR_FAIL_ON")
[ -n "$NETWEIR_BASELINE" ] && words+=(--baseline "$NETWEIR_BASELINE")
[ -n "$NETWEIR_CNI" ] && words+=(--cni "$NETWEIR_CNI")
split "$NETWEIR_ARGS"
words+=(${lines[@]+"${lines[@]}"} -o "md=$comment" -o "table=$table")

npx --yes "netweir@$NETWEIR_VERSION" "${words[@]}"
code=$?

if [ -f "$table" ]; then
  # Names of files could read as commands of the runner.
  token="netweir-$RANDOM$RANDOM$RANDOM"
  echo "::stop-commands::$token"
  cat "$table"
  echo "::$token::"
fi
# Code scanning would open an alert for what was suppressed.
if [ -f "$sarif" ]; then
  node -e 'const fs = require("node:fs");
    const log = JSON.parse(fs.readFileSync(process.argv[1], "utf8"));
    for (const run of log.runs) run.results = run.results.filter((one) => !(one.suppressions?.length > 0));
    fs.writeFileSync(process.argv[1], JSON.stringify(log));' "$sarif"
  echo "sarif=$sarif" >>"$GITHUB_OUTPUT"
fi
if [ -f "$comment" ]; then
  echo "comment=$comment" >>"$GITHUB_OUTPUT"
  cat "$comment" >>"$GITHUB_STEP_SUMMARY"
fi
echo "exit-code=$code" >>"$GITHUB_OUTPUT"

[ "$NETWEIR_COMMAND" = diff ] && [ "$code" -eq 1 ] && exit 0
exit "$code"
