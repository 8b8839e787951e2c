"""Field facts for tests."""

from pulse.core.directory import FieldFacts


def field(field_id: int, api_name: str, data_type: str = "text") -> FieldFacts:
    return FieldFacts(
        field_id=field_id,
        api_name=api_name,
        label=api_name.replace("_", " "),
        data_type=data_type,
        json_type="string",
        length=255,
        is_custom=True,
        is_read_only=False,
        is_mandatory=False,
        pick_list=None,
        lookup_module=None,
        document={"id": str(field_id), "api_name": api_name},
    )
