"""Alembic's environment and the migrations, inside the package so that a wheel carries them."""
