# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# Sourced by the tests of library and tool. A test is a function; "try NAME
# FUNCTION" runs it in a subshell that stops at the first command that fails,
# in an empty folder of its own, and says so in TAP. "done_testing" ends. ONLY in
# the environment, a regular expression, chooses by name.

BUILD=$(realpath "${BUILD:-build}")
REPO=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../..")
export BUILD REPO PATH=$BUILD/cli:$PATH
export LC_ALL=C.UTF-8
TMP=$(mktemp -d)
tests=0 failures=0
trap 'rm -rf "$TMP"' EXIT

# The whole script runs in one session, with a vault of its own.
in_session() {
	[[ ${KEYVAULT-} == fd:* ]] || exec keyvault exec -- "$0" "$@"
}

try() {
	local name=$1 status
	[[ $name =~ ${ONLY-} ]] || return 0
	shift
	tests=$((tests + 1))
	mkdir "$TMP/$tests"
	(
		cd "$TMP/$tests" || exit
		set -eE -o pipefail
		trap 'echo "${BASH_SOURCE##*/}:$LINENO: $BASH_COMMAND"' ERR
		"$@"
	) >"$TMP/out" 2>&1
	status=$?
	if [ $status = 0 ]; then
		echo "ok $tests - $name"
	else
		failures=$((failures + 1))
		tail -n 25 "$TMP/out" | sed 's/^/# /'
		echo "not ok $tests - $name"
	fi
	rm -rf "${TMP:?}/$tests"
}

done_testing() {
	echo "1..$tests"
	[ $failures = 0 ]
	exit
}

# fails STATUS PATTERN COMMAND...: it exits so, prints nothing on standard
# output, and one line on standard error that fits PATTERN (grep -E).
fails() {
	local want=$1 pattern=$2 status=0
	shift 2
	"$@" >"$TMP/stdout" 2>"$TMP/stderr" </dev/null || status=$?
	cat "$TMP/stderr"
	if [ $status != "$want" ]; then
		echo "exit status $status, not $want: $*"
		return 1
	fi
	[ ! -s "$TMP/stdout" ]
	[ "$(wc -l <"$TMP/stderr")" = 1 ]
	grep -q '^keyvault: ' "$TMP/stderr"
	grep -Eq -- "$pattern" "$TMP/stderr"
}

# same A B: two words that must be equal
same() {
	[ "$1" = "$2" ] || { echo "'$1' is not '$2'"; return 1; }
}

# Names for the keys of one test, as a vault names each but once.
fresh() { keyvault destroy "$@" 2>/dev/null || :; }
