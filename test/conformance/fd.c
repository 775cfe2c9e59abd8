/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* fd.c - what an open file is: dup, fork, passing, the last close, two vaults */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "call.h"

static int send_fd(int sock, int fd)
{
	union {
		struct cmsghdr align;
		char space[CMSG_SPACE(sizeof(int))];
	} control;
	char byte = 'f';
	struct iovec iov = { &byte, 1 };
	struct msghdr msg;
	struct cmsghdr *cmsg;

	memset(&msg, 0, sizeof(msg));
	memset(&control, 0, sizeof(control));
	msg.msg_iov = &iov;
	msg.msg_iovlen = 1;
	msg.msg_control = control.space;
	msg.msg_controllen = sizeof(control.space);
	cmsg = CMSG_FIRSTHDR(&msg);
	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(cmsg), &fd, sizeof(fd));
	return sendmsg(sock, &msg, 0) == 1 ? 0 : -1;
}

static int receive_fd(int sock)
{
	union {
		struct cmsghdr align;
		char space[CMSG_SPACE(sizeof(int))];
	} control;
	char byte;
	struct iovec iov = { &byte, 1 };
	struct msghdr msg;
	struct cmsghdr *cmsg;
	int fd = -1;

	memset(&msg, 0, sizeof(msg));
	msg.msg_iov = &iov;
	msg.msg_iovlen = 1;
	msg.msg_control = control.space;
	msg.msg_controllen = sizeof(control.space);
	if (recvmsg(sock, &msg, 0) != 1)
		return -1;
	cmsg = CMSG_FIRSTHDR(&msg);
	if (cmsg && cmsg->cmsg_type == SCM_RIGHTS)
		memcpy(&fd, CMSG_DATA(cmsg), sizeof(fd));
	return fd;
}

/* The exit status of a child, or -1 if it did not exit. */
static int ended(pid_t child)
{
	int status;

	if (waitpid(child, &status, 0) != child || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

static void dup_shares(void)
{
	int a = vault_open(), b = dup(a);
	uint64_t id;

	REQUIRE(b >= 0);
	id = key_make(a, KV_ALG_ED25519);
	EQ(key_count(b), 1);
	EQ(ask_revoke(b, id), 0);
	EQ(ask_restrict(b, KV_CAP_LIST | KV_CAP_GENKEY), 0);
	EQ(ask_getcaps(a), KV_CAP_LIST | KV_CAP_GENKEY);
	close(a);
	EQ(key_count(b), 1);	/* not the last close */
	CHECK(key_make(b, KV_ALG_ED25519) != 0);
	EQ(key_count(b), 2);
	close(b);
}

/* The child's exit code says which step failed. */
static int forked_child(int fd, uint64_t id)
{
	uint8_t out[64];
	size_t n = 64;

	if (key_count(fd) != 1)
		return 1;
	if (ask_mac(fd, id, "m", 1, out, &n))
		return 2;
	if (!key_make(fd, KV_ALG_AES256_GCM))
		return 3;
	if (ask_restrict(fd, KV_CAP_ALL & ~KV_CAP_MAC))
		return 4;
	if (ask_mac(fd, id, "m", 1, out, &n) != EPERM)
		return 5;
	return 0;
}

static void fork_shares(void)
{
	uint8_t out[64];
	size_t n = 64;
	uint64_t id;
	pid_t child;
	int fd = vault_open();

	id = key_make(fd, KV_ALG_HMAC_SHA256);
	child = fork();
	if (child == 0)
		_exit(forked_child(fd, id));
	EQ(ended(child), 0);
	EQ(key_count(fd), 2);
	EQ(ask_getcaps(fd), KV_CAP_ALL & ~KV_CAP_MAC);
	EQ(ask_mac(fd, id, "m", 1, out, &n), EPERM);
	EQ(ask_destroy(fd, id), 0);
	close(fd);
}

/* Children that come and go close copies; the keys are there till the last. */
static void children_keep_it_open(void)
{
	int fd = vault_open(), ready[2], i;
	pid_t child[4];
	char byte;

	REQUIRE(pipe(ready) == 0);
	CHECK(key_make(fd, KV_ALG_ED25519) != 0);
	for (i = 0; i < 4; i++) {
		child[i] = fork();
		if (child[i])
			continue;
		close(ready[1]);
		/* until the parent has closed its own */
		byte = 0;
		while (read(ready[0], &byte, 1) > 0)
			;
		_exit(key_count(fd) == 1 ? 0 : 1);
	}
	close(fd);
	close(ready[1]);
	for (i = 0; i < 4; i++)
		EQ(ended(child[i]), 0);
	close(ready[0]);
}

/* A process that never opened the device uses what it is handed. */
static int receiving_child(int sock)
{
	uint8_t sig[64];
	uint64_t id = 0;
	uint32_t room = 0;
	int fd = receive_fd(sock);
	char byte = 'd';

	if (fd < 0)
		return 1;
	if (ask_getcaps(fd) != (KV_CAP_SIGN | KV_CAP_GETINFO | KV_CAP_RESTRICT))
		return 2;
	if (ask_find(fd, &id, "signer", 6, NULL, &room))
		return 3;
	if (ask_sign(fd, id, "m", 1, sig))
		return 4;
	if (ask_destroy(fd, id) != EPERM || ask_genkey(fd, 30, 0, 0, &id) != EPERM)
		return 5;
	if (ask_restrict(fd, KV_CAP_SIGN))
		return 6;
	if (write(sock, &byte, 1) != 1)
		return 7;
	return 0;
}

static void passed_over_a_socket(void)
{
	int sock[2], fd;
	uint8_t sig[64];
	uint64_t id;
	pid_t child;
	char byte;

	REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, sock) == 0);
	child = fork();
	if (child == 0) {
		close(sock[0]);
		_exit(receiving_child(sock[1]));
	}
	close(sock[1]);
	fd = vault_open();
	id = key_make(fd, KV_ALG_ED25519);
	EQ(ask_setname(fd, id, "signer", 6), 0);
	EQ(ask_restrict(fd, KV_CAP_SIGN | KV_CAP_GETINFO | KV_CAP_RESTRICT), 0);
	EQ(send_fd(sock[0], fd), 0);
	EQ(read(sock[0], &byte, 1), 1);
	EQ(ended(child), 0);
	/* the receiver's RESTRICT holds for the sender too */
	EQ(ask_getcaps(fd), KV_CAP_SIGN);
	EQ(ask_sign(fd, id, "m", 1, sig), 0);
	close(fd);
	close(sock[0]);
}

/* Under way in a socket, nobody has it open, and it is not the last close. */
static void lives_in_flight(void)
{
	int sock[2], fd;

	REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, sock) == 0);
	fd = vault_open();
	CHECK(key_make(fd, KV_ALG_ED25519) != 0);
	EQ(send_fd(sock[0], fd), 0);
	close(fd);
	fd = receive_fd(sock[1]);
	REQUIRE(fd >= 0);
	EQ(key_count(fd), 1);
	close(fd);
	/* and one that is never received goes with its socket */
	fd = vault_open();
	CHECK(key_make(fd, KV_ALG_ED25519) != 0);
	EQ(send_fd(sock[0], fd), 0);
	close(fd);
	close(sock[0]);
	close(sock[1]);
}

static void two_opens_are_two_vaults(void)
{
	int a = vault_open(), b = vault_open();
	uint64_t id = key_make(a, KV_ALG_ED25519);
	uint8_t sig[64];

	EQ(key_count(a), 1);
	EQ(key_count(b), 0);
	EQ(ask_sign(b, id, "m", 1, sig), ENOENT);
	EQ(ask_destroy(b, id), ENOENT);
	EQ(ask_revoke(b, id), ENOENT);
	close(b);
	EQ(ask_sign(a, id, "m", 1, sig), 0);
	close(a);
}

static void nothing_survives_the_last_close(void)
{
	struct kv_keyinfo_req info;
	uint64_t id;
	int i, fd;

	for (i = 0; i < 20; i++) {
		fd = vault_open();
		EQ(key_count(fd), 0);
		EQ(ask_getcaps(fd), KV_CAP_ALL);
		id = key_make(fd, KV_ALG_AES256_GCM);
		EQ(ask_restrict(fd, KV_CAP_GETINFO), 0);
		close(fd);
		fd = vault_open();
		EQ(ask_getinfo(fd, id, &info), ENOENT);
		close(fd);
	}
}

static void open_and_close_often(void)
{
	int i, fd;

	for (i = 0; i < 3000; i++) {
		fd = vault_open();
		REQUIRE(fd >= 0);
		if (i % 16 == 0)
			CHECK(key_make(fd, KV_ALG_X25519) != 0);
		close(fd);
	}
}

/* A socket that holds the descriptor and itself goes when the system sees it. */
static void lost_in_sockets(void)
{
	int i, fd, sock[2];

	for (i = 0; i < 20; i++) {
		REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, sock) == 0);
		fd = vault_open();
		CHECK(key_make(fd, KV_ALG_ED25519) != 0);
		EQ(send_fd(sock[0], fd), 0);
		EQ(send_fd(sock[0], sock[1]), 0);
		EQ(send_fd(sock[1], sock[0]), 0);
		close(fd);
		close(sock[0]);
		close(sock[1]);
	}
	/* which it does when another one is closed */
	REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, sock) == 0);
	close(sock[0]);
	close(sock[1]);
}

/* Killed in the middle of long operations, with threads of its own. */
static void *busy(void *arg)
{
	static uint8_t data[KV_MAX_DATA_SIZE];
	int fd = *(int *)arg;
	uint8_t out[64];
	size_t n;

	for (;;) {
		n = 64;
		if (ask_hash(fd, KV_ALG_SHA512, data, sizeof(data), out, &n))
			return NULL;
	}
}

static void killed_in_use(void)
{
	int i, status;

	for (i = 0; i < 10; i++) {
		pid_t child = fork();

		if (child == 0) {
			int fd = vault_open(), k;
			pthread_t thread;

			for (k = 0; k < 3; k++)
				if (pthread_create(&thread, NULL, busy, &fd))
					_exit(1);
			busy(&fd);
			_exit(2);
		}
		nap(0.01 + 0.003 * i);
		EQ(kill(child, SIGKILL), 0);
		CHECK(waitpid(child, &status, 0) == child);
		CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	}
}

static void no_mapping(void)
{
	int fd = vault_open();

	CHECK(mmap(NULL, page_size(), PROT_READ, MAP_SHARED, fd, 0) ==
	      MAP_FAILED);
	CHECK(mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		   0) == MAP_FAILED);
	close(fd);
}

TESTS(fd) = {
	TEST(dup_shares),
	TEST(fork_shares),
	TEST(children_keep_it_open),
	TEST(passed_over_a_socket),
	TEST(lives_in_flight),
	TEST(two_opens_are_two_vaults),
	TEST(nothing_survives_the_last_close),
	TEST(open_and_close_often),
	TEST(lost_in_sockets),
	TEST(killed_in_use),
	TEST(no_mapping),
	TESTS_END
};
