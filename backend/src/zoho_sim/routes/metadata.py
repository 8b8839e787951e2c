"""Settings that describe the data: modules, fields, picklists, layouts, pipelines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoho_sim.routes.call import Call, respond, respond_empty
from zoho_sim.routes.errors import ApiError, invalid_module, required_param_missing
from zoho_sim.routes.field_shape import field_json, plain_option_json
from zoho_sim.routes.params import choice
from zoho_sim.routes.table import API, Routes, needs
from zoho_sim.state.organisation import UnknownModuleError
from zoho_sim.state.protections import Right
from zoho_sim.state.stages import HISTORY_MODULE

if TYPE_CHECKING:
    from aiohttp import web

    from zoho_sim.state.fields import Field, JsonObject
    from zoho_sim.state.modules import ModuleStore
    from zoho_sim.state.organisation import Pipeline

routes = Routes()

_STAGE_COLOURS = {"Open": "#57b1fd", "Closed Won": "#25b52a", "Closed Lost": "#eb4d4d"}
# What this call says of every option, while the fields call leaves it out.
_NO_EXTRAS = {"colour_code": None, "layout_associations": None}
_MODULES_SCOPE = needs("ZohoCRM.settings.modules.READ")
_FIELDS_SCOPE = needs("ZohoCRM.settings.fields.READ")
_LAYOUTS_SCOPE = needs("ZohoCRM.settings.layouts.READ")
_PIPELINE_SCOPE = needs("ZohoCRM.settings.pipeline.READ")


@routes.on("GET", API + "/settings/modules", operation="modules.list", scopes=_MODULES_SCOPE)
async def list_modules(call: Call) -> web.Response:
    """Answer every module, with those of the stage history and of the rows inside records."""
    stores = enumerate(_every_module(call))
    return respond({"modules": [_module(call, store, place) for place, store in stores]})


@routes.on(
    "GET",
    API + r"/settings/modules/{module:[A-Za-z]\w*}",
    operation="modules.get",
    scopes=_MODULES_SCOPE,
)
async def get_module(call: Call) -> web.Response:
    """Answer one module."""
    store = _definition(call, call.path("module"))
    return respond({"modules": [_module(call, store, _every_module(call).index(store))]})


def _every_module(call: Call) -> list[ModuleStore]:
    return [*call.organisation.modules.values(), *call.organisation.row_modules.values()]


def _generated_type(call: Call, store: ModuleStore) -> str:
    if store.api_name == HISTORY_MODULE:
        return "field_tracker"
    if store.api_name in call.organisation.modules:
        return "default"
    fields = call.organisation.modules["Deals"].fields.values()
    subforms = {field.subform_module for field in fields}
    return "subform" if store.api_name in subforms else "linking"


def _module(call: Call, store: ModuleStore, place: int) -> JsonObject:
    generated_type = _generated_type(call, store)
    is_open = generated_type == "default"
    module_name = store.api_name
    grants = call.organisation.protections.grants

    def may(right: Right) -> bool:
        return store.is_writable and grants(store.api_name, right)

    if store.api_name == "Deals":
        module_name = call.simulator.switches.deals_module_name
    return {
        "global_search_supported": is_open,
        "public_fields_configured": False,
        "recycle_bin_on_delete": True,
        "has_more_profiles": False,
        "sub_menu_available": False,
        "profile_count": len(call.organisation.profiles),
        "deletable": may(Right.DELETE),
        "description": None,
        "creatable": may(Right.CREATE),
        "inventory_template_supported": False,
        "modified_time": None,
        "plural_label": store.plural,
        "presence_sub_menu": is_open,
        "triggers_supported": is_open,
        "id": store.id,
        "isBlueprintSupported": is_open,
        "visibility": 1 if is_open else 2,
        "convertable": False,
        "editable": may(Right.EDIT),
        "emailTemplate_support": is_open,
        "email_parser_supported": False,
        "filter_supported": is_open,
        "show_as_tab": is_open,
        "web_link": None,
        "viewable": True,
        "api_supported": True,
        "quick_create": store.is_writable,
        "generated_type": generated_type,
        "feeds_required": False,
        "scoring_supported": is_open,
        "webform_supported": is_open,
        "arguments": [],
        "module_name": module_name,
        "business_card_field_limit": 5,
        "access_type": "org_based",
        "modified_by": None,
        "profiles": [profile.reference for profile in call.organisation.profiles],
        "parent_module": {},
        "status": "visible" if is_open else "system_hidden",
        "sequence_number": place + 1,
        "singular_label": store.singular,
        "actual_singular_label": store.singular,
        "actual_plural_label": store.plural,
        "api_name": store.api_name,
    }


def module_param(call: Call) -> ModuleStore:
    """Return the module in the parameter ``module``, which is mandatory."""
    name = call.query.get("module")
    if not name:
        raise required_param_missing("module")
    try:
        return _definition(call, name)
    except ApiError as error:
        error.body["details"] = {"param_name": "module"}
        raise


def _definition(call: Call, name: str) -> ModuleStore:
    try:
        return call.organisation.definition(name)
    except UnknownModuleError:
        raise invalid_module() from None


@routes.on("GET", API + "/settings/fields", operation="fields.list", scopes=_FIELDS_SCOPE)
async def list_fields(call: Call) -> web.Response:
    """Answer the fields of a module; every seeded field is in use, so ``unused`` is empty."""
    store = module_param(call)
    if choice(call, "type", ("all", "used", "unused"), "used") == "unused":
        return respond_empty()
    return respond({"fields": [field_json(call, store, field) for field in store.fields.values()]})


@routes.on("GET", API + r"/settings/fields/{id:\d+}", operation="fields.get", scopes=_FIELDS_SCOPE)
async def get_field(call: Call) -> web.Response:
    """Answer one field of a module."""
    store = module_param(call)
    return respond({"fields": [field_json(call, store, field_in_path(call, store))]})


@routes.on(
    "GET",
    API + r"/settings/fields/{id:\d+}/pick_list_values",
    operation="fields.pick_list_values",
    scopes=_FIELDS_SCOPE,
)
async def list_options(call: Call) -> web.Response:
    """Answer the options of a picklist."""
    field = field_in_path(call, module_param(call))
    options = [
        {**_NO_EXTRAS, **plain_option_json(option, place)}
        for place, option in enumerate(field.options)
    ]
    return respond({"pick_list_values": options}) if options else respond_empty()


def field_in_path(call: Call, store: ModuleStore) -> Field:
    """Return the field whose id is in the path."""
    for field in store.fields.values():
        if field.id == call.path("id"):
            return field
    raise ApiError(
        400, "INVALID_DATA", "the id given seems to be invalid", {"resource_path_index": 2}
    )


@routes.on("GET", API + "/settings/layouts", operation="layouts.list", scopes=_LAYOUTS_SCOPE)
async def list_layouts(call: Call) -> web.Response:
    """Answer the layouts of a module: one, with every field in it."""
    store = module_param(call)
    if store.api_name not in call.organisation.layouts:
        return respond_empty()
    return respond({"layouts": [_layout(call, store)]})


@routes.on(
    "GET", API + r"/settings/layouts/{id:\d+}", operation="layouts.get", scopes=_LAYOUTS_SCOPE
)
async def get_layout(call: Call) -> web.Response:
    """Answer one layout of a module; 204 if there is none of that id."""
    store = module_param(call)
    layout = call.organisation.layouts.get(store.api_name)
    if layout is None or layout.id != call.path("id"):
        return respond_empty()
    return respond({"layouts": [_layout(call, store)]})


def _layout(call: Call, store: ModuleStore) -> JsonObject:
    layout = call.organisation.layouts[store.api_name]
    created = call.organisation.facts.created_time
    fields = [_layout_field(call, store, field) for field in store.fields.values()]
    return {
        "has_more_profiles": False,
        "created_time": created,
        "convert_mapping": None,
        "modified_time": created,
        "visible": True,
        "created_for": None,
        "name": layout.name,
        "modified_by": call.organisation.api_user.reference,
        "profiles": [
            {
                **profile.reference,
                "default": True,
                "_default_view": {**layout.reference, "type": "layout"},
                "_default_assignment_view": {**layout.reference, "type": "layout"},
            }
            for profile in call.organisation.profiles
        ],
        "id": layout.id,
        "api_name": f"{layout.name}__s",
        "status": "active",
        "display_label": layout.name,
        "source": "crm",
        "created_by": None,
        "generated_type": "system",
        "actions_allowed": {
            "edit": True,
            "rename": True,
            "clone": True,
            "downgrade": True,
            "delete": False,
            "deactivate": False,
            "set_layout_permissions": True,
        },
        "show_business_card": True,
        "sections": [
            {
                "isSubformSection": False,
                "type": "used",
                "display_label": f"{store.singular} Information",
                "mode": "all",
                "sequence_number": 1,
                "tab_traversal": "left_to_right",
                "api_name": f"{store.singular}_Information",
                "column_count": 2,
                "name": f"{store.singular} Information",
                "generated_type": "default",
                "id": str(int(layout.id) + 400_000_000_000),
                "actions_allowed": {
                    "add_field": True,
                    "rename": True,
                    "change_tab_traversal": True,
                    "reorder": True,
                    "delete": False,
                    "remove_field": True,
                    "change_column_count": True,
                },
                "fields": fields,
            }
        ],
    }


def _layout_field(call: Call, store: ModuleStore, field: Field) -> JsonObject:
    """Return a field as a layout lists it: with its own ``required``, without what is global."""
    definition = field_json(call, store, field)
    for key in ("email_parser", "layout_associations"):
        del definition[key]
    for option in definition["pick_list_values"]:
        option["maps"] = []
    demands = call.organisation.protections.demands
    required = field.mandatory or demands(store.api_name, field.role)
    return {**definition, "formula": {}, "required": required}


@routes.on("GET", API + "/settings/pipeline", operation="pipelines.list", scopes=_PIPELINE_SCOPE)
async def list_pipelines(call: Call) -> web.Response:
    """Answer the pipelines of the Deals layout; ``layout_id`` is mandatory."""
    _check_layout(call)
    return respond({"pipeline": [_pipeline(call, known) for known in call.organisation.pipelines]})


@routes.on(
    "GET", API + r"/settings/pipeline/{id:\d+}", operation="pipelines.get", scopes=_PIPELINE_SCOPE
)
async def get_pipeline(call: Call) -> web.Response:
    """Answer one pipeline; 204 if there is none of that id."""
    _check_layout(call)
    for known in call.organisation.pipelines:
        if known.id == call.path("id"):
            return respond({"pipeline": [_pipeline(call, known)]})
    return respond_empty()


def _check_layout(call: Call) -> None:
    layout_id = call.query.get("layout_id")
    if not layout_id:
        raise required_param_missing("layout_id")
    if layout_id != call.organisation.layouts["Deals"].id:
        raise ApiError(400, "INVALID_DATA", "invalid data", {"param_name": "layout_id"})


def _pipeline(call: Call, known: Pipeline) -> JsonObject:
    stage_field = call.organisation.modules["Deals"].by_role.get("Stage")
    options = [] if stage_field is None else stage_field.options
    display = {option.actual_value: option.display_value for option in options}
    return {
        "display_value": known.name,
        "default": known.is_default,
        "maps": [
            {
                "display_value": display.get(entry.stage, entry.stage),
                "sequence_number": place,
                "forecast_category": entry.forecast_category.reference,
                "actual_value": entry.stage,
                "id": entry.id,
                "colour_code": _STAGE_COLOURS[entry.forecast_type],
                "forecast_type": entry.forecast_type,
            }
            for place, entry in enumerate(known.stages, start=1)
        ],
        "actual_value": known.name,
        "id": known.id,
    }
