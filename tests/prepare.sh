#!/bin/sh
# What the tests need beside Python: a PostgreSQL server, a Chromium and a Firefox, from Debian's packages.
#   prepare.sh                     install what is missing (as root on Debian), or say what will not be run
#   prepare.sh venv PYTHON FOLDER  make the virtual environment, with the same manners
set -eu

say() { printf '%s\n' "$*" >&2; }
debian_root() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }
install() {
    say "Installing $* from the system's packages …"
    log=$(mktemp)
    if { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; } >"$log" 2>&1
    then rm -f "$log"
    else tail -n 20 "$log" >&2; rm -f "$log"; return 1
    fi
}

if [ "${1:-}" = venv ]; then
    python=$2 folder=$3
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
        say "Reporter needs Python 3.11 or newer; $python is $("$python" -V 2>&1). Name another with PYTHON=…"
        exit 1
    }
    "$python" -c 'import ensurepip, venv' 2>/dev/null || {
        if debian_root; then install python3-venv
        else say "Python's venv is missing. On Debian: apt-get install python3-venv"; exit 1
        fi
    }
    [ -x "$folder/bin/python" ] || "$python" -m venv "$folder"
    exit 0
fi

missing=""
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1 || missing="postgresql"
command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 ||
    command -v google-chrome >/dev/null 2>&1 ||
    ls "$HOME"/.cache/ms-playwright/chromium-*/ >/dev/null 2>&1 ||
    ls "$HOME"/Library/Caches/ms-playwright/chromium-*/ >/dev/null 2>&1 || missing="$missing chromium"
command -v firefox-esr >/dev/null 2>&1 || command -v firefox >/dev/null 2>&1 ||
    [ -x /Applications/Firefox.app/Contents/MacOS/firefox ] || missing="$missing firefox-esr"
[ -z "$missing" ] && exit 0
if debian_root; then
    lacking=""  # one by one: what a relative of Debian does not have under this name keeps no other out
    for package in $missing; do install "$package" || lacking="$lacking $package"; done
    missing=$lacking
    [ -z "$missing" ] && exit 0
fi
for package in $missing; do
    case $package in
    postgresql) say "PostgreSQL is missing: the tests run on SQLite only. On Debian: apt-get install postgresql" ;;
    chromium) say "Chromium is missing: the browser tests do not run. On Debian: apt-get install chromium" ;;
    firefox-esr) say "Firefox is missing: the tests in it do not run. On Debian: apt-get install firefox-esr" ;;
    esac
done
if [ "${CI:-}" = true ]; then
    say "CI=true makes that a failure."
    exit 1
fi
