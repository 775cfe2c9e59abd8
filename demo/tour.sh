#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# tour.sh FILE - shows the main job on a file, where the module is loaded. It
# stops at the first command that does not do what the text beside it says.
#
# It starts itself again for each of its parts, as the program that a session
# or a narrowed descriptor is given to.
set -euo pipefail

say() { echo; printf '# %s\n' "$@"; }

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

# FILE OFFSET: the byte there with one bit flipped, as two hex digits.
flipped() {
	printf '%02x' $(($(od -An -tu1 -j "$2" -N 1 "$1") ^ 1))
}

encrypt_and_back() {
	say "A key, made in the kernel. Only its id comes out, never its bytes."
	run keyvault generate backup
	run keyvault info backup
	say "Encrypt the file, open it again, compare."
	run ls -lhL file
	run keyvault encrypt -k backup -o file.kv file
	run keyvault decrypt -k backup -o back file.kv
	run sha256sum file back
	run cmp file back
}

tamper() {
	local middle=$(($(stat -c %s file.kv) / 2))
	say "Flip one bit in the middle: it is refused, and no file is left behind."
	run cp file.kv broken.kv
	run "printf '\\x$(flipped file.kv "$middle")' |" \
		"dd of=broken.kv bs=1 seek=$middle conv=notrunc status=none"
	refused keyvault decrypt -k backup -o broken broken.kv
	refused ls broken
	rm broken.kv
}

sign_and_verify() {
	say "Sign the file's hash, and check the signature."
	run keyvault generate -a ed25519 signer
	run "sha256sum file >SHA256SUMS"
	run "keyvault sign -k signer SHA256SUMS >SHA256SUMS.sig"
	run keyvault verify -k signer -s SHA256SUMS.sig SHA256SUMS
	say "A signature is for that text alone."
	run "sed s/file/elif/ SHA256SUMS >other"
	refused keyvault verify -k signer -s SHA256SUMS.sig other
	say "The public key may be known to all."
	run keyvault pubkey signer
	say "All keys of this session:"
	run keyvault list
}

# The owner puts a key in; another program gets the descriptor, narrowed.
owner() {
	run keyvault generate backup
	run keyvault encrypt -k backup -o shared.kv file
}
second() {
	say "The second program has the same vault, and this is what it may do:"
	run keyvault caps
	say "It opens the file, with a key that it can use and not read,"
	run keyvault decrypt -k backup -o by-second shared.kv
	run cmp by-second file
	say "and can neither encrypt, nor make keys, nor destroy one, nor get more."
	refused keyvault encrypt -k backup -o again.kv file
	refused keyvault generate mine
	refused keyvault destroy backup
	refused keyvault caps --restrict all
}

case $1 in
--session)	encrypt_and_back; tamper; sign_and_verify; exit ;;
--owner)	owner; exit ;;
--second)	second; exit ;;
esac

file=$(realpath "$1")
repo=$(realpath "$(dirname "$0")/..")
tour=$repo/demo/tour.sh
PATH=$(realpath "$repo/${BUILD:-build}")/cli:$PATH
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
ln -s "$file" file

say "The algorithms, and which of the kernel's implementations does each:"
run keyvault algorithms
say "A session: a program with a vault of its own, whose keys die with it."
echo "\$ keyvault exec -- ./session"
keyvault exec -- "$tour" --session
say "The session is over and its keys are wiped: file.kv stays shut for good."
refused keyvault decrypt -k backup -o back file.kv

say "Two programs: ./owner makes a key, ./second then gets the descriptor," \
	"narrowed to what it takes to open files."
echo "\$ keyvault exec --setup ./owner --caps getinfo,decrypt,derive -- ./second"
keyvault exec --setup "'$tour' --owner" --caps getinfo,decrypt,derive -- \
	"$tour" --second
