"""Recounts a vote: python3 recount.py RECORD.zip [ROOTS THAT YOU KEPT]"""

import json
import sys
import zipfile
from collections import Counter, defaultdict
from hashlib import sha256

files = zipfile.ZipFile(sys.argv[1])
lines = {n: files.read(n).decode().split("\n")[:-1] for n in files.namelist()}
codes = sorted(name[8:-4] for name in lines if name.startswith("choices-"))
chains, found, case = defaultdict(dict), Counter(), defaultdict(list)
hashes, roots, last, wrong = {}, [], {}, []


def say(right, sentence):
    print("agrees: " if right else "DIFFERS:", sentence)
    wrong.extend([] if right else [sentence])


for code in ["frame", *codes]:
    for line in lines[f"receipts-{code}.txt"]:
        text, _receipt, state = line.rsplit(" ", 2)
        _, chain, number, kind, *rest = text.split("|", 6)
        chains[chain][int(number)] = text
        found.update([(code, kind), (code, state)])
        if code == "frame" and rest[-1]:
            case[kind].append(json.loads(rest[-1]))
for chain, events in chains.items():
    end = "0" * 64
    for number in range(1, max(events) + 1):
        end = sha256(f"{end}|{events.get(number)}".encode()).hexdigest()
        hashes[chain, number] = end
end = "0" * 64
for text, _, published in (line.rpartition(" ") for line in lines["roots.txt"]):
    heads = (head.split(":") for head in text.split("|")[3].split(";"))
    last = {(chain, int(n)): own for chain, n, own in heads if chain != "held"}
    end = sha256(f"{end}|{text}".encode()).hexdigest()
    if end != published or not last.items() <= hashes.items():
        say(False, f"the events with the root of {text.split('|')[2]}")
    roots.append(end := published)
say(
    {*last} == {(c, max(n)) for c, n in chains.items()},
    f"{len(hashes)} events with the roots",
)
for root in sys.argv[2:]:
    say(root.lower() in roots, f"the root that you kept: {root}")
result = sha256(";".join(lines["results.txt"]).encode()).hexdigest()
say(case["count"][-1]["results"] == result, "the results are those that were frozen")
two = sum(void["first_key"] != void["second_key"] for void in case["void"])
say(two == sum(found[code, "voiding"] for code in codes), f"{two} voids by two people")
votes = {row.split(":")[0]: row.split(":")[2] for row in lines["results.txt"]}
for code in codes:
    given, valid = found[code, "cast"] - found[code, "withdraw"], found[code, "counted"]
    say(given == valid + found[code, "left-out"], f"{code}: {given} votes")
    choices = lines.get(f"choices-{code}.txt", [])
    totals = {entry: str(number) for entry, number in Counter(choices).items()}
    right = totals.items() <= votes.items() and len(choices) in (0, valid)
    say(right, f"{code}: votes by entry {totals or 'are not published'}")
sys.exit(f"Differs: {wrong[0]}" if wrong else print("Everything agrees."))
