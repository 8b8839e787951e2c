"""The CRM's error answers, each with its HTTP status."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoho_sim.state.fields import JsonObject


def error_body(code: str, message: str, details: JsonObject | None = None) -> JsonObject:
    """Return ``{"code", "details", "message", "status": "error"}``."""
    return {"code": code, "details": details or {}, "message": message, "status": "error"}


class ApiError(Exception):
    """A call is refused as a whole."""

    def __init__(
        self, status: int, code: str, message: str, details: JsonObject | None = None
    ) -> None:
        super().__init__(code)
        self.status = status
        self.body = error_body(code, message, details)


def required_param_missing(name: str) -> ApiError:
    """A mandatory parameter is absent."""
    return ApiError(
        400, "REQUIRED_PARAM_MISSING", "required param is missing", {"param_name": name}
    )


def limit_exceeded(name: str, limit: int) -> ApiError:
    """A parameter holds more items than allowed."""
    return ApiError(400, "LIMIT_EXCEEDED", "limit exceeded", {"limit": limit, "param_name": name})


def invalid_param(name: str, **details: object) -> ApiError:
    """A parameter's value is none that the call knows."""
    return ApiError(400, "INVALID_DATA", "invalid data", {"param_name": name, **details})


def pattern_not_matched(name: str) -> ApiError:
    """A parameter's value does not have the right form."""
    return ApiError(
        400,
        "PATTERN_NOT_MATCHED",
        "Please check whether the input values are correct",
        {"param_name": name},
    )


def invalid_module() -> ApiError:
    """The path names no module, or one that the call does not serve."""
    return ApiError(
        400,
        "INVALID_MODULE",
        "the module name given seems to be invalid",
        {"resource_path_index": 0},
    )


def no_permission(permission: str) -> ApiError:
    """The user's profile lacks a permission such as ``Crm_Implied_Edit_Deals``."""
    return ApiError(403, "NO_PERMISSION", "permission denied", {"permissions": [permission]})


def ambiguous(*names: str) -> ApiError:
    """Parameters that exclude each other came together."""
    return ApiError(
        400,
        "AMBIGUITY_DURING_PROCESSING",
        "ambiguity while processing the request",
        {"ambiguity_due_to": [{"param_name": name} for name in names]},
    )


def invalid_url() -> ApiError:
    """No resource has this path."""
    return ApiError(
        404,
        "INVALID_URL_PATTERN",
        "Please check if the URL trying to access is a correct one",
    )


def invalid_method() -> ApiError:
    """The resource exists but not for this method."""
    return ApiError(
        400, "INVALID_REQUEST_METHOD", "The http request method type is not a valid one"
    )


def unparsable_body() -> ApiError:
    """The body is no JSON, or not of the expected shape."""
    return ApiError(
        400,
        "UNABLE_TO_PARSE_DATA_TYPE",
        "either the request body or parameters is in wrong format",
    )
