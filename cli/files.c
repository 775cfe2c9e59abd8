// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* encrypt, decrypt: files of any size, in the format of docs/FORMAT.md. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"

#define PIECE	65536
#define SUFFIX	".kv"

enum { F_KEY, F_OUT, F_FORCE, F_QUIET, F_ALG };

#define FILE_OPTS \
	[F_KEY] = CLI_OPT_KEY, \
	[F_OUT] = { "output", 'o', "FILE", "write there; - is standard output" }, \
	[F_FORCE] = { "force", 'f', NULL, "replace the file that is there" }, \
	[F_QUIET] = { "quiet", 'q', NULL, "no progress bar" }

static const struct cli_opt encrypt_opts[] = {
	FILE_OPTS,
	[F_ALG] = { "algorithm", 'a', "ALG", "aes256-gcm or chacha20-poly1305 (aes256-gcm)" },
	CLI_OPT_END
};

static const struct cli_opt decrypt_opts[] = { FILE_OPTS, CLI_OPT_END };

struct job {
	const struct cli_args *args;
	const char *key_ref;
	const char *in_path;	/* NULL: standard input */
	char *out_path;		/* ours; NULL: standard output */
	int in;
	struct outfile out;
	struct kv *kv;
	uint64_t key;
	struct kv_stream *stream;
	struct progress progress;
	uint8_t from[PIECE];
	uint8_t to[KV_STREAM_ROOM(PIECE)];
};

static volatile sig_atomic_t caught;

static void on_signal(int number)
{
	caught = number;
}

/*
 * A signal ends the reads and writes (no SA_RESTART), so that the clean-up is
 * the ordinary one. A closed pipe shows as EPIPE.
 */
static void catch_signals(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction act = { .sa_handler = on_signal }, old;

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (!sigaction(signals[i], NULL, &old) &&
		    old.sa_handler != SIG_IGN)
			sigaction(signals[i], &act, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static void die_of_signal(void)
{
	if (!caught)
		return;
	signal(caught, SIG_DFL);
	raise(caught);
}

static int stream_failed(const struct job *j, int err)
{
	struct kv_key_info info;
	const char *cmd = j->args->cmd->name, *ref = j->key_ref;

	if (err == -EOPNOTSUPP && !kv_info(j->kv, j->key, &info))
		return cli_fail("key '%s' is %s, and files need a key to derive from: 'keyvault generate NAME' makes one (hkdf-sha256), or import an hmac-sha256 key",
				ref, kv_alg_name(info.algorithm));
	if (err == -EINVAL && cli_max_request() < PIECE)
		return cli_fail("the vault takes too little in one request for files: root must raise max_data_size to %d (see keyvault(4))",
				PIECE);
	return cli_fail_kv(err, "cannot %s %s with key '%s'", cmd,
			   cli_shown(j->in_path), ref);
}

static int put(struct job *j, size_t len)
{
	int err = outfile_write(&j->out, j->to, len);

	if (!err)
		return 0;
	return caught ? CLI_FAIL : cli_fail("cannot write %s: %s", j->out.path,
					    strerror(-err));
}

static int pump(struct job *j)
{
	size_t len;
	ssize_t n;
	int err;

	do {
		n = caught ? 0 : read(j->in, j->from, PIECE);
		if (caught)
			return CLI_FAIL;
		if (n < 0)
			return cli_fail("cannot read %s: %s",
					cli_shown(j->in_path), strerror(errno));
		len = sizeof(j->to);
		err = n ? kv_stream_update(j->stream, j->from, n, j->to, &len) :
			  kv_stream_final(j->stream, j->to, &len);
		if (err) {
			progress_end(&j->progress);
			return stream_failed(j, err);
		}
		if (put(j, len))
			return CLI_FAIL;
		progress_add(&j->progress, n);
	} while (n);
	return 0;
}

/* The output's permissions are the input's, but for the umask. */
static int open_files(struct job *j)
{
	bool quiet = j->args->opt[F_QUIET];
	struct stat st;

	j->in = STDIN_FILENO;
	if (j->in_path)
		j->in = open(j->in_path, O_RDONLY | O_CLOEXEC);
	if (j->in < 0 || fstat(j->in, &st))
		return cli_fail("cannot open %s: %s", j->in_path,
				strerror(errno));
	if (S_ISDIR(st.st_mode))
		return cli_fail("%s is a folder: pack it first (tar c FOLDER | keyvault encrypt -k KEY > FOLDER.tar" SUFFIX ")",
				j->in_path);
	if (!S_ISREG(st.st_mode))
		st.st_mode = 0600;
	progress_start(&j->progress, j->args->cmd->name, st.st_size, quiet);
	return outfile_open(&j->out, j->out_path, j->args->opt[F_FORCE],
			    st.st_mode & 0666);
}

/* The work between the checks of the arguments and the exit. */
static int run_job(struct job *j, int (*start)(struct job *j))
{
	int status;

	catch_signals();
	j->out.fd = j->in = -1;
	status = cli_open_key(j->args, j->key_ref, &j->kv, &j->key);
	if (!status)
		status = open_files(j);
	if (!status)
		status = start(j);
	if (!status)
		status = pump(j);
	progress_end(&j->progress);
	if (!status)
		status = outfile_commit(&j->out);
	outfile_abort(&j->out);
	if (j->in > STDIN_FILENO)
		close(j->in);
	kv_stream_free(j->stream);
	kv_close(j->kv);
	die_of_signal();
	return status;
}

static struct job *new_job(const struct cli_args *args)
{
	struct job *j = calloc(1, sizeof(*j));

	if (!j)
		return NULL;
	j->args = args;
	j->key_ref = args->opt[F_KEY];
	if (args->nargs && strcmp(args->arg[0], "-"))
		j->in_path = args->arg[0];
	if (args->opt[F_OUT])
		j->out_path = strdup(args->opt[F_OUT]);
	return j;
}

static void free_job(struct job *j)
{
	if (!j)
		return;
	free(j->out_path);
	explicit_bzero(j, sizeof(*j));
	free(j);
}

static int start_encrypt(struct job *j)
{
	uint32_t alg = KV_ALG_NONE;
	int err;

	if (j->args->opt[F_ALG])
		alg = kv_alg_by_name(j->args->opt[F_ALG]);
	err = kv_stream_encrypt(&j->stream, j->kv, j->key, alg);
	return err ? stream_failed(j, err) : 0;
}

static int encrypt(const struct cli_args *args)
{
	const char *alg = args->opt[F_ALG];
	struct job *j;
	int status;

	if (alg && strcmp(alg, "aes256-gcm") && strcmp(alg, "chacha20-poly1305"))
		return cli_bad_usage(args, "files are encrypted with aes256-gcm or chacha20-poly1305, not with '%s'",
				     alg);
	j = new_job(args);
	if (!j)
		return cli_fail("out of memory");
	if (!j->out_path && j->in_path &&
	    asprintf(&j->out_path, "%s" SUFFIX, j->in_path) < 0) {
		j->out_path = NULL;
		status = cli_fail("out of memory");
	} else if (!j->out_path && isatty(STDOUT_FILENO)) {
		status = cli_bad_usage(args, "this would write binary data to the terminal: say --output FILE");
	} else {
		status = run_job(j, start_encrypt);
	}
	free_job(j);
	return status;
}

const struct cli_command cli_encrypt = {
	.name = "encrypt", .operands = "[FILE]",
	.summary = "encrypt FILE to FILE" SUFFIX ", or standard input to standard output",
	.help = "The key is an HKDF or HMAC key; each file gets one of its own from it.\n",
	.opts = encrypt_opts, .max_args = 1, .run = encrypt,
};

static int start_decrypt(struct job *j)
{
	int err = kv_stream_decrypt(&j->stream, j->kv, j->key);

	return err ? stream_failed(j, err) : 0;
}

static int decrypt(const struct cli_args *args)
{
	struct job *j = new_job(args);
	const char *in;
	size_t len;
	int status;

	if (!j)
		return cli_fail("out of memory");
	in = j->in_path;
	len = in ? strlen(in) : 0;
	if (!j->out_path && len > strlen(SUFFIX) &&
	    !strcmp(in + len - strlen(SUFFIX), SUFFIX))
		j->out_path = strndup(in, len - strlen(SUFFIX));
	if (in && !j->out_path)
		status = cli_bad_usage(args, "'%s' does not end in " SUFFIX ": say --output FILE",
				       in);
	else
		status = run_job(j, start_decrypt);
	free_job(j);
	return status;
}

const struct cli_command cli_decrypt = {
	.name = "decrypt", .operands = "[FILE" SUFFIX "]",
	.summary = "decrypt FILE" SUFFIX " to FILE, or standard input to standard output",
	.help = "A file that was changed, cut or put together from others is refused, and no\n"
		"output file is left. To standard output the bytes go as they are found\n"
		"authentic: only exit status 0 says that this was all.\n",
	.opts = decrypt_opts, .max_args = 1, .run = decrypt,
};
