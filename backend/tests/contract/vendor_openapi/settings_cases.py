"""Calls for settings, each with the operation of the vendor's files that it makes."""

from __future__ import annotations

from contract.vendor_openapi.world import NOBODY, Case, cases

CURRENCIES = "/org/currencies"
MODULES = "/settings/modules"
PIPELINES = "/settings/pipeline"

SETTINGS_CASES: list[Case] = [
    *cases("org", "get", "/org", ("all", 200, lambda w: w.get("/org"))),
    *cases(
        "users", "get", "/users",
        ("all", 200, lambda w: w.get("/users")),
        ("none", 204, lambda w: w.get("/users", type="DeletedUsers")),
    ),
    *cases(
        "users", "get", "/users/{user}",
        ("one", 200, lambda w: w.get(f"/users/{w.first('users', '/users')}")),
        ("unknown", 204, lambda w: w.get(f"/users/{NOBODY}")),
    ),
    *cases("currencies", "get", CURRENCIES, ("all", 200, lambda w: w.get(CURRENCIES))),
    *cases(
        "currencies", "get", CURRENCIES + "/{currency}",
        ("one", 200, lambda w: w.get(f"{CURRENCIES}/{w.first('currencies', CURRENCIES)}")),
        ("unknown", 204, lambda w: w.get(f"{CURRENCIES}/{NOBODY}")),
    ),
    *cases("modules", "get", MODULES, ("all", 200, lambda w: w.get(MODULES))),
    *cases(
        "modules", "get", MODULES + "/{moduleIdentifier}",
        *(
            (name, 200, lambda w, name=name: w.get(f"{MODULES}/{name}"))
            for name in ("Deals", "DealHistory", "Payment_Schedule", "Deals_X_Accounts")
        ),
        ("unknown", 400, lambda w: w.get(f"{MODULES}/Nowhere")),
    ),
    *cases(
        "fields", "get", "/settings/fields",
        *(
            (name, 200, lambda w, name=name: w.get("/settings/fields", module=name))
            for name in (
                "Deals", "Accounts", "Contacts",
                "DealHistory", "Payment_Schedule", "Deals_X_Accounts",
            )
        ),
        ("unused", 204, lambda w: w.get("/settings/fields", module="Deals", type="unused")),
        ("no module", 400, lambda w: w.get("/settings/fields")),
        ("unknown module", 400, lambda w: w.get("/settings/fields", module="Nowhere")),
    ),
    *cases(
        "fields", "get", "/settings/fields/{fieldId}",
        ("Stage", 200, lambda w: w.get(f"/settings/fields/{w.field_id('Stage')}", module="Deals")),
        ("unknown", 400, lambda w: w.get(f"/settings/fields/{NOBODY}", module="Deals")),
    ),
    *cases(
        "pick-list-values", "get", "/settings/fields/{fieldId}/pick_list_values",
        *(
            (name, status, lambda w, name=name: w.get(
                f"/settings/fields/{w.field_id(name)}/pick_list_values", module="Deals"
            ))
            for name, status in (("Stage", 200), ("Amount", 204))
        ),
        ("unknown", 400, lambda w: w.get(
            f"/settings/fields/{NOBODY}/pick_list_values", module="Deals"
        )),
    ),
    *cases(
        "layouts", "get", "/settings/layouts",
        ("Deals", 200, lambda w: w.get("/settings/layouts", module="Deals")),
        ("no module", 400, lambda w: w.get("/settings/layouts")),
    ),
    *cases(
        "layouts", "get", "/settings/layouts/{id}",
        ("one", 200, lambda w: w.get(f"/settings/layouts/{w.layout_id}", module="Deals")),
        ("unknown", 204, lambda w: w.get(f"/settings/layouts/{NOBODY}", module="Deals")),
    ),
    *cases(
        "pipeline", "get", "/settings/pipeline",
        ("all", 200, lambda w: w.get("/settings/pipeline", layout_id=w.layout_id)),
        ("no layout", 400, lambda w: w.get("/settings/pipeline")),
        ("unknown layout", 400, lambda w: w.get("/settings/pipeline", layout_id=NOBODY)),
    ),
    *cases(
        "pipeline", "get", "/settings/pipeline/{id}",
        ("one", 200, lambda w: w.get(
            f"{PIPELINES}/{w.first('pipeline', PIPELINES, layout_id=w.layout_id)}",
            layout_id=w.layout_id,
        )),
        ("unknown", 204, lambda w: w.get(f"/settings/pipeline/{NOBODY}", layout_id=w.layout_id)),
    ),
]  # fmt: skip
