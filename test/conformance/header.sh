#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# header.sh - keyvault.h compiles alone, without a warning, in every language
# that programs use it from, for 64 and for 32 bits, with the layout and the
# numbers that header.h knows. TAP.

cd "$(dirname "$0")/../.." || exit 1
count=0 failed=0
warnings="-Wall -Wextra -Wpedantic -Wconversion -Wundef -Werror"
temp=$(mktemp -d) || exit 1
trap 'rm -rf "$temp"' EXIT

try() {		# TITLE COMMAND...
	title=$1
	shift
	count=$((count + 1))
	if "$@" >"$temp/log" 2>&1; then
		echo "ok $count - $title"
	else
		failed=1
		sed 's/^/# /' "$temp/log"
		echo "not ok $count - $title"
	fi
}

# shellcheck disable=SC2086	# several warnings
for bits in 64 32; do
	for file in include/keyvault.h test/conformance/header.h; do
		name=$(basename $file)
		for std in c99 c11 gnu17; do
			try "$name as $std, $bits bits" \
			    ${CC:-cc} -m$bits -x c -std=$std $warnings \
			    -Iinclude -fsyntax-only $file
		done
		for std in c++98 c++11 c++17 c++20; do
			try "$name as $std, $bits bits" \
			    ${CXX:-c++} -m$bits -x c++ -std=$std $warnings \
			    -Iinclude -fsyntax-only $file
		done
	done
done

# Twice in one program, and with nothing defined: no function, no data.
printf '#include "keyvault.h"\n#include "keyvault.h"\n' >"$temp/twice.c"
try "included twice" ${CC:-cc} -std=c99 -Iinclude -c -o "$temp/twice.o" \
    "$temp/twice.c"
try "defines no symbol" sh -c "! nm '$temp/twice.o' | grep ."

# The checks can fail: a struct that grew is seen.
sed 's/uint64_t derived_key_id;.*/uint64_t derived_key_id, more;/' \
    include/keyvault.h >"$temp/keyvault.h"
try "a changed struct is seen" sh -c "! ${CC:-cc} -I'$temp' -x c \
    -fsyntax-only test/conformance/header.h"

echo "1..$count"
exit $failed
