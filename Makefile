# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# BSD make reads this file, GNU make reads GNUmakefile. On FreeBSD, with the
# kernel's sources in /usr/src/sys (or SYSDIR):
#
#	make			keyvault.ko, libkeyvault, keyvault(1), examples
#	make test		as root: loads the module, runs all suites, unloads
#	make install		all but the tests, to PREFIX and DESTDIR

BUILD ?=	build
PREFIX ?=	/usr/local
KMODDIR ?=	/boot/modules
KV_LIB_VERSION = 0.1.0
KV_CFLAGS =	-std=gnu11 -Wall -Wextra -Wshadow -Wstrict-prototypes \
		-Wmissing-prototypes -Iinclude ${CFLAGS}

# We build beside the sources, under ${BUILD}.
.OBJDIR:	${.CURDIR}

LIB_SRC !=	echo lib/*.c
CLI_SRC !=	echo cli/*.c
EXAMPLE_SRC !=	echo examples/*.c
CONFORMANCE_SRC != ls test/conformance/*.c | grep -v /narrow.c
FUZZ_SRC !=	echo test/fuzz/*.c

LIB =		${BUILD}/lib/libkeyvault.a
LIB_SO =	${BUILD}/lib/libkeyvault.so.0
CLI =		${BUILD}/cli/keyvault
EXAMPLES =	${EXAMPLE_SRC:%.c=${BUILD}/%}
TESTS =		${BUILD}/test/conformance ${BUILD}/test/fuzz \
		${BUILD}/test/freebsd ${BUILD}/test/tool/lib

all: keyvault.ko tools
tools: ${LIB} ${LIB_SO} ${BUILD}/lib/libkeyvault.pc ${CLI} ${EXAMPLES}
tests: ${TESTS}

# The module: plat/freebsd/Makefile, with its objects in our folder.
MODULE_DIR =	${.CURDIR}/${BUILD}/module/freebsd
keyvault.ko: .PHONY
	@mkdir -p ${MODULE_DIR}
	cd plat/freebsd && MAKEOBJDIR=${MODULE_DIR} ${MAKE} all
	cmp -s ${MODULE_DIR}/keyvault.ko $@ || cp ${MODULE_DIR}/keyvault.ko $@

.for src in ${LIB_SRC}
LIB_OBJ +=	${BUILD}/${src:.c=.o}
${BUILD}/${src:.c=.o}: ${src} lib/transport.h lib/format.h \
		include/libkeyvault.h include/keyvault.h
	@mkdir -p ${@:H}
	${CC} ${KV_CFLAGS} -fPIC -Ilib -c -o $@ ${src}
.endfor

${LIB}: ${LIB_OBJ}
	rm -f $@
	${AR} rcs $@ ${LIB_OBJ}

${LIB_SO}: ${LIB_OBJ} lib/libkeyvault.map
	${CC} ${KV_CFLAGS} ${LDFLAGS} -shared -Wl,-soname,${@:T} \
		-Wl,--version-script=lib/libkeyvault.map -o $@ ${LIB_OBJ}

${BUILD}/lib/libkeyvault.pc: lib/libkeyvault.pc.in
	@mkdir -p ${@:H}
	sed -e 's|@PREFIX@|${PREFIX}|' -e 's|@VERSION@|${KV_LIB_VERSION}|' \
		lib/libkeyvault.pc.in >$@

.for src in ${CLI_SRC}
CLI_OBJ +=	${BUILD}/${src:.c=.o}
${BUILD}/${src:.c=.o}: ${src} cli/cli.h include/libkeyvault.h include/keyvault.h
	@mkdir -p ${@:H}
	${CC} ${KV_CFLAGS} -c -o $@ ${src}
.endfor

${CLI}: ${CLI_OBJ} ${LIB}
	${CC} ${KV_CFLAGS} ${LDFLAGS} -o $@ ${CLI_OBJ} ${LIB}

.for src in ${EXAMPLE_SRC}
${BUILD}/${src:.c=}: ${src} ${LIB} include/libkeyvault.h include/keyvault.h
	@mkdir -p ${@:H}
	${CC} ${KV_CFLAGS} ${LDFLAGS} -o $@ ${src} ${LIB}
.endfor

${BUILD}/test/conformance: ${CONFORMANCE_SRC} include/keyvault.h test/tap.h
	@mkdir -p ${@:H}
	${CC} ${KV_CFLAGS} ${LDFLAGS} -pthread -o $@ ${CONFORMANCE_SRC} -lcrypto

${BUILD}/test/fuzz: ${FUZZ_SRC} include/keyvault.h
	@mkdir -p ${@:H}
	${CC} ${KV_CFLAGS} ${LDFLAGS} -pthread -o $@ ${FUZZ_SRC}

${BUILD}/test/freebsd: test/freebsd/module.c test/tap.h include/keyvault.h
	@mkdir -p ${@:H}
	${CC} ${KV_CFLAGS} ${LDFLAGS} -Itest -pthread -o $@ test/freebsd/module.c

${BUILD}/test/tool/lib: test/tool/lib.c test/tap.h ${LIB}
	@mkdir -p ${@:H}
	${CC} ${KV_CFLAGS} ${LDFLAGS} -Itest -pthread -o $@ test/tool/lib.c ${LIB}

test: all tests .PHONY
	BUILD=${BUILD} sh run_tests.sh --built

install: all .PHONY
	install -d ${DESTDIR}${KMODDIR} ${DESTDIR}${PREFIX}/bin \
		${DESTDIR}${PREFIX}/include ${DESTDIR}${PREFIX}/lib \
		${DESTDIR}${PREFIX}/libdata/pkgconfig \
		${DESTDIR}${PREFIX}/share/man/man1 \
		${DESTDIR}${PREFIX}/share/man/man3 \
		${DESTDIR}${PREFIX}/share/man/man4
	install -m 555 keyvault.ko ${DESTDIR}${KMODDIR}
	install -m 755 ${CLI} ${DESTDIR}${PREFIX}/bin
	install -m 644 include/keyvault.h include/libkeyvault.h \
		${DESTDIR}${PREFIX}/include
	install -m 644 ${LIB} ${DESTDIR}${PREFIX}/lib
	install -m 755 ${LIB_SO} ${DESTDIR}${PREFIX}/lib
	ln -sf ${LIB_SO:T} ${DESTDIR}${PREFIX}/lib/libkeyvault.so
	install -m 644 ${BUILD}/lib/libkeyvault.pc \
		${DESTDIR}${PREFIX}/libdata/pkgconfig
	install -m 644 man/keyvault.1 ${DESTDIR}${PREFIX}/share/man/man1
	install -m 644 man/libkeyvault.3 ${DESTDIR}${PREFIX}/share/man/man3
	install -m 644 man/keyvault.4 ${DESTDIR}${PREFIX}/share/man/man4

clean: .PHONY
	rm -rf ${BUILD} keyvault.ko
