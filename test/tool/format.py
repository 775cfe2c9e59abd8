#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""Another reader and writer of docs/FORMAT.md, from the text alone.

format.py decrypt KEY-FILE [HASH] < FILE.kv > FILE
format.py encrypt KEY-FILE [HASH] < FILE > FILE.kv
format.py spoil FILE.kv FOLDER     writes to FOLDER what a reader must refuse
format.py loose KEY-FILE < FILE > FILE.kv    ends a file of whole chunks with an
                                   empty one more, which a reader must refuse

KEY-FILE holds the bytes of the named key; HASH is that of the key, sha256 or
sha512, where it is encrypted (the file says it where it is decrypted).
"""
import os
import sys

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = bytes.fromhex("4b56460d0a1a0a00")
AEAD = {11: AESGCM, 40: ChaCha20Poly1305}
HASH = {50: hashes.SHA256, 51: hashes.SHA512}
CHUNK, TAG, FIXED, HEADER = 65536, 16, 51, 67


def file_cipher(key, header):
    """The file's AEAD, and a function from counter and use to nonce."""
    hkdf = HKDF(HASH[header[10]](), 32, header[12:44],
                b"keyvault file 1" + header[:FIXED])
    prefix = header[44:51]
    return (AEAD[header[9]](hkdf.derive(key)),
            lambda i, use: prefix + i.to_bytes(4, "big") + bytes([use]))


def pieces(data, size):
    """(counter, use, piece): use is 1 for the last."""
    for i in range(max(1, -(-len(data) // size))):
        end = (i + 1) * size
        yield i, int(end >= len(data)), data[i * size:end]


def decrypt(key, data):
    header = data[:HEADER]
    if len(header) < HEADER or header[:9] != MAGIC + b"\1" or header[11] != 16:
        sys.exit("not in the format")
    cipher, nonce = file_cipher(key, header)
    cipher.decrypt(nonce(0, 2), header[FIXED:], header[:FIXED])
    out = b""
    for i, last, piece in pieces(data[HEADER:], CHUNK + TAG):
        out += cipher.decrypt(nonce(i, last), piece, None)
        if i and len(piece) == TAG:
            sys.exit("an empty chunk")
    return out


def encrypt(key, data, algorithm, kdf, loose=False):
    fixed = MAGIC + bytes([1, algorithm, kdf, 16]) + os.urandom(39)
    cipher, nonce = file_cipher(key, fixed)
    out = fixed + cipher.encrypt(nonce(0, 2), b"", fixed)
    for i, last, piece in pieces(data, CHUNK):
        out += cipher.encrypt(nonce(i, last and not loose), piece, None)
    if loose:
        out += cipher.encrypt(nonce(i + 1, 1), b"", None)
    return out


def flipped(data, at):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]


def spoil(data, folder):
    """Every kind of damage to a file of at least three chunks."""
    size = CHUNK + TAG
    head, body = data[:HEADER], data[HEADER:]
    a, b, rest = body[:size], body[size:2 * size], body[2 * size:]
    bad = {f"flip-header-{i}": flipped(data, i) for i in range(HEADER)}
    for name, at in {"first": HEADER, "tag": HEADER + CHUNK,
                     "second": HEADER + size + 5, "last": -TAG - 1,
                     "last-tag": -1}.items():
        bad["flip-" + name] = flipped(data, at % len(data))
    bad |= {
        "swap": head + b + a + rest,
        "drop-first": head + b + rest,
        "drop-second": head + a + rest,
        "drop-last": head + a + b,
        "repeat": head + a + a + b + rest,
        "only-last": head + rest,
        "cut-byte": data[:-1],
        "cut-tag": data[:-TAG],
        "cut-in-chunk": head + a + b[:100],
        "cut-short-piece": head + a + b + rest[:7],
        "cut-header": data[:HEADER],
        "cut-in-header": data[:30],
        "empty": b"",
        "append-byte": data + b"\0",
        "append-chunk": data + rest,
        "append-file": data + data,
        "other-version": data[:8] + b"\2" + data[9:],
    }
    for name, content in bad.items():
        with open(os.path.join(folder, name), "wb") as f:
            f.write(content)


def main():
    what, name = sys.argv[1:3]
    if what == "spoil":
        with open(name, "rb") as f:
            return spoil(f.read(), sys.argv[3])
    with open(name, "rb") as f:
        key = f.read()
    data = sys.stdin.buffer.read()
    if what == "decrypt":
        try:
            out = decrypt(key, data)
        except InvalidTag:
            sys.exit("not authentic")
    elif what == "loose":
        out = encrypt(key, data, 11, 50, True)
    else:
        sha512 = sys.argv[3:] == ["sha512"]
        out = encrypt(key, data, 40 if sha512 else 11, 51 if sha512 else 50)
    sys.stdout.buffer.write(out)


main()
