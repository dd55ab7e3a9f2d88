"""One file a question of the audit; each is offered through the same catalogue as a foreign section."""
