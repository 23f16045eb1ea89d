# shellcheck shell=bash
# What the scripts of this folder share: words on the terminal, results for the table, the machine's source of Debian packages.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
export EKIBEN_E2E="${EKIBEN_E2E:-$root/target/e2e}"
results=${RESULTS:-$EKIBEN_E2E/results.tsv}
title=${CASE:-}

say() { printf '%s\n' "$*" >&2; }

die() {
    say "$*"
    exit 1
}

# passed WHAT [DETAIL], failed WHAT [DETAIL], noted WHAT DETAIL: one line of the table.
result() {
    printf '%s\t%s\t%s\t%s\n' "$title" "$1" "$2" "${3:-}" >>"$results"
    say "  $1  $2  ${3:-}"
}
passed() { result ok "$@"; }
failed() { result FAILED "$@"; }
noted() { result note "$@"; }

# expect WHAT WANTED GOT: equal, or a failure that shows both.
expect() {
    if [ "$2" = "$3" ]; then passed "$1" "$3"; else failed "$1" "wanted '$2', got '$3'"; fi
}

# matches WHAT PATTERN TEXT: TEXT has a line for the extended regular expression.
matches() {
    local line
    if line=$(grep -E -m 1 -- "$2" <<<"$3"); then passed "$1" "${line:0:90}"; else failed "$1" "no '$2' in: $(tail -n 3 <<<"$3" | tr '\n' ' ')"; fi
}

# timed WHAT COMMAND...: passes with the seconds it took. Its words go to a log, which is shown where it fails.
timed() {
    local what=$1 log start=$EPOCHREALTIME
    shift
    log="$EKIBEN_E2E/logs/${title// /-}-${what//[^a-z0-9]/-}.log"
    mkdir -p "${log%/*}"
    if "$@" >"$log" 2>&1; then
        passed "$what" "$(since "$start") s"
    else
        failed "$what" "exit code $? after $(since "$start") s, see $log"
        tail -n 25 "$log" >&2
        return 1
    fi
}

since() { awk -v now="$EPOCHREALTIME" -v then="$1" 'BEGIN { printf "%.1f", now - then }'; }

# until_true SECONDS COMMAND...: as soon as the command succeeds.
until_true() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$deadline" ] || return 1
        sleep 1
    done
}

# The codename of this machine's Debian.
codename() { (. /etc/os-release && printf '%s\n' "${VERSION_CODENAME:-}"); }

# debian_sources SUITE: lines for a sources.list, out of what this machine's own apt reads from Debian, another suite put in its place.
debian_sources() {
    local mine keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    mine=$(codename)
    apt-get indextargets --format '$(ORIGIN) $(REPO_URI) $(RELEASE)' 'Created-By: Packages' |
        sed -n "s/^Debian //p" | sort -u | while read -r uri release; do
        case "$release" in
            "$mine" | "$mine-security") printf 'deb [signed-by=%s] %s %s main\n' "$keyring" "$uri" "${release/$mine/$1}" ;;
        esac
    done | grep . || die "this machine's apt has no source of Debian packages: run apt-get update"
}

# How this machine's apt reaches its source.
apt_settings() { apt-config dump | grep -E '^Acquire::(http|https|Check-|Retries|ForceIPv)' || true; }

# needs COMMAND PACKAGE: a tool of this machine, installed where it is missing.
needs() {
    command -v "$1" >/dev/null && return
    [ "$(id -u)" = 0 ] || die "$1 is missing; install $2, or run this as root"
    command -v apt-get >/dev/null || die "$1 is missing, and this machine has no apt"
    apt-get update -qq >&2 || true
    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends "$2" >/dev/null 2>&1 ||
        die "cannot install $2"
}
