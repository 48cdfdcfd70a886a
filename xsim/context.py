"""What an endpoint is given to work with."""

from dataclasses import dataclass
from datetime import datetime

from xsim.corpus import Corpus
from xsim.ledger import Ledger
from xsim.oauth import Authorizations
from xsim.params import Params
from xsim.vocabulary import Vocabulary
from xsim.web import Request


@dataclass(frozen=True)
class Context:
    """`path` holds the named parts of the path; `user_id` is that of the user whose token was used, if any."""

    request: Request
    now: datetime
    corpus: Corpus
    ledger: Ledger
    oauth: Authorizations
    vocabulary: Vocabulary
    params: Params
    path: dict[str, str]
    user_id: str | None = None
