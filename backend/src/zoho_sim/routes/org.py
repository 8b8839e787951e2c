"""The organisation's own page, its users and its currencies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoho_sim.behaviour.limits import Edition
from zoho_sim.routes.call import Call, respond, respond_empty
from zoho_sim.routes.errors import ApiError, invalid_param
from zoho_sim.routes.params import header_time, page_size, whole_number
from zoho_sim.routes.table import API, Routes, needs

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiohttp import web

    from zoho_sim.state.fields import JsonObject
    from zoho_sim.state.organisation import Currency, Organisation, User

routes = Routes()

_LICENCE_YEAR = "2099-12-31"


@routes.on("GET", API + "/org", operation="org.get", scopes=needs("ZohoCRM.org.READ"))
async def get_org(call: Call) -> web.Response:
    """Answer the organisation's facts; edition and licences are in ``license_details``."""
    facts = call.organisation.facts
    home = call.organisation.currencies[facts.home_currency]
    body = {
        "country": facts.country,
        "photo_id": None,
        "city": "Singapore",
        "description": None,
        "type": "production",
        "created_time": facts.created_time,
        "mc_status": facts.multi_currency,
        "gapps_enabled": False,
        "translation_enabled": False,
        "street": None,
        "domain_name": f"org{facts.zgid}",
        "alias": None,
        "currency": home.name,
        "id": facts.id,
        "employee_count": None,
        "state": None,
        "fax": None,
        "zip": None,
        "website": f"https://www.{facts.domain_name}",
        "currency_symbol": home.symbol,
        "mobile": None,
        "currency_locale": "en_SG",
        "primary_zuid": call.organisation.api_user.zuid,
        "zia_portal_id": None,
        "time_zone": facts.time_zone,
        "zgid": facts.zgid,
        "country_code": facts.country_code,
        "deletable_org_account": False,
        "license_details": {
            "paid_expiry": f"{_LICENCE_YEAR}T00:00:00+08:00",
            "users_license_purchased": facts.licences,
            "trial_type": None,
            "trial_expiry": None,
            "paid": facts.edition != Edition.FREE.value,
            "paid_type": facts.edition,
            "portal_users_license_purchased": 0,
        },
        "hierarchy_preferences": {"type": "Role_Hierarchy", "strictly_reporting": False},
        "phone": None,
        "company_name": facts.company_name,
        "privacy_settings": False,
        "primary_email": facts.primary_email,
        "iso_code": facts.home_currency,
        "hipaa_compliance_enabled": False,
        "lite_users_enabled": False,
    }
    return respond({"org": [body]})


def _is_admin(user: User) -> bool:
    return user.profile.name == "Administrator"


_USER_TYPES: dict[str, Callable[[Organisation, User], bool]] = {
    "AllUsers": lambda _, user: bool(user.id),
    "ActiveUsers": lambda _, user: user.is_active,
    "DeactiveUsers": lambda _, user: not user.is_active,
    "ConfirmedUsers": lambda _, user: bool(user.id),
    "NotConfirmedUsers": lambda _, user: not user.id,
    "DeletedUsers": lambda _, user: not user.id,
    "ActiveConfirmedUsers": lambda _, user: user.is_active,
    "AdminUsers": lambda _, user: _is_admin(user),
    "ActiveConfirmedAdmins": lambda _, user: user.is_active and _is_admin(user),
    "CurrentUser": lambda organisation, user: user.id == organisation.api_user_id,
}


@routes.on("GET", API + "/users", operation="users.list", scopes=needs("ZohoCRM.users.READ"))
async def list_users(call: Call) -> web.Response:
    """Answer a page of users of a type; 304 if none is newer than If-Modified-Since."""
    kind = call.query.get("type", "AllUsers")
    if kind not in _USER_TYPES:
        raise invalid_param("type", supported_values=list(_USER_TYPES))
    size, page = page_size(call), whole_number(call, "page", 1)
    since = header_time(call, "If-Modified-Since")
    organisation = call.organisation
    chosen = [user for user in organisation.users.values() if _USER_TYPES[kind](organisation, user)]
    if since is not None:
        chosen = [user for user in chosen if user.modified_time > since]
        if not chosen:
            return respond_empty(call.simulator.switches.not_modified_status)
    shown = chosen[(page - 1) * size : page * size]
    if not shown:
        return respond_empty()
    info = {
        "per_page": size,
        "count": len(shown),
        "page": page,
        "more_records": len(chosen) > page * size,
    }
    return respond({"users": [_user(call, user) for user in shown], "info": info})


@routes.on(
    "GET", API + r"/users/{id:\d+}", operation="users.get", scopes=needs("ZohoCRM.users.READ")
)
async def get_user(call: Call) -> web.Response:
    """Answer one user; 204 if there is none of that id."""
    user = call.organisation.users.get(call.path("id"))
    return respond_empty() if user is None else respond({"users": [_user(call, user)]})


def _user(call: Call, user: User) -> JsonObject:
    administrator = call.organisation.api_user.reference
    return {
        "country": user.country,
        "language": "en_US",
        "microsoft": False,
        "id": user.id,
        "state": None,
        "fax": None,
        "zip": None,
        "website": None,
        "email": user.email,
        "dob": None,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "full_name": user.full_name,
        "alias": None,
        "street": None,
        "city": None,
        "phone": None,
        "mobile": None,
        "signature": None,
        "status": "active" if user.is_active else "disabled",
        "status_reason__s": None if user.is_active else "disabled manually",
        "role": user.role.reference,
        "profile": user.profile.reference,
        "zuid": user.zuid,
        "time_zone": call.organisation.facts.time_zone,
        "time_format": "HH:mm",
        "date_format": "dd/MM/yyyy",
        "decimal_separator": "Period",
        "number_separator": "Comma",
        "locale": "en_GB",
        "country_locale": "en_SG",
        "name_format__s": "Salutation,First Name,Last Name",
        "sort_order_preference__s": "First Name,Last Name",
        "confirm": True,
        "personal_account": False,
        "imap_status": False,
        "sandboxDeveloper": False,
        "type__s": "Regular User",
        "category": "regular_user",
        "offset": int(call.organisation.utc_offset.total_seconds() * 1000),
        "Isonline": False,
        "default_tab_group": "0",
        "created_by": administrator,
        "created_time": user.created_time,
        "Modified_By": administrator,
        "Modified_Time": user.modified_time,
        "Reporting_To": None,
        "Current_Shift__s": None,
        "$current_shift": None,
        "$next_shift": None,
        "$shift_effective_from": None,
    }


@routes.on(
    "GET",
    API + "/org/currencies",
    operation="currencies.list",
    scopes=needs("ZohoCRM.settings.currencies.READ"),
)
async def list_currencies(call: Call) -> web.Response:
    """Answer every currency of the organisation with its present rate."""
    if not call.organisation.facts.multi_currency:
        return _currencies_off(call)
    rows = [_currency(call, known) for known in call.organisation.currencies.values()]
    return respond({"currencies": rows})


@routes.on(
    "GET",
    API + r"/org/currencies/{id:\d+}",
    operation="currencies.get",
    scopes=needs("ZohoCRM.settings.currencies.READ"),
)
async def get_currency(call: Call) -> web.Response:
    """Answer one currency; 204 if there is none of that id."""
    if not call.organisation.facts.multi_currency:
        return _currencies_off(call)
    for known in call.organisation.currencies.values():
        if known.id == call.path("id"):
            return respond({"currencies": [_currency(call, known)]})
    return respond_empty()


def _currencies_off(call: Call) -> web.Response:
    if call.simulator.switches.currencies_off_status == 204:  # noqa: PLR2004 - HTTP's No Content
        return respond_empty()
    raise ApiError(
        call.simulator.switches.currencies_off_status,
        "FEATURE_NOT_ENABLED",
        "multi currency is not enabled",
    )


def _currency(call: Call, known: Currency) -> JsonObject:
    administrator = call.organisation.api_user.reference
    return {
        "symbol": known.symbol,
        "created_time": known.created_time,
        "is_active": known.is_active,
        "exchange_rate": known.exchange_rate,
        "format": {
            "numeral_system": "International",
            "decimal_separator": "Period",
            "thousand_separator": "Comma",
            "decimal_places": str(known.decimal_places),
        },
        "created_by": administrator,
        "prefix_symbol": True,
        "is_base": known.is_base,
        "modified_time": known.modified_time,
        "name": known.name,
        "modified_by": administrator,
        "id": known.id,
        "iso_code": known.iso_code,
    }
