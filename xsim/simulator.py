"""The simulator: a corpus, a clock and the rules, behind one `answer` method."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from email.utils import format_datetime
from threading import Event, RLock
from typing import Any

from xsim import inspection, routes, server
from xsim.clock import Clock
from xsim.context import Context
from xsim.corpus import Corpus, Post, User
from xsim.faults import Call, Faults
from xsim.ledger import Ledger
from xsim.limits import Limits
from xsim.oauth import Authorizations
from xsim.params import Params
from xsim.problems import ApiProblem, forbidden, too_many_requests, unauthorized
from xsim.vocabulary import VOCABULARIES
from xsim.web import Record, Request, Response, json_response
from xsim.writing import Writer

_NEEDED_SCOPES = frozenset({"users.read", "tweet.read"})


class Simulator:
    """`limits` maps a path template to calls per window, `prices` a ledger kind to dollars; `sources` are called with
    the time before each call and may add what has happened on the network since; `posted` holds the bodies of attempts
    to post, which are always refused."""

    def __init__(
        self,
        bearer: str = "bearer",
        vocabulary: str = "tweet",
        clock: Clock | None = None,
        client_id: str = "client-id",
        client_secret: str = "client-secret",
        limits: Mapping[str, int] | None = None,
        window_seconds: float = 900,
        prices: Mapping[str, Decimal] | None = None,
    ) -> None:
        self.bearer = bearer
        self.vocabulary = VOCABULARIES[vocabulary]
        self.clock = clock or Clock()
        self.corpus = Corpus()
        self.ledger = Ledger(prices)
        self.faults = Faults()
        self.oauth = Authorizations(client_id, client_secret)
        self.requests: list[Record] = []
        self.posted: list[str] = []
        self.sources: list[Callable[[datetime], None]] = []
        self.stopping = Event()
        self._limits = Limits(limits, window_seconds)
        self._writer = Writer(self.corpus, self.clock)
        self._lock = RLock()

    def add_user(self, username: str, *, name: str | None = None, id: str | None = None) -> User:
        return self._writer.add_user(username, name=name, id=id)

    def add_post(self, username: str, text: str, **details: Any) -> Post:
        """See Writer.add_post for the details."""
        with self._lock:
            return self._writer.add_post(username, text, **details)

    def edit_post(self, post_id: str, text: str, *, at: datetime | None = None) -> Post:
        with self._lock:
            return self._writer.edit_post(post_id, text, at=at)

    def delete_post(self, post_id: str, *, at: datetime | None = None) -> None:
        with self._lock:
            self._writer.delete_post(post_id, at=at)

    def offer_login(self, *usernames: str) -> None:
        """The accounts that the consent page offers."""
        self.oauth.accounts = list(usernames)

    def bill(self) -> Decimal:
        """US dollars so far."""
        return self.ledger.total()

    @contextmanager
    def serve(self, port: int = 0) -> Iterator[str]:
        """Serve on 127.0.0.1 (0: any free port) and yield the base URL."""
        self.stopping.clear()
        with server.running(self.answer, port) as url:
            try:
                yield url
            finally:
                self.stopping.set()

    def answer(self, request: Request) -> Response:
        now = self.clock.now()
        look = inspection.look(self, request)
        if look:
            return look
        if (request.method, request.path) == ("POST", "/2/tweets"):
            self.posted.append(request.body.decode(errors="replace"))
        response = self._faulty_or_not(request, now)
        response.headers = {"Date": format_datetime(now, usegmt=True), **response.headers}
        with self._lock:
            self.requests.append(Record(now, request.method, request.path, request.params(), response.status))
        return response

    def _faulty_or_not(self, request: Request, now: datetime) -> Response:
        found = routes.find(request.method, request.path)
        if found is None:
            return self._refuse(ApiProblem(404, "Not Found", "There is no such endpoint."))
        route, parts = found
        with self._lock:
            allowance = self._limits.hit(route.template, request.header("Authorization"), now)
            headers, exceeded = allowance.headers(), allowance.exceeded
            fault = self.faults.pick(route.template, request.path)

        def proceed() -> Response:
            return self._refuse(too_many_requests()) if exceeded else self._work(request, route, parts, now)

        host = self.vocabulary.host
        response = fault(Call(request, now, host, proceed, self._refuse, self.stopping)) if fault else proceed()
        return replace(response, headers={**headers, **response.headers})

    def _work(self, request: Request, route: routes.Route, parts: dict[str, str], now: datetime) -> Response:
        with self._lock:
            for source in self.sources:
                source(now)
            try:
                result = route.handler(self._context(request, route, parts, now))
            except ApiProblem as problem:
                return self._refuse(problem)
        return result if isinstance(result, Response) else json_response(200, self.vocabulary.translate(result))

    def _context(self, request: Request, route: routes.Route, parts: dict[str, str], now: datetime) -> Context:
        params, user_id = Params(request.params()), None
        if route.names is not None:
            user_id = self._authenticate(request, now)
            request.check_repetitions()
            params.check_names(route.names)
        return Context(request, now, self.corpus, self.ledger, self.oauth, self.vocabulary, params, parts, user_id)

    def _authenticate(self, request: Request, now: datetime) -> str | None:
        """The id of the user behind the token, or None for the app's own."""
        token = request.bearer()
        if token == self.bearer:
            return None
        grant = self.oauth.user_of(token or "", now)
        if grant is None:
            raise unauthorized()
        if not set(grant.scope.split()) >= _NEEDED_SCOPES:
            raise forbidden("The token's scopes do not suffice.")
        return grant.user_id

    def _refuse(self, problem: ApiProblem) -> Response:
        return json_response(problem.status, problem.payload(self.vocabulary.host), "application/problem+json")
