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


def wrong_authentication() -> ApiProblem:
    return ApiProblem(
        403, "Unsupported Authentication", "This endpoint wants the token of a user.", "unsupported-authentication"
    )


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
    return {
        "type": problem_type(host, "resource-not-found"),
        "title": "Not Found Error",
        "detail": f"No {resource} with {parameter} {value}.",
        "resource_type": resource,
        "resource_id": value,
        "parameter": parameter,
        "value": value,
    }
