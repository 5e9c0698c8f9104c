#!/bin/sh
# Runs Gemini CLI in a home of its own, in the directory of the call's try:
#
#     sh run.sh SETTINGS_FILE COMMAND...
#
# Its settings can be given in no other way: it has no flag for them, and it reads a file of "system settings" only
# where that and all folders above it belong to root. The home also keeps out the person's MCP servers, extensions
# and hooks, and takes in the error reports, which hold the prompt. The login is linked, so that a token that is
# renewed is renewed where the person has it.
settings=$1
shift
home=$BLUEPRINT_CALL/$BLUEPRINT_TRY/gemini
login=${GEMINI_CLI_HOME:-$HOME}/.gemini
mkdir -p "$home/.gemini" "$home/tmp" && cp "$settings" "$home/.gemini/settings.json" || exit 125
for file in oauth_creds.json google_accounts.json gemini-credentials.json installation_id; do
  if [ -e "$login/$file" ]; then ln -sf "$login/$file" "$home/.gemini/$file"; fi
done
# In a folder that is not trusted, keys are read from this file alone.
if [ -e "$login/.env" ]; then ln -sf "$login/.env" "$home/.env"; fi
GEMINI_CLI_HOME=$home
TMPDIR=$home/tmp
export GEMINI_CLI_HOME TMPDIR
exec "$@"
