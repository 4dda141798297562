#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A mail server for tests, on loopback: takes mails and writes each down.

Prints its port and then a line of JSON for each mail. Addresses say what it
does with a mail: `refused@…` is refused for good, `busy@…` for now, as often as
--busy says, and at `breaks@…` it breaks off.
"""
import argparse
import asyncio
import email
import email.policy
import json
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Keeper:
    """What becomes of mails."""

    def __init__(self, options):
        self.options = options
        self.busy = options.busy

    async def handle_RCPT(self, server, session, envelope, address, _):
        if address.startswith("refused@"):
            return "550 5.1.1 no such user here"
        if address.startswith("breaks@"):
            server.transport.abort()
            return "421 gone"
        if address.startswith("busy@") and self.busy > 0:
            self.busy -= 1
            return "451 4.3.0 come again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        raw = envelope.content
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        say({
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "tls": session.ssl is not None,
            "signed_in": session.auth_data is not None,
            "id": mail["Message-ID"],
            "subject": mail["Subject"],
            "header_from": mail["From"],
            "header_to": mail["To"],
            "date": mail["Date"],
            "type": mail["Content-Type"],
            "auto": mail["Auto-Submitted"],
            "body": mail.get_content(),
            "longest_line": max(len(line) for line in raw.split(b"\r\n")),
            "ascii": all(byte < 128 for byte in raw),
            "defects": [str(defect) for defect in mail.defects],
        })
        if self.options.die_after_data:
            os._exit(0)
        if self.options.refuse_text:
            return "554 5.6.0 not this"
        return "250 OK"


def say(what):
    sys.stdout.write(json.dumps(what, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def authenticate(options):
    def judge(server, session, envelope, mechanism, data):
        good = (data.login == options.user.encode()
                and data.password == options.password.encode())
        return AuthResult(success=good, auth_data=data.login if good else None)
    return judge


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--cert")
    parser.add_argument("--key")
    parser.add_argument("--smtps", action="store_true")
    parser.add_argument("--user")
    parser.add_argument("--password")
    parser.add_argument("--busy", type=int, default=0)
    parser.add_argument("--die-after-data", action="store_true")
    parser.add_argument("--refuse-text", action="store_true")
    options = parser.parse_args()

    tls = None
    if options.cert:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(options.cert, options.key)
    keeper = Keeper(options)

    def protocol():
        arguments = {"hostname": "localhost", "enable_SMTPUTF8": False}
        if tls is not None and not options.smtps:
            arguments.update(tls_context=tls, require_starttls=True)
        if options.user:
            arguments.update(
                authenticator=authenticate(options), auth_required=True,
                auth_require_tls=not options.smtps and tls is not None)
        return SMTP(keeper, **arguments)

    server = await asyncio.get_running_loop().create_server(
        protocol, "127.0.0.1", options.port, reuse_address=True,
        ssl=tls if options.smtps else None)
    say({"port": server.sockets[0].getsockname()[1]})
    await server.serve_forever()


asyncio.run(main())
