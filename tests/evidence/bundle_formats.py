# SPDX-License-Identifier: Apache-2.0
"""What a bundle of evidence is made of: digests, trees, notes, records, lines.

For verify_bundle.py. Written from clients/verify/README.md.
"""

import base64
import binascii
import hashlib
import os
import re
import struct
import subprocess
import tempfile

MAX_NOTE = 1 << 20
MAX_PROOF_HASHES = 64
ED25519_PREFIX = bytes.fromhex("302a300506032b6570032100")
SM2_PREFIX = bytes.fromhex(
    "3059301306072a8648ce3d020106082a811ccf5501822d034200")


class Altered(Exception):
    """Was checked and does not hold."""


class NotChecked(Exception):
    """Could not be checked."""


class Missing(NotChecked):
    """There is no such file."""


# --- Digests ---------------------------------------------------------------


def rol(x, n):
    n %= 32
    return ((x << n) | (x >> (32 - n))) & 0xFFFFFFFF


def sm3(data):
    """GB/T 32905: many builds of Python do not have it."""
    v = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600,
         0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
    pad = b"\x80" + bytes((55 - len(data)) % 64)
    data = data + pad + struct.pack(">Q", 8 * len(data))
    for start in range(0, len(data), 64):
        w = list(struct.unpack(">16I", data[start:start + 64]))
        for j in range(16, 68):
            x = w[j - 16] ^ w[j - 9] ^ rol(w[j - 3], 15)
            x ^= rol(x, 15) ^ rol(x, 23)
            w.append(x ^ rol(w[j - 13], 7) ^ w[j - 6])
        a, b, c, d, e, f, g, h = v
        for j in range(64):
            t = 0x79CC4519 if j < 16 else 0x7A879D8A
            ss1 = rol((rol(a, 12) + e + rol(t, j)) & 0xFFFFFFFF, 7)
            ss2 = ss1 ^ rol(a, 12)
            if j < 16:
                ff, gg = a ^ b ^ c, e ^ f ^ g
            else:
                ff = (a & b) | (a & c) | (b & c)
                gg = (e & f) | (~e & g & 0xFFFFFFFF)
            tt1 = (ff + d + ss2 + (w[j] ^ w[j + 4])) & 0xFFFFFFFF
            tt2 = (gg + h + ss1 + w[j]) & 0xFFFFFFFF
            a, b, c, d = tt1, a, rol(b, 9), c
            e, f, g, h = tt2 ^ rol(tt2, 9) ^ rol(tt2, 17), e, rol(f, 19), g
        v = [x ^ y for x, y in zip(v, (a, b, c, d, e, f, g, h))]
    return struct.pack(">8I", *v)


def sha256(data):
    return hashlib.sha256(data).digest()


DIGESTS = {1: sha256, 2: sm3}  # by the number of the suite


def from_base64(text):
    """Bytes of canonical base64 with padding."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NotChecked("is not base64")
    if base64.b64encode(data).decode() != text:
        raise NotChecked("is not canonical base64")
    return data


def from_decimal(text):
    if not re.fullmatch(r"0|[1-9][0-9]*", text, re.ASCII):
        raise NotChecked("is no number")
    if int(text) >= 1 << 63:
        raise NotChecked("is 2^63 or more")
    return int(text)


# --- The tree (RFC 6962, RFC 9162 2.1) --------------------------------------


def check_inclusion(digest, index, size, leaf, proof, root):
    if index >= size:
        raise Altered("its index is not below the size of the log")
    fn, sn, r = index, size - 1, leaf
    for p in proof:
        if sn == 0:
            raise Altered("its proof is too long")
        if fn & 1 or fn == sn:
            r = digest(b"\x01" + p + r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = digest(b"\x01" + r + p)
        fn, sn = fn >> 1, sn >> 1
    if sn != 0 or r != root:
        raise Altered("its proof does not lead to the root of the checkpoint")


def check_consistency(digest, first, root1, second, root2, proof):
    if first & (first - 1) == 0:
        proof = [root1] + proof
    if not proof:
        raise Altered("the proof of consistency is empty")
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = proof[0]
    for c in proof[1:]:
        if sn == 0:
            raise Altered("the proof of consistency is too long")
        if fn & 1 or fn == sn:
            fr, sr = digest(b"\x01" + c + fr), digest(b"\x01" + c + sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = digest(b"\x01" + sr + c)
        fn, sn = fn >> 1, sn >> 1
    if sn != 0 or fr != root1 or sr != root2:
        raise Altered("the larger log does not begin with the smaller one")


# --- Notes and keys (C2SP signed-note, tlog-checkpoint, tlog-cosignature) ---


class Key:
    TYPES = ((b"\x01", 1, False, 32), (b"\x04", 1, True, 32),
             (b"\xffgongkai.sm2", 2, False, 65),
             (b"\xffgongkai.sm2.cosignature", 2, True, 65))

    def __init__(self, text):
        parts = text.strip().split("+", 2)
        if len(parts) != 3 or not re.fullmatch("[0-9a-f]{8}", parts[1]):
            raise NotChecked("the verifier key has not the form name+id+key")
        self.name, self.id = parts[0], bytes.fromhex(parts[1])
        data = from_base64(parts[2])
        for prefix, suite, cosigns, length in self.TYPES:
            if data.startswith(prefix) and len(data) == len(prefix) + length:
                self.suite, self.cosigns = suite, cosigns
                self.key = data[len(prefix):]
                named = self.name.encode() + b"\n" + data
                if DIGESTS[suite](named)[:4] != self.id:
                    raise NotChecked("the id of the verifier key is not its")
                return
        raise NotChecked("the type of the verifier key is not known")

    def verifies(self, message, signature):
        if self.cosigns:
            if len(signature) <= 8:
                return False
            time = int.from_bytes(signature[:8], "big")
            message = (b"cosignature/v1\ntime %d\n" % time) + message
            signature = signature[8:]
        der = (ED25519_PREFIX if self.suite == 1 else SM2_PREFIX) + self.key
        with tempfile.TemporaryDirectory() as folder:
            def write(name, data):
                path = os.path.join(folder, name)
                with open(path, "wb") as file:
                    file.write(data)
                return path
            command = ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform",
                       "DER", "-inkey", write("key", der), "-rawin", "-in",
                       write("text", message), "-sigfile",
                       write("signature", signature)]
            if self.suite == 2:
                command += ["-digest", "sm3", "-pkeyopt",
                            "distid:1234567812345678"]
            return subprocess.run(command, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL).returncode == 0


class Checkpoint:
    """A checkpoint whose signature holds."""

    def __init__(self, data, keys):
        text, lines = split_note(data)
        self.text, self.signers = text, []
        for name, key_id, signature in lines:
            for key in keys:
                if key.name == name and key.id == key_id:
                    if not key.verifies(text, signature):
                        raise Altered(f"the signature by {name} does not hold")
                    self.signers.append(key)
                    break
        rows = text.decode().split("\n")
        if len(rows) < 4 or not rows[0] or "" in rows[3:-1]:
            raise NotChecked("the text is no checkpoint")
        self.origin = rows[0]
        self.size, self.root = from_decimal(rows[1]), from_base64(rows[2])
        if len(self.root) != 32:
            raise NotChecked("the root is not of 32 bytes")
        suites = {key.suite for key in self.signers
                  if not key.cosigns and key.name == self.origin}
        if len(suites) != 1:
            raise NotChecked("no known key of the log signed it")
        self.suite = suites.pop()
        self.digest = DIGESTS[self.suite]
        if self.size == 0 and self.root != self.digest(b""):
            raise Altered("the root of the empty log is another")


def split_note(data):
    """The text of a note, and its signatures as (name, id, signature)."""
    if len(data) > MAX_NOTE or not data.endswith(b"\n"):
        raise NotChecked("is no note: too long, or no newline at the end")
    try:
        data.decode()
    except UnicodeDecodeError:
        raise NotChecked("is no note: not UTF-8")
    if re.search(rb"[\x00-\x09\x0b-\x1f]", data):
        raise NotChecked("is no note: it holds a control character")
    blank = data.rfind(b"\n\n")
    if blank < 0:
        raise NotChecked("is no note: no blank line")
    lines = data[blank + 2:].decode().split("\n")[:-1]
    if not 1 <= len(lines) <= 16:
        raise NotChecked("is no note: none or more than 16 signatures")
    signatures = []
    for line in lines:
        match = re.fullmatch(r"— ([^\s+]+) ([A-Za-z0-9+/=]+)", line)
        if not match:
            raise NotChecked("is no note: a line is no signature")
        signature = from_base64(match[2])
        if len(signature) < 5:
            raise NotChecked("is no note: a signature is too short")
        signatures.append((match[1], signature[:4], signature[4:]))
    return data[:blank + 1], signatures


# --- Records ----------------------------------------------------------------


class Record:
    def __init__(self, data):
        self.data, self.at = data, 0
        if self.number(1) != 1:
            raise Altered("its format is not known")
        self.suite = self.number(1)
        self.origin, self.agency, self.stream = (self.text() for _ in "123")
        self.seq, self.type = self.number(8), self.number(8)
        self.event_id = self.text()
        for _ in range(3):
            self.text()  # request id, account, person
        if self.number(8) >= 1 << 31:
            raise Altered("its capacity is none")
        self.text(), self.text()  # on behalf of, sign-in
        self.time = struct.unpack(">q", self.take(8))[0]
        self.date = self.text()
        self.text(), self.text()  # versions of calendar and rulebook
        self.previous, self.commitment = self.text(), self.text()
        self.take(32 * self.number(4))
        self.body = self.text()
        if self.at != len(data):
            raise Altered("it has bytes left over")
        if self.suite not in DIGESTS:
            raise Altered("its suite is not known")
        if len(self.previous) != 32 or len(self.commitment) != 32:
            raise Altered("a hash in it is not of 32 bytes")

    def take(self, n):
        part = self.data[self.at:self.at + n]
        if len(part) != n:
            raise Altered("it ends too early")
        self.at += n
        return part

    def number(self, n):
        return int.from_bytes(self.take(n), "big")

    def text(self):
        return self.take(self.number(4))


def varint(data, at):
    value = shift = 0
    while True:
        if at >= len(data) or shift > 63:
            raise Altered("its body cannot be read")
        value |= (data[at] & 0x7F) << shift
        shift += 7
        at += 1
        if data[at - 1] < 0x80:
            return value, at


def fields(data):
    """The fields of a protobuf message, as (number, value)."""
    at, found = 0, []
    while at < len(data):
        tag, at = varint(data, at)
        kind = tag & 7
        if kind == 0:
            value, at = varint(data, at)
        elif kind in (1, 2, 5):
            n = {1: 8, 5: 4}.get(kind)
            if n is None:
                n, at = varint(data, at)
            value = data[at:at + n]
            if len(value) != n:
                raise Altered("its body cannot be read")
            at += n
        else:
            raise Altered("its body cannot be read")
        found.append((tag >> 3, value))
    return found


LINE = re.compile(
    rb'\{"seq":(0|[1-9][0-9]*),"index":(0|[1-9][0-9]*)'
    rb',"record":"([A-Za-z0-9+/=]*)"'
    rb',"proof":\[((?:"[A-Za-z0-9+/=]*"(?:,"[A-Za-z0-9+/=]*")*)?)\]'
    rb'(?:,"private":\{"salt":"([A-Za-z0-9+/=]*)"'
    rb',"payload":"([A-Za-z0-9+/=]*)"\}|(,"erased":true))?\}')


class Event:
    def __init__(self, line):
        match = LINE.fullmatch(line)
        if not match:
            raise NotChecked("is not spelled as the format has it")
        seq, index, record, proof, salt, payload, erased = (
            part.decode() if part is not None else None
            for part in match.groups())
        self.seq, self.index = from_decimal(seq), from_decimal(index)
        self.record = from_base64(record)
        self.proof = hashes(proof.replace('"', "").split(",") if proof else [])
        self.private = payload is not None
        self.salt = self.payload = None
        if self.private:
            self.salt, self.payload = hashes([salt])[0], from_base64(payload)
        self.erased = erased is not None


def hashes(texts):
    if len(texts) > MAX_PROOF_HASHES:
        raise NotChecked("has more than 64 hashes")
    found = [from_base64(text) for text in texts]
    if any(len(one) != 32 for one in found):
        raise NotChecked("has a hash that is not of 32 bytes")
    return found
