#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# demo.sh [FILE] - builds keyvault, finds a kernel that loads the module (the
# running one, else Debian's 6.1 in QEMU), and runs demo/tour.sh there.
set -euo pipefail

cd "$(dirname "$0")/.."
build=${BUILD:-build}
make=${MAKE:-make}
file=${1:-}
log=$build/demo/build.log
mkdir -p "$build/demo"

bold= plain=
[ ! -t 1 ] || bold=$'\e[1m' plain=$'\e[0m'
say() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
quietly() {
	if ! "$@" >"$log" 2>&1 </dev/null; then
		tail -n 30 "$log" >&2
		echo "demo: this failed: $*" >&2
		exit 1
	fi
}

# 64 MB or so of this machine's own files in one archive, for want of a FILE.
collect() {
	file=$build/demo/files.tar
	[ ! -e "$file" ] || return 0
	say "No FILE given: packing some of this machine's own files"
	find /usr/lib /usr/share -xdev -type f -size -4096k -printf '%s %p\n' |
		LC_ALL=C awk 'n < 64 * 1024 * 1024 {
			n += $1 + 1024; sub(/^[0-9]+ /, ""); print }' \
			>"$file.list"
	tar -cf "$file.part" -T "$file.list" 2>/dev/null
	mv "$file.part" "$file"
	rm "$file.list"
	ls -sh "$file"
}

# Loads the module into the running kernel; says why if that cannot be.
why=
load_here() {
	local release module
	release=$(uname -r)
	module=$build/module/$release/keyvault.ko
	[ "$(id -u)" = 0 ] || { why="only root can load it"; return 1; }
	if [ ! -e "/lib/modules/$release/build/Makefile" ] && ! {
		apt-cache show "linux-headers-$release" >/dev/null 2>&1 &&
		test/setup "linux-headers-$release"; }; then
		why="it has no headers to build against here"
		return 1
	fi
	"$make" module >"$log" 2>&1 </dev/null ||
		{ why="the module does not build for it ($log)"; return 1; }
	test/vm/insmod "$module" >"$log" 2>&1 ||
		{ why=$(tail -n 1 "$log"); return 1; }
}

say "Building the library and the tool"
quietly "$make" -j"$(nproc)" all
ls "$build/cli/keyvault" "$build"/lib/*.so
if [ "$file" ]; then
	if [ ! -f "$file" ] || [ ! -r "$file" ]; then
		echo "demo: cannot read $file" >&2
		exit 1
	fi
else
	collect
fi
file=$(realpath "$file")
megabytes=$(($(stat -c %s "$file") >> 20))

if [ -c /dev/keyvault ]; then
	say "The module is loaded already"
	demo/tour.sh "$file"
elif load_here; then
	trap 'rmmod keyvault' EXIT
	say "The module is loaded into the running kernel, $(uname -r)"
	demo/tour.sh "$file"
else
	say "The running kernel, $(uname -r), cannot take the module: $why"
	echo "So Debian's own 6.1 kernel will, in QEMU, with this machine's files"
	echo "read-only around it. What is written there is gone afterwards."
	say "Building the module for it"
	test/vm/module 6.1
	ls "$build/module/6.1/keyvault.ko"
	say "Booting (an emulated machine is slow: give it a minute)"
	test/vm/run --kernel 6.1 --name demo --mem $((1024 + 4 * megabytes)) -- \
		bash -c 'test/vm/insmod "$KV_MODULE" && exec demo/tour.sh "$1" 2>&1' \
		tour "$file"
fi

say "What next"
cat <<END
  keyvault encrypts with keys that no program can read: kill every process of
  a session and its keys are gone. To go on from here:

    make demo FILE=/path/to/your/file
    make test                    every test, on Debian's 6.1, 6.12 and 7 kernels
    make module install-module   the module on this machine, for good
    make install                 the tool, the library, the man pages
    keyvault exec -- bash        your own session
    man -l man/keyvault.1        all commands
    examples/                    the same from C
END
