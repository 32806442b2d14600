/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* money: amounts as text. See money.h. */
#include "base/money.h"

#include <stdio.h>

static bool is_one_of(struct str currency, const char *list)
{
    for (; *list; list += 4)
        if (currency.len == 3 && str_eq(currency, (struct str){list, 3}))
            return true;
    return false;
}

int money_digits(struct str currency)
{
    if (is_one_of(currency, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF "))
        return 0;
    return is_one_of(currency, "BHD IQD JOD KWD LYD OMR TND ") ? 3 : 2;
}

static uint64_t scale_of(int digits)
{
    return digits == 0 ? 1 : digits == 2 ? 100 : 1000;
}

void money_plain(struct buf *out, int64_t minor, struct str currency)
{
    int digits = money_digits(currency);
    uint64_t scale = scale_of(digits);
    uint64_t v = minor < 0 ? 0 - (uint64_t)minor : (uint64_t)minor;
    if (minor < 0)
        buf_byte(out, '-');
    buf_printf(out, "%llu", (unsigned long long)(v / scale));
    if (digits)
        buf_printf(out, ".%0*llu", digits, (unsigned long long)(v % scale));
}

/* With commas at the thousands: 1234567 → "1,234,567". */
static void put_grouped(struct buf *out, uint64_t v)
{
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%llu", (unsigned long long)v);
    for (int i = 0; i < n; i++) {
        if (i && (n - i) % 3 == 0)
            buf_byte(out, ',');
        buf_byte(out, digits[i]);
    }
}

void money_format(struct buf *out, int64_t minor, struct str currency)
{
    static const struct {
        const char *code, *symbol;
    } symbols[] = {{"EUR", "€"}, {"GBP", "£"}, {"USD", "$"}, {"JPY", "¥"}, {"INR", "₹"}};
    const char *symbol = NULL;
    for (size_t i = 0; i < sizeof symbols / sizeof symbols[0]; i++)
        if (str_is(currency, symbols[i].code))
            symbol = symbols[i].symbol;
    int digits = money_digits(currency);
    uint64_t scale = scale_of(digits);
    uint64_t v = minor < 0 ? 0 - (uint64_t)minor : (uint64_t)minor;
    if (minor < 0)
        buf_byte(out, '-');
    if (symbol)
        buf_z(out, symbol);
    else {
        buf_str(out, currency);
        buf_byte(out, ' ');
    }
    put_grouped(out, v / scale);
    if (v % scale)
        buf_printf(out, ".%0*llu", digits, (unsigned long long)(v % scale));
}
