"""The simulator: a corpus, a clock and the rules, behind one `answer` method."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from email.utils import format_datetime
from threading import Event

from xsim import inspection, routes, server
from xsim.access import user_behind
from xsim.calls import Call
from xsim.clock import Clock
from xsim.context import Context
from xsim.corpus import Corpus
from xsim.faults import Faults
from xsim.hooks import Action, Hooks
from xsim.ledger import Ledger
from xsim.limits import Limits
from xsim.oauth import Authorizations
from xsim.params import Params
from xsim.problems import ApiProblem, too_many_requests
from xsim.turns import Turn
from xsim.vocabulary import VOCABULARIES
from xsim.web import Record, Request, Response, json_response
from xsim.writing import Writer


class Simulator(Writer):
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
        super().__init__(Corpus(), clock or Clock())
        self.bearer = bearer
        self.vocabulary = VOCABULARIES[vocabulary]
        self.ledger = Ledger(prices)
        self.faults = Faults()
        self.oauth = Authorizations(client_id, client_secret)
        self.requests: list[Record] = []
        self.posted: list[str] = []
        self.sources: list[Callable[[datetime], None]] = []
        self.stopping = Event()
        self._hooks = Hooks()
        self._limits = Limits(limits, window_seconds)

    def offer_login(self, *usernames: str) -> None:
        """The accounts that the consent page offers."""
        self.oauth.accounts = list(usernames)

    def after(self, route: str, nth: int, action: Action) -> None:
        """Do something on the network after the nth call from now of this path or template was worked off, and before
        its answer is sent: between two pages."""
        with self.lock:
            self._hooks.add(Turn(route, nth), action)

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
        look = inspection.look(request, self.ledger, list(self.requests))
        if look:
            return look
        if (request.method, request.path) == ("POST", "/2/tweets"):
            self.posted.append(request.body.decode(errors="replace"))
        found = routes.find(request.method, request.path)
        response = self._faulty_or_not(request, *found, now) if found else self._refuse(_NO_ENDPOINT)
        response.headers = {"Date": format_datetime(now, usegmt=True), **response.headers}
        with self.lock:
            self.requests.append(Record(now, request.method, request.path, request.params(), response.status))
            actions = self._hooks.due(found[0].template if found else request.path, request.path)
        for action in actions:
            action()
        return response

    def _faulty_or_not(self, request: Request, route: routes.Route, parts: dict[str, str], now: datetime) -> Response:
        with self.lock:
            allowance = self._limits.hit(route.template, request.header("Authorization"), now)
            headers, exceeded = allowance.headers(), allowance.exceeded
            fault = self.faults.pick(route.template, request.path)

        def proceed(instead: Request | None = None) -> Response:
            return self._refuse(too_many_requests()) if exceeded else self._work(instead or request, route, parts, now)

        call = Call(request, now, self.vocabulary.host, self.ledger, proceed, self._refuse, self.stopping)
        response = fault(call) if fault else proceed()
        return replace(response, headers={**headers, **response.headers})

    def _work(self, request: Request, route: routes.Route, parts: dict[str, str], now: datetime) -> Response:
        with self.lock:
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
            user_id = user_behind(request, self.bearer, self.oauth, now)
            request.check_repetitions()
            params.check_names(route.names)
        return Context(request, now, self.corpus, self.ledger, self.oauth, self.vocabulary, params, parts, user_id)

    def _refuse(self, problem: ApiProblem) -> Response:
        return json_response(problem.status, problem.payload(self.vocabulary.host), "application/problem+json")


_NO_ENDPOINT = ApiProblem(404, "Not Found", "There is no such endpoint.")
