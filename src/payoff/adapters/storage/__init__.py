"""Events, artefacts and documents in one SQL database: SQLite by default, PostgreSQL for several servers."""
