"""A plan file as Python values.

Structs and maps are dictionaries, a variant is a dictionary with its name under `kind` (its single value
under `value`), a bare name a string. The words of the plan are read again here, not the program's reading of them.
"""

from __future__ import annotations

import re

TOKEN = re.compile(
    r"""(?:\s|//[^\n]*|/\*.*?\*/)*(?:
        (?P<raw>r(?P<hashes>\#*)"(?P<inside>.*?)"(?P=hashes))
      | (?P<string>"(?:[^"\\]|\\.)*")
      | (?P<number>[-+]?(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][-+]?\d+)?)
      | (?P<name>[A-Za-z_][A-Za-z_0-9]*)
      | (?P<mark>[()\[\]{},:])
    )""",
    re.VERBOSE | re.DOTALL,
)
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0"}


class Reader:
    def __init__(self, text: str):
        self.tokens = []
        at = 0
        end = len(text.rstrip())
        while at < end:
            found = TOKEN.match(text, at)
            if not found:
                break  # a comment at the end
            at = found.end()
            kind = found.lastgroup
            if found.group("raw") is not None:
                self.tokens.append(("value", found.group("inside")))
            elif found.group("string") is not None:
                self.tokens.append(("value", re.sub(r"\\(.)", lambda escape: ESCAPES.get(escape[1], escape[1]), found.group("string")[1:-1])))
            elif found.group("number") is not None:
                self.tokens.append(("value", float(found.group("number").replace("_", ""))))
            else:
                self.tokens.append((kind, found.group(kind)))
        self.at = 0

    def peek(self, ahead: int = 0):
        return self.tokens[self.at + ahead] if self.at + ahead < len(self.tokens) else ("end", "")

    def take(self):
        self.at += 1
        return self.tokens[self.at - 1]

    def mark(self, text: str) -> bool:
        if self.peek() == ("mark", text):
            self.at += 1
            return True
        return False

    def value(self):
        kind, text = self.take()
        if kind == "value":
            return text
        if kind == "name":
            if text in ("true", "false"):
                return text == "true"
            if text == "None":
                return None
            if not self.mark("("):
                return text
            inside = self.fields()
            if text == "Some":
                return inside["value"]
            return {"kind": text, **inside}
        if text == "(":
            return self.fields()
        closes = {"[": "]", "{": "}"}[text]
        if closes == "]":
            items = []
            while not self.mark("]"):
                items.append(self.value())
                self.mark(",")
            return items
        entries = {}
        while not self.mark("}"):
            key = self.value()
            assert self.mark(":")
            entries[key] = self.value()
            self.mark(",")
        return entries

    def fields(self):
        fields = {}
        while not self.mark(")"):
            if self.peek()[0] == "name" and self.peek(1) == ("mark", ":"):
                _, key = self.take()
                self.mark(":")
                fields[key] = self.value()
            else:
                fields["value"] = self.value()
            self.mark(",")
        return fields


def read(text: str):
    return Reader(text).value()
