/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* main: which command was asked for. */
#include "app/backup.h"
#include "app/config.h"
#include "app/program.h"
#include "chaos/chaos.h"

#include <string.h>

static int show_config(const struct config *c)
{
    config_show(c, stdout);
    return 0;
}

static int show_reference(const struct config *c)
{
    (void)c;
    config_reference(stdout);
    return 0;
}

static const struct command {
    const char *name;
    int (*run)(const struct config *c);
    const char *doc;
    int (*run_on)(const struct config *c, const char *word); /* takes a word, or NULL without */
} commands[] = {
    {"serve", program_serve, "serve the pages and the API, and send what is due", NULL},
    {"migrate", program_migrate, "bring the database to this program's schema", NULL},
    {"scrub", program_scrub, "write the database's tables anew, so that nothing erased is left",
     NULL},
    {"demo", program_demo, "fill an empty database with a salon, a spa and a clinic", NULL},
    {"config", show_config, "show the settings as they are read", NULL},
    {"config-reference", show_reference, "the table of settings, as in docs/operators.md", NULL},
    {"openapi", program_openapi, "print the OpenAPI document", NULL},
    {"unmatched", NULL, "list the mails that belong nowhere, or print the one of a number",
     program_unmatched},
};
enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

/* These have words of their own beside the settings, and read the command line themselves. */
static const struct own_command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *doc;
} own_commands[] = {
    {"audit", program_audit,
     "look whether the database is as it must be (--json, --only NAME, --list)"},
    {"backup", backup_command,
     "copy the database into a FILE or a FOLDER, while it is served, too (--force)"},
    {"restore", restore_command, "put a backup in the place of the database, which is kept aside"},
    {"chaos", chaos_main, "play a Chaos Day against a running system; see careops chaos --help"},
};
enum { OWN_COMMAND_COUNT = sizeof own_commands / sizeof own_commands[0] };

static void help(FILE *out)
{
    fprintf(out, "usage: careops COMMAND [--setting value]…\n\ncommands:\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        fprintf(out, "  %-18s %s\n", commands[i].name, commands[i].doc);
    for (size_t i = 0; i < OWN_COMMAND_COUNT; i++)
        fprintf(out, "  %-18s %s\n", own_commands[i].name, own_commands[i].doc);
    fprintf(out, "\nsettings (a flag wins over the environment):\n");
    config_help(out);
}

int main(int argc, char **argv)
{
    for (size_t i = 0; argc > 1 && i < OWN_COMMAND_COUNT; i++)
        if (strcmp(own_commands[i].name, argv[1]) == 0)
            return own_commands[i].run(argc, argv);
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            help(stdout);
            return 0;
        }
    struct arena a;
    arena_init(&a, ARENA_DEFAULT_LIMIT);
    struct config c;
    const char *rest[2];
    size_t rest_count;
    char error[CONFIG_ERROR_TEXT] = "";
    int status = 2;
    if (config_read(&a, argc, argv, &c, rest, 2, &rest_count, error) != OK) {
        fprintf(stderr, "careops: %s\n", error);
    } else if (rest_count < 1 || rest_count > 2) {
        help(stderr);
    } else {
        size_t i = 0;
        while (i < COMMAND_COUNT && strcmp(commands[i].name, rest[0]) != 0)
            i++;
        if (i == COMMAND_COUNT)
            fprintf(stderr, "careops: unknown command %s; see careops --help\n", rest[0]);
        else if (commands[i].run_on)
            status = commands[i].run_on(&c, rest_count > 1 ? rest[1] : NULL);
        else if (rest_count > 1)
            help(stderr);
        else
            status = commands[i].run(&c);
    }
    arena_done(&a);
    return status;
}
