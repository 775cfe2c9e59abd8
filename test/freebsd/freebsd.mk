# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# The FreeBSD module is compiled where FREEBSD_SRC names FreeBSD's sources; else
# a line says that FreeBSD was not tested. Its own tests are in Makefile.
TEST_HOST += freebsd:test/freebsd/compile
