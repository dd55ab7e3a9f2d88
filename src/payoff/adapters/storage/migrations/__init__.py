"""The history of the schema, one step a file; a step that was released is never changed."""
