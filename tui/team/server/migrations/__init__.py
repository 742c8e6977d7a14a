"""How the team's tables came about: Alembic's steps, run when a server starts. A step is never changed."""
