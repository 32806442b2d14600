/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* resend_answer: what Resend's answer, or its absence, says about the message. See resend.h. */
#include "mail/resend.h"

#include "mail/provider.h"
#include "mail/text.h"

#include <jansson.h>
#include <string.h>

enum { QUOTA_PAUSE_S = 3600, RETRY_AFTER_MAX_S = 24 * 3600 };

/* A string member of the answer, or NULL. The root must be freed by the caller. */
static const char *answer_text(const json_t *root, const char *name)
{
    return json_string_value(json_object_get(root, name));
}

static void settle_good(const json_t *root, struct mail_result *ret)
{
    struct str id = str_of(answer_text(root, "id"));
    if (!id.ptr || !text_is_visible_ascii(id) || id.len >= MAIL_ID_TEXT) {
        mail_result_set(ret, MAIL_UNKNOWN, "Resend answered 200 without an id.");
        return;
    }
    ret->outcome = MAIL_ACCEPTED;
    memcpy(ret->provider_id, id.ptr, id.len);
    snprintf(ret->word, sizeof ret->word, "200 id " STR_FMT, STR_ARG(id));
}

static void settle_too_many(const json_t *root, CURL *easy, struct mail_result *ret)
{
    const char *name = answer_text(root, "name");
    bool quota = name && strstr(name, "quota");
    curl_off_t after = 0;
    curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &after);
    if (quota && after < QUOTA_PAUSE_S)
        after = QUOTA_PAUSE_S;
    if (after < 1)
        after = 1;
    mail_result_set(ret, MAIL_RETRY,
                    quota ? "Resend's quota is used up." : "Resend asked for a pause.");
    ret->retry_after_s = (int)(after < RETRY_AFTER_MAX_S ? after : RETRY_AFTER_MAX_S);
    ret->pause = true;
}

static void settle_conflict(const json_t *root, struct mail_result *ret)
{
    const char *name = answer_text(root, "name");
    if (name && strcmp(name, "invalid_idempotent_request") == 0)
        mail_result_set(
            ret, MAIL_REFUSED,
            "Resend has another message under this key: the settings changed meanwhile.");
    else
        /* An earlier call with this key is still at work and may succeed. */
        mail_result_set(ret, MAIL_UNKNOWN, "Resend is still busy with this message.");
}

/* "403 validation_error: The domain is not verified." */
static void keep_word(const json_t *root, long status, struct mail_result *ret)
{
    const char *name = answer_text(root, "name");
    const char *message = answer_text(root, "message");
    char line[2 * MAIL_WORD_TEXT];
    snprintf(line, sizeof line, "%ld%s%s%s%s", status, name ? " " : "", name ? name : "",
             message ? ": " : "", message ? message : "");
    text_one_line(ret->word, sizeof ret->word, str_of(line));
}

static void settle_status(const json_t *root, CURL *easy, long status, struct mail_result *ret)
{
    if (status == 200)
        settle_good(root, ret);
    else if (status == 429)
        settle_too_many(root, easy, ret);
    else if (status == 409)
        settle_conflict(root, ret);
    else if (status == 401 || status == 403)
        /* The key or the domain is the operator's to mend; the message is not to blame and waits.
         */
        mail_result_set(ret, MAIL_RETRY, "Resend refused the key or the sender's domain (%ld).",
                        status);
    else if (status >= 400 && status < 500 && status != 408)
        mail_result_set(ret, MAIL_REFUSED, "Resend refused the message (%ld).", status);
    else
        mail_result_set(ret, MAIL_UNKNOWN, "Resend answered %ld.", status);
}

void resend_settle(const struct delivery *d, CURLcode code, struct mail_result *ret)
{
    if (code != CURLE_OK) {
        long sent = 0;
        curl_easy_getinfo(d->easy, CURLINFO_REQUEST_SIZE, &sent);
        mail_result_set(ret, sent > 0 ? MAIL_UNKNOWN : MAIL_RETRY,
                        sent > 0 ? "Resend's answer was lost: %s."
                                 : "Resend could not be reached: %s.",
                        curl_easy_strerror(code));
        return;
    }
    long status = 0;
    curl_easy_getinfo(d->easy, CURLINFO_RESPONSE_CODE, &status);
    struct str answer = buf_view(&d->answer);
    json_t *root = json_loadb(answer.ptr, answer.len, JSON_REJECT_DUPLICATES, NULL);
    keep_word(root, status, ret);
    settle_status(root, d->easy, status, ret);
    json_decref(root);
}
