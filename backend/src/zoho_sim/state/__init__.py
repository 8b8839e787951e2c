"""The organisation in memory: what the routes read and change.

The interface that the rest of the simulator builds on:

- ``organisation.Organisation``: ``modules`` (API name to ``ModuleStore``), ``module(name)`` (raises
  ``UnknownModuleError``), ``users``, ``currencies``, ``pipelines``, ``api_user``, ``clock``,
  ``ids``, ``wire_time(moment)`` (the one spelling of times on the wire), ``observers`` (called with
  a ``ChangeEvent`` after each change to a record).
- ``modules.ModuleStore``: ``fields`` (API name to ``Field``, in order), ``field(name)`` (raises
  ``UnknownFieldError``), ``records`` (id to ``Record``; live and visible ones only), sorted indexes
  ``by_id`` (ids), ``by_created`` and ``by_modified`` (pairs of stamp and id), ``bin`` and
  ``purged`` (id to ``Tombstone``), ``hidden``, ``display_name(record)``, ``reference(record)``.
- ``fields.Field``: ``api_name``, ``data_type``, ``position`` (the column in ``Record.values``),
  ``role`` (the stock name, which survives a rename), ``lookup_module``, ``options``, ``length``.
- ``records.Record``: ``values`` holds each value exactly as it goes over the wire, by
  ``Field.position``. So a lookup is ``{"name", "id"}`` (one dict shared by all who refer to it: a
  renamed account shows everywhere), a date is ``yyyy-MM-dd``, and a date-time is ISO 8601 in the
  organisation's fixed offset, which makes the text sort by time. Ids have 19 digits, so they sort
  as text too. ``changes`` holds the edits since seeding.
- ``edits``: the only functions that change records: ``create_record``, ``edit_record``,
  ``delete_record``, ``restore_record``, ``purge_record``, ``hide_record``, ``unhide_record``.
- ``stages``: ``visits_of(organisation, record)`` gives a deal's stay in each stage;
  ``organisation.module("DealHistory")`` is the same as records, made at first use
  (``definition`` gives a module without them); ``stages.history_rows(organisation, deal_id)`` gives
  the rows of one deal.
"""
