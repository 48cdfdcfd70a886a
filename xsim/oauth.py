"""Authorization codes, access tokens and refresh tokens of OAuth 2.0 with PKCE (S256)."""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from xsim.pkce import challenge, is_loopback
from xsim.problems import JsonObject

CODE_LIFE = timedelta(seconds=30)
TOKEN_LIFE = timedelta(hours=2)


class OAuthError(Exception):
    """`code` is the standard's error code; `str()` is the description."""

    def __init__(self, code: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.code, self.status = code, status


@dataclass(frozen=True)
class Grant:
    """What a user agreed to, and until when the code or token that stands for it is good."""

    user_id: str
    scope: str
    expires: datetime
    redirect_uri: str = ""
    challenge: str = ""


class Authorizations:
    """`accounts` are the usernames the consent page offers."""

    def __init__(self, client_id: str, client_secret: str) -> None:
        self.client_id, self.client_secret = client_id, client_secret
        self.accounts: list[str] = []
        self._codes: dict[str, Grant] = {}
        self._access: dict[str, Grant] = {}
        self._refresh: dict[str, Grant] = {}

    def check_request(self, params: Mapping[str, str]) -> None:
        """The checks before the consent page is shown; raises OAuthError."""
        wrong = [
            ("client_id", params.get("client_id") != self.client_id),
            ("redirect_uri", not is_loopback(params.get("redirect_uri", ""))),
            ("response_type", params.get("response_type") != "code"),
            ("scope", not params.get("scope")),
            ("state", not params.get("state")),
            ("code_challenge", not params.get("code_challenge")),
            ("code_challenge_method", params.get("code_challenge_method") != "S256"),
        ]
        for name, is_wrong in wrong:
            if is_wrong:
                raise OAuthError("invalid_request", f"Something is wrong with {name}.")

    def issue_code(self, user_id: str, params: Mapping[str, str], now: datetime) -> str:
        code = secrets.token_urlsafe(24)
        self._codes[code] = Grant(
            user_id, params["scope"], now + CODE_LIFE, params["redirect_uri"], params["code_challenge"]
        )
        return code

    def check_client(self, client_id: str, client_secret: str) -> None:
        given, known = (client_id, client_secret), (self.client_id, self.client_secret)
        if not all(hmac.compare_digest(a.encode(), b.encode()) for a, b in zip(given, known, strict=True)):
            raise OAuthError("unauthorized_client", "The client's credentials are wrong or missing.", 401)

    def token(self, form: Mapping[str, str], now: datetime) -> JsonObject:
        kind = form.get("grant_type")
        if kind == "authorization_code":
            return self._issue(self._redeem_code(form, now), now)
        if kind == "refresh_token":
            return self._issue(self._redeem(self._refresh, form.get("refresh_token", ""), now), now)
        raise OAuthError("unsupported_grant_type", "The grant_type is neither authorization_code nor refresh_token.")

    def revoke(self, form: Mapping[str, str]) -> JsonObject:
        """Access or refresh token; one that is unknown or expired is as good as revoked."""
        token = form.get("token")
        if not token:
            raise OAuthError("invalid_request", "The token is missing.")
        for grants in (self._access, self._refresh):
            grants.pop(token, None)
        return {"revoked": True}

    def user_of(self, token: str, now: datetime) -> Grant | None:
        grant = self._access.get(token)
        return grant if grant and now < grant.expires else None

    def _redeem_code(self, form: Mapping[str, str], now: datetime) -> Grant:
        grant = self._redeem(self._codes, form.get("code", ""), now)
        if form.get("redirect_uri") != grant.redirect_uri:
            raise OAuthError("invalid_grant", "The redirect_uri is not the one of the authorization.")
        if not hmac.compare_digest(challenge(form.get("code_verifier", "")).encode(), grant.challenge.encode()):
            raise OAuthError("invalid_grant", "The code_verifier does not fit the code_challenge.")
        return grant

    def _redeem(self, grants: dict[str, Grant], key: str, now: datetime) -> Grant:
        grant = grants.pop(key, None)
        if grant is None or grant.expires <= now:
            raise OAuthError("invalid_grant", "The code or token is unknown, used or expired.")
        return grant

    def _issue(self, grant: Grant, now: datetime) -> JsonObject:
        token = secrets.token_urlsafe(32)
        self._access[token] = Grant(grant.user_id, grant.scope, now + TOKEN_LIFE)
        answer: JsonObject = {
            "token_type": "bearer",
            "expires_in": int(TOKEN_LIFE.total_seconds()),
            "access_token": token,
            "scope": grant.scope,
        }
        if "offline.access" in grant.scope.split():
            answer["refresh_token"] = secrets.token_urlsafe(32)
            self._refresh[answer["refresh_token"]] = Grant(grant.user_id, grant.scope, now + timedelta(days=180))
        return answer
