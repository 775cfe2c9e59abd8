# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""What a kernel may make of a key's bytes, computed from the standards.

Each function returns a list of (name, bytes). Everything here is secret: whoever
has it can use the key, or one message's part of it.
"""
import hashlib
import hmac
import struct

M32, M64 = 0xffffffff, 0xffffffffffffffff


# AES (FIPS 197)

def xtime(a):
    return (a << 1 ^ (0x11b if a & 0x80 else 0)) & 0xff


def gf_mul(a, b):
    r = 0
    while b:
        if b & 1:
            r ^= a
        a, b = xtime(a), b >> 1
    return r


def make_sbox():
    sbox = [0x63] * 256
    for a in range(1, 256):
        inverse = next(b for b in range(1, 256) if gf_mul(a, b) == 1)
        s = 0
        for shift in range(5):
            s ^= inverse << shift | inverse >> (8 - shift)
        sbox[a] = (s ^ 0x63) & 0xff
    return sbox


SBOX = make_sbox()


def aes_schedule(key):
    words = [key[i:i + 4] for i in range(0, len(key), 4)]
    nk, rcon = len(words), 1
    for i in range(nk, 4 * (nk + 7)):
        w = words[i - 1]
        if i % nk == 0:
            w = bytes(SBOX[b] for b in w[1:] + w[:1])
            w = bytes([w[0] ^ rcon]) + w[1:]
            rcon = xtime(rcon)
        elif nk > 6 and i % nk == 4:
            w = bytes(SBOX[b] for b in w)
        words.append(bytes(a ^ b for a, b in zip(words[i - nk], w)))
    flat = b"".join(words)
    return [flat[i:i + 16] for i in range(0, len(flat), 16)]


def inv_mix_columns(block):
    out = bytearray()
    for c in range(0, 16, 4):
        col = block[c:c + 4]
        for i in range(4):
            out.append(gf_mul(col[i], 14) ^ gf_mul(col[(i + 1) % 4], 11) ^
                       gf_mul(col[(i + 2) % 4], 13) ^ gf_mul(col[(i + 3) % 4], 9))
    return bytes(out)


def aes_encrypt(schedule, block):
    def mix(s):
        out = bytearray()
        for c in range(0, 16, 4):
            col = s[c:c + 4]
            for i in range(4):
                out.append(xtime(col[i]) ^ gf_mul(col[(i + 1) % 4], 3) ^
                           col[(i + 2) % 4] ^ col[(i + 3) % 4])
        return out
    s = bytes(a ^ b for a, b in zip(block, schedule[0]))
    for n, key in enumerate(schedule[1:], 1):
        s = [SBOX[b] for b in s]
        s = [s[(i + 4 * (i % 4)) % 16] for i in range(16)]
        if n < len(schedule) - 1:
            s = mix(s)
        s = bytes(a ^ b for a, b in zip(s, key))
    return s


def aes(key):
    enc = aes_schedule(key)
    later = b"".join(enc)[len(key):]
    # The first and last round key are the same in both directions.
    dec = b"".join(inv_mix_columns(k) for k in enc[1:-1])
    reverse = b"".join(reversed(enc))
    words = lambda b: struct.pack(f">{len(b) // 4}I",
                                  *struct.unpack(f"<{len(b) // 4}I", b))
    return [("schedule", later), ("schedule-swapped", words(later)),
            ("decryption", dec), ("decryption-swapped", words(dec)),
            ("key-swapped", words(reverse[-len(key):]))]


def gcm(key):
    h = aes_encrypt(aes_schedule(key), bytes(16))
    n = int.from_bytes(h, "big")
    # the form that carry-less multiplication wants: times x, little-endian
    twice = (n << 1) & ((1 << 128) - 1)
    if n >> 127:
        twice ^= (0xc2 << 120) | 1
    return aes(key) + [("hash-key", h), ("hash-key-swapped", h[::-1]),
                       ("hash-key-shifted", twice.to_bytes(16, "little"))]


# SHA-2 (FIPS 180-4), for the state after an HMAC's pad block (RFC 2104)

def primes(n):
    found = []
    k = 2
    while len(found) < n:
        if all(k % p for p in found):
            found.append(k)
        k += 1
    return found


def root_bits(n, degree, bits):
    """The first @bits bits of the fraction of n's square or cube root."""
    target, low, high = n << degree * bits, 0, n << bits
    while low < high:
        mid = (low + high + 1) // 2
        if mid ** degree <= target:
            low = mid
        else:
            high = mid - 1
    return low & ((1 << bits) - 1)


class Sha2:
    def __init__(self, bits, rounds, sums):
        self.bits, self.mask, self.sums = bits, (1 << bits) - 1, sums
        self.k = [root_bits(p, 3, bits) for p in primes(rounds)]
        self.h = [root_bits(p, 2, bits) for p in primes(8)]
        self.block = bits * 2
        self.form = "8I" if bits == 32 else "8Q"

    def rotate(self, x, n):
        return (x >> n | x << (self.bits - n)) & self.mask

    def state(self, block):
        """After one block, as a machine that is little-endian keeps it."""
        m, r, (a1, a2, e1, e2, s1, s2) = self.mask, self.rotate, self.sums
        size = self.bits // 8
        w = [int.from_bytes(block[i:i + size], "big")
             for i in range(0, len(block), size)]
        for i in range(16, len(self.k)):
            x, y = w[i - 15], w[i - 2]
            w.append((w[i - 16] + w[i - 7] +
                      (r(x, s1[0]) ^ r(x, s1[1]) ^ x >> s1[2]) +
                      (r(y, s2[0]) ^ r(y, s2[1]) ^ y >> s2[2])) & m)
        v = list(self.h)
        for k, word in zip(self.k, w):
            a, b, c, d, e, f, g, h = v
            t1 = (h + (r(e, e1[0]) ^ r(e, e1[1]) ^ r(e, e2)) +
                  (e & f ^ ~e & g) + k + word)
            t2 = (r(a, a1[0]) ^ r(a, a1[1]) ^ r(a, a2)) + (a & b ^ a & c ^ b & c)
            v = [(t1 + t2) & m, a, b, c, (d + t1) & m, e, f, g]
        return struct.pack("<" + self.form,
                           *((x + y) & m for x, y in zip(self.h, v)))


SHA256 = Sha2(32, 64, ((2, 13), 22, (6, 11), 25, (7, 18, 3), (17, 19, 10)))
SHA512 = Sha2(64, 80, ((28, 34), 39, (14, 18), 41, (1, 8, 7), (19, 61, 6)))


def hmac_key(key, name):
    sha, function = ((SHA256, hashlib.sha256) if name == "sha256" else
                     (SHA512, hashlib.sha512))
    if len(key) > sha.block:
        key = function(key).digest()
    n = max(16, len(key))
    block = key.ljust(sha.block, b"\0")
    inner = bytes(b ^ 0x36 for b in block)
    outer = bytes(b ^ 0x5c for b in block)
    return [("hashed", key), ("inner-pad", inner[:n]), ("outer-pad", outer[:n]),
            ("inner-state", sha.state(inner)), ("outer-state", sha.state(outer))]


def hkdf(ikm, name, salt, info, length):
    """The key that comes out, and what is secret on the way."""
    size = hashlib.new(name).digest_size
    prk = hmac.new(salt or bytes(size), ikm, name).digest()
    okm, t = b"", b""
    while len(okm) < length:
        t = hmac.new(prk, t + info + bytes([len(okm) // size + 1]),
                     name).digest()
        okm += t
    return okm[:length], [("prk", prk), ("okm", okm)] + [
        ("prk-" + n, b) for n, b in hmac_key(prk, name)]


# ChaCha20-Poly1305 (RFC 8439): the one-time key of a nonce

def chacha20_block(key, nonce, counter):
    def quarter(a, b, c, d):
        for x, y, z, n in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8),
                           (c, d, b, 7)):
            s[x] = (s[x] + s[y]) & M32
            s[z] ^= s[x]
            s[z] = (s[z] << n | s[z] >> (32 - n)) & M32
    start = list(struct.unpack("<16I", b"expand 32-byte k" + key +
                               struct.pack("<I", counter) + nonce))
    s = list(start)
    for _ in range(10):
        for i in range(4):
            quarter(i, 4 + i, 8 + i, 12 + i)
        for i in range(4):
            quarter(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
    return struct.pack("<16I", *((a + b) & M32 for a, b in zip(s, start)))


def chacha20_poly1305(key, nonce):
    return [("one-time-key", chacha20_block(key, nonce, 0)[:32])]


# Ed25519 (RFC 8032 5.1.5, 5.1.6), X25519 (RFC 7748 5)

ORDER = 2 ** 252 + 27742317777372353535851937790883648493


def clamp(scalar):
    s = bytearray(scalar)
    s[0] &= 248
    s[31] = s[31] & 127 | 64
    return bytes(s)


def ed25519(seed, message):
    h = hashlib.sha512(seed).digest()
    a = int.from_bytes(clamp(h[:32]), "little")
    r = hashlib.sha512(h[32:] + message).digest()
    reduced = int.from_bytes(r, "little") % ORDER
    # where clamping changes nothing, the scalar is the hash
    hashes = [(n, b) for n, b, c in (("hash-low", h[:16], clamp(h[:32])[:16]),
                                     ("hash-high", h[16:32], clamp(h[:32])[16:]))
              if b != c]
    return hashes + [("scalar", clamp(h[:32])),
            ("scalar-reduced", (a % ORDER).to_bytes(32, "little")),
            ("prefix", h[32:]), ("nonce", r),
            ("nonce-reduced", reduced.to_bytes(32, "little"))]


def x25519(scalar, u):
    p, k, x1 = 2 ** 255 - 19, int.from_bytes(clamp(scalar), "little"), 0
    x1 = int.from_bytes(u, "little") & (1 << 255) - 1
    x2, z2, x3, z3, swap = 1, 0, x1, 1, 0
    for t in range(254, -1, -1):
        bit = k >> t & 1
        if swap ^ bit:
            x2, x3, z2, z3 = x3, x2, z3, z2
        swap = bit
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        da, cb = d * a, c * b
        x3, z3 = (da + cb) ** 2 % p, x1 * (da - cb) ** 2 % p
        aa, bb = a * a, b * b
        e = aa - bb
        x2, z2 = aa * bb % p, e * (aa + 121665 * e) % p
    if swap:
        x2, z2 = x3, z3
    return (x2 * pow(z2, p - 2, p) % p).to_bytes(32, "little")


def exchange(scalar, peer):
    return [("clamped", clamp(scalar)), ("shared", x25519(scalar, peer))]
