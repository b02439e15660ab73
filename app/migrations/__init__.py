"""Alembic's environment and the migrations, run by app.db.migrate."""
