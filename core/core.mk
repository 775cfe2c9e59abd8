# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# The core's sources, once, for GNU make, BSD make and Kbuild.
KV_CORE = op op_key op_use handle vault vault_table key name alg alg_curve alg_hkdf selftest ed25519 ed25519_table fe25519 ge25519 sc25519
