"""What `celery -A pulse.worker.app worker` and `… beat` load: settings are read here, once."""

from __future__ import annotations

from pulse.bootstrap import prepare
from pulse.bootstrap_bulk import run_session
from pulse.bootstrap_connection import refill_deals, refresh_connection
from pulse.bootstrap_owned import write_back_values
from pulse.bootstrap_push import push_changes
from pulse.bootstrap_stages import import_stage_history
from pulse.config import Settings, load_settings
from pulse.worker.celery_app import create_celery
from pulse.worker.tasks import Work

app = create_celery(
    load_settings(Settings),
    Work(
        prepare,
        run_session,
        refresh_connection,
        refill_deals,
        push_changes,
        write_back_values,
        import_stage_history,
    ),
)
