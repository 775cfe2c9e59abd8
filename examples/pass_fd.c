// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Encrypts a text, then hands the vault to another process over a Unix socket,
 * narrowed so that it can decrypt and do nothing else. What is given up is given
 * up for all who hold the descriptor, here too: narrow it when all else is done.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <libkeyvault.h>

/* What the other process gets beside the descriptor. */
struct letter {
	uint64_t key;
	uint8_t nonce[KV_AEAD_NONCE_SIZE];
	uint8_t tag[KV_AEAD_TAG_SIZE];
	uint8_t ciphertext[32];
};

union control {		/* aligned as the kernel wants it */
	struct cmsghdr header;
	char space[CMSG_SPACE(sizeof(int))];
};

static int send_vault(int sock, int fd, struct letter *letter)
{
	union control control = { 0 };
	struct iovec iov = { letter, sizeof(*letter) };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	return sendmsg(sock, &msg, MSG_NOSIGNAL) == sizeof(*letter) ? 0 : -EIO;
}

static int receive_vault(int sock, struct kv **kv, struct letter *letter)
{
	union control control;
	struct iovec iov = { letter, sizeof(*letter) };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *c;
	int fd, err;

	if (recvmsg(sock, &msg, MSG_CMSG_CLOEXEC) != sizeof(*letter))
		return -EIO;
	c = CMSG_FIRSTHDR(&msg);
	if (!c || c->cmsg_type != SCM_RIGHTS)
		return -EIO;
	memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	err = kv_open_fd(kv, fd);
	if (err)
		close(fd);
	return err;
}

/* The process that may decrypt. */
static int second(int sock)
{
	struct kv *kv = NULL;
	struct letter l;
	char text[sizeof(l.ciphertext)];
	int err;

	err = receive_vault(sock, &kv, &l);
	if (!err)
		err = kv_aead_decrypt(kv, l.key, NULL, 0, l.ciphertext,
				      sizeof(text), text, l.nonce, l.tag);
	if (err)
		goto out;
	printf("second: it reads \"%.*s\"\n", (int)sizeof(text), text);
	err = kv_destroy(kv, l.key);
	printf("second: destroy the key? %s\n", kv_strerror(err));
	err = err == -EPERM ? 0 : -EPROTO;
out:
	kv_close(kv);
	return err;
}

/* The process that makes the key. */
static int first(int sock)
{
	struct letter l = { 0 };
	char text[sizeof(l.ciphertext)] = "meet me at the usual place";
	struct kv *kv = NULL;
	int err;

	err = kv_open(&kv, KV_OPEN_FRESH);
	if (!err)
		err = kv_generate(kv, KV_ALG_AES256_GCM, 0, 0, &l.key);
	if (!err)
		err = kv_aead_encrypt(kv, l.key, NULL, 0, text, sizeof(text),
				      l.ciphertext, l.nonce, l.tag);
	if (!err)
		err = kv_restrict(kv, KV_CAP_DECRYPT);
	if (!err)
		err = send_vault(sock, kv_fd(kv), &l);
	kv_close(kv);	/* the vault lives on: its descriptor is on its way */
	return err;
}

int main(void)
{
	int pair[2], status = 1, err;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) ||
	    (pid = fork()) < 0) {
		perror("pass_fd");
		return 1;
	}
	close(pair[pid ? 1 : 0]);	/* the other's end */
	err = pid ? first(pair[0]) : second(pair[1]);
	if (err)
		fprintf(stderr, "pass_fd: %s\n", kv_strerror(err));
	close(pair[pid ? 0 : 1]);
	if (pid && waitpid(pid, &status, 0) == pid && status)
		err = -EIO;
	return err ? 1 : 0;
}
