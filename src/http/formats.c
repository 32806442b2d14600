/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* formats: the named forms of text fields. Pure; see enum str_format in shape.h for each rule. */
#include "base/tz.h"
#include "http/shape.h"

#include <string.h>

enum {
    EMAIL_MAX = 254,
    EMAIL_LOCAL_MAX = 64,
    LABEL_MAX = 63,
    PHONE_MIN = 3,
    PHONE_MAX = 32,
    SLUG_MIN = 2,
    SLUG_MAX = 63,
    URL_MAX = 2000,
    LOCALE_MAX = 35,
};

/* ISO 4217, active codes of money (no funds, metals or test codes). */
static const char currencies[] =
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP "
    "BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP "
    "GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR "
    "KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK "
    "MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR "
    "SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS "
    "UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG ";

static bool alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Letters, digits and inner dashes. */
static bool label_ok(struct str s)
{
    if (s.len == 0 || s.len > LABEL_MAX || s.ptr[0] == '-' || s.ptr[s.len - 1] == '-')
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (!alpha(s.ptr[i]) && !digit(s.ptr[i]) && s.ptr[i] != '-')
            return false;
    return true;
}

/* Dotted labels, two at least; the last is not a number, so that no address is taken for a name. */
static bool domain_ok(struct str s)
{
    size_t labels = 0;
    struct str last = {0};
    while (s.len || labels == 0) {
        const char *dot = s.len ? memchr(s.ptr, '.', s.len) : NULL;
        last = (struct str){s.ptr, dot ? (size_t)(dot - s.ptr) : s.len};
        if (!label_ok(last) || (dot && last.len + 1 == s.len))
            return false;
        labels++;
        size_t step = dot ? last.len + 1 : last.len;
        s = (struct str){s.ptr + step, s.len - step};
    }
    return labels >= 2 && last.len >= 2 && alpha(last.ptr[0]);
}

static bool local_ok(struct str s)
{
    if (s.len == 0 || s.len > EMAIL_LOCAL_MAX || s.ptr[0] == '.' || s.ptr[s.len - 1] == '.')
        return false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (!alpha(c) && !digit(c) && (c == '\0' || !strchr("!#$%&'*+-/=?^_`{|}~.", c)))
            return false;
        if (c == '.' && s.ptr[i + 1] == '.')
            return false;
    }
    return true;
}

static bool email_ok(struct str s)
{
    const char *at = s.len <= EMAIL_MAX ? memchr(s.ptr, '@', s.len) : NULL;
    if (!at)
        return false;
    size_t local = (size_t)(at - s.ptr);
    return local_ok((struct str){s.ptr, local}) &&
           domain_ok((struct str){at + 1, s.len - local - 1});
}

static bool phone_ok(struct str s)
{
    size_t digits = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (digit(s.ptr[i]))
            digits++;
        else if (s.ptr[i] == '\0' || !strchr(" +-()./", s.ptr[i]))
            return false;
    }
    return s.len >= PHONE_MIN && s.len <= PHONE_MAX && digits >= PHONE_MIN;
}

static bool url_ok(struct str s)
{
    size_t scheme = str_starts(s, STR("https://")) ? 8 : str_starts(s, STR("http://")) ? 7 : 0;
    if (!scheme || s.len > URL_MAX || s.len == scheme)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c <= ' ' || c >= 0x7f || strchr("\"'<>\\^`{|}", c))
            return false;
    }
    char first = s.ptr[scheme];
    return alpha(first) || digit(first) || first == '[';
}

static bool slug_ok(struct str s)
{
    if (s.len < SLUG_MIN || s.len > SLUG_MAX || s.ptr[0] == '-' || s.ptr[s.len - 1] == '-')
        return false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (!(c >= 'a' && c <= 'z') && !digit(c) && (c != '-' || s.ptr[i + 1] == '-'))
            return false;
    }
    return true;
}

static bool currency_ok(struct str s)
{
    if (s.len != 3)
        return false;
    for (const char *c = currencies; *c; c += 4)
        if (memcmp(c, s.ptr, 3) == 0)
            return true;
    return false;
}

static bool color_ok(struct str s)
{
    bool good = s.len == 7 && s.ptr[0] == '#';
    for (size_t i = 1; good && i < s.len; i++)
        good = digit(s.ptr[i]) || (s.ptr[i] >= 'a' && s.ptr[i] <= 'f') ||
               (s.ptr[i] >= 'A' && s.ptr[i] <= 'F');
    return good;
}

static bool locale_ok(struct str s)
{
    size_t subtags = 0, length = 0;
    if (s.len > LOCALE_MAX)
        return false;
    for (size_t i = 0; i <= s.len; i++) {
        if (i == s.len || s.ptr[i] == '-') {
            if (length < (subtags == 0 ? 2 : 1) || length > (subtags == 0 ? 3 : 8))
                return false;
            subtags++;
            length = 0;
        } else if (alpha(s.ptr[i]) || (subtags > 0 && digit(s.ptr[i]))) {
            length++;
        } else {
            return false;
        }
    }
    return true;
}

bool str_format_ok(enum str_format format, struct str s)
{
    switch (format) {
    case STR_EMAIL: return email_ok(s);
    case STR_PHONE: return phone_ok(s);
    case STR_URL: return url_ok(s);
    case STR_SLUG: return slug_ok(s);
    case STR_TIMEZONE: return tz_find(s) != NULL;
    case STR_CURRENCY: return currency_ok(s);
    case STR_COLOR: return color_ok(s);
    case STR_LOCALE: return locale_ok(s);
    case STR_ANY: break;
    }
    return true;
}
