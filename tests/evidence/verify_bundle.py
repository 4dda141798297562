#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A second verifier of bundles of evidence, independent of the first.

Written from the format in clients/verify/README.md with the standard library
and the command openssl. Everything is checked that gongkai-verify checks but
the histories, which it would have to make again.

  verify_bundle.py --vkey KEY [--witness-vkey KEY --min-witnesses N]
                   [--old CHECKPOINT]... BUNDLE

Exit 0 sound, 1 altered, 2 could not check.
"""

import argparse
import os
import re
import stat
import sys

sys.dont_write_bytecode = True
from bundle_formats import (  # noqa: E402
    MAX_NOTE, Altered, Checkpoint, Event, Key, Missing, NotChecked, Record,
    check_consistency, check_inclusion, fields, hashes, varint)

MAX_LINE = 16 << 20
TOLERANCE = 5 * 60 * 1_000_000  # microseconds
ZEROS = bytes(32)
ERASED_EVENT = 42
EVENT_TYPES = set(range(1, 43)) | {50, 51, 52, 53, 60}
OCCURRED_DATE = 100
KNOWN_NAMES = {"checkpoint", "witness", "consistency", "events.jsonl",
               "history.txt", "history.html", "ledger.txt", "README.txt"}


class Folder:
    """Files by fixed names: no links, no special files."""

    def __init__(self, path, parent=None):
        flags = os.O_RDONLY | os.O_DIRECTORY
        if parent is not None:
            flags |= os.O_NOFOLLOW
        try:
            self.fd = os.open(path, flags, dir_fd=parent)
        except FileNotFoundError:
            raise Missing(f"{path}: there is none")
        except OSError as error:
            raise NotChecked(f"{path}: {error.strerror}")

    def open(self, name):
        try:
            fd = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK,
                         dir_fd=self.fd)
        except FileNotFoundError:
            raise Missing(f"{name}: there is none")
        except OSError as error:
            raise NotChecked(f"{name}: {error.strerror}")
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            os.close(fd)
            raise NotChecked(f"{name}: no ordinary file")
        return os.fdopen(fd, "rb")

    def read(self, name, most):
        with self.open(name) as file:
            data = file.read(most + 1)
        if len(data) > most:
            raise NotChecked(f"{name}: too long")
        return data


class Verifier:
    def __init__(self, args):
        self.args = args
        self.altered = self.unchecked = 0

    def say(self, trouble, what):
        if isinstance(trouble, Altered):
            self.altered += 1
            print(f"ALTERED      {what}: {trouble}")
        else:
            self.unchecked += 1
            print(f"NOT CHECKED  {what}: {trouble}")

    def run(self):
        try:
            self.keys = [Key(read_key(text)) for text in self.args.vkey]
            self.witnesses = [Key(read_key(text))
                              for text in self.args.witness_vkey]
            if any(key.cosigns for key in self.keys) or not all(
                    key.cosigns for key in self.witnesses):
                raise NotChecked("a log's key is no witness's, nor the reverse")
            self.folder = Folder(self.args.bundle)
            self.checkpoint = Checkpoint(
                self.folder.read("checkpoint", MAX_NOTE),
                self.keys + self.witnesses)
        except (Altered, NotChecked) as trouble:
            self.say(trouble, "the checkpoint")
            return self.end()
        others = sorted(set(os.listdir(self.folder.fd)) - KNOWN_NAMES)
        if others:
            print(f"NOTE         not read: {others[:10]!r}")
        self.check_witnesses()
        for path in self.args.old:
            try:
                self.check_old(path)
            except (Altered, NotChecked) as trouble:
                self.say(trouble, path)
        self.check_events()
        self.check_histories()
        return self.end()

    def end(self):
        if self.altered:
            print("verdict: ALTERED")
            return 1
        print("verdict: NOT CHECKED" if self.unchecked else "verdict: SOUND")
        return 2 if self.unchecked else 0

    def check_witnesses(self):
        seen = {key.key for key in self.checkpoint.signers
                if key.cosigns}
        try:
            folder = Folder("witness", self.folder.fd)
        except Missing:
            folder = None
        except NotChecked as trouble:
            folder = None
            self.say(trouble, "witness")
        for number in range(1, 17) if folder else ():
            name = f"{number:02}.note"
            try:
                note = Checkpoint(folder.read(name, MAX_NOTE),
                                  self.keys + self.witnesses)
                if note.text != self.checkpoint.text:
                    raise Altered("cosigns another text than the checkpoint")
                seen |= {key.key for key in note.signers
                         if key.cosigns}
            except Missing:
                continue
            except (Altered, NotChecked) as trouble:
                self.say(trouble, f"witness/{name}")
        least = self.args.min_witnesses
        if least is None:
            least = 1 if self.witnesses else 0
        if len(seen) < least:
            self.say(NotChecked(f"{len(seen)} of {least}"), "witnesses")

    def check_old(self, path):
        try:
            with open(path, "rb") as file:
                old = Checkpoint(file.read(MAX_NOTE + 1), self.keys)
        except (Altered, OSError) as trouble:
            raise NotChecked(str(trouble))
        new = self.checkpoint
        if old.origin != new.origin or old.suite != new.suite:
            raise NotChecked("is of another log")
        small, large = sorted((old, new), key=lambda one: one.size)
        if small.size == large.size:
            if small.root != large.root:
                raise Altered("of the same size, with another root")
            return
        if small.size == 0:
            return
        name = f"{small.size}-{large.size}.proof"
        data = Folder("consistency", self.folder.fd).read(name, 8192)
        if data and not data.endswith(b"\n"):
            raise NotChecked("the proof has no newline at the end")
        proof = hashes(data.decode("latin-1").split("\n")[:-1])
        check_consistency(new.digest, small.size, small.root, large.size,
                          large.root, proof)

    def check_events(self):
        self.count, self.last = 0, ZEROS
        self.last_index, self.last_time = -1, None
        self.first = None
        self.erased, self.shown, self.named = set(), set(), set()
        try:
            with self.folder.open("events.jsonl") as file:
                while line := file.readline(MAX_LINE + 2):
                    if len(line) > MAX_LINE + 1 or not line.endswith(b"\n"):
                        raise NotChecked("a line is too long or has no end")
                    event = Event(line[:-1])
                    self.check_event(event)
        except NotChecked as trouble:
            # What was not read might explain what was.
            self.say(trouble, f"events.jsonl, line {self.count + 1}")
            return
        for seq in sorted(self.erased - self.named):
            self.say(Altered("marked erased, and no erasure names it"),
                     f"record {seq}")
        if self.count == 0:
            self.say(NotChecked("there is none"), "records")

    def check_event(self, event):
        self.count += 1
        seq, log = self.count, self.checkpoint
        what = f"record {seq}"

        def need(holds, sentence):
            if not holds:
                self.say(Altered(sentence), what)

        need(event.seq == seq, "its line has another number")
        need(event.index > self.last_index, "its place is not after the last")
        self.last_index = max(self.last_index, event.index)
        try:
            check_inclusion(log.digest, event.index, log.size,
                            log.digest(b"\x00" + event.record), event.proof,
                            log.root)
        except Altered as trouble:
            self.say(trouble, what)
        before = self.last
        self.last = log.digest(b"\x02" + event.record)
        try:
            record = Record(event.record)
            if record.type not in EVENT_TYPES:
                self.say(NotChecked("its type is not known"), what)
                return
            body = self.read_body(record, event)
        except Altered as trouble:
            self.say(trouble, what)
            return
        need(record.seq == seq, "it has another number")
        need(record.suite == log.suite, "it is of another suite")
        need(record.origin == log.origin.encode(), "it is of another log")
        self.first = self.first or (record.agency, record.stream)
        need((record.agency, record.stream) == self.first,
             "it belongs to another case")
        need(not event.erased or record.commitment != ZEROS,
             "it is marked erased, and never had a private part")
        need(record.previous == before,
             "it does not name the hash of the record before it")
        self.check_time(record, need)
        self.check_private(record, event, need)
        if record.type == ERASED_EVENT:
            self.check_erasure(body, seq)

    @staticmethod
    def read_body(record, event):
        """The message in the body, once it is of the record's type."""
        found = fields(record.body)
        bodies = [value for number, value in found if number != OCCURRED_DATE]
        if {number for number, _ in found} != {record.type, OCCURRED_DATE}:
            raise Altered("what it holds is not of the type that it names")
        if dict(found)[OCCURRED_DATE] != record.date:
            raise Altered("it names two days")
        if event.private:
            if {number for number, _ in fields(event.payload)} - {record.type}:
                raise Altered("its private part is of another type")
        return b"".join(bodies)

    def check_time(self, record, need):
        if self.last_time is not None:
            need(self.last_time - record.time <= TOLERANCE,
                 "time anomaly: recorded before the record before it")
            self.last_time = max(self.last_time, record.time)
        else:
            self.last_time = record.time
        uuid = record.event_id.decode("latin-1")
        if re.fullmatch("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-"
                        "[0-9a-f]{12}", uuid):
            made = int(uuid[:8] + uuid[9:13], 16) * 1000
            need(abs(made - record.time) <= TOLERANCE,
                 "time anomaly: its event id is of another time")

    def check_private(self, record, event, need):
        if event.private:
            self.shown.add(self.count)
            if record.commitment == ZEROS:
                need(False, "it has a private part and committed to none")
            else:
                made = self.checkpoint.digest(
                    b"pc1" + event.salt + event.payload)
                need(made == record.commitment,
                     "its private part is not what it committed to")
        elif event.erased:
            self.erased.add(self.count)
        elif record.commitment != ZEROS:
            print(f"NOTE         record {self.count}: private part withheld")

    def check_erasure(self, body, seq):
        for number, value in fields(body):
            if number != 2:
                continue
            names, at = ([value], 0) if isinstance(value, int) else ([], 0)
            while isinstance(value, bytes) and at < len(value):
                name, at = varint(value, at)
                names.append(name)
            for name in names:
                if not 1 <= name < seq or name in self.named:
                    continue
                self.named.add(name)
                if name in self.shown:
                    self.say(Altered(f"record {seq} says that its private "
                                     "part was erased"), f"record {name}")

    def check_histories(self):
        for name in ("history.txt", "history.html"):
            try:
                self.folder.open(name).close()
                print(f"NOTE         {name} was not compared with the records")
            except NotChecked as trouble:
                self.say(trouble, name)


def read_key(text):
    if "+" in text or not os.path.isfile(text):
        return text
    with open(text, encoding="utf-8") as file:
        return file.read(4096)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--vkey", action="append", required=True)
    parser.add_argument("--witness-vkey", action="append", default=[])
    parser.add_argument("--min-witnesses", type=int)
    parser.add_argument("--old", action="append", default=[])
    parser.add_argument("bundle")
    return Verifier(parser.parse_args()).run()


if __name__ == "__main__":
    sys.exit(main())
