"""The subset of X's query language that the project uses, as a recursive descent parser.

query   = all { "OR" all }
all     = part { part }
part    = [ "-" ] ( "(" query ")" | term )
"""

import re
from dataclasses import dataclass

from xsim.corpus import Corpus, Post
from xsim.terms import Match, QueryError, Term, term

_LEXEME = re.compile(r'\s*(?:(?P<mark>[()]|-(?=[^\s)]))|(?P<term>(?:[a-z_]+:)?"[^"]*"|(?!-)[^\s()"]+))', re.IGNORECASE)


@dataclass(frozen=True)
class Query:
    text: str
    matches: Match


def parse(text: str) -> Query:
    """Raises QueryError when the text is malformed or nothing in it can stand alone."""
    parser = _Parser(_lexemes(text))
    whole = parser.query()
    if parser.peek() is not None:
        raise QueryError(f"unexpected {parser.peek()!r}")
    if not whole.stands_alone:
        raise QueryError("is:, lang: and negations need a word, tag, mention, from:, to: or url: beside them")
    return Query(text, whole.matches)


def _lexemes(text: str) -> list[str]:
    found, position = [], 0
    while text[position:].strip():
        match = _LEXEME.match(text, position)
        if match is None:
            raise QueryError(f"no viable term at position {position + 1}")
        found.append(match["mark"] or match["term"])
        position = match.end()
    return found


class _Parser:
    def __init__(self, lexemes: list[str]) -> None:
        self._lexemes = lexemes
        self._position = 0

    def peek(self) -> str | None:
        return self._lexemes[self._position] if self._position < len(self._lexemes) else None

    def _take(self) -> str:
        lexeme = self.peek()
        if lexeme is None:
            raise QueryError("the query ends too early")
        self._position += 1
        return lexeme

    def query(self) -> Term:
        parts = [self._all()]
        while self.peek() == "OR":
            self._take()
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else _any_of(parts)

    def _all(self) -> Term:
        parts = [self._part()]
        while self.peek() not in (None, "OR", ")"):
            parts.append(self._part())
        return parts[0] if len(parts) == 1 else _all_of(parts)

    def _part(self) -> Term:
        lexeme = self._take()
        if lexeme == "-":
            return _negation(self._part())
        if lexeme == "(":
            return self._group()
        if lexeme in (")", "OR"):
            raise QueryError(f"unexpected {lexeme!r}")
        return term(lexeme)

    def _group(self) -> Term:
        inside = self.query()
        if self._take() != ")":
            raise QueryError("a parenthesis is not closed")
        return inside


def _any_of(parts: list[Term]) -> Term:
    return Term(_first_that_is(True, parts), all(part.stands_alone for part in parts))


def _all_of(parts: list[Term]) -> Term:
    return Term(_first_that_is(False, parts), any(part.stands_alone for part in parts))


def _first_that_is(decisive: bool, parts: list[Term]) -> Match:
    """The decisive value as soon as one part has it, else the other. Runs for every post of every call: a plain loop."""
    tests = [part.matches for part in parts]

    def matches(post: Post, corpus: Corpus) -> bool:
        for test in tests:
            if test(post, corpus) is decisive:
                return decisive
        return not decisive

    return matches


def _negation(part: Term) -> Term:
    test = part.matches
    return Term(lambda post, corpus: not test(post, corpus), False)
