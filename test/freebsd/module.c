/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * module.c - what the FreeBSD module has beyond what conformance asks of every
 * home: loading and unloading, the device, sysctls, descriptors of this system
 *
 * usage: freebsd [PATH of keyvault.ko]. As root, with the module loaded.
 */
#include <sys/param.h>
#include <sys/capsicum.h>
#include <sys/filio.h>
#include <sys/ioctl.h>
#include <sys/linker.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysctl.h>
#include <sys/wait.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "keyvault.h"
#include "tap.h"

static const char *module = "./keyvault.ko";

static int vault(void)
{
	return open("/dev/keyvault", O_RDWR);
}

static uint64_t new_key(int fd, uint32_t algorithm)
{
	struct kv_genkey_req req = { .algorithm = algorithm };

	return ioctl(fd, KV_IOC_GENKEY, &req) ? 0 : req.key_id;
}

static uint32_t count_keys(int fd)
{
	uint64_t ids[16];
	struct kv_list_req req = { .key_ids = ids, .max_keys = 16 };

	return ioctl(fd, KV_IOC_LIST, &req) ? UINT32_MAX : req.num_keys;
}

/* Encrypts and decrypts; 0 or errno. */
static int use_key(int fd, uint64_t id)
{
	uint8_t data[100] = { 1 }, nonce[12], tag[16];
	struct kv_aead_encrypt_req enc = {
		.key_id = id, .plaintext = data, .plaintext_len = sizeof(data),
		.ciphertext = data, .ciphertext_len = sizeof(data),
		.nonce_out = nonce, .tag = tag,
	};
	struct kv_aead_decrypt_req dec = {
		.key_id = id, .ciphertext = data, .ciphertext_len = sizeof(data),
		.nonce = nonce, .tag = tag,
		.plaintext = data, .plaintext_len = sizeof(data),
	};

	if (ioctl(fd, KV_IOC_AEAD_ENCRYPT, &enc) ||
	    ioctl(fd, KV_IOC_AEAD_DECRYPT, &dec))
		return errno;
	return data[0] == 1 ? 0 : EIO;
}

static int unload(const char *name)
{
	int id = kldfind(name);

	return id < 0 || kldunload(id) ? errno : 0;
}

static int load(const char *path)
{
	return kldload(path) < 0 ? errno : 0;
}

static void device_is_roots(void)
{
	struct stat st;

	REQUIRE(stat("/dev/keyvault", &st) == 0);
	CHECK(S_ISCHR(st.st_mode));
	CHECK((st.st_mode & 07777) == 0600);
	CHECK(st.st_uid == 0 && st.st_gid == 0);
}

static void write_only_is_refused(void)
{
	CHECK(open("/dev/keyvault", O_WRONLY) < 0 && errno == EINVAL);
}

static void busy_while_open(void)
{
	int fd = vault(), copy;
	uint64_t id = new_key(fd, KV_ALG_AES256_GCM);

	REQUIRE(fd >= 0 && id);
	CHECK(unload("keyvault") == EBUSY);
	copy = dup(fd);
	close(fd);
	CHECK(unload("keyvault") == EBUSY);
	CHECK(kldunloadf(kldfind("keyvault"), LINKER_UNLOAD_FORCE) &&
	      errno == EBUSY);
	CHECK(use_key(copy, id) == 0);
	close(copy);
	CHECK(unload("keyvault") == 0);
	CHECK(vault() < 0 && errno == ENOENT);
	CHECK(load(module) == 0);
}

/* Opens, makes keys and closes, now and then; the module comes and goes. */
static void *open_and_close(void *arg)
{
	atomic_bool *stop = arg;
	uintptr_t opened = 0;

	while (!atomic_load(stop)) {
		int fd = vault();

		if (fd < 0)
			continue;
		opened++;
		new_key(fd, KV_ALG_AES256_GCM);
		close(fd);
		usleep(opened * 3700 % 50000);
	}
	return (void *)opened;
}

static void unload_races_close(void)
{
	atomic_bool stop = false;
	pthread_t thread[4];
	void *opened;
	uintptr_t total = 0;
	int i, tries, unloaded = 0;

	for (i = 0; i < 4; i++)
		REQUIRE(!pthread_create(&thread[i], NULL, open_and_close, &stop));
	for (tries = 0; tries < 20000 && unloaded < 20; tries++) {
		int err = unload("keyvault");

		if (!err) {
			unloaded++;
			CHECK(load(module) == 0);
			usleep(20000);
		} else if (!CHECK(err == EBUSY)) {
			break;
		}
	}
	atomic_store(&stop, true);
	for (i = 0; i < 4; i++) {
		pthread_join(thread[i], &opened);
		total += (uintptr_t)opened;
	}
	printf("# unloaded %d times in %d tries, opened %ju times\n", unloaded, tries,
	       (uintmax_t)total);
	CHECK(unloaded > 0 && total > 0);
}

/* A descriptor on its way when nobody is left to take it is closed, too. */
static void lost_descriptor_is_closed(void)
{
	union {
		struct cmsghdr head;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { .head = {
		.cmsg_len = CMSG_LEN(sizeof(int)),
		.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS,
	} };
	char byte = 0;
	struct iovec iov = { &byte, 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	int pair[2], fd = vault(), i, err = EBUSY;

	REQUIRE(fd >= 0 && !socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
	memcpy(CMSG_DATA(&control.head), &fd, sizeof(fd));
	REQUIRE(sendmsg(pair[0], &msg, 0) == 1);
	close(fd);
	CHECK(unload("keyvault") == EBUSY);
	close(pair[0]);
	close(pair[1]);
	for (i = 0; i < 100 && err == EBUSY; i++) {
		usleep(50000);		/* a task of the kernel closes it */
		err = unload("keyvault");
	}
	CHECK(err == 0);
	CHECK(load(module) == 0);
}

static void flags_can_be_set(void)
{
	int fd = vault(), on = 1;

	CHECK(fcntl(fd, F_SETFL, O_NONBLOCK) == 0);
	CHECK(fcntl(fd, F_GETFL) & O_NONBLOCK);
	CHECK(ioctl(fd, FIONBIO, &on) == 0);
	CHECK(new_key(fd, KV_ALG_X25519) != 0);
	close(fd);
}

static void others_requests_are_unknown(void)
{
	char bytes[512];
	int fd = vault();

	CHECK(ioctl(fd, FIONREAD, bytes) && errno == ENOTTY);
	CHECK(ioctl(fd, TIOCGETA, bytes) && errno == ENOTTY);
	CHECK(ioctl(fd, _IO('K', 1)) && errno == ENOTTY);
	CHECK(ioctl(fd, _IOWR('K', 1, char[32]), bytes) && errno == ENOTTY);
	CHECK(ioctl(fd, _IOW('K', 1, struct kv_genkey_req), bytes) &&
	      errno == ENOTTY);
	CHECK(ioctl(fd, _IOWR('L', 1, struct kv_genkey_req), bytes) &&
	      errno == ENOTTY);
	close(fd);
}

/* The system would copy the answer out, fail, and leave the key behind. */
static void no_key_without_an_answer(void)
{
	size_t page = (size_t)getpagesize();
	struct kv_genkey_req *req = mmap(NULL, page, PROT_READ | PROT_WRITE,
					 MAP_ANON | MAP_PRIVATE, -1, 0);
	int fd = vault();

	REQUIRE(req != MAP_FAILED && fd >= 0);
	req->algorithm = KV_ALG_AES256_GCM;
	REQUIRE(!mprotect(req, page, PROT_READ));
	CHECK(ioctl(fd, KV_IOC_GENKEY, req) && errno == EFAULT);
	CHECK(count_keys(fd) == 0);
	REQUIRE(!mprotect(req, page, PROT_READ | PROT_WRITE));
	CHECK(ioctl(fd, KV_IOC_GENKEY, req) == 0);
	CHECK(count_keys(fd) == 1);
	close(fd);
	munmap(req, page);
}

static int set(const char *name, unsigned int value)
{
	return sysctlbyname(name, NULL, NULL, &value, sizeof(value)) ? errno : 0;
}

static unsigned int get(const char *name)
{
	unsigned int value = 0;
	size_t size = sizeof(value);

	return sysctlbyname(name, &value, &size, NULL, 0) ? 0 : value;
}

static void sysctls_have_bounds(void)
{
	static const struct {
		const char *name;
		unsigned int def, min, max;
	} t[] = {
		{ "security.keyvault.max_keys_per_file", 256, 1, 65536 },
		{ "security.keyvault.max_key_bytes", 1048576, 1024, 16777216 },
		{ "security.keyvault.max_files", 1024, 1, 65536 },
		{ "security.keyvault.max_data_size", 1048576, 64, 16777216 },
	};
	unsigned int i;

	for (i = 0; i < nitems(t); i++) {
		CHECK(get(t[i].name) == t[i].def);
		CHECK(set(t[i].name, t[i].min - 1) == EINVAL);
		CHECK(set(t[i].name, t[i].max + 1) == EINVAL);
		CHECK(set(t[i].name, UINT_MAX) == EINVAL);
		CHECK(get(t[i].name) == t[i].def);
		CHECK(set(t[i].name, t[i].min) == 0);
		CHECK(get(t[i].name) == t[i].min);
		CHECK(set(t[i].name, t[i].max) == 0);
		CHECK(get(t[i].name) == t[i].max);
		CHECK(set(t[i].name, t[i].def) == 0);
	}
}

static void sysctls_work_at_once(void)
{
	const char *keys = "security.keyvault.max_keys_per_file";
	const char *files = "security.keyvault.max_files";
	int fd = vault(), other;

	CHECK(set(keys, 1) == 0);
	CHECK(new_key(fd, KV_ALG_X25519) != 0);
	CHECK(new_key(fd, KV_ALG_X25519) == 0 && errno == EMFILE);
	CHECK(set(keys, 256) == 0);
	CHECK(new_key(fd, KV_ALG_X25519) != 0);
	CHECK(set(files, 1) == 0);
	other = vault();
	CHECK(other < 0 && errno == EMFILE);
	CHECK(set(files, 1024) == 0);
	close(fd);
}

/* A process in capability mode opens nothing, and uses what it was given. */
static void works_in_capability_mode(void)
{
	int fd = vault(), bare = dup(fd), status = -1;
	cap_rights_t rights;
	pid_t pid;

	cap_rights_init(&rights, CAP_READ);
	REQUIRE(cap_rights_limit(bare, &rights) == 0);
	pid = fork();
	if (pid == 0) {
		int bad = cap_enter() != 0;

		bad |= vault() >= 0 || errno != ECAPMODE;
		bad |= !new_key(fd, KV_ALG_AES256_GCM);
		bad |= new_key(bare, KV_ALG_AES256_GCM) || errno != ENOTCAPABLE;
		_exit(bad);
	}
	REQUIRE(pid > 0 && waitpid(pid, &status, 0) == pid);
	CHECK(status == 0);
	CHECK(count_keys(fd) == 1);
	close(fd);
	close(bare);
}

static bool by_driver(int fd, const char *name)
{
	struct kv_getalg_req req = { .algorithm = KV_ALG_AES256_GCM };

	return ioctl(fd, KV_IOC_GETALG, &req) == 0 &&
	       !strcmp(req.implementation, name);
}

struct user {
	int fd;
	uint64_t id;
	atomic_bool stop;
	atomic_uint uses, errors;
};

static void *use_on_and_on(void *arg)
{
	struct user *user = arg;

	while (!atomic_load(&user->stop)) {
		if (use_key(user->fd, user->id))
			atomic_fetch_add(&user->errors, 1);
		atomic_fetch_add(&user->uses, 1);
	}
	return NULL;
}

/* Keys move to another driver while threads use them; nobody notices. */
static void driver_goes_away(void)
{
	struct user user = { .fd = -1 };
	pthread_t thread[4];
	bool mine = kldfind("aesni") < 0;
	int i;

	if (mine && load("aesni"))
		SKIP("no module aesni here");
	user.fd = vault();
	REQUIRE(user.fd >= 0);
	if (!by_driver(user.fd, "aesni")) {
		close(user.fd);
		SKIP("no AES instructions here");
	}
	user.id = new_key(user.fd, KV_ALG_AES256_GCM);
	for (i = 0; i < 4; i++)
		REQUIRE(!pthread_create(&thread[i], NULL, use_on_and_on, &user));
	for (i = 0; i < 10; i++) {
		usleep(50000);
		CHECK(unload("aesni") == 0);
		CHECK(by_driver(user.fd, "cryptosoft"));
		usleep(50000);
		CHECK(load("aesni") == 0);
	}
	atomic_store(&user.stop, true);
	for (i = 0; i < 4; i++)
		pthread_join(thread[i], NULL);
	printf("# %u uses while aesni went 10 times\n", user.uses);
	CHECK(user.uses > 0 && user.errors == 0);
	close(user.fd);
	if (mine)
		CHECK(unload("aesni") == 0);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		module = argv[1];
	TAP_RUN(device_is_roots);
	TAP_RUN(write_only_is_refused);
	TAP_RUN(flags_can_be_set);
	TAP_RUN(others_requests_are_unknown);
	TAP_RUN(no_key_without_an_answer);
	TAP_RUN(sysctls_have_bounds);
	TAP_RUN(sysctls_work_at_once);
	TAP_RUN(works_in_capability_mode);
	TAP_RUN(busy_while_open);
	TAP_RUN(lost_descriptor_is_closed);
	TAP_RUN(driver_goes_away);
	TAP_RUN(unload_races_close);
	return tap_done();
}
