#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# run_tests.sh [--built] - on FreeBSD, as root, in a checkout: builds (unless
# --built), loads the module, runs every suite, and unloads it again, whatever
# happens. The last line counts what passed and failed.
set -u

cd "$(dirname "$0")" || exit 2
build=${BUILD:-build}
fuzz=${FUZZ_COUNT:-100000}
log=$(mktemp -t keyvault) || exit 2
passed=0 failed=0 loaded=''

die() { echo "run_tests.sh: $*" >&2; exit 2; }

cleanup() {
	rm -f "$log"
	[ -z "$loaded" ] || ! kldstat -q -m keyvault || kldunload keyvault
}
trap cleanup EXIT
trap 'exit 130' INT TERM HUP

[ "$(uname -s)" = FreeBSD ] || die "this is for FreeBSD; elsewhere: make test"
[ "$(id -u)" = 0 ] || die "only root can load the module"
[ "${1:-}" = --built ] || make BUILD="$build" all tests || die "it does not build"
! kldstat -q -m keyvault || die "a module keyvault is loaded: unload it first"

# A suite passes as TAP says: a plan that fits, and an exit status of 0.
suite() {
	name=$1
	shift
	echo "== $name"
	{ "$@"; echo "status $?"; } 2>&1 | tee "$log" | grep -v '^ok '
	ok=$(grep -c '^ok ' "$log")
	bad=$(grep -c '^not ok ' "$log")
	plan=$(sed -n 's/^1\.\.//p' "$log" | tail -n 1)
	if ! grep -q '^status 0$' "$log" || [ "$((ok + bad))" != "${plan:-none}" ]; then
		bad=$((bad + 1))
	fi
	echo "   $ok passed, $bad failed"
	passed=$((passed + ok)) failed=$((failed + bad))
}

kldload ./keyvault.ko || die "the module does not load: see dmesg"
loaded=1
suite conformance "$build/test/conformance"
suite lib "$build/test/tool/lib"
suite freebsd "$build/test/freebsd" ./keyvault.ko
suite fuzz "$build/test/fuzz" --count "$fuzz"
if kldunload keyvault; then
	loaded=''
else
	echo "not ok - keyvault does not unload"
	failed=$((failed + 1))
fi
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
