#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# deploy.sh [USER@]HOST - copies this checkout to a FreeBSD machine over ssh,
# builds and tests it there (run_tests.sh) in a folder of its own, and removes
# that. The user there is root, or may use doas or sudo. Exits as the tests do.
set -eu

die() { echo "deploy.sh: $*" >&2; exit 2; }

[ $# = 1 ] || die "usage: deploy.sh [USER@]HOST"
case $1 in
-*)	die "no host: $1" ;;
esac
host=$1
cd "$(dirname "$0")"

remote() { ssh -o ConnectTimeout=15 -- "$host" "$@"; }

system=$(remote uname -s) || die "cannot log in to $host"
[ "$system" = FreeBSD ] || die "$host runs $system, not FreeBSD"
remote test -d /usr/src/sys || die "$host has no kernel sources in /usr/src/sys"
root=$(remote 'test "$(id -u)" = 0 && echo env ||
	command -v doas || command -v sudo') ||
	die "on $host we are not root, and have neither doas nor sudo"

dir=$(remote mktemp -d -t keyvault) || die "$host gives us no folder"
case $dir in
/*keyvault*)	;;
*)		die "$host named a strange folder: $dir" ;;
esac
trap 'remote "$root rm -rf \"$dir\"" || echo "deploy.sh: $dir stays on $host" >&2' EXIT
trap 'exit 130' INT TERM HUP

# What git knows, as it is in the working tree; build/ stays here.
git ls-files -z | tar -cf - --null -T - | remote "tar -xf - -C \"$dir\"" ||
	die "cannot copy to $host"
remote "cd \"$dir\" && make all tests && $root sh run_tests.sh --built"
