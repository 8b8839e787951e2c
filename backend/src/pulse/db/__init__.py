"""The database: base model, naming, engine, migrations, events."""
