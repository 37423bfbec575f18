#!/usr/bin/env python3
"""Verifies a prompt-audit ledger with Python's standard library alone (3.8 or newer).

It was written from docs/LEDGER.md and shares no code with the program that writes ledgers. The rows of
the SQLite files are read by the small reader in this file, so no statement of a hostile file is ever run.

    python3 verify.py [--json] [--checkpoint FILE]... [--min SIZE:ROOT]... PATH
        PATH: a .prompt-audit folder, or a ledger.sqlite (with volumes/ beside it)
    python3 verify.py [--json] --proof FILE [--checkpoint FILE]... [--min SIZE:ROOT]...
        FILE: an inclusion proof (.tlog-proof) or a consistency proof (.tlog-consistency)
    python3 verify.py --batch
        reads paths, one a line, or "proof", a proof and checkpoints with tabs between them; prints one line
        of JSON for each

--checkpoint  a checkpoint that was seen elsewhere: the ledger has to extend it, a proof has to lead to it or from it
--min         the same, as its size and its root (64 hex digits or base64)

Status: 0 nothing was found, 1 warnings, 2 broken or not to be read, 3 wrong usage.

What it does not do: compare with other clones or the ledger branch, judge approvals and deployments by the
policy, and read prompts, of which versions claim what they change. It says so, and never more than it checked.
"""
import base64
import functools
import hashlib
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib

MAX_SAFE = 2 ** 53 - 1
MAX_DEPTH = 16
MAX_FILE = 256 * 1024 * 1024
MAX_CONTENT = 64 * 1024 * 1024
MAX_HEADER = 16 * 1024
MAX_BODY = 1024 * 1024
MAX_SIGNATURE = 16 * 1024
SEARCH_STEPS = 2000000
PAGE = 4096
APPLICATION = 1346458700
NAMESPACE = b'prompt-audit'


# ---------------------------------------------------------------------------------------- findings
# The same codes as `prompt-audit verify`; docs/LEDGER.md, "Findings".

VERDICTS = ('structure', 'completeness', 'authenticity', 'order')
COMPLETENESS = set('''body.missing checkpoint.unmet content.missing event.missing file.missing ledger.damaged
    redaction.present signature.missing volume.missing'''.split())
AUTHENTICITY = {'signature.notCounting', 'signature.notChecked'}
ORDER = {'redaction.unauthorised', 'root.extra', 'reference.wrong'}


def verdict_of(code):
    if code in COMPLETENESS:
        return 'completeness'
    if code in AUTHENTICITY:
        return 'authenticity'
    return 'order' if code in ORDER else 'structure'


class Findings:
    def __init__(self):
        self.list = []
        self.known = set()

    def add(self, code, message, seq=None, event=None, severity='error'):
        key = (code, seq, message)
        if key in self.known:
            return
        self.known.add(key)
        self.list.append({'code': code, 'severity': severity, 'seq': seq, 'event': event,
                          'verdict': verdict_of(code), 'message': message})

    @property
    def broken(self):
        return any(f['severity'] == 'error' for f in self.list)


class Unreadable(Exception):
    """What was given is not what it ought to be; the text says why."""


# ---------------------------------------------------------------------------------- canonical JSON

class NotCanonical(ValueError):
    pass


def utf16(text):
    return text.encode('utf-16-be', 'surrogatepass')


def _members(pairs):
    last = None
    for name, _ in pairs:
        key = name if name.isascii() else None
        if last is not None:
            before, after = (last, name) if key is not None and last.isascii() else (utf16(last), utf16(name))
            if before >= after:
                raise NotCanonical('members that are not sorted, or stand there twice')
        last = name
    return dict(pairs)


def _integer(digits):
    if digits == '-0' or len(digits) > 17 or abs(int(digits)) > MAX_SAFE:
        raise NotCanonical('a number that is not allowed')
    return int(digits)


def _no_number(digits):
    raise NotCanonical('a number that is no integer')


_decoder = json.JSONDecoder(object_pairs_hook=_members, parse_int=_integer, parse_float=_no_number,
                            parse_constant=_no_number)
_encoder = json.JSONEncoder(ensure_ascii=False, separators=(',', ':'), check_circular=False)
_brackets = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.S)
_nul = re.compile(r'(?<!\\)(?:\\\\)*\\u0000')


def too_deep(text):
    if text.count('{') + text.count('[') <= MAX_DEPTH:
        return False
    depth = 0
    for match in _brackets.finditer(text):
        found = match.group()
        if found in '[{':
            depth += 1
            if depth > MAX_DEPTH:
                return True
        elif found in ']}':
            depth -= 1
    return False


def canonical(text):
    """The value of a text that is its own canonical form; raises NotCanonical for every other."""
    if too_deep(text):
        raise NotCanonical('too many levels')
    try:
        value = _decoder.decode(text)
        # Python's own escapes are those of RFC 8785, and members keep the order that was checked.
        if _encoder.encode(value) != text or _nul.search(text):
            raise NotCanonical('another spelling of it is the canonical one')
    except (ValueError, RecursionError) as error:
        raise NotCanonical(str(error))
    return value


def write_canonical(value):
    """RFC 8785 for what this program writes itself."""
    if isinstance(value, dict):
        names = sorted(value, key=utf16)
        return '{' + ','.join(_encoder.encode(n) + ':' + write_canonical(value[n]) for n in names) + '}'
    if isinstance(value, list):
        return '[' + ','.join(write_canonical(item) for item in value) + ']'
    return _encoder.encode(value)


# ------------------------------------------------------------------------------- headers and bodies

HEX32 = re.compile('[0-9a-f]{32}').fullmatch
HEX64 = re.compile('[0-9a-f]{64}').fullmatch
DIGEST = re.compile('sha256:[0-9a-f]{64}').fullmatch
COMMIT = re.compile('[0-9a-f]{40}|[0-9a-f]{64}').fullmatch
TYPE = re.compile(r'[a-z]+(\.[a-z]+)*').fullmatch
ENVIRONMENT = re.compile('[a-z0-9][a-z0-9._-]{0,62}').fullmatch
TIME = re.compile(r'([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})\.[0-9]{3}Z').fullmatch


def sha(data):
    return hashlib.sha256(data).digest()


def sha_hex(data):
    return hashlib.sha256(data).hexdigest()


def matching(pattern):
    return lambda v: type(v) is str and pattern(v) is not None


def is_time(v):
    found = TIME(v) if type(v) is str else None
    if found is None:
        return False
    year, month, day, hour, minute, second = map(int, found.groups())
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    days = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    return 1 <= month <= 12 and 1 <= day <= days[month - 1] and hour < 24 and minute < 60 and second < 60


def units(v):
    """Length in UTF-16 code units."""
    return len(v) if v.isascii() else len(utf16(v)) // 2


def text(v):
    return type(v) is str


def short(v):
    return type(v) is str and units(v) <= 320


def path(v):
    return type(v) is str and v != '' and units(v) <= 4096


def count(v):
    return type(v) is int and v >= 0


def positive(v):
    return type(v) is int and v > 0


def flag(v):
    return type(v) is bool


def one_of(*values):
    return lambda v: type(v) is str and v in values


def or_null(check):
    return lambda v: v is None or check(v)


def list_of(check):
    return lambda v: type(v) is list and len(v) <= 1024 and all(map(check, v))


def exactly(**members):
    return lambda v: type(v) is dict and v.keys() == members.keys() and all(
        check(v[name]) for name, check in members.items())


person = matching(HEX32)
event_id = matching(HEX64)
digest = matching(DIGEST)
commit = matching(COMMIT)
environment = matching(ENVIRONMENT)
decision = one_of('approved', 'changes-requested', 'rejected')
reason_list = list_of(exactly(code=short, events=list_of(event_id)))

# By v: type: (whether it names a prompt, refs, body)
SHAPES_1 = {
    'ledger.created': (False, {}, {}),
    'person.declared': (False, dict(person=person), dict(name=short, email=short)),
    'person.joined': (False, dict(persons=list_of(person)), {}),
    'policy.adopted': (False, dict(policy=digest), dict(
        policy=text, allowedSigners=or_null(text), mailmap=or_null(text), codeowners=or_null(text),
        source=one_of('protected-branch', 'working-tree'), commit=or_null(commit))),
    'prompt.registered': (True, {}, dict(path=path, format=short)),
    'prompt.moved': (True, {}, {'from': path, 'to': path}),
    'prompt.retired': (True, {}, dict(reason=text)),
    'revision.saved': (True, dict(digest=digest), dict(path=path, size=count, source=one_of('editor', 'cli'))),
    'revision.observed': (True, dict(digest=digest, author=person), dict(
        path=path, size=count, commit=commit, authoredAt=is_time)),
    'version.proposed': (True, dict(digest=digest, revision=event_id, number=positive), dict(path=path, note=text)),
    'version.withdrawn': (True, dict(version=event_id), dict(reason=text)),
    'review.decided': (True, dict(version=event_id, digest=digest, policy=digest, decision=decision), dict(
        meaning=text, reason=or_null(text))),
    'review.revoked': (True, dict(decision=event_id), dict(reason=text)),
    'review.commented': (True, dict(version=event_id), dict(text=text, line=or_null(positive))),
    'deployment.recorded': (True, dict(
        version=event_id, digest=digest, policy=digest, env=environment, outcome=one_of('succeeded', 'failed'),
        breakGlass=flag, previous=or_null(event_id), rollbackOf=or_null(event_id)), dict(
        note=or_null(text), reference=or_null(text))),
    'deployment.ended': (True, dict(deployment=event_id), dict(reason=text)),
    'attempt.denied': (True, dict(
        attempted=one_of('review.decided', 'deployment.recorded'), version=event_id, policy=digest,
        env=or_null(environment), decision=or_null(decision)), dict(reasons=reason_list)),
    'signature.attached': (False, dict(event=event_id, signature=digest), {}),
    'recorder.paused': (False, {}, dict(reason=text)),
    'recorder.resumed': (False, {}, dict(reason=text)),
    'redacted': (False, dict(target=lambda v: event_id(v) or digest(v)), dict(reason=text)),
    'history.purged': (False, {}, dict(reason=text, commits=count, tip=commit)),
    'trail.reviewed': (False, {}, dict(scope=text, findings=text, disposition=text)),
    'trail.exported': (False, {}, dict(scope=text)),
    'history.imported': (False, {}, dict(scope=text)),
}
origin = one_of('editor', 'cli', 'observed', 'imported')
TOTALS = 'commits prompts revisions moves removals deployments unread'.split()
SHAPES_2 = {
    'prompt.moved': (True, dict(author=or_null(person)), {
        'from': path, 'to': path, 'commit': or_null(commit), 'origin': origin}),
    'prompt.removed': (True, dict(author=or_null(person)), dict(path=path, commit=or_null(commit), origin=origin)),
    'revision.observed': (True, dict(
        digest=digest, author=person, committer=or_null(person), coAuthors=list_of(person)), dict(
        path=path, size=count, commit=commit, authoredAt=is_time, committedAt=is_time,
        origin=one_of('observed', 'imported'), agents=list_of(short), signed=one_of('none', 'openpgp', 'ssh', 'x509'))),
    'version.proposed': (True, dict(SHAPES_1['version.proposed'][1], commit=commit), SHAPES_1['version.proposed'][2]),
    'deployment.recorded': (True, dict(SHAPES_1['deployment.recorded'][1], commit=commit, claimedAt=is_time),
                            SHAPES_1['deployment.recorded'][2]),
    'deployment.ended': (True, dict(SHAPES_1['deployment.ended'][1], commit=commit, claimedAt=is_time),
                         SHAPES_1['deployment.ended'][2]),
    'history.imported': (False, {}, dict(
        scope=text, mode=one_of('start', 'import'), tips=list_of(commit),
        totals=exactly(**dict.fromkeys(TOTALS, count)))),
}
SHAPES_3 = {
    'version.proposed': (True, dict(SHAPES_1['version.proposed'][1], commit=or_null(commit), parts=or_null(exactly(
        text=digest, model=or_null(digest), tools=or_null(digest), permissions=or_null(digest)))),
        SHAPES_1['version.proposed'][2]),
    'review.requested': (True, dict(version=event_id, persons=list_of(person)), dict(note=or_null(text))),
    'review.decided': (True, dict(SHAPES_1['review.decided'][1], envs=or_null(list_of(environment))),
                       SHAPES_1['review.decided'][2]),
    'review.commented': (True, dict(version=event_id, thread=or_null(event_id)), dict(
        text=text, line=or_null(positive), endLine=or_null(positive))),
    'review.resolved': (True, dict(thread=event_id, resolved=flag), dict(note=or_null(text))),
}
SHAPES_4 = {
    'deployment.recorded': (True, dict(SHAPES_1['deployment.recorded'][1], promotedFrom=or_null(event_id)),
                            dict(SHAPES_1['deployment.recorded'][2], release=or_null(text), pipeline=or_null(text))),
    'deployment.reviewed': (True, dict(deployment=event_id, outcome=one_of('accepted', 'objected')), dict(findings=text)),
    'attempt.denied': (True, dict(
        SHAPES_1['attempt.denied'][1], deployment=or_null(event_id), attempted=one_of(
            'review.decided', 'deployment.recorded', 'deployment.ended', 'deployment.reviewed')),
        SHAPES_1['attempt.denied'][2]),
    'trail.exported': (False, dict(sums=digest), dict(scope=text, files=count, rows=count)),
}
SHAPES = {1: SHAPES_1, 2: SHAPES_2, 3: SHAPES_3, 4: SHAPES_4}
COMMON_BODY = dict(salt=person, tool=short, identity=one_of('git', 'unattended'),
                   utcOffset=lambda v: type(v) is int and abs(v) <= 1440)
HEADER_MEMBERS = set('at body ledger n parents prompt refs type v who writer'.split())


class Event:
    __slots__ = ('seq', 'id', 'header', 'header_bytes', 'body', 'has_body', 'known')

    @property
    def type(self):
        return self.header['type'] if self.known else None


def frame_problem(h):
    """What is wrong with the members that all headers share; else None."""
    if type(h) is not dict:
        return 'it is no object'
    v = h.get('v')
    if not positive(v):
        return 'it has no format version'
    if v in SHAPES and not h.keys() <= HEADER_MEMBERS:
        return 'it has an unknown member'
    if not is_time(h.get('at')):
        return 'the time is not ISO 8601 in UTC with milliseconds'
    if not digest(h.get('body')):
        return 'the digest of the body is malformed'
    if not all(person(h.get(name)) for name in ('ledger', 'who', 'writer')):
        return 'an id is malformed'
    if 'prompt' in h and not person(h['prompt']):
        return 'the prompt id is malformed'
    if not positive(h.get('n')):
        return "the writer's counter is no number from 1"
    if not matching(TYPE)(h.get('type')):
        return 'the type is malformed'
    if type(h.get('refs')) is not dict:
        return 'the refs are no object'
    parents = h.get('parents')
    if type(parents) is not list or len(parents) > 64 or not all(map(event_id, parents)):
        return 'the parents are no list of at most 64 event ids'
    if any(a >= b for a, b in zip(parents, parents[1:])):
        return 'the parents are not sorted or not distinct'
    return None


def fits(members, value):
    return type(value) is dict and value.keys() == members.keys() and all(
        members[name](value[name]) for name in members)


def read_event(header_bytes, body_bytes):
    """(event, problem of the header, problem of the body); body_bytes None: there is none, or it is broken."""
    def bad(problem):
        return None, problem, None
    if len(header_bytes) > MAX_HEADER:
        return bad('the header is too long')
    try:
        header = canonical(header_bytes.decode('utf-8'))
    except UnicodeDecodeError:
        return bad('its header is not UTF-8')
    except NotCanonical as error:
        return bad('the header is not canonical JSON: %s' % error)
    problem = frame_problem(header)
    if problem:
        return bad('the header is wrong: %s' % problem)
    event = Event()
    event.header, event.header_bytes, event.id = header, header_bytes, sha_hex(header_bytes)
    event.body, event.has_body = None, False
    event.known = header['type'] in SHAPES.get(header['v'], ())
    if event.known:
        names_prompt, refs, _ = SHAPES[header['v']][header['type']]
        if names_prompt != ('prompt' in header):
            return bad('a %s event names no prompt, or must not' % header['type'])
        if not fits(refs, header['refs']):
            return bad('the refs do not fit %s' % header['type'])
    if body_bytes is None:
        return event, None, None
    body, problem = read_body(header, event.known, body_bytes)
    if problem is None:
        event.body, event.has_body = body, True
    return event, None, problem


def read_body(header, known, body_bytes):
    if len(body_bytes) > MAX_BODY:
        return None, 'the body is too long'
    if header['body'] != 'sha256:' + sha_hex(body_bytes):
        return None, 'the body is not the one that the header names'
    try:
        decoded = body_bytes.decode('utf-8')
        if not known:
            return None, None
        body = canonical(decoded)
    except UnicodeDecodeError:
        return None, 'the body is not UTF-8'
    except NotCanonical as error:
        return None, 'the body is not canonical JSON: %s' % error
    if not fits({**COMMON_BODY, **SHAPES[header['v']][header['type']][2]}, body):
        return None, 'the body does not fit %s' % header['type']
    return body, None


# ------------------------------------------------------------------------------------ SQLite files
# https://www.sqlite.org/fileformat2.html: table b-trees and their overflow pages, nothing else.

SCHEMA = [
    ('table', 'event', 'event', '''CREATE TABLE event(
  seq INTEGER PRIMARY KEY,
  id BLOB NOT NULL CHECK(typeof(id) = 'blob' AND length(id) = 32),
  header TEXT NOT NULL CHECK(typeof(header) = 'text'),
  body TEXT CHECK(typeof(body) IN ('text', 'null'))
)'''),
    ('table', 'content', 'content', '''CREATE TABLE content(
  digest BLOB NOT NULL CHECK(typeof(digest) = 'blob' AND length(digest) = 32),
  encoding TEXT NOT NULL CHECK(encoding IN ('identity', 'deflate')),
  bytes BLOB NOT NULL CHECK(typeof(bytes) = 'blob')
)'''),
    ('table', 'signature', 'signature', '''CREATE TABLE signature(
  event BLOB NOT NULL CHECK(typeof(event) = 'blob' AND length(event) = 32),
  digest BLOB NOT NULL CHECK(typeof(digest) = 'blob' AND length(digest) = 32),
  bytes BLOB NOT NULL CHECK(typeof(bytes) = 'blob')
)'''),
    ('table', 'meta', 'meta', '''CREATE TABLE meta(
  name TEXT NOT NULL CHECK(typeof(name) = 'text'),
  value TEXT NOT NULL CHECK(typeof(value) = 'text')
)'''),
    ('view', 'trail', 'trail', '''CREATE VIEW trail AS
WITH person AS (
  SELECT json_extract(header, '$.refs.person') AS id, json_extract(body, '$.name') AS name,
    json_extract(body, '$.email') AS email, max(seq) AS last
  FROM event WHERE json_extract(header, '$.type') = 'person.declared' GROUP BY 1
), prompt AS (
  SELECT json_extract(header, '$.prompt') AS id,
    coalesce(json_extract(body, '$.path'), json_extract(body, '$.to')) AS path, max(seq) AS last
  FROM event WHERE json_extract(header, '$.type') IN ('prompt.registered', 'prompt.moved') GROUP BY 1
)
SELECT event.seq, json_extract(header, '$.at') AS at, json_extract(header, '$.type') AS type,
  coalesce(person.name, '(unknown)') AS who, person.email,
  coalesce(json_extract(body, '$.path'), json_extract(body, '$.to'), prompt.path) AS path,
  json_extract(header, '$.refs.number') AS number,
  json_extract(header, '$.refs.decision') AS decision,
  json_extract(header, '$.refs.env') AS env,
  coalesce(json_extract(body, '$.note'), json_extract(body, '$.reason'), json_extract(body, '$.text')) AS note,
  json_extract(header, '$.refs.digest') AS digest, lower(hex(event.id)) AS id
FROM event
LEFT JOIN person ON person.id = json_extract(header, '$.who')
LEFT JOIN prompt ON prompt.id = json_extract(header, '$.prompt')
ORDER BY event.seq'''),
]


class Damage(Exception):
    """A page or a row that cannot be read."""


class Text(bytes):
    """A cell of the type TEXT, as the bytes that stand there."""


def varint(data, at):
    value = 0
    for i in range(9):
        if at >= len(data):
            raise Damage('a number is cut off')
        byte = data[at]
        at += 1
        if i == 8:
            return (value << 8) | byte, at
        value = (value << 7) | (byte & 0x7f)
        if byte < 0x80:
            return value, at


def signed(value, bits):
    return value - (1 << bits) if value >> (bits - 1) & 1 else value


class Pages:
    """The pages of a file; gives the rows of a table in the order of the file."""

    def __init__(self, data):
        self.data = memoryview(data)
        self.count = len(data) // PAGE
        # A good file holds no byte twice, so nothing can make this reader give more than that.
        self.budget = len(data) + PAGE

    def page(self, number):
        if not 1 <= number <= self.count:
            raise Damage('page %d does not exist' % number)
        return self.data[(number - 1) * PAGE:number * PAGE]

    def rows(self, root, damaged):
        """(rowid, cells) of each row. `damaged(problem)` is told of each place that cannot be read."""
        seen = set()
        stack = [(root, None)]
        while stack:
            number, cell = stack.pop()
            try:
                if cell is not None:
                    yield self.row(number, cell)
                    continue
                if number in seen or len(seen) > self.count:
                    raise Damage('pages run in a circle')
                seen.add(number)
                stack.extend(reversed(self.places(number)))
            except Damage as error:
                damaged(str(error))

    def places(self, number):
        """What a page of a table refers to, in order: its rows, or the pages below it."""
        page = self.page(number)
        start = 100 if number == 1 else 0
        kind = page[start]
        if kind not in (5, 13):
            raise Damage('page %d is no page of a table' % number)
        cells = struct.unpack_from('>H', page, start + 3)[0]
        head = start + (12 if kind == 5 else 8)
        if head + 2 * cells > PAGE or cells > (PAGE - 8) // 6:
            raise Damage('page %d claims %d rows' % (number, cells))
        offsets = struct.unpack_from('>%dH' % cells, page, head)
        if any(at < head + 2 * cells or at > PAGE - 4 for at in offsets):
            raise Damage('page %d points outside of itself' % number)
        if kind == 13:
            return [(number, at) for at in offsets]
        below = [struct.unpack_from('>I', page, at)[0] for at in offsets]
        return [(child, None) for child in below + [struct.unpack_from('>I', page, start + 8)[0]]]

    def row(self, number, at):
        page = self.page(number)
        size, at = varint(page, at)
        rowid, at = varint(page, at)
        inline = size
        if size > PAGE - 35:
            least = (PAGE - 12) * 32 // 255 - 23
            inline = least + (size - least) % (PAGE - 4)
            if inline > PAGE - 35:
                inline = least
        self.budget -= size
        if size > len(self.data) or self.budget < 0 or at + inline > PAGE:
            raise Damage('a row of page %d is longer than it can be' % number)
        parts = [page[at:at + inline]]
        rest = size - inline
        if rest > 0:
            if at + inline + 4 > PAGE:
                raise Damage('a row of page %d is longer than it can be' % number)
            following = struct.unpack_from('>I', page, at + inline)[0]
            while rest > 0:
                more = self.page(following)
                following = struct.unpack_from('>I', more, 0)[0]
                parts.append(more[4:4 + min(rest, PAGE - 4)])
                rest -= PAGE - 4
        return signed(rowid, 64), self.cells(b''.join(parts))

    @staticmethod
    def cells(record):
        end, at = varint(record, 0)
        if end > len(record):
            raise Damage('a row is malformed')
        kinds = []
        while at < end:
            kind, at = varint(record, at)
            kinds.append(kind)
        cells, at = [], end
        for kind in kinds:
            size = (0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0)[kind] if kind < 12 else (kind - 12) // 2
            cell = record[at:at + size]
            at += size
            if len(cell) < size:
                raise Damage('a row is cut off')
            if kind >= 12:
                cells.append(Text(cell) if kind % 2 else cell)
            elif kind == 7:
                cells.append(struct.unpack('>d', cell)[0])
            elif kind in (8, 9):
                cells.append(kind - 8)
            else:
                cells.append(int.from_bytes(cell, 'big', signed=True) if 1 <= kind <= 6 else None)
        if at != len(record):
            raise Damage('a row is longer or shorter than it says')
        return cells


def padded(cells, width):
    return (list(cells) + [None] * width)[:width]


class File:
    """One file of a ledger after every check that it allows by itself."""

    def __init__(self, name, data, findings):
        self.name, self.data, self.findings = name, data, findings
        self.ledger = None
        self.start = None
        self.events = []
        self.contents = {}
        self.signatures = {}
        self.excused = set()
        self.bodyless = set()
        self.future = False
        self.readable = self.check_header()
        if self.readable:
            self.check_schema()

    def add(self, code, message, seq=None, event=None, severity='error'):
        where = '' if self.name == 'ledger.sqlite' else 'In %s: ' % self.name
        self.findings.add(code, where + message, seq, event, severity)

    def differs(self, what):
        self.add('file.differs', 'The file differs in a place that holds no event: %s.' % what, severity='warning')

    def check_header(self):
        data = self.data
        if len(data) > MAX_FILE:
            self.add('ledger.tooLarge', 'It has %d bytes; more than %d are not read.' % (len(data), MAX_FILE))
            return False
        is_known = len(data) >= 100 and (
            data[:16] == b'SQLite format 3\0' or struct.unpack_from('>I', data, 68)[0] == APPLICATION)
        if not is_known or len(data) < PAGE:
            self.add('ledger.damaged', 'It is no SQLite file, empty, or cut off in its first page.')
            return False
        pages = len(data) // PAGE
        claimed = struct.unpack_from('>I', data, 28)[0]
        if claimed > pages:
            self.add('ledger.damaged', 'It is cut off: %d pages of %d are there.' % (pages, claimed))
        elif claimed < pages or len(data) % PAGE:
            self.differs('bytes were added behind its end')
        header = data[:100]
        expected = [
            (0, b'SQLite format 3\0'), (16, bytes([16, 0, 1, 1, 0, 64, 32, 32])), (32, bytes(8)),
            (44, bytes([0, 0, 0, 4])), (52, bytes([0, 0, 0, 0, 0, 0, 0, 1])), (64, bytes(4)),
            (68, struct.pack('>I', APPLICATION)), (72, bytes(20))]
        for at, wanted in expected:
            if header[at:at + len(wanted)] != wanted:
                self.differs('its header differs at byte %d' % at)
        self.version = struct.unpack_from('>I', data, 60)[0]
        fixed = bytearray(data[:pages * PAGE])
        for at, wanted in expected + [(24, struct.pack('>I', 1)), (28, struct.pack('>I', pages)),
                                      (60, struct.pack('>I', 1)), (92, struct.pack('>I', 1))]:
            fixed[at:at + len(wanted)] = wanted
        self.fixed = bytes(fixed)
        self.pages = Pages(self.fixed)
        return True

    def check_schema(self):
        problems = []
        rows = []
        for _, cells in self.pages.rows(1, problems.append):
            rows.append(padded(cells, 5))
            if len(rows) > len(SCHEMA):
                break
        problem = None
        if problems:
            problem = 'they cannot be read'
        elif len(rows) != len(SCHEMA):
            problem = 'there are more, or some are missing'
        else:
            for row, wanted in zip(rows, SCHEMA):
                found = [cell if type(cell) is Text else None for cell in (row[0], row[1], row[2], row[4])]
                if found != [w.encode() for w in wanted]:
                    problem = 'the definition of "%s" differs' % wanted[1]
                if wanted[0] == 'table' and not (type(row[3]) is int and 1 < row[3] <= self.pages.count):
                    problem = 'the table "%s" has no page' % wanted[1]
        self.roots = [2, 3, 4, 5]
        if problem is None:
            self.roots = [row[3] if type(row[3]) is int else 0 for row in rows[:4]]
        elif self.version > 1:
            self.from_the_future(self.version)
        else:
            self.add('file.schema', 'Its tables are not those of a ledger: %s.' % problem)
        if self.version != 1 and not self.future:
            self.differs('its header names another format')

    def from_the_future(self, version):
        self.future = True
        self.readable = False
        self.add('ledger.futureVersion', 'It has format version %s, which this program does not know.' % version)

    def scan(self, table, code):
        failed = []
        for _, cells in self.pages.rows(self.roots[table], failed.append):
            yield cells
        if failed:
            self.add(code, 'A row of the table "%s" cannot be read: %s.' % (SCHEMA[table][1], failed[0]))

    def read_meta(self):
        """Reads the rows of meta, which say where the file begins."""
        failed = []
        rows = []
        for _, cells in self.pages.rows(self.roots[3], failed.append):
            rows.append([decoded(cell) if type(cell) is Text else None for cell in padded(cells, 2)])
            if len(rows) > 6:
                break
        format_ = rows[0][1] if rows and rows[0][0] == 'format' else None
        ledger = rows[1][1] if len(rows) > 1 and rows[1][0] == 'ledger' else None
        if format_ is not None and re.fullmatch('[1-9][0-9]{0,8}', format_) and int(format_) > 1:
            return self.from_the_future(format_)
        try:
            self.start = start_of(rows)
        except Unreadable as error:
            failed.append(str(error))
        self.claimed = ledger if ledger is not None and HEX32(ledger) else None
        if failed or format_ != '1' or self.claimed is None:
            self.add('file.meta', 'The table "meta" is damaged: its rows are not those of a ledger.')
        self.start = self.start or Start()

    def read_events(self):
        last = self.start.size
        state = {'last': last}

        def damaged(problem):
            self.excused.add('unreadable')
            self.add('event.unreadable', 'No event behind event %d can be read: %s.' % (state['last'], problem),
                     state['last'] + 1)

        for seq, cells in self.pages.rows(self.roots[0], damaged):
            last = state['last']
            if seq <= last:
                self.add('event.order', 'The row %d stands where it must not, behind event %d.' % (seq, last), last)
                self.excused.add('order')
                continue
            if seq > last + 1:
                self.excused.add('missing')
                which = 'Event %d and all that follow are' % (last + 1) if seq - 1 > MAX_SAFE else (
                    'Event %d is' % (last + 1) if seq == last + 2 else 'Events %d to %d are' % (last + 1, seq - 1))
                self.add('event.missing', which + ' missing from the file.', last + 1)
            state['last'] = seq
            self.read_event(seq, *padded(cells, 4)[1:])

    def read_event(self, seq, stored, header, body):
        claimed = stored.hex() if type(stored) is bytes else repr(stored)
        event_id_ = claimed if len(claimed) == 64 else None

        def unfit(problem):
            self.excused.add(claimed)
            self.add('event.header', 'Event %d is broken: %s.' % (seq, problem), seq, event_id_)

        if type(header) is not Text:
            return unfit('its header is no text')
        is_text = type(body) is Text
        event, problem, body_problem = read_event(bytes(header), bytes(body) if is_text else None)
        if problem:
            return unfit(problem)
        if body is not None and not is_text:
            body_problem = 'the body is no text'
        if body_problem:
            self.bodyless.add(event.id)
            self.add('event.body', 'Event %d has a broken body: %s.' % (seq, body_problem), seq, event_id_)
        if event.id != claimed:
            return unfit('its id is not the hash of its header')
        event.seq = seq
        self.events.append(event)

    def read_attachments(self):
        users = {}
        for event in self.events:
            for name in sorted(event.header['refs'], key=utf16):
                value = event.header['refs'][name]
                if digest(value):
                    users.setdefault(value, event)

        def report(kind, problem, name):
            user = users.get(name)
            self.add(kind + '.damaged', 'A %s is broken: %s.' % (kind, problem),
                     user.seq if user else None, user.id if user else None)

        for cells in self.scan(1, 'content.damaged'):
            name, encoding, data = padded(cells, 3)
            fits_ = type(name) is bytes and len(name) == 32 and type(data) is bytes
            key = 'sha256:' + name.hex() if fits_ else None
            if not fits_ or type(encoding) is not Text or encoding not in (b'identity', b'deflate'):
                report('content', 'its row is malformed', key)
            elif key in self.contents:
                report('content', 'it stands there twice', key)
            else:
                self.contents[key] = (encoding, data)
        for cells in self.scan(2, 'signature.damaged'):
            of, name, data = padded(cells, 3)
            whole = all(type(cell) is bytes for cell in (of, name, data))
            key = 'sha256:' + name.hex() if whole else None
            if not whole or len(of) != 32 or len(data) > MAX_SIGNATURE or sha(data) != name:
                report('signature', 'its row is malformed', key)
            else:
                self.signatures[key] = (of.hex(), data)
        for key in list(self.contents):
            if decoded_digest(*self.contents[key]) != key:
                del self.contents[key]
                report('content', 'its bytes are not those of its digest', key)
            else:
                self.contents[key] = True

    def integrity(self):
        """What SQLite itself says of its structures; asked only where the schema is the one of a ledger."""
        try:
            import sqlite3
        except ImportError:
            return
        folder = tempfile.mkdtemp(prefix='verify-')
        try:
            name = os.path.join(folder, 'copy.sqlite')
            with open(name, 'wb') as file:
                file.write(self.fixed)
            uri = 'file:' + name.replace('?', '%3f').replace('#', '%23') + '?mode=ro&immutable=1'
            database = sqlite3.connect(uri, uri=True)
            try:
                said = database.execute('PRAGMA integrity_check(1)').fetchone()[0]
            finally:
                database.close()
        except sqlite3.Error as error:
            said = str(error)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        if said != 'ok':
            self.differs('SQLite says "%s"' % ' '.join(said.split())[:200])


def decoded(data):
    try:
        return bytes(data).decode('utf-8')
    except UnicodeDecodeError:
        return None


def decoded_digest(encoding, data):
    """The digest of a text, inflated no further than a text may be long; None where that fails."""
    if len(data) > MAX_CONTENT:
        return None
    if encoding == b'identity':
        return 'sha256:' + sha_hex(data)
    inflater, hashed, size = zlib.decompressobj(-15), hashlib.sha256(), 0
    try:
        while not inflater.eof:
            part = inflater.decompress(data, 1 << 20)
            data = inflater.unconsumed_tail
            size += len(part)
            hashed.update(part)
            if size > MAX_CONTENT or (not part and not data and not inflater.eof):
                return None
    except zlib.error:
        return None
    return 'sha256:' + hashed.hexdigest()


# ------------------------------------------------------------------------------------- Merkle tree

class Tree:
    """RFC 6962, from its frontier alone: the roots of the complete subtrees, largest first."""

    def __init__(self, size=0, frontier=()):
        self.size, self.frontier = size, list(frontier)

    def append(self, leaf_data):
        node = sha(b'\0' + leaf_data)
        rest = self.size
        while rest & 1:
            node = sha(b'\1' + self.frontier.pop() + node)
            rest >>= 1
        self.frontier.append(node)
        self.size += 1

    def root(self):
        if not self.frontier:
            return sha(b'')
        node = self.frontier[-1]
        for left in reversed(self.frontier[:-1]):
            node = sha(b'\1' + left + node)
        return node


class Start:
    """What a file says of everything before it; of nothing, unless told otherwise."""

    def __init__(self):
        self.volume, self.size, self.frontier, self.heads, self.writers, self.summary = 1, 0, [], [], {}, ''

    def parts(self):
        writers = sorted((w, one['n'], one['last']) for w, one in self.writers.items())
        return [('number', self.volume), ('size', self.size), ('root', Tree(self.size, self.frontier).root()),
                ('list of heads', sorted(self.heads)), ('list of writers', writers), ('summary', self.summary)]


def start_of(rows):
    names = [row[0] for row in rows]
    start = Start()
    if names == ['format', 'ledger', 'first_seq']:
        if rows[2][1] != '1':
            raise Unreadable('it does not begin with event 1')
        return start
    if names != ['format', 'ledger', 'first_seq', 'volume', 'before', 'summary']:
        raise Unreadable('it has other rows')
    first, volume, before, summary = [row[1] for row in rows[2:]]
    if None in (first, volume, before, summary):
        raise Unreadable('a value is no text')
    if not re.fullmatch('[1-9][0-9]{0,5}', volume) or volume == '1':
        raise Unreadable('its number is wrong')
    try:
        value = canonical(before)
    except NotCanonical as error:
        raise Unreadable('"before" is not canonical: %s' % error)
    writer = exactly(last=event_id, n=positive)
    shape = exactly(
        frontier=list_of(event_id), root=event_id, size=positive, summary=digest,
        heads=lambda v: type(v) is list and len(v) > 0 and all(map(event_id, v)),
        writers=lambda v: type(v) is dict and all(person(w) and writer(v[w]) for w in v))
    if not shape(value):
        raise Unreadable('"before" has other members')
    start.volume, start.size, start.heads = int(volume), value['size'], value['heads']
    start.writers, start.summary = value['writers'], summary
    start.frontier = [bytes.fromhex(one) for one in value['frontier']]
    if any(a >= b for a, b in zip(start.heads, start.heads[1:])):
        raise Unreadable('the heads are not sorted')
    if len(start.frontier) != bin(start.size).count('1') or first != str(start.size + 1):
        raise Unreadable('its numbers do not fit')
    if value['summary'] != 'sha256:' + sha_hex(summary.encode('utf-8', 'surrogatepass')):
        raise Unreadable('the summary is not the one that "before" names')
    if Tree(start.size, start.frontier).root().hex() != value['root']:
        raise Unreadable('the frontier does not give the root')
    return start


# ------------------------------------------------------------------------------------------ chain

class Chain:
    """Events in their order, and which stand behind which."""

    def __init__(self, findings):
        self.findings = findings
        self.seqs = {}
        self.parents = [()]
        # By seq: all events up to this one are ancestors, for certain.
        self.whole = [0]
        self.ledger = None
        self.numbers = {}
        self.newest = {}
        self.heads = set()
        self.steps = SEARCH_STEPS
        self.tangled = False

    def add(self, event, excused, file):
        seq, header = event.seq, event.header

        def report(code, message, severity='error'):
            file.add(code, message, seq, event.id, severity)

        if self.ledger is None:
            self.ledger = header['ledger']
        if header['ledger'] != self.ledger:
            report('event.ledger', 'Event %d belongs to another ledger.' % seq)
        twice = event.id in self.seqs
        if twice:
            report('event.twice', 'Event %d stands in the ledger twice.' % seq)
        for parent in header['parents']:
            if parent not in self.seqs:
                self.tangled = True
                if parent not in excused:
                    report('parent.missing', 'Event %d builds on %s, which does not stand before it.' % (seq, parent))
        if not header['parents'] and self.seqs:
            report('root.extra', 'Event %d builds on no other event: it is a second root.' % seq, 'info')
        self.check_writer(event, excused, report)
        if not twice:
            self.place(event)

    def check_writer(self, event, excused, report):
        header = event.header
        writer, n = header['writer'], header['n']
        numbers = self.numbers.setdefault(writer, {})
        if n in numbers:
            report('writer.fork', 'Event %d has the same number as another event of its writer.' % event.seq, 'warning')
            return
        before = numbers.get(n - 1)
        numbers[n] = event.id
        if excused or n == 1:
            return
        if before is None:
            report('writer.gap', 'Event %d is number %d of its writer; number %d does not stand before it.' % (
                event.seq, n, n - 1))
        elif before not in header['parents'] and not self.reaches(before, header['parents']):
            report('writer.branch', 'Event %d does not build on the event that its writer made before it.' % event.seq)

    def place(self, event):
        at = len(self.parents)
        parents = sorted(self.seqs[p] for p in event.header['parents'] if p in self.seqs)
        self.heads.difference_update(event.header['parents'])
        whole = max([p if self.whole[p] == p - 1 else self.whole[p] for p in parents], default=0)
        if not self.heads and not self.tangled:
            whole = at - 1
        for p in parents:
            if p == whole + 1:
                whole = p
        self.heads.add(event.id)
        self.seqs[event.id] = at
        self.parents.append(tuple(parents))
        self.whole.append(whole)
        writer, n = event.header['writer'], event.header['n']
        if self.newest.get(writer, {'n': 0})['n'] < n:
            self.newest[writer] = {'last': event.id, 'n': n}

    def reaches(self, ancestor, parents):
        target = self.seqs[ancestor]
        return self.search(target, [self.seqs[p] for p in parents if p in self.seqs])

    def is_ancestor(self, ancestor, at):
        """Whether one event stands behind another; both by their place."""
        return ancestor < at and (ancestor <= self.whole[at] or self.search(ancestor, list(self.parents[at])))

    def search(self, target, stack):
        seen = set()
        while stack:
            at = stack.pop()
            if at == target or (target < at and target <= self.whole[at]):
                return True
            if at < target or at in seen:
                continue
            seen.add(at)
            self.steps -= 1
            if self.steps < 0:
                return True
            stack.extend(self.parents[at])
        return False


# ----------------------------------------------------------------------------------------- policy

JSONC_TOKEN = re.compile(
    r'[ \t\r\n]+|//[^\r\n]*|/\*.*?\*/|(?P<string>"(?:[^"\\\x00-\x1f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*")'
    r'|(?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(?![0-9A-Za-z_.+-])'
    r'|(?P<word>true|false|null)(?![0-9A-Za-z_])|(?P<sign>[\[\]{},:])', re.S)
# What JavaScript's trim takes for white space; Python's own list is another one.
WHITE = '\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a' \
        '\u2028\u2029\u202f\u205f\u3000\ufeff'
WORDS = {'true': True, 'false': False, 'null': None}
MAX_POLICY_DEPTH = 64


def jsonc(source):
    """JSON with comments and a comma behind the last member; members that stand there twice are an error."""
    tokens = []
    at = 1 if source.startswith('\ufeff') else 0
    while at < len(source):
        match = JSONC_TOKEN.match(source, at)
        if match is None:
            raise Unreadable('the policy is not valid JSON')
        if match.lastgroup:
            tokens.append((match.lastgroup, match.group()))
        at = match.end()
    tokens.append(('end', ''))
    position = [0]

    def take():
        position[0] += 1
        return tokens[position[0] - 1]

    def closes(sign):
        if tokens[position[0]] == ('sign', sign):
            position[0] += 1
            return True
        return False

    def value(depth):
        if depth > MAX_POLICY_DEPTH:
            raise Unreadable('the policy has too many levels')
        kind, found = take()
        if kind == 'string':
            return json.loads(found)
        if kind == 'number':
            return json.loads(found)
        if kind == 'word':
            return WORDS[found]
        if found == '[':
            items = []
            while not closes(']'):
                items.append(value(depth + 1))
                if not closes(','):
                    if not closes(']'):
                        raise Unreadable('the policy is not valid JSON')
                    break
            return items
        if found == '{':
            members = {}
            while not closes('}'):
                kind, name = take()
                if kind != 'string' or not closes(':'):
                    raise Unreadable('the policy is not valid JSON')
                name = json.loads(name)
                if name in members or name == '__proto__':
                    raise Unreadable('a member stands in the policy twice')
                members[name] = value(depth + 1)
                if not closes(','):
                    if not closes('}'):
                        raise Unreadable('the policy is not valid JSON')
                    break
            return members
        raise Unreadable('the policy is not valid JSON')

    result = value(0)
    if take()[0] != 'end':
        raise Unreadable('the policy goes on behind its end')
    return result


GLOB_SIGNS = re.compile(r'[*+?@!(\[{]')
BRANCH = re.compile('[^-\\s~^:?*\\[\\\\\x00-\x1f\x7f-\x9f][^\\s~^:?*\\[\\\\\x00-\x1f\x7f-\x9f]*').fullmatch
NAME = re.compile('[^\x00-\x20\x7f-\x9f@*](?:[^\x00-\x1f\x7f-\x9f@*]*[^\x00-\x20\x7f-\x9f@*])?').fullmatch
ADDRESS = re.compile('[^\x00-\x20\x7f-\x9f@<>]+@[^\x00-\x20\x7f-\x9f@<>]+').fullmatch
HANDLE = re.compile(r'@[A-Za-z0-9][A-Za-z0-9._-]{0,99}(?:\[bot\])?').fullmatch
TEAM = re.compile('@[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*').fullmatch
DURATION = re.compile('[1-9][0-9]{0,5}[dhm]').fullmatch
APPROVAL_FLAGS = 'codeowners contributors unattended signed sameClone reason otherPolicy scoped openComments'
CHANGES = ('text', 'model', 'tools', 'permissions')


def require(holds):
    if not holds:
        raise Unreadable('the policy breaks a rule')


def keys(value, allowed):
    require(type(value) is dict and (allowed is None or value.keys() <= set(allowed.split())))
    return value


def texts(value, check):
    # A null in the lists of the first policies says nothing and is no mistake.
    require(type(value) is list)
    found = [one for one in value if one is not None]
    require(all(type(one) is str and check(one) for one in found))
    return found


def strict_texts(value, at_most, check):
    require(type(value) is list and len(value) <= at_most)
    require(all(type(one) is str and check(one) for one in value))
    return value


def is_glob(t):
    return 0 < units(t) <= 256 and len(GLOB_SIGNS.findall(t)) <= 20


def is_short(t):
    return t.strip(WHITE) != '' and units(t) <= 100


def is_name(t):
    return units(t) <= 100 and NAME(t)


def is_address(t):
    return units(t) <= 254 and ADDRESS(t)


def team_name(t):
    return t.lower() if t.startswith('@') else t


class People:
    """Who is meant by a name: `people`, `groups` and `roles` of a policy."""

    def __init__(self, top):
        self.addresses, self.taken, self.owners = {}, set(), {}
        people = keys(top.get('people', {}), None)
        require(len(people) <= 5000)
        for name, value in people.items():
            require(is_name(name))
            self.define(name)
            keys(value, 'emails handles kind')
            emails = strict_texts(value.get('emails'), 50, is_address)
            require(emails)
            handles = strict_texts(value.get('handles', []), 20, HANDLE)
            for one in emails + handles:
                require(self.owners.setdefault(one.lower(), name) == name)
            require(value.get('kind', 'person') in ('person', 'agent', 'service'))
            self.addresses[name] = {one.lower() for one in emails}
        self.groups = self.read_groups(keys(top.get('groups', {}), None))
        self.roles = {role: [self.member_of_role(one) for one in texts(value, lambda t: t != '')]
                      for role, value in keys(top.get('roles', {}), None).items()}

    def define(self, name):
        require(name.lower() not in self.taken)
        self.taken.add(name.lower())

    def read_groups(self, groups):
        require(len(groups) <= 1000)
        for name in groups:
            require(is_name(name) or units(name) <= 200 and TEAM(name))
            require(team_name(name) not in self.owners)
            self.define(team_name(name))
        names = {team_name(name) for name in groups}
        found = {}
        for name, value in groups.items():
            members = strict_texts(value, 5000, lambda t: t in self.addresses or (
                team_name(t) not in names and is_address(t)))
            found[team_name(name)] = [one if one in self.addresses else one.lower() for one in members]
        return found

    def member_of_role(self, member):
        if member == '*' or member in self.addresses:
            return member
        if team_name(member) in self.groups:
            return team_name(member)
        require(member.find('@') > 0)
        return member.lower()

    def has_role(self, email, roles):
        """Whether somebody with this address, or without one, has one of these roles."""
        names = set()
        # git takes any text for an address: without a domain it could be a name, or with @ first a handle or a team.
        if email is not None and email.find('@') > 0:
            names.add(email.lower())
            person = self.owners.get(email.lower())
            if person is not None:
                names.update(self.addresses[person], [person])
        return any(member == '*' or member in names or not names.isdisjoint(self.groups.get(member, ()))
                   for role in roles for member in self.roles.get(role, ()))


def read_policy(source):
    """The people and the rule of redactions of a policy; raises Unreadable where it breaks any rule."""
    top = keys(jsonc(source), '$schema version ledger prompts drafts protectedBranch people groups roles approvals rules '
                              'redaction environments minCheckpoint')
    require(is_number(top.get('version', 1), 1))
    people = People(top)

    def named(value):
        return texts(value, lambda t: t != '' and t in people.roles)

    read_approvals(top.get('approvals', {}), named)
    ledger = top.get('ledger')
    require(ledger is None or person(ledger))
    prompts = keys(top.get('prompts', {}), 'include exclude')
    for globs in prompts.values():
        texts(globs, is_glob)
    require(top.get('drafts') in (None, 'local', 'share'))
    branch = top.get('protectedBranch')
    require(branch is None or (type(branch) is str and BRANCH(branch) and '..' not in branch))
    redaction = {'roles': [], 'unattended': True}
    if 'redaction' in top:
        rule = keys(top['redaction'], 'roles unattended')
        redaction = {'roles': named(rule.get('roles', [])), 'unattended': rule.get('unattended', True)}
        require(redaction['roles'] and flag(redaction['unattended']))
    pinned = read_pinned(top['minCheckpoint']) if 'minCheckpoint' in top else None
    environments = keys(top.get('environments'), None)
    require(len(environments) > 0)
    for name, rule in environments.items():
        require(ENVIRONMENT(name))
        keys(rule, 'approvals deployers approverMayDeploy contributorMayDeploy breakGlass after')
        read_approvals(rule.get('approvals', {}), named)
        named(rule.get('deployers', []))
        require(all(flag(rule.get(one, True)) for one in ('approverMayDeploy', 'contributorMayDeploy')))
        read_break_glass(rule.get('breakGlass', True), named)
    read_order(environments)
    read_rules(top.get('rules', []), environments, named)
    return {'people': people, 'redaction': redaction, 'minCheckpoint': pinned}


def is_number(value, wanted):
    return type(value) in (int, float) and value == wanted


def is_whole(value, least, most):
    return type(value) in (int, float) and value == int(value) and least <= value <= most


def read_approvals(value, named):
    keys(value, 'required roles allOf expires meanings ' + APPROVAL_FLAGS)
    require(is_whole(value.get('required', 1), 0, 20))
    named(value.get('roles', []))
    quotas = value.get('allOf', [])
    require(type(quotas) is list and len(quotas) <= 10)
    for quota in quotas:
        keys(quota, 'required roles')
        require(is_whole(quota.get('required', 1), 1, 20) and named(quota.get('roles', [])))
    require(all(flag(value.get(name, True)) for name in APPROVAL_FLAGS.split()))
    expires = value.get('expires')
    require(expires is None or (type(expires) is str and DURATION(expires)))
    strict_texts(value.get('meanings', []), 50, is_short)


def read_break_glass(value, named):
    if flag(value):
        return
    keys(value, 'roles review reviewers')
    require('roles' not in value or named(value['roles']))
    require(value.get('review') is None or (type(value['review']) is str and DURATION(value['review'])))
    named(value.get('reviewers', []))


def read_order(environments):
    """No environment comes after itself, over however many others."""
    before = {name: rule.get('after') for name, rule in environments.items()}
    require(all(one is None or (type(one) is str and one in environments) for one in before.values()))
    done = set()
    for name in before:
        way = set()
        while name is not None and name not in done:
            require(name not in way)
            way.add(name)
            name = before[name]
        done |= way


def read_rules(rules, environments, named):
    require(type(rules) is list and len(rules) <= 100)
    names = set()
    for rule in rules:
        keys(rule, 'name paths environments changes approvals')
        name = rule.get('name')
        require(type(name) is str and is_short(name) and name not in names)
        names.add(name)
        strict_texts(rule.get('paths', []), 100, is_glob)
        strict_texts(rule.get('environments', []), 100, lambda t: t in environments)
        strict_texts(rule.get('changes', []), 4, lambda t: t in CHANGES)
        read_approvals(rule.get('approvals', {}), named)


def read_pinned(value):
    keys(value, 'size root')
    size = value.get('size')
    require(type(size) in (int, float) and size == int(size) and 0 < size <= MAX_SAFE and text(value.get('root')))
    return Checkpoint(None, int(size), hash_of(value['root']))


# --------------------------------------------------------------- what the events come to: the state

KEPT = {'ledger.created', 'person.joined', 'prompt.registered', 'prompt.moved', 'prompt.removed', 'attempt.denied',
        'signature.attached', 'redacted', 'history.purged'}


class State:
    def __init__(self, chain):
        self.chain = chain
        self.events = []
        self.declared = {}
        self.joins = []
        self.policies = []
        self.parsed = {}
        self.by_digest = {}
        self.prompts = {}
        self.aliases = {}
        self.versions = {}
        self.deployments = {}
        self.redactions = []
        self.attached = []

    def event(self, event_id_):
        at = self.chain.seqs.get(event_id_)
        return self.events[at - 1] if at else None

    def add(self, event):
        self.events.append(event)
        fold = self.FOLDS.get(event.type)
        if fold:
            fold(self, event, event.header['refs'])

    def declare(self, event, refs):
        if event.body is None:
            self.declared.setdefault(refs['person'], [])
            return
        entry = (event.seq, event.body['name'], event.body['email'])
        if refs['person'] not in self.declared:
            self.declared[refs['person']] = [entry]
        elif event.header['who'] == refs['person']:
            self.declared[refs['person']].append(entry)

    def join(self, event, refs):
        self.joins.append((event.seq, refs['persons']))

    def adopt(self, event, refs):
        self.policies.append(event)

    def prompt_of(self, event):
        name = event.header['prompt']
        return self.prompts.get(self.aliases.get(name, name))

    def register(self, event, refs):
        name = event.header['prompt']
        if name in self.prompts or name in self.aliases:
            return
        where = event.body['path'] if event.body else None
        older = None
        if where is not None:
            older = next((p for p in self.prompts.values() if p['path'] == where and not p['retired']), None)
        if older:
            self.aliases[name] = older['id']
        else:
            self.prompts[name] = {'id': name, 'path': where, 'retired': False, 'revisions': 0, 'versions': [],
                                  'deployments': [], 'ended': set()}

    def move(self, event, refs):
        prompt = self.prompt_of(event)
        if prompt and event.body and event.body['from'] == prompt['path']:
            prompt['path'] = event.body['to']

    def retire(self, event, refs):
        prompt = self.prompt_of(event)
        if prompt:
            prompt['retired'] = True

    def revise(self, event, refs):
        self.by_digest.setdefault(refs['digest'], []).append(event.seq)
        prompt = self.prompt_of(event)
        if prompt:
            prompt['revisions'] += 1

    def propose(self, event, refs):
        prompt = self.prompt_of(event)
        if prompt is None:
            return
        self.by_digest.setdefault(refs['digest'], []).append(event.seq)
        version = {'event': event, 'prompt': prompt, 'number': len(prompt['versions']) + 1, 'decisions': []}
        prompt['versions'].append(version)
        self.versions[event.id] = version

    def version_of(self, event, refs):
        version = self.versions.get(refs['version'])
        good = version and version['prompt'] is self.prompt_of(event) and (
            version['event'].header['refs']['digest'] == refs['digest'])
        return version if good else None

    def decide(self, event, refs):
        version = self.version_of(event, refs)
        if version:
            version['decisions'].append(event)

    def deploy(self, event, refs):
        version = self.version_of(event, refs)
        if version:
            version['prompt']['deployments'].append(event)
            self.deployments[event.id] = version['prompt']

    def end(self, event, refs):
        prompt = self.deployments.get(refs['deployment'])
        if prompt:
            prompt['ended'].add(refs['deployment'])

    def redact(self, event, refs):
        self.redactions.append(event)

    def attach(self, event, refs):
        self.attached.append(event)

    FOLDS = {'person.declared': declare, 'person.joined': join, 'policy.adopted': adopt, 'prompt.registered': register,
             'prompt.moved': move, 'prompt.retired': retire, 'revision.saved': revise, 'revision.observed': revise,
             'version.proposed': propose, 'review.decided': decide, 'deployment.recorded': deploy,
             'deployment.ended': end, 'redacted': redact, 'signature.attached': attach}

    def summary(self):
        return write_canonical({'events': len(self.events), 'prompts': [self.prompt(p) for p in self.prompts.values()]})

    @staticmethod
    def prompt(prompt):
        newest = {}
        for event in prompt['deployments']:
            refs = event.header['refs']
            if refs['outcome'] == 'succeeded':
                newest[refs['env']] = event
        active = sorted((e for e in newest.values() if e.id not in prompt['ended']), key=lambda e: e.seq)
        named = {e.header['refs']['version'] for e in active}
        shown = [v for v in prompt['versions'] if v is prompt['versions'][-1] or v['event'].id in named]
        return {
            'id': prompt['id'], 'retired': prompt['retired'], 'revisions': prompt['revisions'],
            'versions': len(prompt['versions']),
            'shown': [{'id': v['event'].id, 'number': v['number'], 'digest': v['event'].header['refs']['digest'],
                       'decisions': [{'id': d.id, 'who': d.header['who'], 'decision': d.header['refs']['decision']}
                                     for d in v['decisions']]} for v in shown],
            'active': [{'env': e.header['refs']['env'], 'deployment': e.id, 'version': e.header['refs']['version']}
                       for e in active]}

    # What an event's writer had seen: `scope` is the seq of that event.

    def sees(self, scope, seq):
        return self.chain.is_ancestor(seq, scope)

    def newest_policy(self, scope):
        newest = []
        for one in reversed(self.policies):
            if self.sees(scope, one.seq) and not any(self.sees(other.seq, one.seq) for other in newest):
                newest.append(one)
                if len(newest) == 64:
                    break
        return max(newest, key=lambda one: (one.header['at'], one.id), default=None)

    def policy(self, adoption):
        if adoption is None or adoption.body is None:
            return None
        if adoption.seq not in self.parsed:
            try:
                self.parsed[adoption.seq] = read_policy(adoption.body['policy'])
            except (Unreadable, ValueError, RecursionError, OverflowError):
                self.parsed[adoption.seq] = None
        return self.parsed[adoption.seq]

    def joined(self, who, scope):
        """All ids of a person."""
        ids, size = {who}, 0
        while size != len(ids):
            size = len(ids)
            for seq, more in self.joins:
                if not ids.isdisjoint(more) and not ids.issuperset(more) and self.sees(scope, seq):
                    ids.update(more)
        return ids

    def email(self, who, scope):
        """The address of a person; of the smallest of their joined ids where they have none of their own."""
        for one in (who, min(self.joined(who, scope))):
            for seq, _, email in reversed(self.declared.get(one, [])):
                if self.sees(scope, seq):
                    return email
        return None

    def emails(self, who, scope):
        """The address of each of the ids of a person."""
        found = []
        for one in self.joined(who, scope):
            for seq, _, email in reversed(self.declared.get(one, [])):
                if self.sees(scope, seq):
                    found.append(email)
                    break
        return found

    def judge_redactions(self):
        """(targets of authorised redactions, [(event, why it is not authorised)])."""
        targets, refused, earlier = {}, [], []
        for event in self.redactions:
            problem = self.redaction_problem(event, earlier)
            if problem:
                refused.append((event, problem))
            else:
                targets.setdefault(event.header['refs']['target'], event)
                earlier.append(event)
        return targets, refused

    def redaction_problem(self, event, earlier):
        scope, target = event.seq, event.header['refs']['target']
        policy = self.policy(self.newest_policy(scope))
        if policy is None or not policy['redaction']['roles']:
            return 'no policy lets anybody redact'
        email = self.email(event.header['who'], scope)
        if not policy['people'].has_role(email, policy['redaction']['roles']):
            return 'its author has no role that may redact'
        if event.body is None or (not policy['redaction']['unattended'] and event.body['identity'] != 'git'):
            return 'nobody was asked'
        if event.body['reason'].strip(WHITE) == '':
            return 'it has no reason'
        if digest(target):
            known = any(self.sees(scope, seq) for seq in self.by_digest.get(target, []))
            return None if known else 'its author cannot have seen such a text'
        aim = self.event(target)
        if aim is None or not self.sees(scope, aim.seq):
            return 'its author cannot have seen such an event'
        return self.evidence_problem(event, aim, [e for e in earlier if self.sees(scope, e.seq)])

    def evidence_problem(self, event, aim, earlier):
        scope = event.seq
        if aim.type in KEPT:
            return 'such a body is never redacted'
        if aim.type == 'policy.adopted':
            if any(self.newest_policy(e.seq) is aim for e in earlier + [event]):
                return 'that policy judges'
        if aim.type == 'person.declared':
            ids = self.joined(aim.header['refs']['person'], scope)
            if any(e.header['who'] in ids for e in earlier + [event]):
                return 'who redacted something stays named'
        return None


# ------------------------------------------------------------------------------------- signatures
# docs/LEDGER.md, "Signatures". Ed25519 is done here; RSA and ECDSA are given to ssh-keygen.

P25519 = 2 ** 255 - 19
ORDER25519 = 2 ** 252 + 27742317777372353535851937790883648493
D25519 = -121665 * pow(121666, P25519 - 2, P25519) % P25519
ROOT_OF_MINUS_1 = pow(2, (P25519 - 1) // 4, P25519)


def point_add(a, b):
    c, d = (a[1] - a[0]) * (b[1] - b[0]) % P25519, (a[1] + a[0]) * (b[1] + b[0]) % P25519
    e, f = 2 * a[3] * b[3] * D25519 % P25519, 2 * a[2] * b[2] % P25519
    g, h, i, j = d - c, f - e, f + e, d + c
    return g * h % P25519, i * j % P25519, h * i % P25519, g * j % P25519


def point_times(factor, point):
    result = (0, 1, 1, 0)
    while factor > 0:
        if factor & 1:
            result = point_add(result, point)
        point = point_add(point, point)
        factor >>= 1
    return result


def point_bytes(point):
    inverse = pow(point[2], P25519 - 2, P25519)
    x, y = point[0] * inverse % P25519, point[1] * inverse % P25519
    return (y | (x & 1) << 255).to_bytes(32, 'little')


def point_of(data):
    """The point of 32 bytes, which have to be its one spelling; None where there is none."""
    y = int.from_bytes(data, 'little')
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= P25519:
        return None
    square = (y * y - 1) * pow(D25519 * y * y + 1, P25519 - 2, P25519) % P25519
    x = pow(square, (P25519 + 3) // 8, P25519)
    if (x * x - square) % P25519:
        x = x * ROOT_OF_MINUS_1 % P25519
    if (x * x - square) % P25519 or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P25519 - x
    return x, y, 1, x * y % P25519


BASE25519 = point_of(bytes([0x58] + [0x66] * 31))


def ed25519_good(key, data, signature):
    a, s = point_of(key), int.from_bytes(signature[32:], 'little')
    if a is None or s >= ORDER25519 or point_bytes(point_times(8, a)) == point_bytes((0, 1, 1, 0)):
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + data).digest(), 'little') % ORDER25519
    minus = (P25519 - a[0], a[1], a[2], P25519 - a[3])
    return point_bytes(point_add(point_times(s, BASE25519), point_times(h, minus))) == signature[:32]


class Wire:
    """Reads the encoding of SSH; raises Unreadable."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, size):
        self.at += size
        if self.at > len(self.data):
            raise Unreadable('it is cut off')
        return self.data[self.at - size:self.at]

    def number(self, size=4):
        return int.from_bytes(self.take(size), 'big')

    def string(self):
        return self.take(self.number())

    def text(self):
        value = self.string()
        value = value[:-1] if value.endswith(b'\0') else value
        if b'\0' in value:
            raise Unreadable('a NUL stands in a text')
        return value

    def mpint(self):
        value = self.string()
        if value and value[0] & 0x80:
            raise Unreadable('a number is negative')
        return int.from_bytes(value, 'big')

    def end(self):
        if self.at != len(self.data):
            raise Unreadable('something stands behind its end')


CURVES = {b'ecdsa-sha2-nistp256': (b'nistp256', 32), b'ecdsa-sha2-nistp384': (b'nistp384', 48),
          b'ecdsa-sha2-nistp521': (b'nistp521', 66), b'sk-ecdsa-sha2-nistp256@openssh.com': (b'nistp256', 32)}


def read_key(data):
    """A public key as what makes two keys one: its name, its numbers and its application."""
    wire = Wire(data)
    name = wire.text()
    application = b''
    if name in (b'ssh-ed25519', b'sk-ssh-ed25519@openssh.com'):
        numbers = wire.string()
        if len(numbers) != 32:
            raise Unreadable('a key has another length')
    elif name in CURVES:
        curve, size = CURVES[name]
        if wire.text() != curve:
            raise Unreadable('a key is of another curve')
        numbers = wire.string()
        if len(numbers) != 1 + 2 * size or numbers[0] != 4:
            raise Unreadable('a key is no point')
    elif name == b'ssh-rsa':
        e, n = wire.mpint(), wire.mpint()
        if not (2048 <= n.bit_length() <= 8192 and n & 1 and e & 1 and 3 <= e < 2 ** 33):
            raise Unreadable('an RSA key is too small, too large or odd')
        numbers = (e, n)
    else:
        raise Unreadable('such keys do not count: %s' % name[:60].decode('latin-1'))
    if name.startswith(b'sk-'):
        application = wire.text()
    wire.end()
    return name, numbers, application


ARMOUR = re.compile(b'-----BEGIN SSH SIGNATURE-----\r?\n', re.S)
BASE64 = re.compile(b'(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?').fullmatch


def strict_base64(data):
    if not BASE64(data):
        raise Unreadable('its base64 is wrong')
    value = base64.b64decode(data)
    if base64.b64encode(value) != data:
        raise Unreadable('its base64 is wrong')
    return value


def check_signature(armoured, header):
    """The key of a good signature over a header; raises Unreadable where it is not good or cannot be checked."""
    begin = ARMOUR.match(armoured)
    end = armoured.find(b'\n-----END SSH SIGNATURE-----', begin.end()) if begin else -1
    if end < 0:
        raise Unreadable('it is no armoured signature')
    wire = Wire(strict_base64(armoured[begin.end():end].translate(None, b' \t\n\v\f\r')))
    if wire.take(6) != b'SSHSIG' or wire.number() > 1:
        raise Unreadable('it is no SSHSIG')
    key_bytes, namespace, _, hash_name, signature = (
        wire.string(), wire.text(), wire.string(), wire.text(), wire.string())
    wire.end()
    if namespace != NAMESPACE:
        raise Unreadable('its namespace is another one')
    if hash_name not in (b'sha256', b'sha512'):
        raise Unreadable('its hash is another one')
    key = read_key(key_bytes)
    field = Wire(signature)
    algorithm = field.text()
    is_rsa = key[0] == b'ssh-rsa' and algorithm in (b'rsa-sha2-256', b'rsa-sha2-512')
    if algorithm != key[0] and not is_rsa or algorithm == b'ssh-rsa':
        raise Unreadable('its kind is not that of its key')
    value = field.string()
    tail = field.take(5) if key[0].startswith(b'sk-') else b''
    field.end()
    hashed = hashlib.new(hash_name.decode(), header).digest()
    signed_ = b'SSHSIG' + b''.join(struct.pack('>I', len(p)) + p for p in (NAMESPACE, b'', hash_name, hashed))
    if key[0] in (b'ssh-ed25519', b'sk-ssh-ed25519@openssh.com'):
        if tail:
            signed_ = sha(key[2]) + tail + sha(signed_)
        if len(value) != 64 or not ed25519_good(key[1], signed_, value):
            raise Unreadable('it was not made by its key')
        return key
    if is_rsa and len(value) > (key[1][1].bit_length() + 7) // 8:
        raise Unreadable('it is longer than its key')
    if not is_rsa:
        numbers = Wire(value)
        numbers.mpint(), numbers.mpint()
        numbers.end()
    if not is_good_for_ssh_keygen(armoured, header):
        raise Unreadable('it was not made by its key')
    return key


class NotChecked(Exception):
    pass


@functools.lru_cache(maxsize=4096)
def is_good_for_ssh_keygen(armoured, header):
    program = shutil.which('ssh-keygen')
    if program is None:
        raise NotChecked('RSA and ECDSA signatures are checked by ssh-keygen, which is not installed')
    handle, name = tempfile.mkstemp(prefix='verify-')
    try:
        with os.fdopen(handle, 'wb') as file:
            file.write(armoured)
        command = [program, '-Y', 'check-novalidate', '-n', NAMESPACE.decode(), '-s', name]
        ended = subprocess.run(command, input=header, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=30)
    except (OSError, subprocess.SubprocessError) as error:
        raise NotChecked('ssh-keygen could not be run: %s' % error)
    finally:
        os.unlink(name)
    return ended.returncode == 0


def lower(data):
    return data.translate(bytes(c + 32 if 65 <= c <= 90 else c for c in range(256)))


def pattern_matches(pattern, value):
    p = v = 0
    star = mark = None
    while v < len(value):
        if p < len(pattern) and pattern[p:p + 1] == b'*':
            star, mark = p, v
            p += 1
        elif p < len(pattern) and pattern[p:p + 1] in (b'?', value[v:v + 1]):
            p, v = p + 1, v + 1
        elif star is None:
            return False
        else:
            mark += 1
            p, v = star + 1, mark
    return pattern[p:].strip(b'*') == b''


@functools.lru_cache(maxsize=4096)
def list_matches(patterns, value):
    found = False
    for pattern in patterns.split(b','):
        if len(pattern) >= 1023:
            return False
        negated = pattern.startswith(b'!')
        if pattern_matches(pattern[1:] if negated else pattern, value):
            if negated:
                return False
            found = True
    return found


TIME_OPTION = re.compile(b'([0-9]{4})([0-9]{2})([0-9]{2})(?:([0-9]{2})([0-9]{2})([0-9]{2})?)?(?:Z|UTC)?', re.I).fullmatch
OPTION = re.compile(b'(cert-authority)|(namespaces|valid-after|valid-before)="((?:\\\\"|[^"\\\\]|\\\\(?!"))*)"', re.I | re.S)


IN_QUOTES = b'(?:\\\\"|[^"\\\\]|\\\\(?!"))*'
OPTIONS = re.compile(b'(?:\\\\"|"' + IN_QUOTES + b'"|[^ \t"\\\\]|\\\\(?!"))+', re.S)


def seconds_of(year, month, day, hour=0, minute=0, second=0):
    """Seconds since 1970 of a UTC time; a day that the month lacks runs over."""
    y = year - (month <= 2)
    era, of_era = y // 400, y % 400
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    days = era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468
    return days * 86400 + hour * 3600 + minute * 60 + second


def option_time(value):
    found = TIME_OPTION(value)
    if not found:
        raise Unreadable('a time is malformed')
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    if not (1 <= month <= 12 and 1 <= day <= 31 and hour <= 23 and minute <= 59 and second <= 61):
        raise Unreadable('a time is malformed')
    seconds = seconds_of(year, month, day, hour, minute, second)
    if seconds <= 0:
        raise Unreadable('a time is malformed')
    return seconds


def options_of(data):
    options, at = {}, 0
    while at < len(data):
        if data[at:at + 1] != b',':
            found = OPTION.match(data, at)
            if not found:
                raise Unreadable('an option is unknown')
            at = found.end()
            name = lower(found.group(1) or found.group(2))
            if name in options and name != b'cert-authority':
                raise Unreadable('an option stands there twice')
            value = (found.group(3) or b'').replace(b'\\"', b'"')
            options[name] = option_time(value) if name.startswith(b'valid') else value
            if at == len(data):
                break
            if data[at:at + 1] != b',':
                raise Unreadable('options have to be divided by commas')
        at += 1
        if at == len(data):
            raise Unreadable('the last option is empty')
    if b'valid-after' in options and options.get(b'valid-before', 1 << 65) <= options[b'valid-after']:
        raise Unreadable('a line is valid never')
    return options


def key_of_words(rest):
    """The key at the beginning of the rest of a line; None where none stands there."""
    words = re.match(b'([^ \t]+)[ \t]+([^ \t]+)', rest)
    if not words:
        return None
    try:
        data = strict_base64(words.group(2).translate(None, b' \t\n\v\f\r'))
        key = read_key(data)
    except Unreadable:
        return None
    return key if key[0] == words.group(1) else None


def signer_line(line):
    """(principals, options, key) of a line of allowed_signers; None for one that is skipped."""
    line = line.lstrip(b' \t\r\n')
    if not line or line.startswith(b'#'):
        return None
    found = re.match(b'([^ \t\r\n"]*)(?:"([^"]*)")?', line)
    if line[found.end():found.end() + 1] == b'"':
        return None
    principals = found.group(1) + (found.group(2) or b'')
    rest = line[found.end():].lstrip(b' \t\r')
    key = key_of_words(rest)
    if key:
        return principals, {}, key
    options = OPTIONS.match(rest)
    if not options:
        return None
    key = key_of_words(rest[options.end():].lstrip(b' \t'))
    try:
        return (principals, options_of(options.group()), key) if key else None
    except Unreadable:
        return None


class Signers:
    """An allowed_signers text."""

    def __init__(self, source):
        self.by_key = {}
        for line in source.encode('utf-8', 'surrogatepass').split(b'\n'):
            parsed = signer_line(line)
            if parsed:
                self.by_key.setdefault(parsed[2], []).append(parsed)

    def problem(self, key, email, at):
        """Why no line allows this key for this address at this time; None where one does."""
        lines = self.by_key.get(key, [])
        if not lines:
            return 'no line of allowed_signers has its key'
        address = lower(email.encode('utf-8'))
        why = 'its key is not one of that person'
        for principals, options, _ in lines:
            if b'cert-authority' in options or not list_matches(lower(principals), address):
                continue
            if not list_matches(options.get(b'namespaces', NAMESPACE), NAMESPACE):
                why = 'its key is not for this namespace'
            elif options.get(b'valid-after', 0) <= at <= options.get(b'valid-before', 1 << 65):
                return None
            else:
                why = 'its key was not valid then'
        return why


class Authenticity:
    """Which signatures count, by what stood before each `signature.attached`."""

    def __init__(self, state, signatures, findings):
        self.state, self.signatures, self.findings = state, signatures, findings
        self.signers = {}
        self.good = 0
        self.not_counting = 0
        self.unchecked = 0
        self.signed = set()

    def judge(self):
        for event in self.state.attached:
            try:
                problem = self.problem(event)
            except NotChecked as error:
                self.unchecked += 1
                self.findings.add('signature.notChecked', 'The signature of event %d was not checked: %s.' % (
                    event.seq, error), event.seq, event.id, 'info')
                continue
            if problem is None:
                self.good += 1
                self.signed.add(event.header['refs']['event'])
            else:
                self.not_counting += 1
                self.findings.add('signature.notCounting', 'The signature that event %d attaches does not count: %s.' % (
                    event.seq, problem), event.seq, event.id, 'warning')

    def problem(self, event):
        refs, scope = event.header['refs'], event.seq
        signed_event = self.state.event(refs['event'])
        if signed_event is None or not self.state.sees(scope, signed_event.seq):
            return 'the event is not one before it'
        stored = self.signatures.get(refs['signature'])
        if stored is None:
            return 'its bytes are not there'
        try:
            key = check_signature(stored[1], signed_event.header_bytes)
        except Unreadable as error:
            return str(error)
        adoption = self.state.newest_policy(scope)
        source = adoption.body['allowedSigners'] if adoption and adoption.body else None
        if source is None:
            return 'no allowed_signers was adopted before it'
        email = self.state.email(signed_event.header['who'], scope)
        if email is None:
            return 'nobody says whose address it ought to be'
        if adoption.seq not in self.signers:
            self.signers[adoption.seq] = Signers(source)
        found = TIME(event.header['at']).groups()
        return self.signers[adoption.seq].problem(key, email, seconds_of(*map(int, found)))


# ------------------------------------------------------------------------------ the whole of a ledger

class Ledger:
    """A ledger.sqlite and the sealed volumes beside it, read oldest first and held to every rule."""

    def __init__(self, name):
        self.findings = Findings()
        self.chain = Chain(self.findings)
        self.state = State(self.chain)
        self.tree = Tree()
        self.contents = set()
        self.signatures = {}
        self.missing = []
        self.volumes = 0
        self.point = None
        self.authenticity = None
        self.compared = []
        self.whole = self.read(name)
        if self.whole:
            self.judge()
            if re.fullmatch('[0-9]{6}[.]sqlite', os.path.basename(name)):
                self.findings.add('volume.missing', 'This is one sealed volume: the events behind it stand in other files. '
                                  'Name the folder that has ledger.sqlite.', severity='warning')

    def read(self, name):
        data = read_regular(name)
        last = self.number_of_volumes(data)
        for number in range(1, last + 1):
            label = 'ledger.sqlite'
            if number < last:
                label = 'volumes/%06d.sqlite' % number
                try:
                    part = read_regular(os.path.join(os.path.dirname(name), 'volumes', '%06d.sqlite' % number))
                except OSError:
                    self.findings.add('volume.missing', 'The sealed volume %s is missing.' % label)
                    return False
            if not self.read_volume(label, number, part if number < last else data):
                return False
        return len(self.state.events) > 0

    @staticmethod
    def number_of_volumes(data):
        ignored = Findings()
        file = File('', data, ignored)
        if file.readable and not any(f['code'] == 'file.schema' for f in ignored.list):
            file.read_meta()
        return file.start.volume if file.start else 1

    def read_volume(self, label, number, data):
        before = len(self.findings.list)

        def is_broken():
            return any(f['severity'] == 'error' for f in self.findings.list[before:])

        file = File(label, data, self.findings)
        if file.readable:
            file.read_meta()
        if not file.readable:
            return False
        expected = self.expected_start(number)
        file.read_events()
        file.read_attachments()
        first = file.events[0].header['ledger'] if file.events else file.claimed
        if file.claimed not in (None, first):
            file.add('file.meta', 'The table "meta" names another ledger than the events do.')
        if file.start.size in (0, len(self.state.events)):
            self.check_chain(file)
        if not is_broken():
            file.integrity()
        self.check_start(file, number, expected)
        if is_broken():
            return False
        for event in file.events:
            self.tree.append(event.header_bytes)
            self.state.add(event)
        self.volumes += 1
        return True

    def check_chain(self, file):
        chain = self.chain
        if file.start.size == 0 and self.state.events:
            chain = Chain(self.findings)
        for event in file.events:
            chain.add(event, file.excused, file)
        self.contents.update(file.contents)
        self.signatures.update(file.signatures)
        for event in file.events:
            refs = event.header['refs']
            if not event.has_body and event.id not in file.bodyless:
                self.missing.append(('body.missing', 'The body of event %d' % event.seq, event, event.id))
            if event.type == 'version.proposed' and refs['digest'] not in self.contents:
                self.missing.append(('content.missing', 'The text of the version that event %d proposes' % event.seq,
                                     event, refs['digest']))
            if event.type == 'signature.attached' and refs['signature'] not in self.signatures:
                self.missing.append(('signature.missing', 'The signature that event %d names' % event.seq, event, None))

    def expected_start(self, number):
        expected = Start()
        expected.volume = number
        if self.state.events:
            expected.size = self.tree.size
            expected.heads, expected.writers = list(self.chain.heads), dict(self.chain.newest)
            expected.frontier = list(self.tree.frontier)
            expected.summary = self.state.summary()
        return expected

    @staticmethod
    def check_start(file, number, expected):
        for (part, found), (_, wanted) in zip(file.start.parts(), expected.parts()):
            if found != wanted:
                file.add('volume.start', 'Volume %d says of what stands before it another %s than the volumes before '
                         'it have.' % (number, part), file.start.size + 1)
                return

    def judge(self):
        targets, refused = self.state.judge_redactions()
        for event, why in refused:
            self.findings.add('redaction.unauthorised', 'Event %d redacts what it may not: %s.' % (event.seq, why),
                              event.seq, event.id, 'warning')
        for code, what, event, target in self.missing:
            if target not in targets:
                self.findings.add(code, '%s is missing, and no redaction explains it.' % what, event.seq, event.id)
        for target in targets:
            event = self.state.event(target)
            if target in self.contents or (event and event.has_body):
                self.findings.add('redaction.present', 'What was redacted is in the files again: %s.' % target,
                                  event.seq if event else None, event.id if event else None)
        self.authenticity = Authenticity(self.state, self.signatures, self.findings)
        self.authenticity.judge()
        size = len(self.state.events)
        self.point = {'id': self.chain.ledger, 'size': size, 'root': self.tree.root().hex()}

    def root_at(self, size):
        tree = Tree()
        for event in self.state.events[:size]:
            tree.append(event.header_bytes)
        return tree.root()

    def meets(self, checkpoint, where):
        """Holds the ledger to a checkpoint that somebody else kept."""
        result = {'given': where, 'met': None}
        self.compared.append(result)
        if self.point is None:
            return
        if checkpoint.ledger not in (None, self.point['id']):
            problem = 'it is of another ledger'
        elif checkpoint.size > self.point['size']:
            problem = 'it names %d events; the ledger has %d' % (checkpoint.size, self.point['size'])
        elif self.root_at(checkpoint.size) != checkpoint.root:
            problem = 'the first %d events of the ledger are others' % checkpoint.size
        else:
            result['met'] = True
            return
        result['met'] = False
        self.findings.add('checkpoint.unmet', 'The ledger does not extend the checkpoint %s: %s.' % (where, problem))


def read_regular(name):
    if not os.path.isfile(name):
        raise OSError('%s is not there, or no regular file' % name)
    with open(name, 'rb') as file:
        return file.read(MAX_FILE + 1)


# ---------------------------------------------------------------------------- checkpoints and proofs

class Checkpoint:
    def __init__(self, ledger, size, root):
        self.ledger, self.size, self.root = ledger, size, root

    def is_same(self, other):
        return self.ledger in (None, other.ledger) and (self.size, self.root) == (other.size, other.root)


NUMBER = re.compile('0|[1-9][0-9]{0,15}').fullmatch


def number_of(found):
    if not NUMBER(found) or int(found) > MAX_SAFE:
        raise Unreadable('a number is malformed')
    return int(found)


def hash_of(line):
    try:
        value = strict_base64(line.encode('ascii'))
    except UnicodeEncodeError:
        raise Unreadable('a hash is malformed')
    if len(value) != 32:
        raise Unreadable('a hash is malformed')
    return value


def read_checkpoint(source):
    """The three lines of a checkpoint; signatures behind them are looked at for their form alone."""
    lines = source.split('\n')
    if len(lines) < 4 or lines[-1] != '':
        raise Unreadable('a checkpoint has three lines, each with its newline')
    found = re.fullmatch('prompt-audit/([0-9a-f]{32})', lines[0])
    if not found:
        raise Unreadable('it is no checkpoint of a prompt-audit ledger')
    rest = lines[3:-1]
    if rest:
        signatures = [re.fullmatch('\u2014 ([^ +\\s]+) ([A-Za-z0-9+/=]+)', line) for line in rest[1:]]
        if rest[0] != '' or not 1 <= len(signatures) <= 16 or not all(signatures):
            raise Unreadable('what stands behind the checkpoint is no signature')
        for one in signatures:
            if len(strict_base64(one.group(2).encode())) < 5:
                raise Unreadable('what stands behind the checkpoint is no signature')
    return Checkpoint(found.group(1), number_of(lines[1]), hash_of(lines[2]))


def read_kept(name):
    """A checkpoint that a person kept. Mail makes CR LF of a newline, and drops the last one or adds some."""
    try:
        source = read_regular(name).decode('utf-8').replace('\r\n', '\n').rstrip('\n') + '\n'
    except UnicodeDecodeError:
        raise Unreadable('it is not UTF-8')
    if len(source) > 65536:
        raise Unreadable('it is too long')
    return read_checkpoint(source)


def read_minimum(value):
    size, _, root = value.partition(':')
    return Checkpoint(None, number_of(size), bytes.fromhex(root) if HEX64(root) else hash_of(root))


def split_proof(lines):
    """The hashes up to the empty line, and the checkpoint behind it."""
    if '' not in lines:
        raise Unreadable('a proof has an empty line before its checkpoint')
    at = lines.index('')
    return [hash_of(line) for line in lines[:at]], read_checkpoint('\n'.join(lines[at + 1:]))


def root_by_inclusion(leaf, index, size, hashes):
    """RFC 9162, 2.1.3.2."""
    if index >= size:
        raise Unreadable('the index is not below the size')
    fn, sn, node = index, size - 1, leaf
    for one in hashes:
        if sn == 0:
            raise Unreadable('it has too many hashes')
        if fn & 1 or fn == sn:
            node = sha(b'\1' + one + node)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            node = sha(b'\1' + node + one)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise Unreadable('it has too few hashes')
    return node


def check_consistency(old, new, hashes):
    """RFC 9162, 2.1.4.2; raises Unreadable where it does not hold."""
    if old.size > new.size:
        raise Unreadable('the older checkpoint is larger than the newer one')
    if old.size in (0, new.size):
        if hashes:
            raise Unreadable('it has too many hashes')
        if old.size == new.size and old.root != new.root:
            raise Unreadable('two checkpoints of one size have different roots')
        if old.size == 0 and old.root != sha(b''):
            raise Unreadable('the older checkpoint has a root of no events that is not theirs')
        return
    path_ = ([old.root] if old.size & (old.size - 1) == 0 else []) + hashes
    if not path_:
        raise Unreadable('it has too few hashes')
    fn, sn = old.size - 1, new.size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    first = second = path_[0]
    for one in path_[1:]:
        if sn == 0:
            raise Unreadable('it has too many hashes')
        if fn & 1 or fn == sn:
            first, second = sha(b'\1' + one + first), sha(b'\1' + one + second)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            second = sha(b'\1' + second + one)
        fn, sn = fn >> 1, sn >> 1
    if sn or first != old.root or second != new.root:
        raise Unreadable('it does not lead from one root to the other')


def check_proof(data, kept):
    """What a proof shows, and what makes it doubtful, as lines of text; raises Unreadable where it does not hold."""
    if len(data) > 8388608:
        raise Unreadable('it is too long')
    try:
        source = data.decode('utf-8')
    except UnicodeDecodeError:
        raise Unreadable('it is not UTF-8')
    if source.startswith('old '):
        return consistency_shown(source, kept)
    if not source.startswith('c2sp.org/tlog-proof@v1\n'):
        raise Unreadable('it is neither an inclusion proof nor a consistency proof')
    return inclusion_shown(source, kept)


def consistency_shown(source, kept):
    if len(source.encode()) > 65536:
        raise Unreadable('it is too long')
    lines = source.split('\n')
    size = number_of(lines[0][4:])
    hashes, new = split_proof(lines[1:])
    if len(hashes) > 63:
        raise Unreadable('it has too many hashes')
    if not any(one.size == size for one in kept):
        raise Unreadable('it begins at size %d: give the checkpoint of that size with --checkpoint' % size)
    for one in kept:
        if one.ledger not in (None, new.ledger):
            raise Unreadable('the checkpoints are of different ledgers')
        if one.size == size:
            check_consistency(one, new, hashes)
        elif not one.is_same(new):
            raise Unreadable('a checkpoint that you gave, of %d events, is neither its older nor its newer one' % one.size)
    shown = ['The ledger %s of %d events is a continuation of the one of %d events.' % (new.ledger, new.size, size)]
    if any(one.size for one in kept):
        return shown, []
    return shown, ['Nothing is shown: every ledger follows from a checkpoint of no events.']


def are_signatures(v):
    return type(v) is list and len(v) <= 64 and all(
        type(one) is str and len(one.encode('utf-8', 'surrogatepass')) <= MAX_SIGNATURE for one in v) and len(set(v)) == len(v)


def inclusion_shown(source, kept):
    lines = source.split('\n')[1:]
    if not lines or not lines[0].startswith('extra '):
        raise Unreadable('it has no extra, so nothing says which event it is about')
    try:
        extra = canonical(strict_base64(lines[0][6:].encode('ascii', 'replace')).decode('utf-8'))
    except (UnicodeDecodeError, NotCanonical):
        raise Unreadable('its extra is not canonical JSON')
    if not exactly(header=text, body=or_null(text), signatures=are_signatures)(extra):
        raise Unreadable('its extra has other members')
    if len(lines) < 2 or not lines[1].startswith('index '):
        raise Unreadable('it has no index')
    index = number_of(lines[1][6:])
    hashes, checkpoint = split_proof(lines[2:])
    if len(hashes) > 53:
        raise Unreadable('it has too many hashes')
    body = None if extra['body'] is None else extra['body'].encode('utf-8')
    event, problem, body_problem = read_event(extra['header'].encode('utf-8'), body)
    if problem or body_problem:
        raise Unreadable(problem or body_problem)
    if event.header['ledger'] != checkpoint.ledger:
        raise Unreadable('the event and the checkpoint are of different ledgers')
    if root_by_inclusion(sha(b'\0' + event.header_bytes), index, checkpoint.size, hashes) != checkpoint.root:
        raise Unreadable('the event is not in the tree of the checkpoint')
    for one in kept:
        if one.ledger in (None, checkpoint.ledger) and one.size != checkpoint.size:
            raise Unreadable('its checkpoint is of %d events, the one that you gave of %d, and nothing here connects them'
                             % (checkpoint.size, one.size))
        if not one.is_same(checkpoint):
            raise Unreadable('its checkpoint is not the one that you gave')
    header = event.header
    shown = ['Event %d of the ledger %s is %s (%s), recorded by %s at %s by its writer\'s clock.' % (
        index + 1, checkpoint.ledger, header['type'], event.id, header['who'], header['at'])]
    shown.append('Its details are not in the proof.' if body is None else 'Its details are in the proof: %s' % extra['body'])
    doubts = []
    if not kept:
        doubts.append('This fits the checkpoint inside the proof, which was compared with nothing: anybody can make such a proof.')
        shown.append('Compare its checkpoint with one that you know from elsewhere: %d %s' % (
            checkpoint.size, base64.b64encode(checkpoint.root).decode()))
    for armoured in extra['signatures']:
        try:
            key = check_signature(armoured.encode('utf-8', 'surrogatepass'), event.header_bytes)
            shown.append('It was signed with a key of the kind %s. Whose it is, the proof does not say.' %
                         key[0].decode('latin-1'))
        except (Unreadable, NotChecked) as error:
            doubts.append('A signature is not good or was not checked: %s.' % error)
    return shown, doubts


# ---------------------------------------------------------------------------------------- the program

def report_on(where, checkpoints=()):
    """The report on a folder or a file, as --json prints it; raises OSError where there is none."""
    name = where
    if os.path.isdir(where):
        name = os.path.join(where, 'ledger.sqlite')
        if not os.path.exists(name) and os.path.isdir(os.path.join(where, '.prompt-audit')):
            name = os.path.join(where, '.prompt-audit', 'ledger.sqlite')
    ledger = Ledger(name)
    for checkpoint, given in checkpoints:
        ledger.meets(checkpoint, given)
    order = {'error': 0, 'warning': 1, 'info': 2}
    found = sorted(ledger.findings.list, key=lambda f: (order[f['severity']], f['seq'] is None, f['seq'] or 0))
    verdicts = verdicts_of(found, ledger.whole)
    if ledger.whole and ledger.authenticity.unchecked and verdicts['authenticity'] == 'holds':
        verdicts['authenticity'] = 'unknown'
    return {'ledger': ledger.point, 'verdicts': verdicts, 'findings': found, 'checkpoints': ledger.compared}


def verdicts_of(found, whole):
    """What nothing speaks against holds only in a ledger that was read from its first event to its last."""
    verdicts = {}
    for verdict in VERDICTS:
        severities = {f['severity'] for f in found if f['verdict'] == verdict}
        otherwise = 'unknown' if not whole else 'doubtful' if 'warning' in severities else 'holds'
        verdicts[verdict] = 'broken' if 'error' in severities else otherwise
    return verdicts


def safely(where, checkpoints=()):
    """The same for whatever is in the file: what this program did not foresee is a finding, too."""
    try:
        return report_on(where, checkpoints)
    except OSError:
        raise
    except (Exception, RecursionError) as error:
        finding = {'code': 'ledger.damaged', 'severity': 'error', 'seq': None, 'event': None,
                   'verdict': verdict_of('ledger.damaged'),
                   'message': 'It cannot be read: %s: %s.' % (type(error).__name__, str(error)[:200])}
        compared = [{'given': given, 'met': None} for _, given in checkpoints]
        return {'ledger': None, 'verdicts': verdicts_of([finding], False), 'findings': [finding],
                'checkpoints': compared}


def status_of(report):
    severities = {f['severity'] for f in report['findings']}
    return 2 if 'error' in severities or report['ledger'] is None else 1 if 'warning' in severities else 0


CONTROL = re.compile('[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]')


def printable(line):
    return CONTROL.sub('\ufffd', line)


def print_report(report):
    point = report['ledger']
    if point:
        print('Ledger %s, %d events, root %s' % (point['id'], point['size'], point['root']))
    else:
        print('No ledger could be read as a whole.')
    for verdict in VERDICTS:
        print('%-14s %s' % (verdict, report['verdicts'][verdict]))
    for f in report['findings']:
        place = '' if f['seq'] is None else ' (event %d)' % f['seq']
        print('%s %s%s: %s' % (f['severity'], f['code'], place, printable(f['message'])))
    for one in report['checkpoints']:
        if one['met'] is not False:
            said = 'Extends the checkpoint %s.' if one['met'] else 'Not compared with the checkpoint %s.'
            print(printable(said % one['given']))
    print('Not checked: the ledger branch and other clones; approvals and deployments against the policy; '
          'what versions claim to change; clocks.')


def usage(problem):
    print('%s\n\n%s' % (problem, __doc__.split('\n\n')[2]), file=sys.stderr)
    return 3


def unread(problem):
    print(printable(problem), file=sys.stderr)
    return 2


def batch():
    for line in sys.stdin:
        words = line.rstrip('\n').split('\t')
        try:
            report = kept_proof_report(words[1], words[2:]) if words[0] == 'proof' and words[1:] else safely(words[0])
        except OSError as error:
            report = {'error': str(error)}
        print(json.dumps(report), flush=True)
    return 0


def proof_report(name, checkpoints):
    try:
        shown, doubts = check_proof(read_regular(name), checkpoints)
        return {'holds': True, 'doubts': doubts, 'shown': shown}
    except (Unreadable, ValueError, RecursionError) as error:
        return {'holds': False, 'doubts': [], 'shown': ['It does not hold: %s.' % error]}


def kept_proof_report(name, files):
    try:
        kept = [read_kept(one) for one in files]
    except Unreadable as error:
        return {'holds': False, 'doubts': [], 'shown': ['A checkpoint cannot be read: %s.' % error]}
    return proof_report(name, kept)


def main(arguments):
    as_json, proof, paths, kept = False, None, [], []
    words = iter(arguments)
    try:
        for word in words:
            if word == '--json':
                as_json = True
            elif word == '--batch':
                return batch()
            elif word in ('-h', '--help'):
                print(__doc__)
                return 0
            elif word in ('--checkpoint', '--min', '--proof'):
                value = next(words, None)
                if value is None:
                    return usage('%s needs a value.' % word)
                if word == '--proof':
                    proof = value
                elif word == '--min':
                    try:
                        kept.append((read_minimum(value), value))
                    except Unreadable as error:
                        return usage('--min %s is no size and root: %s.' % (printable(value), error))
                else:
                    kept.append((read_kept(value), value))
            elif word.startswith('-') and word != '-':
                return usage('There is no option %s.' % word)
            else:
                paths.append(word)
    except (OSError, Unreadable) as error:
        return unread('The checkpoint %s cannot be read: %s.' % (value, error))
    if (proof is None) == (len(paths) != 1) or proof is not None and paths:
        return usage('Name one folder or file.')
    try:
        if proof is not None:
            return main_proof(proof, [one for one, _ in kept], as_json)
        report = safely(paths[0], kept)
    except OSError as error:
        return unread('It cannot be read: %s.' % error)
    if as_json:
        print(json.dumps(report))
    else:
        print_report(report)
    return status_of(report)


def main_proof(name, checkpoints, as_json):
    report = proof_report(name, checkpoints)
    lines = report['doubts'] + report['shown']
    print(json.dumps(report) if as_json else '\n'.join(printable(line) for line in lines))
    return 2 if not report['holds'] else 1 if report['doubts'] else 0


if __name__ == '__main__':
    if hasattr(sys.stdout, 'reconfigure'):
        sys.stdout.reconfigure(errors='replace')
    sys.exit(main(sys.argv[1:]))
