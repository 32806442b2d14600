# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads messages with Python's e-mail package: one in base64 a line, what it saw as JSON out."""

import base64
import email
import email.header
import email.policy
import email.utils
import json
import sys


def part_of(part):
    """One leaf of the tree."""
    raw = part.get_payload(decode=True)
    return {
        "type": part.get_content_type(),
        "method": part.get_param("method"),
        "charset": part.get_content_charset(),
        "disposition": part.get_content_disposition(),
        "filename": part.get_filename(),
        "content": base64.b64encode(raw).decode("ascii"),
    }


def tree_of(part):
    """The tree's types, as nested lists."""
    if not part.is_multipart():
        return part.get_content_type()
    return [part.get_content_type()] + [tree_of(child) for child in part.iter_parts()]


def mailboxes(message, plain, name):
    """
    The addresses of a header as (display name, address). The name is read by the package's older
    half: the newer one keeps the space between two encoded words of a phrase, which RFC 2047
    section 6.2 says to ignore.
    """
    addresses = message[name].addresses
    if len(addresses) != 1:
        return [[a.display_name, a.addr_spec] for a in addresses]
    words = email.header.decode_header(email.utils.parseaddr(plain[name])[0])
    return [[str(email.header.make_header(words)), addresses[0].addr_spec]]


def main():
    for line in sys.stdin:
        raw = base64.b64decode(line)
        message = email.message_from_bytes(raw, policy=email.policy.default)
        plain = email.message_from_bytes(raw)
        leaves = [part for part in message.walk() if not part.is_multipart()]
        seen = {
            "headers": [name for name, _ in message.items()],
            "from": mailboxes(message, plain, "From"),
            "to": mailboxes(message, plain, "To"),
            "reply_to": mailboxes(message, plain, "Reply-To"),
            "subject": str(message["Subject"]),
            "message_id": str(message["Message-ID"]),
            "date_s": int(message["Date"].datetime.timestamp()),
            "tree": tree_of(message),
            "parts": [part_of(part) for part in leaves],
            "defects": [str(d) for part in message.walk() for d in part.defects]
            + [str(d) for name in ("From", "To", "Subject") for d in message[name].defects],
        }
        print(json.dumps(seen))


main()
