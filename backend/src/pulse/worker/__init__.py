"""The worker process: Celery app, thin tasks, the relay that empties the outbox, beat."""
