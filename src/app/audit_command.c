/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* audit_command: `careops audit`, with the settings of serve and words of its own. See program.h.
 */
#include "app/program.h"

#include "base/log.h"
#include "inspect/inspect.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ARGUMENTS_MAX = 256, AGAIN_MAX = 3, PATIENCE_MS = 12 * 60 * 60 * 1000 };

struct audit_asked {
    struct inspect_options options;
    bool list;
    int count; /* of what remains for the settings */
    char *rest[ARGUMENTS_MAX];
};

/* Takes its own words out of the command line. False with words. */
static bool read_arguments(int argc, char **argv, struct audit_asked *ret, const char **ret_error)
{
    *ret = (struct audit_asked){0};
    *ret_error = "too many arguments";
    for (int i = 0; i < argc && ret->count < ARGUMENTS_MAX; i++) {
        if (strcmp(argv[i], "--json") == 0) {
            ret->options.json = true;
        } else if (strcmp(argv[i], "--list") == 0) {
            ret->list = true;
        } else if (strncmp(argv[i], "--only=", 7) == 0) {
            ret->options.only = argv[i] + 7;
        } else if (strcmp(argv[i], "--only") == 0) {
            *ret_error = "--only wants names of checks, with commas between them";
            if (++i == argc)
                return false;
            ret->options.only = argv[i];
        } else {
            ret->rest[ret->count++] = argv[i];
        }
    }
    return ret->count < ARGUMENTS_MAX;
}

/* Where somebody begins to use a stopped database meanwhile, it is looked at again beside them. */
static int look(const struct config *c, const struct env *env,
                const struct inspect_options *options, char *error)
{
    struct db_config config = {
        .url = c->db, .connections = 1, .env = env, .busy_ms = PATIENCE_MS, .read_only = true};
    for (int i = 0; i < AGAIN_MAX; i++) {
        struct db *db;
        if (db_open(&config, &db, error) != OK)
            return INSPECT_BLIND;
        enum inspect_status status = inspect(db, env, options, stdout, error);
        bool disturbed = db_was_disturbed(db);
        db_close(db);
        if (!disturbed)
            return status;
    }
    snprintf(error, DB_ERROR_TEXT, "the database is being started and stopped: try again later");
    return INSPECT_BLIND;
}

int program_audit(int argc, char **argv)
{
    struct arena a;
    struct config c;
    struct audit_asked asked;
    const char *word[2], *wrong;
    size_t words;
    char error[DB_ERROR_TEXT] = "", config_error[CONFIG_ERROR_TEXT] = "";
    int status = INSPECT_BLIND;
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    if (!read_arguments(argc, argv, &asked, &wrong)) {
        snprintf(error, sizeof error, "%s", wrong);
    } else if (asked.list) {
        inspect_list(stdout);
        status = INSPECT_HOLDS;
    } else if (config_read(&a, asked.count, asked.rest, &c, word, 2, &words, config_error) != OK) {
        snprintf(error, sizeof error, "%s", config_error);
    } else if (words > 1) { /* the first is the command */
        snprintf(error, sizeof error, "audit takes settings, --json, --only NAME and --list");
    } else {
        struct env env = env_real();
        log_to(STDERR_FILENO, LOG_WARN);
        status = look(&c, &env, &asked.options, error);
        free(env.last_id);
    }
    if (error[0])
        fprintf(stderr, "careops: %s\n", error);
    arena_done(&a);
    return status;
}
