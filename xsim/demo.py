"""Generated traffic: a function of the seed, the epoch and the time, so that a restart brings back the same posts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count, takewhile
from random import Random

from xsim.corpus import Corpus, Post, User
from xsim.ids import moment_of
from xsim.wording import answer_text, person, supporter_text

PEOPLE = 400
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Plan:
    """`mention` is in every post; `rate` is posts per minute, delays are from the epoch and from answer to answer."""

    epoch: datetime
    mention: str
    target: str
    target_id: str | None = None
    rate: float = 20
    seed: int = 1
    first_answer: timedelta = timedelta(seconds=90)
    answer_every: timedelta = timedelta(minutes=10)


class Demo:
    """Called with the time, it brings the corpus up to that time."""

    def __init__(self, corpus: Corpus, plan: Plan) -> None:
        self._corpus, self._plan = corpus, plan
        self._minutes = 0
        self._answers = 0
        self._parent: Post | None = None
        born = plan.epoch - timedelta(days=365)
        self._target = corpus.add_user(plan.target, f"{plan.target} (simulated)", born, plan.target_id)
        self._people = [corpus.add_user(*person(number), born) for number in range(PEOPLE)]

    def __call__(self, now: datetime) -> None:
        while self._plan.epoch + self._minutes * MINUTE <= now:
            self._one_minute(self._plan.epoch + self._minutes * MINUTE)
            self._minutes += 1

    def _one_minute(self, start: datetime) -> None:
        answers = list(takewhile(lambda moment: moment < start + MINUTE, self._answer_times()))
        calls = [(moment, False) for moment in self._call_times(start)]
        for moment, is_answer in sorted(calls + [(moment, True) for moment in answers]):
            if is_answer:
                self._answer(moment)
            else:
                self._parent = self._call(moment)

    def _call_times(self, start: datetime) -> list[datetime]:
        """Between half and one and a half times the average rate, spread over the minute."""
        random = self._random("minute", self._minutes)
        number = int(self._plan.rate * random.uniform(0.5, 1.5) + random.random())
        return [start + MINUTE * random.random() for _ in range(number)]

    def _answer_times(self) -> Iterator[datetime]:
        """Those still to come."""
        first = self._plan.epoch + self._plan.first_answer
        for number in count(self._answers):
            jitter = self._random("answer", number).uniform(-0.1, 0.1) if number else 0
            yield first + self._plan.answer_every * (number + jitter)

    def _call(self, moment: datetime) -> Post:
        random = self._random("post", moment.isoformat())
        return self._publish(random.choice(self._people), supporter_text(random, self._plan.mention), moment)

    def _answer(self, moment: datetime) -> None:
        text, parent = answer_text(self._answers), self._parent
        if parent:
            text = f"@{self._corpus.users[parent.author_id].username} {text}"
        post = self._publish(self._target, text, moment)
        if parent:
            post.referenced = [("replied_to", parent.id)]
            post.conversation_id, post.in_reply_to_user_id = parent.conversation_id, parent.author_id
        self._answers += 1

    def _publish(self, author: User, text: str, moment: datetime) -> Post:
        number = self._corpus.free_id(moment)
        created = moment_of(number)
        return self._corpus.insert(Post(str(number), author.id, text, created, created))

    def _random(self, *key: object) -> Random:
        return Random(f"{self._plan.seed}/{self._plan.epoch.isoformat()}/{key}")
