#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""Prints core/ed25519_table.c: the constants of edwards25519, and multiples of
its base point, in the form that core/ge25519.c adds them."""

P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P
ROOT_MINUS_1 = pow(2, (P - 1) // 4, P)
BASE_Y = 4 * pow(5, -1, P) % P


def even_x(y):
    """The even x of a point, from -x^2 + y^2 = 1 + d x^2 y^2."""
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * ROOT_MINUS_1 % P
    assert x * x % P == square
    return P - x if x & 1 else x


def add(a, b):
    (x1, y1), (x2, y2) = a, b
    k = D * x1 * x2 * y1 * y2 % P
    return ((x1 * y2 + x2 * y1) * pow(1 + k, -1, P) % P,
            (y1 * y2 + x1 * x2) * pow(1 - k, -1, P) % P)


def limbs(v):
    return "{ { " + ", ".join(f"{v % P >> 51 * i & (1 << 51) - 1:#x}"
                              for i in range(5)) + " } }"


def affine(point, indent):
    x, y = point
    pad = "\t" * indent
    rows = "".join(f"{pad}\t{limbs(v)},\n" for v in (y + x, y - x, 2 * D * x * y))
    return f"{pad}{{\n{rows}{pad}}},\n"


def run(first, step, count, indent):
    """count points, from first on, step apart"""
    text = ""
    for _ in range(count):
        text += affine(first, indent)
        first = add(first, step)
    return text


def comb():
    text, base = "", (even_x(BASE_Y), BASE_Y)
    for _ in range(32):
        text += "\t{\n" + run(base, base, 8, 2) + "\t},\n"
        for _ in range(8):
            base = add(base, base)
    return text


def odd():
    base = (even_x(BASE_Y), BASE_Y)
    return run(base, add(base, base), 32, 1)


print(f"""\
/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * ed25519_table.c - constants of edwards25519, see ge25519.h
 *
 * Made by tools/ed25519_table.py. Do not edit.
 */
#include "ge25519.h"

const struct kv_fe kv_fe_d = {limbs(D)};
const struct kv_fe kv_fe_2d = {limbs(2 * D)};
const struct kv_fe kv_fe_root_minus_1 = {limbs(ROOT_MINUS_1)};

const struct kv_ge_affine kv_ge_base_comb[32][8] = {{
{comb()}}};

const struct kv_ge_affine kv_ge_base_odd[32] = {{
{odd()}}};""")
