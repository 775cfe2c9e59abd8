# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# The core's sources, once, for GNU make, BSD make and Kbuild.
KV_CORE = op op_key op_use vault key name alg alg_cipher alg_mac alg_curve ed25519 ed25519_table selftest
