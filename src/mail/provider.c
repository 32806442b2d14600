/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* provider: which provider a setting means. See mail.h and provider.h. */
#include "mail/provider.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <stdarg.h>
#include <string.h>

enum result provider_wrong(char ret_error[static MAIL_SETTING_TEXT], const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(ret_error, MAIL_SETTING_TEXT, fmt, ap);
    va_end(ap);
    return INVALID;
}

void mail_result_set(struct mail_result *r, enum mail_outcome outcome, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    r->outcome = outcome;
    vsnprintf(r->error, sizeof r->error, fmt, ap);
    va_end(ap);
}

bool provider_is_loopback(const char *host)
{
    struct in_addr v4;
    if (inet_pton(AF_INET, host, &v4) == 1)
        return ntohl(v4.s_addr) >> 24 == 127;
    return strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0;
}

enum result mail_provider_new(const struct mail_provider_config *config, struct mail_provider *ret,
                              char ret_error[static MAIL_SETTING_TEXT])
{
    struct str url = str_of(config->url ? config->url : "");
    if (str_starts(url, STR("file:")))
        return file_provider_new(config, ret, ret_error);

    bool smtp = str_starts(url, STR("smtp://")) || str_starts(url, STR("smtps://"));
    if (!smtp && !str_is(url, "resend"))
        return provider_wrong(ret_error,
                              "mail: give file:FOLDER, smtp://HOST, smtps://HOST or resend");
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return provider_wrong(ret_error, "mail: libcurl could not be started");
    return smtp ? smtp_provider_new(config, ret, ret_error)
                : resend_provider_new(config, ret, ret_error);
}

void mail_network_begin(void)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        abort(); /* at start: nothing can be sent without it */
}

void mail_network_end(void)
{
    curl_global_cleanup();
}
