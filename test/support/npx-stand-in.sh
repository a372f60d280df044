#!/usr/bin/env bash
# Stands in for npx in the test of scripts/action.sh: notes its words, writes every result, and exits as it is told.
printf "%s\n" "$@" >"$RUNNER_TEMP/words"
for word in "$@"; do
  case "$word" in
    sarif=*) cp "$RUNNER_TEMP/sarif" "${word#*=}" ;;
    md=*) echo "**done**" >"${word#*=}" ;;
    table=*) echo "::error::forged" >"${word#*=}" ;;
  esac
done
exit "$FAKE_CODE"
