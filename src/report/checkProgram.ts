/** check.py of an export: reads the whole of it again with Python's standard library alone. */
export const checkProgram = String.raw`#!/usr/bin/env python3
"""Checks this export: every file against SHA256SUMS, every event against its id, every text against its
digest, and the Merkle root against manifest.json. Needs Python 3.8 and nothing else. Run it in this folder.
Status 0: all of it fits; 1: something does not."""
import hashlib, json, os, sys

bad = []

def sha256(data):
    return hashlib.sha256(data).hexdigest()

def read(path):
    with open(path, 'rb') as file:
        return file.read()

os.chdir(os.path.dirname(os.path.abspath(__file__)))
named = {'SHA256SUMS'}
for line in read('SHA256SUMS').decode().splitlines():
    digest, path = line[:64], line[66:]
    named.add(path)
    if not os.path.isfile(path):
        bad.append('missing: ' + path)
    elif sha256(read(path)) != digest:
        bad.append('changed: ' + path)
for folder, _, files in os.walk('.'):
    for name in files:
        path = os.path.relpath(os.path.join(folder, name), '.').replace(os.sep, '/')
        if path not in named:
            bad.append('not listed: ' + path)
manifest = json.loads(read('manifest.json'))
paths = [file['path'] for file in manifest['files']]
for path in paths:
    if path.startswith('content/') and sha256(read(path)) != path[8:]:
        bad.append('not what its name says: ' + path)

leaves = [line for path in paths if path.startswith('leaves') for line in read(path).decode().split()]
stack = []
for at, leaf in enumerate(leaves):
    node, size = bytes.fromhex(leaf), at
    while size % 2 == 1:
        node, size = hashlib.sha256(b'\1' + stack.pop() + node).digest(), size // 2
    stack.append(node)
root = stack.pop() if stack else hashlib.sha256().digest()
while stack:
    root = hashlib.sha256(b'\1' + stack.pop() + root).digest()
if root.hex() != manifest['ledger']['root'] or len(leaves) != manifest['ledger']['size']:
    bad.append('the leaves do not lead to the root of the ledger')

count, numbers = 0, {}
for path in (path for path in paths if path.startswith('events')):
    for line in read(path).decode().split('\n')[:-1]:
        row = json.loads(line)
        count += 1
        name = 'event %d' % row['seq']
        header = json.loads(row['header'])
        if sha256(row['header'].encode()) != row['id']:
            bad.append(name + ' is not what its id says')
        if row['body'] is not None and 'sha256:' + sha256(row['body'].encode()) != header['body']:
            bad.append(name + ' has another body than its header says')
        if not 0 < row['seq'] <= len(leaves) or sha256(b'\0' + row['header'].encode()) != leaves[row['seq'] - 1]:
            bad.append(name + ' is not at its place in the ledger')
        numbers.setdefault(header['writer'], []).append(header['n'])
if count != manifest['events']['included']:
    bad.append('%d events, but the manifest says %d' % (count, manifest['events']['included']))
if manifest['events']['included'] == manifest['ledger']['size']:
    for writer, found in sorted(numbers.items()):
        if sorted(found) != list(range(1, len(found) + 1)):
            bad.append('writer ' + writer + ' has gaps or numbers twice')

print('%d files, %d events, %d leaves, root %s' % (len(named), count, len(leaves), root.hex()))
for text in bad:
    print('NOT GOOD: ' + text)
print('All of it fits.' if not bad else 'Not all of it fits: %d.' % len(bad))
sys.exit(1 if bad else 0)
`;
