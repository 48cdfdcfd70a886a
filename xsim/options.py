"""The options of the command line."""

from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime, timedelta

from xsim.demo import Plan
from xsim.params import QUERY_LENGTH
from xsim.query import Query, parse
from xsim.vocabulary import VOCABULARIES


def plan(options: Namespace) -> Plan:
    return Plan(
        epoch=options.epoch,
        mention=options.mention,
        target=options.target.removeprefix("@"),
        target_id=options.target_id,
        rate=options.rate,
        seed=options.seed,
        first_answer=timedelta(seconds=options.first_answer),
        answer_every=timedelta(seconds=options.answer_every),
    )


def _query(text: str) -> Query:
    if len(text) > QUERY_LENGTH:
        raise ValueError("too long")
    return parse(text)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def parser() -> ArgumentParser:
    made = ArgumentParser(prog="xsim", description="A local X API simulator with generated traffic.")
    add = made.add_argument
    add("--port", type=int, default=8001, help="on 127.0.0.1; 0 takes any free one")
    add("--bearer", default="demo", help="the bearer token to accept")
    add("--client-id", default="demo")
    add("--client-secret", default="demo")
    add("--vocabulary", choices=sorted(VOCABULARIES), default="tweet")
    add("--mention", required=True, help="what every generated post contains, e.g. '@handle #Tag'")
    add("--query", type=_query, help="refuse to start if the generated posts would not match it")
    add("--target", required=True, help="the handle that answers")
    add("--target-id", help="its numeric id")
    add("--epoch", type=_moment, default=datetime.now(UTC).replace(microsecond=0), help="when the posts begin")
    add("--rate", type=float, default=20, help="average posts a minute")
    add("--seed", type=int, default=1)
    add("--first-answer", type=float, default=90, help="seconds from the epoch to the target's first answer")
    add("--answer-every", type=float, default=600, help="seconds between its answers")
    return made
