#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# tour.sh FILE - shows the main job on a file, where the module is loaded. It
# stops at the first command that does not do what the text beside it says.
set -euo pipefail

repo=$(realpath "$(dirname "$0")/..")
build=$(realpath "$repo/${BUILD:-build}")
export PATH=$build/cli:$PATH LD_LIBRARY_PATH=$build/lib
say() { printf '\n# %s\n' "$@"; }

# Runs a command as a person would, and shows it.
run() {
	echo "\$ $*"
	eval "$*"
}

# The same for one that must fail.
refused() {
	local status=0
	echo "\$ $*"
	eval "$*" || status=$?
	echo "(exit status $status)"
	[ "$status" != 0 ]
}

# The second process: what it may do is narrowed.
narrowed() {
	cd "$1"
	say "The second process. It may do this:"
	run keyvault caps
	say "It opens the file with a key it can use,"
	run keyvault decrypt -k backup -o by-second file.kv
	run cmp by-second file
	say "and can neither sign, nor make keys, nor destroy one, nor get more."
	refused keyvault sign -k signer SHA256SUMS
	refused keyvault generate mine
	refused keyvault destroy backup
}

# The first process, in a session of its own.
session() {
	cd "$1"
	say "A key, made in the kernel. No program ever sees its bytes."
	run keyvault generate backup
	run keyvault info backup

	say "Encrypt the file, and open it again."
	run ls -lL file
	run "time keyvault encrypt -k backup -o file.kv file"
	run "time keyvault decrypt -k backup -o back file.kv"
	run sha256sum file back
	run cmp file back

	say "Flip one bit in the middle: it is refused, and no file is left behind."
	size=$(stat -c %s file.kv)
	run cp file.kv broken.kv
	run "printf '\\x$(flipped file.kv $((size / 2)))' |" \
		"dd of=broken.kv bs=1 seek=$((size / 2)) conv=notrunc status=none"
	refused keyvault decrypt -k backup -o broken broken.kv
	refused ls broken
	rm broken.kv

	say "Sign the file's hash, and check the signature."
	run keyvault generate -a ed25519 signer
	run "sha256sum file > SHA256SUMS"
	run "keyvault sign -k signer SHA256SUMS > SHA256SUMS.sig"
	run keyvault verify -k signer -s SHA256SUMS.sig SHA256SUMS
	run keyvault pubkey signer
	say "Any other text fails."
	run "sed s/file/elif/ SHA256SUMS > other"
	refused keyvault verify -k signer -s SHA256SUMS.sig other

	say "All keys of this session:"
	run keyvault list

	say "Now a second process gets this vault, narrowed to opening files."
	echo "\$ keyvault exec --caps getinfo,decrypt,derive -- ./second"
	keyvault exec --caps getinfo,decrypt,derive -- "$0" --narrowed "$1"
}

# FILE OFFSET: the byte there with one bit flipped, as two hex digits.
flipped() {
	printf '%02x' $(($(od -An -tu1 -j "$2" -N 1 "$1") ^ 1))
}

case $1 in
--narrowed)	narrowed "$2"; exit ;;
--session)	session "$2"; exit ;;
esac

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
ln -s "$1" "$dir/file"
say "What the kernel offers, and which of its implementations does it:"
run keyvault algorithms
say "A session: a command with a vault of its own, whose keys die with it."
echo "\$ keyvault exec -- bash"
keyvault exec -- "$0" --session "$dir"
say "The session is over: its keys are wiped, and file.kv stays shut for good."
refused keyvault decrypt -k backup -o back "$dir/file.kv"
