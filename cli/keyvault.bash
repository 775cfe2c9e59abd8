# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# Completion for keyvault(1), in bash. What there is to complete it asks the
# tool itself, so that the two cannot disagree.

# The first words of --help's lines from after "Commands" on.
_keyvault_commands() {
	keyvault --help 2>/dev/null | sed -n '/^Commands/,$s/^  \([a-z]*\) .*/\1/p'
}

# "-k" and "--key" of a command; and which of them take which argument.
_keyvault_options() {
	keyvault "$1" --help 2>/dev/null |
		sed -n '/^Options:/,$s/^  \(-.,\)\{0,1\} *\(--[a-z]*\) .*/\1 \2/p' |
		tr -d ,
}

_keyvault_takes() {
	keyvault "$1" --help 2>/dev/null |
		sed -n '/^Options:/,$p' | grep -E -- "(^|[ ,])$2[ ,]" |
		sed -n 's/.*--[a-z]* \([A-Z]*\) .*/\1/p'
}

# Names and ids, a line each.
_keyvault_keys() {
	keyvault list 2>/dev/null | sed -E \
		's/^(0x[0-9a-f]{16})  [^ ]+ +[0-9]+  [a-z]+ *(.*)$/\2\n\1/' |
		sed '/^$/d'
}

_keyvault_caps() {
	echo all readonly genkey destroy revoke encrypt decrypt sign verify mac \
		hash getinfo list restrict derive exchange import
}

# Fills COMPREPLY from the lines of $1 that begin with $2; names quoted for bash.
_keyvault_reply() {
	local line
	while IFS= read -r line; do
		[[ $line == "$2"* ]] || continue
		[[ $line =~ ^[0-9a-z,_-]+$ ]] || line=$(printf %q "$line")
		COMPREPLY+=("$line")
	done <<<"$1"
}

_keyvault_argument() {
	case $1 in
	KEY)	_keyvault_reply "$(_keyvault_keys)" "$2" ;;
	ALG)	_keyvault_reply "$(keyvault algorithms 2>/dev/null |
			sed 's/ .*//')" "$2" ;;
	LIST)	local done=
		[[ $2 != *,* ]] || done=${2%,*},
		compopt -o nospace
		_keyvault_reply "$(_keyvault_caps | tr ' ' '\n' |
			sed "s/^/$done/")" "$2" ;;
	FILE)	compopt -o default ;;
	esac
}

_keyvault() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local cmd=${COMP_WORDS[1]} takes i
	COMPREPLY=()
	if ((COMP_CWORD == 1)); then
		_keyvault_reply "$(_keyvault_commands)" "$cur"
		return
	fi
	if [[ $cmd == exec ]]; then		# the command's own completion
		for ((i = 2; i < COMP_CWORD; i++)); do
			[[ ${COMP_WORDS[i]} == -- ]] || continue
			compopt -o default
			((i + 1 == COMP_CWORD)) &&
				mapfile -t COMPREPLY < <(compgen -c -- "$cur")
			return
		done
	fi
	if [[ $cur == -* ]]; then
		_keyvault_reply "$(_keyvault_options "$cmd" | tr ' ' '\n' |
			grep -- '^--')" "$cur"
		return
	fi
	takes=
	[[ $prev != -* ]] || takes=$(_keyvault_takes "$cmd" "$prev")
	if [[ -z $takes ]]; then
		case $cmd in
		info | pubkey | revoke | destroy)	takes=KEY ;;
		encrypt | decrypt | sign | verify | mac | hash)	takes=FILE ;;
		esac
	fi
	_keyvault_argument "$takes" "$cur"
}

complete -F _keyvault keyvault
