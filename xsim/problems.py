"""Refusals as problem documents."""

from typing import Any

JsonObject = dict[str, Any]


class ApiProblem(Exception):
    """`slug` is the last path segment of the problem's type; None stands for about:blank."""

    def __init__(self, status: int, title: str, detail: str, slug: str | None = None, **extra: Any) -> None:
        super().__init__(detail)
        self.status, self.title, self.detail, self.slug, self.extra = status, title, detail, slug, extra

    def payload(self, host: str) -> JsonObject:
        kind = problem_type(host, self.slug) if self.slug else "about:blank"
        return {"title": self.title, "type": kind, "status": self.status, "detail": self.detail, **self.extra}


def problem_type(host: str, slug: str) -> str:
    return f"https://{host}/2/problems/{slug}"


def invalid(parameter: str, value: str, message: str) -> ApiProblem:
    errors = [{"parameters": {parameter: [value]}, "message": message}]
    return ApiProblem(400, "Invalid Request", "The request has an invalid parameter.", "invalid-request", errors=errors)


def unauthorized() -> ApiProblem:
    return ApiProblem(401, "Unauthorized", "Unauthorized")


def forbidden(detail: str = "Forbidden") -> ApiProblem:
    return ApiProblem(403, "Forbidden", detail)


def wrong_authentication(wanted: str) -> ApiProblem:
    """`wanted` says whose token it should have been."""
    detail = f"This endpoint wants the token of {wanted}."
    return ApiProblem(403, "Unsupported Authentication", detail, "unsupported-authentication")


def too_many_requests() -> ApiProblem:
    return ApiProblem(429, "Too Many Requests", "Too Many Requests")


def usage_capped() -> ApiProblem:
    return ApiProblem(
        429, "UsageCapExceeded", "The monthly cap is used up.", "usage-capped", period="Monthly", scope="Product"
    )


def credits_depleted(spelling: str = "CreditsDepleted") -> ApiProblem:
    """Two spellings are in use: the title CreditsDepleted, and the problem type credits-depleted."""
    title, slug = {
        "CreditsDepleted": ("CreditsDepleted", "credits"),
        "credits-depleted": ("Credits Depleted", "credits-depleted"),
    }[spelling]
    return ApiProblem(402, title, "The account has no credits left.", slug)


def stale_since_id(since_id: str, floor: str, lowest_id: int) -> ApiProblem:
    message = (
        f"Invalid 'since_id':'{since_id}'. 'since_id' must be a tweet id created after {floor}; "
        f"use a 'since_id' that is larger than {lowest_id}"
    )
    return invalid("since_id", since_id, message)


def not_found(host: str, resource: str, parameter: str, value: str) -> JsonObject:
    """An entry of the `errors` list of a 200 answer."""
    detail = f"No {resource} with {parameter} {value}."
    return _entry(host, "resource-not-found", "Not Found Error", detail, resource, parameter, value)


def not_authorized(host: str, resource: str, parameter: str, value: str, section: str) -> JsonObject:
    """The entry for something that exists but is not public; `section` is data or includes."""
    detail = f"You are not authorized to see the {resource} with {parameter} {value}."
    entry = _entry(host, "not-authorized-for-resource", "Authorization Error", detail, resource, parameter, value)
    return entry | {"section": section}


def suspended(host: str, parameter: str, value: str) -> JsonObject:
    """The entry for a suspended user, which X files under not found."""
    detail = f"User has been suspended: [{value}]."
    return _entry(host, "resource-not-found", "Forbidden", detail, "user", parameter, value)


def _entry(host: str, slug: str, title: str, detail: str, resource: str, parameter: str, value: str) -> JsonObject:
    return {
        "type": problem_type(host, slug),
        "title": title,
        "detail": detail,
        "resource_type": resource,
        "resource_id": value,
        "parameter": parameter,
        "value": value,
    }
